"""From candidates of each language's pool to one list, fair to both languages.

The legs' values are read within a pool, since they mean different things in different pools; `search.fusion` makes
them one score that does not. So the list needs no quota: a language with nothing to say stays below.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from search.counterparts import Counterparts
from search.encoder import Vectors
from search.fusion import (
    DENSE_ALONE,
    WITH_LATE,
    WITHOUT_LATE,
    Array,
    Explanation,
    Leg,
    LegShare,
    Weights,
    giving_way,
    leaned,
    lifted,
    probability,
)
from search.late import LATE_DEPTH
from search.legs import EncodedQuery, Found, Legs
from search.pools import Pool
from search.vectors import Rows

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
    """The best `k` candidates of all pools, best first, ties by language, by what the first legs say, then by row.

    That only some passages may be hits changes no score, since each is measured as if all might be. It only lets late
    interaction, which reaches the first of a pool, also reach the first of those.
    """
    if query.allowed is not None and not len(query.allowed):
        return []
    depth = max(k, MIN_DEPTH)
    with ThreadPoolExecutor(max(len(pools), 1)) as threads:
        scored = list(threads.map(lambda pool: _Scored(query, legs.find(query, pool, depth), legs), pools))
    with query.watch.step("fuse"):
        if query.counterparts:
            _hear_of_counterparts(scored, legs.counterparts)
        order = sorted(
            (-place, not one.same, -first, row, pool, at)
            for pool, one in enumerate(scored)
            for at, (place, first, row) in enumerate(
                zip(one.places(query).tolist(), one.first.tolist(), one.rows.tolist(), strict=True)
            )
            if one.allowed[at]
        )
        return [scored[pool].candidate(at, explain=explain) for *_, pool, at in order[:k]]


class _Scored:
    """The candidates of one pool with their log-odds, by the legs alone in `own`."""

    def __init__(self, query: EncodedQuery, found: Found, legs: Legs) -> None:
        self._found = found
        self._values = found.values
        self._weights = DENSE_ALONE if query.legs == {Leg.DENSE} else WITHOUT_LATE
        self.same = found.pool.lang == query.lang
        self.rows = found.rows
        self.allowed = np.ones(len(found.rows), bool) if query.allowed is None else np.isin(found.rows, query.allowed)
        self.first = self._fused()
        typical, judged = self._judged()
        late = legs.late(query, found.pool, found.rows[judged], typical=len(typical))
        if late is not None and len(late):
            # Those beyond the depth are taken to be no better than the worst of those within.
            values = np.full(len(self.first), late.min(), np.float32)
            values[judged] = late
            self._values = {Leg.LATE: values, **found.values}
            self._weights = WITH_LATE
        self.own = self._fused()
        self.log_odds = self.own

    def places(self, query: EncodedQuery) -> Array:
        """What the candidates are ordered by."""
        return leaned(self.log_odds, self._found.pool.lang, query.balance)

    def candidate(self, at: int, *, explain: bool) -> Candidate:
        """The candidate in this place."""
        row = int(self.rows[at])
        named = self._found.names.get(row)
        return Candidate(
            row,
            probability(float(self.log_odds[at])),
            tuple(named.variants) if named else (),
            self._explanation(at) if explain else None,
        )

    def _judged(self) -> tuple[Rows, Rows]:
        """The places that late interaction measures by, and all that it judges, which begin with these."""
        order = np.argsort(-self.first, kind="stable")
        typical = order[order < self._found.typical][:LATE_DEPTH]
        allowed = order[self.allowed[order]][:LATE_DEPTH]
        return typical, np.concatenate([typical, allowed[~np.isin(allowed, typical)]])

    def _fused(self) -> Array:
        return fuse(self._values, self._weights, same=self.same)

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
        log_odds = float(self.log_odds[at])
        return Explanation(
            self._found.pool.lang,
            shares,
            self._weights.constant(same=self.same),
            log_odds - float(self.own[at]),
            log_odds,
            probability(log_odds),
        )


def _hear_of_counterparts(scored: Sequence[_Scored], counterparts: Counterparts) -> None:
    """Bring in what candidates learn from their counterparts, where those are candidates, too."""
    places = [counterparts.of(one.rows) for one in scored]
    own = _by_row(scored)
    for one, rows in zip(scored, places, strict=True):
        one.log_odds = lifted(one.own, _values_at(rows, own))
    heard = _by_row(scored)
    for one, rows in zip(scored, places, strict=True):
        if not one.same:
            one.log_odds = giving_way(one.log_odds, _values_at(rows, heard))


def _by_row(scored: Sequence[_Scored]) -> dict[int, float]:
    return {row: value for one in scored for row, value in zip(one.rows.tolist(), one.log_odds.tolist(), strict=True)}


def _values_at(rows: Rows, values: Mapping[int, float]) -> Array:
    return np.array([values.get(row, math.nan) for row in rows.tolist()], np.float64)


def fuse(values: Mapping[Leg, Vectors], weights: Weights, *, same: bool) -> Array:
    """The log-odds ``(n,)`` of candidates from the values of each leg ``(n,)``, float64."""
    total = np.full(len(next(iter(values.values()))), weights.constant(same=same))
    for leg, value in values.items():
        total += weights.legs.get(leg, 0.0) * value.astype(np.float64)
    return total
