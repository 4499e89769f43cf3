"""From what the legs say of a passage to one score that means the same for every query and in both languages.

Logistic regression: each leg's value has a weight, the weighted values are points, and constant and points together
are the log-odds that the passage is relevant. The weights come from `bench.fusion` (see docs/EVALUATION.md).

Passages that are counterparts (see `search.counterparts`) hear of each other: one that does worse is given part of the
other's lead, since what says the same answers the same; and where both answer, the query's language goes first,
since readers would rather not translate what they can have in the language they asked in.
"""

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LIFT_SAME = 0.75
LIFT_OTHER = 0.5
"""How much of its counterpart's lead, in log-odds, a passage in the query's language is given, and one in another."""

LEAD = 3.0
"""So much is given at the most, and a passage in another language stands behind its counterpart where it still leads by
no more log-odds."""

WEAK_SCORE = 0.15
"""Below it a hit is a weak match (see docs/EVALUATION.md)."""

LEAN = 10.0
"""How many log-odds a full lean to one language gives its hits: from the weakest that is not weak, -1.7, past nearly
the best that there are."""


class Leg(StrEnum):
    """What finds and judges passages."""

    DENSE = "dense"
    LATE = "late"
    LEXICAL = "lexical"
    DICTIONARY = "dictionary"
    NAMES = "names"


_WEAK_LOG_ODDS = math.log(WEAK_SCORE / (1 - WEAK_SCORE))


@dataclass(frozen=True, slots=True)
class Weights:
    """The points that one unit of each leg's value is worth, and the constants that they are added to.

    `same` is the constant for passages in the query's language, `other` for all others.
    """

    same: float
    other: float
    legs: Mapping[Leg, float]

    def constant(self, *, same: bool) -> float:
        """The log-odds of a passage of which no leg says anything."""
        return self.same if same else self.other


WITH_LATE = Weights(
    same=-8.8,
    other=-8.4,
    legs={Leg.LATE: 0.85, Leg.DENSE: 1.0, Leg.LEXICAL: 7.5, Leg.DICTIONARY: 36.0, Leg.NAMES: 1.8},
)
WITHOUT_LATE = Weights(
    same=-7.6,
    other=-6.9,
    legs={Leg.DENSE: 0.612, Leg.LEXICAL: 14.8, Leg.DICTIONARY: 58.0, Leg.NAMES: 2.26},
)
WITHOUT_WORDS = Weights(same=-7.2, other=-7.2, legs={Leg.LATE: 1.2, Leg.DENSE: 0.7, Leg.NAMES: 2.4})
WITHOUT_WORDS_AND_LATE = Weights(same=-7.3, other=-7.7, legs={Leg.DENSE: 1.41, Leg.NAMES: 2.82})
"""Where nothing matches words: without these, all that is found would look like a weak match."""

DENSE_ALONE = Weights(same=-8.0, other=-8.0, legs={Leg.DENSE: 1.0})
"""The yardstick: standard scores merged as they are."""


def weights_of(legs: Set[Leg], *, late: bool) -> Weights:
    """The weights for what these legs say, with late interaction or without."""
    if legs == {Leg.DENSE}:
        return DENSE_ALONE
    if not legs & {Leg.LEXICAL, Leg.DICTIONARY}:
        return WITHOUT_WORDS if late else WITHOUT_WORDS_AND_LATE
    return WITH_LATE if late else WITHOUT_LATE


@dataclass(frozen=True, slots=True)
class LegShare:
    """A leg's part in a score: the passage's `rank` among its pool's candidates by this leg, from 1, None where the leg
    says nothing of it; and ``points = value · weight``.
    """

    leg: Leg
    rank: int | None
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a score came about: ``log_odds = constant + Σ points + counterpart``, ``score = 1 / (1 + e^-log_odds)``.

    `pool` is the passage's language. `counterpart` is what having one gave the passage, or took where it gave way.
    """

    pool: str
    legs: tuple[LegShare, ...]
    constant: float
    counterpart: float
    log_odds: float
    score: float


def lifted(own: Array, counterpart: Array, *, same: bool) -> Array:
    """Log-odds ``(n,)`` after those of the counterparts have been heard, NaN where there is none.

    `same` says that the passages are in the query's language.
    """
    share = LIFT_SAME if same else LIFT_OTHER
    return np.asarray(own + np.clip(share * np.nan_to_num(counterpart - own), 0, LEAD))


def giving_way(own: Array, counterpart: Array) -> Array:
    """Log-odds ``(n,)`` of passages in another language, not above their counterparts' where they lead by little."""
    lead = np.nan_to_num(own - counterpart, nan=np.inf)
    return np.where((lead > 0) & (lead <= LEAD), counterpart, own)


def leaned(log_odds: Array, lang: str, balance: float) -> Array:
    """What passages ``(n,)`` in a language are ordered by where the order leans to English (-1), Arabic (1) or between.

    Those of the language that is leaned to stand higher by a part of `LEAN`, save weak matches: none of these goes
    before a better one of the other language.
    """
    if lang != ("ar" if balance > 0 else "en"):
        return log_odds
    return np.where(log_odds >= _WEAK_LOG_ODDS, log_odds + abs(balance) * LEAN, log_odds)


def probability(log_odds: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-max(log_odds, -700.0)))
