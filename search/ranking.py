"""From candidates of each language's pool to one list, fair to both languages.

The legs' values are read within a pool, since they mean different things in different pools; `search.fusion` makes
them one score that does not. So the list needs no quota: a language with nothing to say stays below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from search.allowed import Rows
from search.backend import CounterpartStore
from search.encoder import Vectors
from search.fusion import (
    Array,
    Explanation,
    Leg,
    LegShare,
    Weights,
    giving_way,
    leaned,
    lifted,
    probability,
    weights_of,
)
from search.late import LATE_DEPTH
from search.legs import EncodedQuery, Found, Legs
from search.pools import Pool
from search.threads import aside

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
    if not pools or (query.allowed is not None and not len(query.allowed)):
        return []
    depth = max(k, MIN_DEPTH)

    def scored_in(pool: Pool) -> _Scored:
        return _Scored(query, legs.find(query, pool, depth), legs)

    others = [aside(partial(scored_in, pool)) for pool in pools[1:]]
    scored = [*map(scored_in, pools[:1]), *(other() for other in others)]
    with query.watch.step("fuse"):
        if query.counterparts and any(len(one.rows) for one in scored):
            _hear_of_counterparts(scored, legs.counterparts)
        return [scored[pool].candidate(at, explain=explain) for pool, at in _ordered(scored, query)[:k]]


class _Scored:
    """The candidates of one pool with their log-odds, by the legs alone in `own`."""

    def __init__(self, query: EncodedQuery, found: Found, legs: Legs) -> None:
        self._found = found
        self._values = found.values
        self._weights = weights_of(query.legs, late=False)
        self.same = found.pool.lang == query.lang
        self.rows = found.rows
        self.allowed = np.ones(len(found.rows), bool) if query.allowed is None else query.allowed.mask(found.rows)
        self._variants = found.names.variants_of(found.rows)
        self.first = self._fused()
        typical, judged = self._judged()
        late = legs.late(query, found.pool, found.rows[judged], typical=len(typical))
        if late is not None and len(late):
            # Those beyond the depth are taken to be no better than the worst of those within.
            values = np.full(len(self.first), late.min(), np.float32)
            values[judged] = late
            self._values = {Leg.LATE: values, **found.values}
            self._weights = weights_of(query.legs, late=True)
        self.own = self._fused()
        self.log_odds = self.own

    def places(self, query: EncodedQuery) -> Array:
        """What the candidates are ordered by."""
        return leaned(self.log_odds, self._found.pool.lang, query.balance)

    def candidate(self, at: int, *, explain: bool) -> Candidate:
        """The candidate in this place."""
        row = int(self.rows[at])
        return Candidate(
            row,
            probability(float(self.log_odds[at])),
            tuple(self._variants.get(row, ())),
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


def _ordered(scored: Sequence[_Scored], query: EncodedQuery) -> list[tuple[int, int]]:
    """The candidates that may be hits, as their pools and their places there, in the order of `rank`."""
    pools = np.repeat(np.arange(len(scored)), [len(one.rows) for one in scored])
    at = np.concatenate([np.arange(len(one.rows)) for one in scored])
    order = np.lexsort(
        (
            np.concatenate([one.rows for one in scored]),
            -np.concatenate([one.first for one in scored]),
            np.concatenate([np.full(len(one.rows), not one.same) for one in scored]),
            -np.concatenate([one.places(query) for one in scored]),
        )
    )
    allowed = order[np.concatenate([one.allowed for one in scored])[order]]
    return list(zip(pools[allowed].tolist(), at[allowed].tolist(), strict=True))


def _hear_of_counterparts(scored: Sequence[_Scored], counterparts: CounterpartStore) -> None:
    """Bring in what candidates learn from their counterparts, where those are candidates, too."""
    rows = np.concatenate([one.rows for one in scored])
    order = np.argsort(rows)
    sought = np.split(counterparts.of(rows), np.cumsum([len(one.rows) for one in scored])[:-1])
    places = [order[np.searchsorted(rows, theirs, sorter=order).clip(max=len(rows) - 1)] for theirs in sought]
    known = [rows[place] == theirs for place, theirs in zip(places, sought, strict=True)]

    def heard() -> list[Array]:
        log_odds = np.concatenate([one.log_odds for one in scored])
        return [np.where(there, log_odds[place], np.nan) for there, place in zip(known, places, strict=True)]

    for one, theirs in zip(scored, heard(), strict=True):
        one.log_odds = lifted(one.own, theirs, same=one.same)
    for one, theirs in zip(scored, heard(), strict=True):
        if not one.same:
            one.log_odds = giving_way(one.log_odds, theirs)


def fuse(values: Mapping[Leg, Vectors], weights: Weights, *, same: bool) -> Array:
    """The log-odds ``(n,)`` of candidates from the values of each leg ``(n,)``, float64."""
    total = np.full(len(next(iter(values.values()))), weights.constant(same=same))
    for leg, value in values.items():
        total += weights.legs.get(leg, 0.0) * value.astype(np.float64)
    return total
