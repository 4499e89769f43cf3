import pytest

from search.bm25 import idf, told_length, worth


def test_a_word_counts_the_less_the_more_passages_hold_it() -> None:
    assert idf(0, 9) == pytest.approx(2.995732, abs=1e-6)  # ln 20
    assert idf(9, 9) == pytest.approx(0.051293, abs=1e-6)  # ln 20/19
    assert idf(0, 0) == pytest.approx(0.693147, abs=1e-6)


def test_a_word_counts_more_in_a_short_passage_and_when_it_is_repeated() -> None:
    # 2.2 · 3 / (3 + 1.2 · (0.25 + 0.75 · 20 / 10))
    assert worth({"ship": 3, "sea": 1}, 20, 10.0) == pytest.approx({"ship": 6.6 / 5.1, "sea": 2.2 / 3.1})
    assert worth({"ship": 1000}, 1, 100.0)["ship"] == pytest.approx(2.2, abs=0.001)


def test_lengths_are_told_as_lucene_tells_them() -> None:
    told = {0: 0, 23: 23, 24: 24, 39: 39, 40: 40, 41: 40, 42: 42, 57: 56, 59: 56, 60: 60, 87: 84, 88: 88, 119: 112}
    told |= {120: 120, 167: 152, 168: 168, 1047: 984, 1048: 1048, 8215: 7704, 41235: 40984, 65560: 65560}
    assert {length: told_length(length) for length in told} == told
