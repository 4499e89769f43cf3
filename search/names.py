"""The names leg: words of the other language's passages that are written or sound like words of the query.

A match counts the more, the rarer it is in both languages and the likelier it is a name, so that common words that
happen to sound alike add next to nothing.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from search.allowed import Allowed, Rows
from search.pools import Pool
from search.remembered import Remembered
from search.sounds import MIN_SIMILARITY, closest, length, likest
from search.wordlist import MIN_NAMED, Counts, WordList
from search.words import words

MIN_SHOWN = 0.25
"""What a word has to be worth for the pair to be shown: the others may be chance."""

_SAME = 0.95
_WORSE = 0.12
_LONG_ENOUGH = 4.0
_MIN_RARITY = 0.3
_TOO_COMMON_ROWS = 2000
_MAX_VARIANTS = 30
_REMEMBERED_WORDS = 20_000

Alike = tuple[str, float, int]
"""A word, its similarity and the number of its rows."""


@dataclass(slots=True)
class NameMatch:
    """What a row shares with a query: the worth of its words together, and the sure pairs (query word, passage word).

    Both words of a pair are in the form of `search.words`. Each query word adds from 0 to 1, once.
    """

    score: float = 0.0
    variants: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Shared:
    """A word of a query with the rows ``(n,)`` that share it, ascending, what it is worth there, and as which word."""

    word: str
    others: Sequence[str]
    rows: Rows
    worth: npt.NDArray[np.float64]
    other: npt.NDArray[np.int64]


class NameMatches(Mapping[int, NameMatch]):
    """What the rows of a pool share with a query, by row."""

    def __init__(self, shared: Sequence[_Shared]) -> None:
        self._shared = shared
        rows = np.concatenate([np.empty(0, np.int64), *(each.rows for each in shared)])
        worth = np.concatenate([np.empty(0), *(each.worth for each in shared)])
        self.rows, places = np.unique(rows, return_inverse=True)
        self.scores = np.bincount(places, worth, minlength=len(self.rows))

    def __getitem__(self, row: int) -> NameMatch:
        """What a row shares. Raises KeyError for one that shares nothing."""
        rows = np.array([row])
        if self._places(rows)[0] < 0:
            raise KeyError(row)
        return NameMatch(float(self.scores_of(rows)[0]), self.variants_of(rows).get(row, []))

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows.tolist())

    def __len__(self) -> int:
        return len(self.rows)

    def scores_of(self, rows: Rows) -> npt.NDArray[np.float64]:
        """What these rows ``(n,)`` share in all, 0 for those that share nothing."""
        places = self._places(rows)
        return np.where(places < 0, 0.0, np.append(self.scores, 0.0)[places])

    def variants_of(self, rows: Rows) -> dict[int, list[tuple[str, str]]]:
        """The sure pairs of those of these rows ``(n,)`` that have any, by row."""
        variants: dict[int, list[tuple[str, str]]] = {}
        for each in self._shared:
            sure = each.worth >= MIN_SHOWN
            shown, places, _ = np.intersect1d(each.rows[sure], rows, assume_unique=True, return_indices=True)
            for row, other in zip(shown.tolist(), each.other[sure][places].tolist(), strict=True):
                variants.setdefault(row, []).append((each.word, each.others[other]))
        return variants

    def best(self, depth: int, *, among: Allowed | None = None) -> Rows:
        """The `depth` rows that share most, of all or `among` some, best first."""
        order = np.argsort(-self.scores, kind="stable")
        best = self.rows[order]
        return best[:depth] if among is None else best[among.mask(best)][:depth]

    def _places(self, rows: Rows) -> Rows:
        """Where these rows are, -1 for those that are not."""
        places = np.searchsorted(self.rows, rows)
        found = np.append(self.rows, -1)[places] == rows
        return np.where(found, places, -1)


NO_NAMES = NameMatches([])


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word that is another or sounds like it."""

    word: str
    similarity: float
    counts: Counts


_Scored = tuple[float, _Heard]
"""What a word is worth, and which."""


class NamesIndex:
    """The `words` of a generation, and which of them are heard in a query. May be used by several threads."""

    def __init__(self, words: WordList) -> None:
        self.words = words
        # Queries ask for the same words again.
        self._heard = {lang: Remembered(partial(self._listened, lang=lang), _REMEMBERED_WORDS) for lang in words.pools}

    def alike(self, words: Iterable[str], lang: str) -> dict[str, list[Alike]]:
        """For each of these words those of a language that are it or sound like it, best first: word, similarity,
        number of rows.

        They are in the form of `search.words`. Similarities are `search.sounds.MIN_SIMILARITY` to 1.
        """
        found = self._heard[lang](words) if lang in self._heard else dict.fromkeys(words, ())
        return {
            word: [(other.word, other.similarity, other.counts.rows) for other in heard]
            for word, heard in found.items()
        }

    def matches(self, query: str, lang: str, pool: Pool) -> NameMatches:
        """The rows of a pool that hold words which are written or sound like words of a query in `lang`.

        A query word adds to a row's score the product of figures in 0–1: how surely the row's word is the same, how
        likely both are names, and how rare they are, in the pool and in the query's own language (``log(N/n) / log(N)``
        for n of N rows; words that sound alike are counted together with those that do so better).
        """
        worth = self._worth(query, lang)
        heard = self._heard[pool.lang](worth) if pool.lang in self._heard else dict.fromkeys(worth, ())
        scored = {word: sorted(_scored(word, heard[word], len(pool.rows)), key=lambda pair: -pair[0]) for word in worth}
        standing = iter(self._standing(scored.values(), pool))
        return NameMatches(
            [
                _shared(word, found, list(islice(standing, len(found))), worth[word])
                for word, found in scored.items()
                if found
            ]
        )

    def _worth(self, query: str, lang: str) -> dict[str, float]:
        """The words of a query that may be names, with their worth."""
        asked = {word.form: word.named for word in words(query)}
        counted = self.words.counted(list(asked), lang)
        worth = {}
        for word, written in asked.items():
            counts = counted.get(word, Counts())
            named, rarity = counts.named(written), _rarity(max(counts.rows, 1), len(self.words.pools.get(lang, ())))
            if named >= MIN_NAMED and rarity >= _MIN_RARITY:
                worth[word] = rarity * named
        return worth

    def _standing(self, scored: Iterable[Sequence[_Scored]], pool: Pool) -> list[Rows]:
        """The rows of all these words of a pool, one after the other, asked for at once."""
        counted = [other.counts for found in scored for _, other in found]
        return self.words.standing(counted, pool.lang) if counted else []

    def _listened(self, asked: Sequence[str], *, lang: str) -> dict[str, Sequence[_Heard]]:
        alike = closest(self.words.sounding(asked, lang))
        found = {word: likest([(word, 1.0), *alike[word]])[:_MAX_VARIANTS] for word in asked}
        counted = self.words.counted(list({other for others in found.values() for other, _ in others}), lang)
        return {
            word: [_Heard(other, similarity, counted[other]) for other, similarity in others if other in counted]
            for word, others in found.items()
        }


def _shared(word: str, scored: Sequence[_Scored], standing: Sequence[Rows], worth: float) -> _Shared:
    """The rows in which a word or those like it stand, each with the one that is worth most there."""
    rows, first = np.unique(np.concatenate(standing), return_index=True)
    which = np.repeat(np.arange(len(scored)), [len(rows) for rows in standing])[first]
    scores = np.array([score for score, _ in scored])
    return _Shared(word, [other.word for _, other in scored], rows, worth * scores[which], which)


def _scored(word: str, heard: Sequence[_Heard], rows: int) -> Iterator[_Scored]:
    """Words of a pool of so many rows that are a word or sound like it, as long as they tell rows apart, with what
    they are worth.
    """
    seen = 0
    for other in heard:
        seen += other.counts.rows
        if seen > _TOO_COMMON_ROWS or other.similarity < heard[0].similarity - _WORSE:
            return
        score = _strength(word, other.word, other.similarity) * _rarity(seen, rows) * other.counts.named()
        if score > 0:
            yield score, other


def _strength(word: str, other: str, alike: float) -> float:
    """What the likeness of two words proves: the less, the shorter they are."""
    if word == other:
        return 1.0
    certainty = min(1.0, (alike - MIN_SIMILARITY) / (_SAME - MIN_SIMILARITY)) ** 2
    return certainty * min(1.0, length(word) / _LONG_ENOUGH, length(other) / _LONG_ENOUGH)


def _rarity(rows: int, of: int) -> float:
    return max(0.0, math.log(of / rows) / math.log(of)) if of > 1 else 1.0
