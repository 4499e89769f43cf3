from indexer.readers.glyphs import Glyph, Row, ligated, pieces


def _texts(glyphs: list[Glyph]) -> list[str]:
    return [glyph.text for glyph in glyphs]


def test_letters_drawn_in_one_place_are_one_glyph() -> None:
    glyphs = ligated([Glyph("س", 0, 5), Glyph("ا", 5, 8), Glyph("ل", 5, 12), Glyph("م", 12, 17)], 0.05)
    assert _texts(glyphs) == ["س", "ال", "م"]
    assert glyphs[1].right == 12


def test_a_space_drawn_over_the_end_of_a_letter_comes_after_it() -> None:
    """As XePersian draws the half space of می‌شکند: it is read after the yeh, so it belongs on its left."""
    glyphs = ligated([Glyph("ش", 30, 41), Glyph("ی", 41.7, 48.3), Glyph(" ", 42.5, 44.3), Glyph("م", 48, 52)], 0.05)
    assert _texts(glyphs) == ["ش", " ", "ی", "م"]


def test_a_space_is_never_part_of_a_ligature() -> None:
    assert _texts(ligated([Glyph(" ", 10, 11), Glyph("ف", 10, 18), Glyph("ا", 18, 20)], 0.05)) == [" ", "ف", "ا"]


def test_a_row_is_cut_where_nothing_stands() -> None:
    row = Row(700, 10, [Glyph("أ", 50, 60), Glyph(" ", 60, 63), Glyph("ب", 200, 210), Glyph("ج", 210, 220)])
    assert [_texts(piece.glyphs) for piece in pieces(row, 15)] == [["أ", " "], ["ب", "ج"]]
