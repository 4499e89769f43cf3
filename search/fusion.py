"""From what the legs say of a passage to one score that means the same for every query and in both languages.

Logistic regression: each leg's value has a weight, the weighted values are points, and constant and points together
are the log-odds that the passage is relevant. The weights come from `bench.fusion` (see docs/EVALUATION.md). Where
both languages have a sure answer, the query's own goes first.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SURE = 0.7
"""From this probability on, an answer in another language than the query's counts less than it is likely, since
readers would rather not translate what they can have in the language they asked in; below it, likelihood decides."""

_SURE_SLOPE = 0.25

WEAK_SCORE = 0.15
"""Below it a hit is a weak match (see docs/EVALUATION.md)."""


class Leg(StrEnum):
    """What finds and judges passages."""

    DENSE = "dense"
    LATE = "late"
    LEXICAL = "lexical"
    DICTIONARY = "dictionary"
    NAMES = "names"


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
    same=-7.6,
    other=-7.1,
    legs={Leg.LATE: 1.25, Leg.LEXICAL: 9.0, Leg.DICTIONARY: 40.0, Leg.NAMES: 2.1},
)
WITHOUT_LATE = Weights(
    same=-7.6,
    other=-6.9,
    legs={Leg.DENSE: 0.612, Leg.LEXICAL: 14.8, Leg.DICTIONARY: 58.0, Leg.NAMES: 2.64},
)
DENSE_ALONE = Weights(same=-8.0, other=-8.0, legs={Leg.DENSE: 1.0})
"""The yardstick: standard scores merged as they are."""


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
    """How a score came about: ``log_odds = constant + Σ points``, ``probability = 1 / (1 + e^-log_odds)``, and
    ``score = probability · language_factor``. `pool` is the passage's language.
    """

    pool: str
    legs: tuple[LegShare, ...]
    constant: float
    log_odds: float
    probability: float
    language_factor: float
    score: float


def language_factor(probability: float, *, same: bool) -> float:
    """What a probability is multiplied with: 1, but less than that for a sure answer in another language."""
    if same or probability <= SURE:
        return 1.0
    return (SURE + (probability - SURE) * _SURE_SLOPE) / probability


def probability(log_odds: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-max(log_odds, -700.0)))
