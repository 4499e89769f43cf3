"""Counterparts: documents of the two languages that tell the same, and the passages in them that answer each other.

Two documents are counterparts when each is the other's nearest across the languages, by the mean of its neutral
vectors, and nearer than their next neighbours by a margin (as in bitext mining: Artetxe & Schwenk, 2019, "Margin-based
Parallel Corpus Mining with Multilingual Sentence Embeddings"). How near is near enough, the parallel text tells. What
they mean for a ranking is left to `search.fusion`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors, normalised
from search.shift import LANGUAGES
from search.vectors import Neighbourhood, Rows, VectorIndex

_NEIGHBOURS = 4
_ASKED_AT_ONCE = 4096
_INEXACT = 0.001  # how much `Neighbourhood` may be wrong about a cosine
_PASSAGE_SHARE = 0.7
_NONE = -1


@dataclass(frozen=True, slots=True)
class Line:
    """From which cosine on, and by which margin before their next neighbours, two documents are counterparts."""

    cosine: float
    margin: float

    @classmethod
    def of(cls, first: Vectors, second: Vectors) -> Self:
        """The line for a model, from the neutral vectors ``(n, dim)`` of parallel sentences in two languages.

        Half-way between the middle pair's cosine and that of the nearest wrong sentence of the pairs most easily
        mistaken, one in twenty; and the margin that 99 in 100 pairs have.
        """
        cosines = first @ second.T
        pairs = np.diag(cosines)
        wrong = cosines - 2 * np.eye(len(pairs), dtype=np.float32)
        next_ones = np.sort(wrong, axis=1)[:, -_NEIGHBOURS:].mean(1), np.sort(wrong, axis=0)[-_NEIGHBOURS:].mean(0)
        margins = pairs - (next_ones[0] + next_ones[1]) / 2
        mistaken = np.percentile(wrong.max(axis=1), 95)
        return cls(float((np.median(pairs) + mistaken) / 2), float(np.percentile(margins, 1)))


@dataclass(frozen=True, slots=True)
class Links:
    """What belongs together: pairs of document ids with their cosine, and for each row its counterpart's, or -1."""

    documents: list[tuple[str, str, float]]
    rows: npt.NDArray[np.int32]


def link(vectors: VectorIndex, pools: Mapping[str, range], documents: Sequence[str], line: Line) -> Links:
    """The counterparts among passages with these neutral vectors; `documents` are their documents' ids, by row."""
    links = Links([], np.full(len(documents), _NONE, np.int32))
    first, second = (_Documents(vectors, pools.get(lang, range(0)), documents) for lang in LANGUAGES)
    for mine, theirs, cosine in _pairs(first, second, line):
        if first.ids[mine] == second.ids[theirs]:  # a document in two languages is no counterpart of itself
            continue
        links.documents.append((first.ids[mine], second.ids[theirs], cosine))
        for row, other in _passage_pairs(vectors, first.rows[mine], second.rows[theirs], line.cosine * _PASSAGE_SHARE):
            links.rows[row] = other
    return links


class Counterparts:
    """The counterpart of each row, as `Links.rows` has them, read from a file. Raises OSError and ValueError."""

    def __init__(self, path: Path) -> None:
        self._rows: npt.NDArray[np.int32] = np.load(path)

    def of(self, rows: Rows) -> Rows:
        """The rows ``(n,)`` of the counterparts, -1 where there is none."""
        return self._rows[rows].astype(np.int64)


class _Documents:
    """The documents of one pool: their ids and their rows."""

    def __init__(self, vectors: VectorIndex, pool: range, documents: Sequence[str]) -> None:
        starts = [row for row in pool if row == pool.start or documents[row] != documents[row - 1]]
        self.rows = [range(*ends) for ends in zip(starts, [*starts[1:], pool.stop], strict=True)] if starts else []
        self.ids = [documents[row] for row in starts]
        self._vectors = vectors

    def means(self, places: range | Rows) -> Vectors:
        """The mean vectors of these documents, ``(n, dim)`` and of length 1."""
        if not isinstance(places, range):
            return np.concatenate([self.means(range(place, place + 1)) for place in places.tolist()])
        chosen = self.rows[places.start : places.stop]
        first = chosen[0].start
        block = self._vectors.at(range(first, chosen[-1].stop))
        means = [block[rows.start - first : rows.stop - first].mean(axis=0) for rows in chosen]
        return normalised(np.array(means, np.float32))

    def nearest(self, others: "_Documents") -> tuple[Rows, Vectors]:
        """Places of the nearest among the others for each document, and their cosines, as `Neighbourhood` has them."""
        around = Neighbourhood(others.means, len(others.rows), self._vectors.dim)
        starts = range(0, len(self.rows), _ASKED_AT_ONCE)
        blocks = (range(start, min(start + _ASKED_AT_ONCE, len(self.rows))) for start in starts)
        places, cosines = zip(*(around.nearest(self.means(block), _NEIGHBOURS + 1) for block in blocks), strict=True)
        return np.concatenate(places), np.concatenate(cosines)


def _pairs(first: _Documents, second: _Documents, line: Line) -> list[tuple[int, int, float]]:
    """Places of documents that are each other's nearest, near enough and nearer than the next, with their cosines."""
    if not first.rows or not second.rows:
        return []
    found, found_back = first.nearest(second), second.nearest(first)
    there, cosines = with_overlooked(found, found_back)
    back, cosines_back = with_overlooked(found_back, found)
    pairs = []
    for mine, theirs in enumerate(there[:, 0].tolist()):
        cosine = float(cosines[mine, 0])
        next_ones = (_mean(cosines[mine, 1:]) + _mean(cosines_back[theirs, 1:])) / 2
        if back[theirs, 0] == mine and cosine >= line.cosine and cosine - next_ones >= line.margin:
            pairs.append((mine, theirs, cosine))
    return pairs


def with_overlooked(found: tuple[Rows, Vectors], back: tuple[Rows, Vectors]) -> tuple[Rows, Vectors]:
    """The nearest that were found, and before them the one that found a document without being found by it.

    Among very many, a search overlooks some; that both directions overlook a pair is rare.
    """
    places, cosines = found[0].copy(), found[1].copy()
    nearest, by = back[0][:, 0], back[1][:, 0]
    order = np.argsort(by, kind="stable")  # where several name the same document, the nearest has the last word
    order = order[by[order] > cosines[nearest[order], 0] + _INEXACT]
    at = nearest[order]
    places[at] = np.column_stack([order, places[at, :-1]])
    cosines[at] = np.column_stack([by[order], cosines[at, :-1]])
    return places, cosines


def _passage_pairs(vectors: VectorIndex, mine: range, theirs: range, least: float) -> Iterator[tuple[int, int]]:
    """Each row of two documents with the other document's row that is nearest to it, where that is near enough."""
    cosines = vectors.at(mine) @ vectors.at(theirs).T
    for side, rows, others in ((cosines, mine, theirs), (cosines.T, theirs, mine)):
        for place, best in enumerate(side.argmax(axis=1).tolist()):
            if side[place, best] >= least:
                yield rows[place], others[best]


def _mean(cosines: Vectors) -> float:
    """The mean of what neighbours there are."""
    known = cosines[cosines > -1]
    return float(known.mean()) if len(known) else 0.0
