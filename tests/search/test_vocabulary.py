"""Words and terms of small pools, and their vectors, encoded once."""

import threading

import numpy as np
import pytest

from search.shift import parallel_text
from search.vocabulary import MAX_TERMS, SPELLINGS, Vocabulary, WordEncoder, common_words, words
from tests.indexer import words as tiny


def test_a_vocabulary_counts_passages_and_keeps_the_frequent_spellings() -> None:
    vocabulary = Vocabulary.gather(["Wheat, wheat and WHEAT", "wheat in 1958", "Wheats القمح NATO"], "en")
    assert vocabulary.rows == 3
    assert vocabulary.terms == ["wheat", "nato"]
    assert vocabulary.counts == [3, 1]
    assert vocabulary.spellings == [("wheat", "WHEAT"), ("NATO",)]
    assert vocabulary.forms() == ["wheat", "WHEAT", "NATO"]
    assert all(len(forms) <= SPELLINGS for forms in vocabulary.spellings)


def test_an_empty_pool_has_no_words() -> None:
    assert Vocabulary.gather([], "ar") == Vocabulary(0, [], [], [])


def test_a_vocabulary_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_TERMS >= 100_000
    monkeypatch.setattr("search.vocabulary.MAX_TERMS", 3)
    vocabulary = Vocabulary.gather(["aden basra cairo dubai zebra", "zebra"], "en")
    assert vocabulary.terms == ["zebra", "aden", "basra"]
    assert len(vocabulary.counts) == len(vocabulary.spellings) == 3


def test_words_come_with_their_terms_and_as_they_stand() -> None:
    assert list(words("The pilots of the JF-17", "en")) == [("pilot", "pilots"), ("jf", "JF")]
    assert list(words("في المَطارات NATO", "ar")) == [("مطارا", "المطارات")]
    assert list(words("Le pilote", "fr")) == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_common_words_are_those_of_the_parallel_text(lang: str) -> None:
    common = common_words(lang)
    assert len(common) == len(set(common)) > 1000
    text = " ".join(parallel_text()[lang])
    assert sum(word in text for word in common) > 0.9 * len(common)  # the others have lost their diacritics


def test_a_word_is_encoded_once() -> None:
    encoder = tiny.WordEncoder()
    encode = WordEncoder(encoder)
    found = encode(["wheat", "القمح", "wheat"])
    np.testing.assert_array_equal(found, tiny.WordEncoder().encode_words(["wheat", "القمح", "wheat"]))
    np.testing.assert_array_equal(encode(["bread", "القمح"])[1], found[1])
    assert encoder.encoded == ["wheat", "القمح", "bread"]


def test_only_the_last_words_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.vocabulary._REMEMBERED_WORDS", 2)
    encoder = tiny.WordEncoder()
    encode = WordEncoder(encoder)
    for asked in (["wheat"], ["bread"], ["wheat"], ["rice"], ["wheat"], ["bread"]):
        encode(asked)
    assert encoder.encoded == ["wheat", "bread", "rice", "bread"]
    assert len(encode(["oil", "gas", "coal"])) == 3


def test_several_threads_may_encode() -> None:
    encode = WordEncoder(tiny.WordEncoder())
    asked = [[f"word{number}", f"word{number + 1}"] for number in range(20)]
    found: list[bool] = []

    def ask() -> None:
        found.extend(np.array_equal(encode(pair), tiny.WordEncoder().encode_words(pair)) for pair in asked)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 80
