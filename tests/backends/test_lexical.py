"""The words of passages: BM25 as plain Python reckons it over what was encoded, and phrases as they stand there."""

from collections import Counter

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.analysis import grams, query_terms
from search.filters import Filter
from search.lexical import GRAM_WEIGHT
from tests.backends.archive import FOLDER
from tests.backends.conftest import Kept
from tests.backends.truth import Truth

QUERIES = [
    ("the footbridge over the river", "en"),
    ("Abdulrahman al-Ghannouchi's JF-17", "en"),
    ("O'Neil's ☕ 100% straight_line \\alif\\ $5 {brace}", "en"),
    ("ميناء المخا والسفن التجارية", "ar"),
    ("أصعب ما في الإملاء ٪١٠٠", "ar"),
    ("JF-17 قيمتها", "ar"),
    ("le prix du pain", "fr"),
]


@pytest.mark.parametrize(("query", "lang"), QUERIES)
@pytest.mark.parametrize("with_grams", [False, True])
def test_scores_are_bm25(worded: Kept, truth: Truth, query: str, lang: str, with_grams: bool) -> None:
    lexical = worded.generation.legs.lexical
    terms, runs = Counter(query_terms(query, lang)), Counter(grams(query) if with_grams else [])
    expected = truth.bm25(lang, terms, runs)
    found = lexical.scores(terms, lang, 500, grams=runs)
    assert expected
    assert found == pytest.approx(expected, rel=1e-4)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert list(lexical.scores(terms, lang, 3, grams=runs).values()) == pytest.approx(
        list(found.values())[:3], rel=1e-4
    )
    pool = list(reversed(truth.pools[lang]))
    told = lexical.scores_of(terms, lang, pool, grams=runs)
    assert list(told) == pool
    assert told == pytest.approx(dict.fromkeys(pool, 0.0) | expected, rel=1e-4)


def test_words_count_by_their_weights(worded: Kept, truth: Truth) -> None:
    weights = {"bridg": 2.5, "river": 0.25, "lamp": 0.0, "schoolchildren": -1.0}
    told = {word: weight for word, weight in weights.items() if weight > 0}
    expected = truth.bm25("en", told, {})
    found = worded.generation.legs.lexical.scores(weights, "en", 100)
    assert found == pytest.approx(expected, rel=1e-4)
    assert worded.generation.legs.lexical.scores({"lamp": 0.0}, "en", 10) == {}


def test_scores_of_equals_stand_by_row(worded: Kept, truth: Truth) -> None:
    found = worded.generation.legs.lexical.scores({"the": 1.0}, "en", 500)
    order = list(found)
    assert order == sorted(order, key=lambda row: (-found[row], row))


@pytest.mark.parametrize("step", [1, 3, 40])
def test_the_best_of_some_rows_have_the_scores_that_they_have_among_all(worded: Kept, truth: Truth, step: int) -> None:
    pool = truth.pools["en"][::step]
    among = AllowedRows(np.array(pool, np.int64))
    every = truth.bm25("en", {"the": 1.0, "harbour": 2.0}, {})
    for depth in (1, 5, 500):
        found = worded.generation.legs.lexical.scores({"the": 1.0, "harbour": 2.0}, "en", depth, among=among)
        expected = sorted((row for row in every if row in pool), key=lambda row: (-every[row], row))[:depth]
        assert found == pytest.approx({row: every[row] for row in expected}, rel=1e-4)


def test_a_filter_leaves_out_rows_and_changes_no_score(worded: Kept, truth: Truth) -> None:
    chosen = Filter.of(None, None, [FOLDER, "The Harbor Ledger"])
    assert chosen
    among = worded.generation.catalogue.allowed(chosen).within(truth.pools["en"])
    passing = truth.rows_passing(chosen)
    expected = {
        row: score for row, score in truth.bm25("en", {"river": 1.0, "bridg": 1.0}, {}).items() if row in passing
    }
    assert expected
    assert worded.generation.legs.lexical.scores({"river": 1.0, "bridg": 1.0}, "en", 100, among=among) == pytest.approx(
        expected, rel=1e-4
    )


def test_rarity_and_ceiling_are_told_of_each_pool(worded: Kept, truth: Truth) -> None:
    lexical = worded.generation.legs.lexical
    words = ["the", "harbour", "ميناء", "o'neil", "nowhere"]
    for lang in ("en", "ar", "fr", "sw"):
        rarity = lexical.rarity(words, lang)
        assert rarity == pytest.approx({word: truth.idf(lang, word) for word in words})
        terms = {word: weight for weight, word in enumerate(words, start=1)}
        whole = sum(weight * truth.idf(lang, word) for word, weight in terms.items()) * 2.2
        assert lexical.ceiling(terms, lang) == pytest.approx(whole)
    assert lexical.ceiling({}, "en") == 0


def test_grams_have_a_field_of_their_own(worded: Kept, truth: Truth) -> None:
    lexical = worded.generation.legs.lexical
    assert lexical.ceiling({}, "sw", grams={"_rai": 1.0}) == pytest.approx(GRAM_WEIGHT * 2.2 * truth.idf("sw", "x"))
    assert lexical.scores({}, "en", 100, grams={"_rai": 1.0}) == pytest.approx(
        truth.bm25("en", {}, {"_rai": 1.0}), rel=1e-4
    )


def test_a_language_without_passages_is_an_empty_pool(worded: Kept) -> None:
    lexical = worded.generation.legs.lexical
    assert lexical.scores({"rain": 1.0}, "sw", 10) == lexical.scores_of({"rain": 1.0}, "sw", []) == {}
    assert lexical.containing(["rain"], "sw") == set()
    assert lexical.containing_any(["rain"], "sw", 10) == []


PHRASES = [
    ("wooden piers were torn away", "en"),
    ("piers wooden", "en"),
    ("O'Neil", "en"),
    ('"each 100% straight_line", she said', "en"),
    ("a ; semicolon", "en"),
    ("al-Qahtani. They", "en"),
    ("JF-17", "en"),
    ("the", "en"),
    ("rport", "en"),
    ("JF-17", "ar"),
    ("ميناء المخا", "ar"),
    ("الهمزة أصعب", "ar"),
    ("مكتبة", "ar"),
    ("ينا", "ar"),
    ("vieille ville", "fr"),
]


@pytest.mark.parametrize(("phrase", "lang"), PHRASES)
def test_phrases_are_held_word_for_word(worded: Kept, truth: Truth, phrase: str, lang: str) -> None:
    lexical = worded.generation.legs.lexical
    expected = truth.holding(phrase, lang)
    assert bool(expected) == (phrase not in ("piers wooden", "rport", "ينا"))
    assert lexical.containing([phrase], lang) == expected
    assert set(lexical.containing_any([phrase, "nowhere at all"], lang, 500)) == expected


def test_every_phrase_must_be_held(worded: Kept, truth: Truth) -> None:
    lexical = worded.generation.legs.lexical
    both = truth.holding("an hour", "en") & truth.holding("by almost a metre", "en")
    assert both
    assert lexical.containing(["an hour", "by almost a metre"], "en") == both
    assert lexical.containing(["an hour", "…", "by almost a metre"], "en") == both
    assert lexical.containing(["an hour", "nowhere at all"], "en") == set()
    assert lexical.containing([], "en") == lexical.containing(["…"], "en") == set()


def test_some_rows_that_hold_any_phrase(worded: Kept, truth: Truth) -> None:
    lexical = worded.generation.legs.lexical
    either = truth.holding("harbour", "en") | truth.holding("bridge", "en")
    assert set(lexical.containing_any(["harbour", "bridge"], "en", 500)) == either
    some = lexical.containing_any(["harbour", "bridge"], "en", 2)
    assert len(some) == 2
    assert either.issuperset(some)
    assert lexical.containing_any([], "en", 10) == []


@pytest.mark.parametrize("word", ["harbour", "Mocha", "المخا", "queue", "JF-17", "O'Neil", "Taiz"])
def test_a_word_of_any_passage_or_title_is_known(worded: Kept, word: str) -> None:
    assert worded.generation.legs.lexical.holds(word)


@pytest.mark.parametrize("word", ["harbourx", "arbou", "المخ", "harbou_", "x' OR '1'='1", "nowhere*"])
def test_a_word_that_is_nowhere_is_not_known(worded: Kept, word: str) -> None:
    assert not worded.generation.legs.lexical.holds(word)
