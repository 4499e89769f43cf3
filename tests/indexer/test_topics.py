"""How far sentences stray from one topic, worked out by hand and by properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.topics import GistEncoder, Topics
from tests.indexer.words import WordEncoder

SEA, MARKET = [1.0, 0.0], [0.0, 1.0]


def topics(vectors: list[list[float]], tokens: list[int], reach: float = 1000) -> Topics:
    return Topics(np.array(vectors, np.float32), tokens, reach)


def test_one_topic_does_not_drift_and_two_cancel_out() -> None:
    of_four = topics([SEA, SEA, MARKET, MARKET], [10, 10, 10, 10])
    # Without the mean, the two topics point in opposite directions.
    assert of_four.drift(0, 2) == pytest.approx([0, 0], abs=1e-5)
    assert of_four.drift(2, 4) == pytest.approx([0, 0], abs=1e-5)
    assert of_four.drift(0, 3) == pytest.approx([20, 20, 0], abs=1e-5)
    assert of_four.drift(0, 4) == pytest.approx([40, 20, 0, 0], abs=1e-5)


def test_a_long_sentence_weighs_more() -> None:
    of_two = topics([SEA, MARKET], [30, 10])
    assert of_two.drift(0, 2) == pytest.approx([20, 0], abs=1e-5)


def test_how_long_a_vector_is_makes_no_difference() -> None:
    vectors = [[3.0, 1.0], [0.5, 2.0], [1.0, 1.0]]
    longer = [[value * 7 for value in vectors[0]], *vectors[1:]]
    tokens = [4, 9, 2]
    assert topics(longer, tokens).drift(0, 3) == pytest.approx(topics(vectors, tokens).drift(0, 3), abs=1e-5)


def test_sentences_that_say_nothing_and_sentences_alike() -> None:
    assert topics([[0.0, 0.0]] * 2, [3, 4]).drift(0, 2) == pytest.approx([7, 4])
    assert np.isfinite(topics([SEA] * 3, [5, 5, 5]).drift(0, 3)).all()


def test_only_the_surroundings_are_taken_away() -> None:
    # Market, sea, harbour: seen from the market's side the sea stands apart, far away it is one with the harbour.
    vectors = [MARKET, MARKET, SEA, SEA, [0.9, 0.1], [0.9, 0.1]]
    everywhere = topics(vectors, [10] * 6).drift(2, 6)[0]
    nearby = topics(vectors, [10] * 6, reach=15).drift(2, 6)[0]
    assert everywhere < 2
    assert nearby > 15


sentences = st.lists(
    st.tuples(st.lists(st.floats(-10, 10, width=32), min_size=3, max_size=3), st.integers(0, 60)),
    min_size=1,
    max_size=12,
)


@given(sentences, st.floats(0, 500))
def test_drift_lies_between_nothing_and_all_of_the_tokens(
    document: list[tuple[list[float], int]], reach: float
) -> None:
    vectors, tokens = [vector for vector, _ in document], [count for _, count in document]
    for end in range(1, len(document) + 1):
        drift = topics(vectors, tokens, reach).drift(0, end)
        assert drift.shape == (end,)
        assert (drift >= 0).all()
        assert all(drift[start] <= sum(tokens[start:end]) + 1e-3 for start in range(end))  # vectors are float32
        assert (np.diff(drift) <= 1e-3).all()  # a shorter passage strays less


def test_an_encoder_without_gists_is_no_gist_encoder() -> None:
    assert not isinstance(WordEncoder(), GistEncoder)
