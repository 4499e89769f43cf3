"""From candidates of each language's pool to one list, fair to both languages.

The legs' values are read within a pool, since they mean different things in different pools; `search.fusion` makes
them one score that does not. So the list needs no quota: a language with nothing to say stays below.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from search.encoder import Vectors
from search.fusion import (
    DENSE_ALONE,
    WITH_LATE,
    WITHOUT_LATE,
    Explanation,
    Leg,
    LegShare,
    Weights,
    language_factor,
    probability,
)
from search.late import LATE_DEPTH
from search.legs import EncodedQuery, Found, Legs
from search.pools import Pool

MIN_DEPTH = 100
"""How many candidates of a pool each leg brings at least."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with its score, 0–1, the spellings of names that it shares with the query, and how the score came about."""

    row: int
    score: float
    variants: tuple[tuple[str, str], ...] = ()
    explanation: Explanation | None = None


def rank(query: EncodedQuery, pools: Sequence[Pool], legs: Legs, *, k: int, explain: bool = False) -> list[Candidate]:
    """The best `k` candidates of all pools, best first, ties by what the first legs say, then by row."""
    depth = max(k, MIN_DEPTH)
    with ThreadPoolExecutor(max(len(pools), 1)) as threads:
        scored = list(threads.map(lambda pool: _Scored(query, legs.find(query, pool, depth), legs), pools))
    order = sorted(
        (-score, -first, row, pool, at)
        for pool, one in enumerate(scored)
        for at, (score, first, row) in enumerate(zip(one.scores, one.first, one.rows, strict=True))
    )
    return [scored[pool].candidate(at, explain=explain) for *_, pool, at in order[:k]]


class _Scored:
    """The candidates of one pool with their scores."""

    def __init__(self, query: EncodedQuery, found: Found, legs: Legs) -> None:
        self._found = found
        self._values = found.values
        self._weights = DENSE_ALONE if query.legs == {Leg.DENSE} else WITHOUT_LATE
        self._same = found.pool.lang == query.lang
        self.rows: list[int] = found.rows.tolist()
        first = self._log_odds()
        self.first: list[float] = first.tolist()
        judged = np.argsort(-first, kind="stable")[:LATE_DEPTH]
        late = legs.late(query, found.pool, found.rows[judged])
        if late is not None and len(late):
            # Those beyond the depth are taken to be no better than the worst of those within.
            values = np.full(len(first), late.min(), np.float32)
            values[judged] = late
            self._values = {Leg.LATE: values, **found.values}
            self._weights = WITH_LATE
        self._log_odds_ = self._log_odds()
        self.scores = [self._score(value) for value in self._log_odds_.tolist()]

    def candidate(self, at: int, *, explain: bool) -> Candidate:
        """The candidate in this place."""
        row = self.rows[at]
        named = self._found.names.get(row)
        return Candidate(
            row, self.scores[at], tuple(named.variants) if named else (), self._explanation(at) if explain else None
        )

    def _score(self, log_odds: float) -> float:
        likely = probability(log_odds)
        return likely * language_factor(likely, same=self._same)

    def _log_odds(self) -> Vectors:
        return fuse(self._values, self._weights, same=self._same)

    def _explanation(self, at: int) -> Explanation:
        shares = tuple(
            LegShare(
                leg,
                int((values > values[at]).sum()) + 1 if values[at] else None,
                float(values[at]),
                self._weights.legs.get(leg, 0.0),
                float(values[at]) * self._weights.legs.get(leg, 0.0),
            )
            for leg, values in self._values.items()
        )
        log_odds = float(self._log_odds_[at])
        return Explanation(
            self._found.pool.lang,
            shares,
            self._weights.constant(same=self._same),
            log_odds,
            probability(log_odds),
            language_factor(probability(log_odds), same=self._same),
            self.scores[at],
        )


def fuse(values: Mapping[Leg, Vectors], weights: Weights, *, same: bool) -> Vectors:
    """The log-odds ``(n,)`` of candidates from the values of each leg ``(n,)``, float64."""
    total = np.full(len(next(iter(values.values()))), weights.constant(same=same))
    for leg, value in values.items():
        total += weights.legs.get(leg, 0.0) * value.astype(np.float64)
    return total
