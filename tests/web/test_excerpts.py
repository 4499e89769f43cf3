import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.records import Mark
from web.excerpts import Asking, Excerpt

QUERY = "piracy in the Red Sea"
PASSAGE = (
    "The owners met in Piraeus to hear what their insurers had to say. The meeting lasted all morning. "
    "Piracy has come back to the Red Sea, the broker told them, and with it the premiums of ten years ago."
)


def mark(word: str, answers: str, text: str = PASSAGE, query: str = QUERY) -> Mark:
    start, asked = text.index(word), query.index(answers)
    return Mark(start, start + len(word), asked, asked + len(answers))


MARKS = [mark("Red", "Red"), mark("Sea", "Sea"), mark("Piracy", "piracy")]
ASKING = Asking.of(QUERY, MARKS)


def text_of(excerpt: Excerpt) -> str:
    return "".join(run.text for run in excerpt.runs)


def test_the_words_of_the_query_that_are_answered_are_numbered_in_their_order() -> None:
    assert ASKING.words == ["piracy", "Red", "Sea"]
    assert [(run.text, run.word) for run in ASKING.runs] == [
        *[("piracy", 0), (" in the ", None), ("Red", 1), (" ", None), ("Sea", 2)]
    ]


def test_a_passage_that_is_short_enough_is_shown_whole_with_its_words_marked() -> None:
    excerpt = ASKING.excerpt(PASSAGE, MARKS)
    assert text_of(excerpt) == PASSAGE
    assert (excerpt.cut_before, excerpt.cut_after) == (False, False)
    assert [(run.text, run.word) for run in excerpt.runs if run.word is not None] == [
        *[("Piracy", 0), ("Red", 1), ("Sea", 2)]
    ]


def test_an_excerpt_begins_with_the_sentence_that_answers() -> None:
    excerpt = ASKING.excerpt(PASSAGE, MARKS, 60)
    assert text_of(excerpt) == "Piracy has come back to the Red Sea, the broker told them,"
    assert (excerpt.cut_before, excerpt.cut_after) == (True, True)


def test_an_excerpt_without_words_to_mark_is_the_beginning() -> None:
    excerpt = Asking.of(QUERY, []).excerpt(PASSAGE, [], 20)
    assert (text_of(excerpt), excerpt.cut_before, excerpt.cut_after) == ("The owners met in", False, True)


def test_the_beginning_is_shown_where_it_says_as_much_as_any_other_part() -> None:
    text = "Piracy is back. Nobody asked for it, and nobody was asked. Piracy is dear."
    first, second = mark("Piracy", "piracy", text), Mark(text.rindex("Piracy"), text.rindex("Piracy") + 6, 0, 6)
    assert text_of(ASKING.excerpt(text, [first, second], 30)).startswith("Piracy is back.")


def test_arabic_is_cut_between_whole_words() -> None:
    text = "اجتمع ملاك السفن صباح أمس في بيرايوس. عادت القرصنة إلى البحر الأحمر، وعادت معها أقساط التأمين المرتفعة."
    found = mark("القرصنة", "piracy", text)
    excerpt = Asking.of(QUERY, [found]).excerpt(text, [found], 40)
    assert text_of(excerpt) == "عادت القرصنة إلى البحر الأحمر، وعادت"
    assert [run.text for run in excerpt.runs if run.word == 0] == ["القرصنة"]


@given(
    st.text(alphabet="ab .\nقر", max_size=300),
    st.lists(st.tuples(st.integers(0, 290), st.integers(1, 9)), max_size=6),
    st.integers(1, 80),
)
def test_an_excerpt_is_a_part_of_the_passage_within_the_limit(
    text: str, spans: list[tuple[int, int]], limit: int
) -> None:
    marks = [Mark(start, start + length, 0, 6) for start, length in spans if start + length <= len(text)]
    excerpt = Asking.of(QUERY, marks).excerpt(text, marks, limit)
    shown = text_of(excerpt)
    assert shown in text
    assert len(shown) <= limit
    assert (text == shown) == (not excerpt.cut_before and not excerpt.cut_after) or not text
    assert all(run.text for run in excerpt.runs)


@pytest.mark.parametrize("limit", [1, 5])
def test_a_word_longer_than_the_limit_is_cut(limit: int) -> None:
    assert text_of(Asking.of(QUERY, []).excerpt("unbreakable", [], limit)) == "unbreakable"[:limit]
