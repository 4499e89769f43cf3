"""The rows of glyphs on a PDF's page to lines of text, each in the order of reading."""

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.letters import direction
from indexer.readers.arabic_pdf import balance, is_rtl, reading
from indexer.readers.glyphs import RTL, Row, pieces
from indexer.readers.pdf_document import Note

# What is further apart, in sizes of type, stands in two cells of a table or two columns.
_WIDEST_GAP = 1.5
_NEIGHBOUR_WEIGHT = 0.3
_LEADING = 1.2
# Logarithms of odds. Below the first, a page's Arabic was drawn backwards, and below the second, a line alone: it is
# low, since Persian lines go down to -7 by the letters of Arabic.
_PAGE_IS_BACKWARDS = -8.0
_LINE_IS_BACKWARDS = -25.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text or of a table's cell, and where it stands on its page, in points from the left and the foot.

    `size` is that of its type; `rtl` whether it is read from the right; `repaired` whether its text is another than
    what pdfium takes it for.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    rtl: bool = False
    repaired: bool = False


def lines(found: list[Row], naive: str) -> list[Line]:
    """The lines of a page in the order of its content; the cells of a row from the side where the page begins.

    `naive` is the page's text as pdfium has it, which only tells what had to be repaired.
    """
    rtl = is_rtl("".join(glyph.text for row in found for glyph in row.glyphs))
    parts = [part for row in found for part in list(pieces(row, _WIDEST_GAP * row.size))[:: -1 if rtl else 1]]
    ways = _directions(parts, rtl=rtl)
    texts = [reading(part.glyphs, part.size, rtl=way) for part, way in zip(parts, ways, strict=True)]
    all_backwards = sum(map(direction, texts)) < _PAGE_IS_BACKWARDS
    naive = "".join(naive.split())
    made = []
    for part, way, usual in zip(parts, ways, texts, strict=True):
        arabic = bool(RTL.search(usual))
        backwards = arabic and (all_backwards or direction(usual) < _LINE_IS_BACKWARDS)
        text = reading(part.glyphs, part.size, rtl=way, backwards=True) if backwards else usual
        if text:
            made.append(_line(part, text, rtl=way, repaired=arabic and "".join(text.split()) not in naive))
    return made


def note_lines(note: Note) -> Iterator[Line]:
    """The lines of a note, spread over the rectangle that shows it."""
    texts = note.text.split("\n")
    size = max((note.top - note.foot) / (_LEADING * len(texts)), 1.0)
    for number, text in enumerate(texts, start=1):
        words = " ".join(text.split())
        if words:
            yield Line(words, note.left, note.right, note.top - number * _LEADING * size, size, rtl=is_rtl(words))


def _line(part: Row, text: str, *, rtl: bool, repaired: bool) -> Line:
    left = part.glyphs[0].left
    right = max(glyph.right for glyph in part.glyphs)
    return Line(text, left, right, part.baseline, part.size, rtl=rtl, repaired=repaired)


def _directions(parts: list[Row], *, rtl: bool) -> list[bool]:
    """Whether each part is read from the right: by its letters and, a little, those of its neighbours.

    The neighbours settle a line of an Arabic paragraph that is Latin for the most part.
    """
    ways = [balance("".join(glyph.text for glyph in part.glyphs)) for part in parts]
    around = [0, *ways, 0]
    weighed = [way + _NEIGHBOUR_WEIGHT * (around[at] + around[at + 2]) if rtl else way for at, way in enumerate(ways)]
    return [way > 0 if way else rtl for way in weighed]
