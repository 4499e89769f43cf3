from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.paragraphs import MAX_CELL_CHARS, Blocks

PIECES = st.lists(st.one_of(st.text(), st.sampled_from(["\n", "\xad", " ", "بند", "A-320"])))


def written(paragraph: list[str]) -> Blocks:
    """What comes of these pieces; "\n" is a line break."""
    blocks = Blocks()
    for piece in paragraph:
        blocks.write(piece) if piece != "\n" else blocks.break_line()
    blocks.end()
    return blocks


@given(PIECES)
def test_no_paragraph_is_empty_and_none_has_spaces_to_spare(pieces: list[str]) -> None:
    blocks = written(pieces)
    lines = [line for part in blocks.done for line in part.replace("\n\n", "\n").split("\n")]
    assert all(line and line == " ".join(line.split()) and "\xad" not in line for line in lines)
    assert "".join("".join(pieces).replace("\xad", "").split()) == "".join("".join(lines).split())


@given(PIECES)
def test_what_was_written_once_is_written_the_same_again(pieces: list[str]) -> None:
    text = written(pieces).text()
    assert written(list(text)).text() == text


def test_what_stands_beside_a_paragraph_comes_after_it() -> None:
    blocks = Blocks()
    blocks.write("قبل الصورة")
    blocks.put_after(["تعليق الصورة", ""])
    blocks.write(" وبعدها")
    assert blocks.end() == "قبل الصورة وبعدها"
    assert blocks.text() == "قبل الصورة وبعدها\n\nتعليق الصورة"


def test_rows() -> None:
    blocks = Blocks()
    blocks.write("عنوان الجدول")
    blocks.add_row([["السد"], [], ["السعة\nمليون م3"]])
    blocks.add_row([["ف" * MAX_CELL_CHARS], ["1"]])
    blocks.add_row([["ف" * (MAX_CELL_CHARS + 1)], ["1"]])
    blocks.add_row([[], []])
    assert blocks.done == [
        "عنوان الجدول",
        "السد | السعة مليون م3",
        f"{'ف' * MAX_CELL_CHARS} | 1",
        "ف" * (MAX_CELL_CHARS + 1),
        "1",
    ]
