import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.reading import WINDOW_CHARS, Marked, Piece, Run, Window, Word, paragraphs

NEWS = "وقال الوزير إن الميناء آمن.\n\nSecond paragraph, first line\nand its second line.\n \t\n\nThird."


def whole(text: str) -> Window:
    return Window(0, len(text))


def plain(text: str) -> Run:
    return Run((Piece(text),))


def text_of(run: Run) -> str:
    return "".join(piece.text for piece in run.pieces)


def test_paragraphs_are_cut_at_blank_lines_and_keep_single_newlines() -> None:
    assert paragraphs(NEWS, whole(NEWS)) == [
        [plain("وقال الوزير إن الميناء آمن.")],
        [plain("Second paragraph, first line\nand its second line.")],
        [plain("Third.")],
    ]


def test_a_passage_across_paragraphs_is_marked_in_each_and_named_once() -> None:
    mark = Marked(NEWS.index("الميناء"), NEWS.index(", first"), current=True)
    assert paragraphs(NEWS, whole(NEWS), [mark]) == [
        [plain("وقال الوزير إن "), Run((Piece("الميناء آمن."),), mark, first=True)],
        [Run((Piece("Second paragraph"),), mark), plain(", first line\nand its second line.")],
        [plain("Third.")],
    ]


def test_words_that_answer_are_told_from_the_rest_of_their_passage() -> None:
    start, end = NEWS.index("الميناء"), NEWS.index(".")
    word = Word(start, start + len("الميناء"), "port")
    mark = Marked(start, end, words=(word,))
    run = paragraphs(NEWS, whole(NEWS), [mark])[0][1]
    assert run.pieces == (Piece("الميناء", "port"), Piece(" آمن"))


def test_a_page_is_named_where_it_begins_and_at_the_top_of_a_window() -> None:
    starts = (0, NEWS.index("Second") - 1, NEWS.index("and its"))
    cut = paragraphs(NEWS, whole(NEWS), page_starts=starts)
    pages = [(piece.page, piece.text[:6]) for runs in cut for run in runs for piece in run.pieces]
    assert pages == [(1, "وقال ا"), (2, "Second"), (3, "and it"), (None, "Third.")]
    below = Window(NEWS.index("its"), len(NEWS))
    assert paragraphs(NEWS, below, page_starts=starts)[0][0].pieces[0].page == 3


def test_empty_pages_are_passed_over() -> None:
    (runs,) = paragraphs("one two", Window(0, 7), page_starts=(0, 4, 4, 4))
    assert [(piece.text, piece.page) for piece in runs[0].pieces] == [("one ", 1), ("two", 4)]


def test_of_two_passages_that_overlap_the_first_given_is_marked() -> None:
    first, second = Marked(2, 6, current=True), Marked(0, 4, number=1)
    (runs,) = paragraphs("abcdefgh", Window(0, 8), [first, second])
    assert [(text_of(run), run.mark) for run in runs] == [
        ("ab", second),
        ("cd", first),
        ("ef", first),
        ("gh", None),
    ]
    assert [run.first for run in runs] == [True, True, False, False]


@pytest.mark.parametrize("text", ["", "\n\n", "one line", "\n\nleading and trailing\n\n"])
def test_text_without_paragraphs_to_cut(text: str) -> None:
    cut = paragraphs(text, whole(text))
    assert ["".join(map(text_of, runs)) for runs in cut] == text.strip("\n").splitlines()


PLACES = st.integers(0, 60)


@given(st.text(alphabet="aب \n\t<", max_size=60), PLACES, PLACES, st.lists(PLACES))
def test_every_character_is_kept_and_exactly_the_passage_is_marked(
    text: str, start: int, end: int, starts: list[int]
) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    cut = paragraphs(text, whole(text), [Marked(start, end, words=(Word(start, end, "q"),))], sorted(starts))
    runs = [run for paragraph in cut for run in paragraph]
    assert "".join("".join(map(text_of, runs)).split()) == "".join(text.split())
    marked = [run for run in runs if run.mark]
    assert "".join("".join(map(text_of, marked)).split()) == "".join(text[start:end].split())
    assert sum(run.first for run in runs) == bool(marked)
    assert all(bool(piece.answers) == bool(run.mark) for run in runs for piece in run.pieces)


def test_a_text_that_is_not_long_has_one_window() -> None:
    assert Window.at(NEWS, 40) == Window.around(NEWS, 40) == Window(0, len(NEWS))


LINE = "سطر من نص طويل لا ينتهي.\n"
LONG = (LINE * 40 + "\n") * 500


def windows(text: str) -> list[Window]:
    found = [Window.at(text, 0)]
    while (after := found[-1].after) is not None:
        found.append(Window.at(text, after))
    return found


@pytest.mark.parametrize(
    "text", [LONG, LINE * 20_000, "كلمة " * 90_000, "ا" * 450_000], ids=["paragraphs", "lines", "words", "letters"]
)
def test_the_windows_of_a_long_text_follow_each_other_without_a_gap_in_both_directions(text: str) -> None:
    found = windows(text)
    assert "".join(text[window.start : window.stop] for window in found) == text
    assert (found[0].before, found[-1].after) == (None, None)
    assert all(window.stop - window.start <= WINDOW_CHARS * 1.1 for window in found)
    back = found[-1]
    while back.before is not None:
        earlier = Window.at(text, back.before)
        assert earlier.start < back.start <= earlier.stop
        back = earlier
    assert back.start == 0


@given(st.integers(0, len(LONG) - 1))
def test_a_window_around_a_place_holds_it_with_some_of_what_comes_before(place: int) -> None:
    window = Window.around(LONG, place)
    assert window.start <= place < window.stop
    assert window.start == 0 or place - window.start > 10_000
    assert LONG[window.start] == "س"


@pytest.mark.parametrize("start", [-5, 10**9])
def test_a_window_beyond_the_text_is_one_at_its_end(start: int) -> None:
    window = Window.at(LONG, start)
    assert 0 <= window.start < window.stop <= len(LONG)
