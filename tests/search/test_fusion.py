"""What a score promises, whatever the weights are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fusion import WEAK_SCORE, WITH_LATE, WITHOUT_LATE, Leg, Weights, language_factor, probability

log_odds = st.floats(-1e6, 1e6, allow_nan=False)


def _score(value: float, *, same: bool) -> float:
    likely = probability(value)
    return likely * language_factor(likely, same=same)


@pytest.mark.parametrize("value", [-30.0, -2.5, 0.0, 0.7, 12.0])
def test_a_probability_is_the_logistic_function_of_the_log_odds(value: float) -> None:
    assert probability(value) == pytest.approx(math.exp(value) / (1 + math.exp(value)))


@given(log_odds, log_odds, st.booleans())
def test_scores_are_0_to_1_and_rise_with_the_log_odds(one: float, other: float, same: bool) -> None:
    lower, higher = (_score(value, same=same) for value in sorted((one, other)))
    assert 0 <= lower <= higher <= 1


@given(log_odds)
def test_of_two_that_are_as_likely_none_goes_before_that_in_the_query_s_language(value: float) -> None:
    assert _score(value, same=True) == probability(value)
    assert _score(value, same=False) <= _score(value, same=True)


def test_of_two_sure_answers_that_in_the_query_s_language_goes_first() -> None:
    assert _score(6.0, same=False) < _score(5.0, same=True)
    assert _score(30.0, same=False) < _score(6.0, same=True)


def test_an_answer_in_the_other_language_can_be_a_good_match() -> None:
    assert _score(30.0, same=False) > 2 * WEAK_SCORE


@pytest.mark.parametrize("weights", [WITH_LATE, WITHOUT_LATE], ids=["late", "without"])
def test_no_leg_speaks_against_a_passage_and_silence_is_a_weak_match(weights: Weights) -> None:
    assert all(weight >= 0 for weight in weights.legs.values())
    assert any(weight > 0 for weight in weights.legs.values())
    for same in (True, False):
        assert _score(weights.constant(same=same), same=same) < WEAK_SCORE


def test_constants_go_by_language() -> None:
    weights = Weights(same=-3.0, other=-2.0, legs={Leg.NAMES: 1.0})
    assert (weights.constant(same=True), weights.constant(same=False)) == (-3.0, -2.0)
