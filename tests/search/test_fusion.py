"""What a score promises, whatever the weights are."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fusion import (
    LEAD,
    LIFT_OTHER,
    LIFT_SAME,
    WEAK_SCORE,
    WITH_LATE,
    WITHOUT_LATE,
    WITHOUT_WORDS,
    WITHOUT_WORDS_AND_LATE,
    Array,
    Leg,
    Weights,
    giving_way,
    leaned,
    lifted,
    probability,
    weights_of,
)

log_odds = st.floats(-1e6, 1e6, allow_nan=False)
NOBODY = math.nan


def _array(*values: float) -> Array:
    return np.array(values)


@pytest.mark.parametrize("value", [-30.0, -2.5, 0.0, 0.7, 12.0])
def test_a_probability_is_the_logistic_function_of_the_log_odds(value: float) -> None:
    assert probability(value) == pytest.approx(math.exp(value) / (1 + math.exp(value)))


@given(log_odds, log_odds)
def test_scores_are_0_to_1_and_rise_with_the_log_odds(one: float, other: float) -> None:
    lower, higher = (probability(value) for value in sorted((one, other)))
    assert 0 <= lower <= higher <= 1


def test_the_worse_of_two_counterparts_is_given_part_of_the_lead() -> None:
    own, others = _array(-3.0, 1.0, -3.0, -9.0), _array(-1.0, -3.0, NOBODY, 3.0)
    assert lifted(own, others, same=False).tolist() == pytest.approx([-3 + 2 * LIFT_OTHER, 1, -3, -9 + LEAD])
    assert lifted(own, others, same=True).tolist() == pytest.approx([-3 + 2 * LIFT_SAME, 1, -3, -9 + LEAD])


@given(log_odds, log_odds, st.booleans())
def test_nobody_is_lifted_beyond_who_lifts(own: float, other: float, same: bool) -> None:
    (value,) = lifted(_array(own), _array(other), same=same)
    assert own <= value <= max(own, other) + 1e-9


def test_a_passage_in_another_language_gives_way_where_it_leads_by_little() -> None:
    after = giving_way(_array(2.0, 2.0, 2.0, 2.0), _array(1.0, 2.0 - LEAD - 0.5, 3.0, NOBODY))
    assert after.tolist() == [1.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize("weights", [WITH_LATE, WITHOUT_LATE, WITHOUT_WORDS, WITHOUT_WORDS_AND_LATE])
def test_no_leg_speaks_against_a_passage_and_silence_is_a_weak_match(weights: Weights) -> None:
    assert all(weight >= 0 for weight in weights.legs.values())
    assert any(weight > 0 for weight in weights.legs.values())
    for same in (True, False):
        assert probability(weights.constant(same=same)) < WEAK_SCORE


@pytest.mark.parametrize("late", [True, False])
def test_there_are_weights_for_an_index_that_matches_no_words(late: bool) -> None:
    every, wordless = frozenset(Leg), frozenset(Leg) - {Leg.LEXICAL, Leg.DICTIONARY}
    assert weights_of(every, late=late) == (WITH_LATE if late else WITHOUT_LATE)
    assert weights_of(every - {Leg.LEXICAL}, late=late) == weights_of(every, late=late)
    assert weights_of(wordless, late=late).legs.keys() == wordless - (set() if late else {Leg.LATE})


def test_constants_go_by_language() -> None:
    weights = Weights(same=-3.0, other=-2.0, legs={Leg.NAMES: 1.0})
    assert (weights.constant(same=True), weights.constant(same=False)) == (-3.0, -2.0)


def test_a_lean_moves_what_is_not_weak_and_nothing_else() -> None:
    log_odds = np.array([2.0, -1.0, -1.7, -1.8, -6.0])
    assert [probability(value) >= 0.15 for value in log_odds] == [True, True, True, False, False]
    for lang, other, balance in (("ar", "en", 0.5), ("en", "ar", -0.5)):
        np.testing.assert_array_equal(leaned(log_odds, other, balance), log_odds)
        np.testing.assert_array_equal(leaned(log_odds, lang, balance), [7.0, 4.0, 3.3, -1.8, -6.0])
        np.testing.assert_array_equal(leaned(log_odds, lang, 0.0), log_odds)
