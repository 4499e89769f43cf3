import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.reading import Piece, paragraphs

NEWS = "وقال الوزير إن الميناء آمن.\n\nSecond paragraph, first line\nand its second line.\n \t\n\nThird."


def test_paragraphs_are_cut_at_blank_lines_and_keep_single_newlines() -> None:
    assert paragraphs(NEWS) == [
        [Piece("وقال الوزير إن الميناء آمن.")],
        [Piece("Second paragraph, first line\nand its second line.")],
        [Piece("Third.")],
    ]


def test_a_passage_across_paragraphs_is_marked_in_each_and_named_once() -> None:
    start, end = NEWS.index("الميناء"), NEWS.index(", first")
    assert paragraphs(NEWS, start, end) == [
        [Piece("وقال الوزير إن "), Piece("الميناء آمن.", marked=True, first=True)],
        [Piece("Second paragraph", marked=True), Piece(", first line\nand its second line.")],
        [Piece("Third.")],
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "one line", "\n\nleading and trailing\n\n"])
def test_text_without_paragraphs_to_cut(text: str) -> None:
    assert ["".join(piece.text for piece in pieces) for pieces in paragraphs(text)] == text.strip("\n").splitlines()


@given(st.text(alphabet="aب \n\t<", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_character_is_kept_and_exactly_the_passage_is_marked(text: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    pieces = [piece for paragraph in paragraphs(text, start, end) for piece in paragraph]
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())
    assert "".join("".join(piece.text for piece in pieces if piece.marked).split()) == "".join(text[start:end].split())
    assert sum(piece.first for piece in pieces) == any(piece.marked for piece in pieces)
