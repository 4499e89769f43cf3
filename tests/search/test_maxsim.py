"""MaxSim of one-bit codes against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.encoder import Vectors
from search.maxsim import WINDOW, maxsim, token_cosines
from search.tokens import Codes, TokenCodes
from tests.search.codes import WIDTH, made_up


def _query(tokens: int, seed: int = 8) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((tokens, WIDTH)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _mean_of_bests(query: Vectors, passage: Codes) -> float:
    bests = []
    for token in query:
        cosines = [
            sum(v if bit else -v for v, bit in zip(token, np.unpackbits(code), strict=False)) for code in passage
        ]
        bests.append(max(cosines) / WIDTH**0.5)
    return float(sum(bests) / len(bests))


def _by_loops(query: Vectors, passage: Codes) -> float:
    whole = _mean_of_bests(query, passage)
    begins = range(0, max(len(passage) - WINDOW, 0) + 8, 8)
    best = max(_mean_of_bests(query, passage[begin : begin + WINDOW]) for begin in begins)
    return (whole + best) / 2


@pytest.mark.parametrize(
    "lengths",
    [
        [3, 1, 12, 5, 2, 9, 4, 1, 7, 6, 11],  # more than are compared in one go
        [40, 3, 24, 25, 23, 32, 1, 33, 170],  # as long as a neighbourhood, and longer
        [0, 25, 0, 60, 0],
        [26],
    ],
)
def test_maxsim_is_the_mean_of_the_best_cosines_anywhere_and_in_the_best_neighbourhood(lengths: list[int]) -> None:
    passages = made_up(lengths)
    scores = maxsim(_query(4), TokenCodes.of(passages, 3))
    expected = [_by_loops(_query(4), passage) if len(passage) else 0 for passage in passages]
    assert scores.dtype == np.float32
    assert scores == pytest.approx(expected, abs=1e-6)


def test_what_stands_together_is_worth_more_than_what_is_strewn_about() -> None:
    query = _query(4)
    own, other = np.packbits(query > 0, axis=1), np.packbits(query < 0, axis=1)[:1]
    near = np.concatenate([own, np.repeat(other, 60, axis=0)])
    strewn = np.concatenate([np.concatenate([code[None], np.repeat(other, 15, axis=0)]) for code in own])
    together, apart = maxsim(query, TokenCodes.of([near, strewn], 3))
    assert together > apart
    assert together == pytest.approx(np.abs(query).sum(axis=1).mean() / WIDTH**0.5, abs=1e-6)


def test_a_passage_that_holds_the_query_s_signs_scores_highest() -> None:
    query = _query(6)
    own = np.packbits(query > 0, axis=1)
    scores = maxsim(query, TokenCodes.of([*made_up([6] * 20), own], 3))
    assert scores.argmax() == 20
    assert scores[20] == pytest.approx(np.abs(query).sum(axis=1).mean() / WIDTH**0.5, abs=1e-6)


def test_each_token_is_compared_with_each() -> None:
    (passage,) = made_up([5])
    query = _query(3)
    signs = 2.0 * np.unpackbits(passage, axis=1)[:, :WIDTH] - 1
    expected = (signs / WIDTH**0.5) @ query.T
    assert token_cosines(passage, 7 * query) == pytest.approx(expected, abs=1e-6)  # whatever the query's lengths


@given(st.lists(st.integers(0, 50), max_size=20))
def test_passages_without_tokens_score_nothing_and_disturb_no_other(lengths: list[int]) -> None:
    passages = made_up(lengths) if lengths else []
    scores = maxsim(_query(2), TokenCodes.of(passages, 3))
    assert scores.shape == (len(lengths),)
    for score, passage in zip(scores, passages, strict=True):
        assert score == pytest.approx(_by_loops(_query(2), passage) if len(passage) else 0, abs=1e-6)


def test_a_query_without_tokens_scores_nothing() -> None:
    assert maxsim(_query(0), TokenCodes.of(made_up([3, 2]), 3)).tolist() == [0, 0]
