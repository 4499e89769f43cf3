"""How many of the truly nearest vectors a search finds, and how far it has to reach for them.

The nearest by short codes are not quite the nearest. So more of them are looked at than are asked for, `reach` times
as many, and their vectors tell. How much that has to be, queries show for which the truth is worked out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from search.allowed import Rows
from search.matrix import Matrix, Numbers

DEPTH = 100
"""How many nearest ones a sample query asks for: as many as a search asks of a pool for its first page."""

MAX_REACH = 32
TARGET = {10: 0.995, DEPTH: 0.99}
"""What part of the nearest 10, and of the nearest 100, is to be among the candidates, 0–1."""

_QUERIES = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """`times` as many candidates as hits are looked at; `recall` is what part of the nearest n those held, by n.

    Recall is 0–1, that of an exact search is 1.
    """

    times: int = 1
    recall: Mapping[int, float] = field(default_factory=lambda: dict.fromkeys(TARGET, 1.0))

    def worse_of(self, other: "Reach") -> "Reach":
        """What two pools need, and what is to be expected of both."""
        recall = {depth: min(found, other.recall[depth]) for depth, found in self.recall.items()}
        return Reach(max(self.times, other.times), recall)


def sample_queries(matrix: Matrix) -> Numbers:
    """Vectors ``(n, dim)`` that are to the matrix's as queries are: of both languages, about 0.7 from the nearest.

    They are passages with noise of their own length. What is measured with them was found, for real queries, to be
    what they get or a little less.
    """
    rows = np.unique(np.linspace(0, matrix.count - 1, min(_QUERIES, matrix.count)).round().astype(np.int64))
    noise = np.random.default_rng(0).standard_normal((len(rows), matrix.dim), np.float32)
    vectors = matrix.at(rows) + noise / np.float32(matrix.dim**0.5)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def places(nearest: Rows, candidates: Rows) -> Rows:
    """Where each of the nearest ``(n,)`` stands among the candidates, from 0; beyond the last where it is missing."""
    order = np.argsort(candidates)
    found = np.searchsorted(candidates, nearest, sorter=order)
    at = order[np.minimum(found, len(candidates) - 1)]
    return np.where(candidates[at] == nearest, at, len(candidates))


def needed(places_of_nearest: Rows) -> Reach:
    """The least reach that meets the `TARGET`, or else the greatest.

    It is told by the `places` of the nearest ``(queries, DEPTH)`` among `MAX_REACH` times as many candidates.
    """
    reach = Reach()
    for times in range(1, MAX_REACH + 1):
        found = places_of_nearest < times * DEPTH
        reach = Reach(times, {depth: round(float(found[:, :depth].mean()), 4) for depth in TARGET})
        if all(reach.recall[depth] >= target for depth, target in TARGET.items()):
            break
    return reach
