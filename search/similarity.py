"""More like this: the passages nearest to a passage or to a document, in both languages.

What is near says the same or speaks of the same subject. How near that is told as for queries, in standard deviations
above what a passage of the same pool is on average, so that the two languages compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from search.allowed import Allowed, Rows
from search.backend import VectorStore
from search.encoder import Vectors, normalised
from search.fusion import Array, leaned, probability
from search.pools import Pool
from search.ranking import Candidate

_CONSTANT = -7.0
_WEIGHT = 2.3
"""Log-odds that two passages speak of one subject, by standard scores: fitted on paragraphs of the same article in
XQuAD, and of the same news item in NTREX, among the twenty nearest of each language."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What passages are to be like: a neutral `vector` ``(dim,)`` of length 1. `but` are the rows left out."""

    vector: Vectors
    but: Rows
    balance: float = 0.0

    @classmethod
    def to(cls, rows: Sequence[int], vectors: VectorStore, *, but: Rows, balance: float) -> Self:
        """Likeness to all of these rows together, by their mean."""
        found = vectors.at(np.array(rows, np.int64))
        return cls(np.asarray(normalised(found.mean(axis=0, keepdims=True))[0]), but, balance)


def nearest_to(
    like: Likeness, vectors: VectorStore, pools: Sequence[Pool], allowed: Allowed | None, k: int
) -> list[Candidate]:
    """The `k` passages of all pools that are most like it, best first; only those `allowed`, if not all."""
    found: list[tuple[float, int, float]] = []
    for pool in pools:
        among = None if allowed is None else allowed.within(pool.rows)
        rows, cosines = vectors.search(like.vector, pool.rows, k + len(like.but), among=among)
        kept = ~np.isin(rows, like.but)
        log_odds: Array = _CONSTANT + _WEIGHT * pool.standardise(like.vector, cosines[kept]).astype(np.float64)
        places = leaned(log_odds, pool.lang, like.balance)
        found += zip((-places).tolist(), rows[kept].tolist(), log_odds.tolist(), strict=True)
    return [Candidate(row, probability(log_odds)) for _, row, log_odds in sorted(found)[:k]]
