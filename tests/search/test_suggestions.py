"""What the seed documents suggest."""

import pytest

from search.searcher import Searcher
from search.suggestions import Kind, Suggestion


def _texts(suggestions: list[Suggestion], kind: Kind) -> list[str]:
    return [suggestion.text for suggestion in suggestions if suggestion.kind is kind]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("desal", "desalination"),
        ("salt and desal", "salt and desalination"),
        ("حفت", "حفتر"),
        ("الانت", "الإنتاج"),
        ("باكس", "باكستان"),
        ("كستان باكس", "كستان باكستان"),
    ],
)
def test_a_word_is_completed_as_the_passages_spell_it(seed_searcher: Searcher, typed: str, word: str) -> None:
    assert word in _texts(seed_searcher.suggest(typed), Kind.WORD)


def test_only_words_that_go_with_those_before_complete_a_query(seed_searcher: Searcher) -> None:
    alone, after = (_texts(seed_searcher.suggest(text), Kind.WORD) for text in ("pl", "desalination pl"))
    assert "plant" in alone
    assert "desalination plant" in after
    assert len(after) < len(alone)


def test_titles_and_publishers_are_named_from_any_of_their_words(seed_searcher: Searcher) -> None:
    titles = {document.title for document in seed_searcher.documents()}
    for typed in ("Nine hours in", "hours in the citad", "صدام حفتر في راو", "حفتر في راولب"):
        found = _texts(seed_searcher.suggest(typed), Kind.TITLE)
        assert found
        assert titles.issuperset(found)
    assert _texts(seed_searcher.suggest("the harb"), Kind.PUBLISHER) == ["The Harbor Ledger"]
    assert _texts(seed_searcher.suggest("المرف"), Kind.PUBLISHER) == ["صحيفة المرفأ"]


@pytest.mark.parametrize("typed", ["", "  ", "؟", "12345", '"', "zzzz", "' OR 1=1 --", 'x" OR "y'])
def test_what_nothing_continues_gets_no_suggestion(seed_searcher: Searcher, typed: str) -> None:
    assert seed_searcher.suggest(typed) == []


def test_there_are_no_more_than_were_asked_for_and_each_is_there_once(seed_searcher: Searcher) -> None:
    for typed in ("ha", "الم", "the "):
        found = seed_searcher.suggest(typed, limit=5)
        assert len({suggestion.text.casefold() for suggestion in found}) == len(found) <= 5
        assert all(suggestion.lang in ("ar", "en") for suggestion in found)


@pytest.mark.parametrize(
    ("query", "kind", "meant", "lang"),
    [
        ("desalinaton plant", Kind.SPELLING, "desalination plant", "en"),
        ("«باكتسان» ومصر", Kind.SPELLING, "«باكستان» ومصر", "ar"),
        ("Rawalpidni", Kind.SPELLING, "Rawalpindi", "en"),
        ("desalinetoin", Kind.SPELLING, "desalination", "en"),
        ("hgpvf", Kind.KEYBOARD, "الحرب", "ar"),
    ],
)
def test_what_was_meant_is_told(seed_searcher: Searcher, query: str, kind: Kind, meant: str, lang: str) -> None:
    assert seed_searcher.corrections(query) == [Suggestion(meant, kind, lang)]


def test_what_is_spelled_as_in_the_corpus_is_left_alone(seed_searcher: Searcher) -> None:
    for document in seed_searcher.documents():
        assert seed_searcher.corrections(document.title) == []
