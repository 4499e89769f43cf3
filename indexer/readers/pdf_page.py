"""A page of a PDF to its lines, each in the order of reading."""

from dataclasses import dataclass

from pypdfium2 import PdfTextPage

from indexer.letters import direction
from indexer.readers.arabic_pdf import reading
from indexer.readers.glyphs import RTL, Row, pieces, rows

# What is further apart, in sizes of type, stands in two cells of a table or two columns.
_WIDEST_GAP = 1.5
_NEIGHBOUR_WEIGHT = 0.3
# Logarithms of odds. Below the first, a page's Arabic was drawn backwards, and below the second, a line alone.
_PAGE_IS_BACKWARDS = -8.0
_LINE_IS_BACKWARDS = -25.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text or a table cell's, where it stands on its page in points from the left and the foot.

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


def lines(page: PdfTextPage) -> list[Line]:
    """The lines of a page in the order of its content; the cells of a row from the side where the page begins."""
    found = rows(page)
    rtl = _balance("".join(glyph.text for row in found for glyph in row.glyphs)) > 0
    parts = [part for row in found for part in _ordered(list(pieces(row, _WIDEST_GAP * row.size)), rtl=rtl)]
    directions = _directions(parts, rtl=rtl)
    texts = [reading(part.glyphs, part.size, rtl=way) for part, way in zip(parts, directions, strict=True)]
    naive = "".join(page.get_text_range().split()) if any(map(RTL.search, texts)) else None
    backwards = sum(map(direction, texts)) < _PAGE_IS_BACKWARDS
    return [
        _line(part, text, way, backwards=backwards, naive=naive)
        for part, text, way in zip(parts, texts, directions, strict=True)
        if text
    ]


def _ordered(parts: list[Row], *, rtl: bool) -> list[Row]:
    return parts[::-1] if rtl else parts


def _line(part: Row, text: str, rtl: bool, *, backwards: bool, naive: str | None) -> Line:
    if RTL.search(text) and (backwards or direction(text) < _LINE_IS_BACKWARDS):
        text = reading(part.glyphs, part.size, rtl=rtl, backwards=True)
    return Line(
        text=text,
        left=part.glyphs[0].left,
        right=max(glyph.right for glyph in part.glyphs if not glyph.text.isspace()),
        baseline=part.baseline,
        size=part.size,
        rtl=rtl,
        repaired=naive is not None and bool(RTL.search(text)) and "".join(text.split()) not in naive,
    )


def _directions(parts: list[Row], *, rtl: bool) -> list[bool]:
    """Whether each part is read from the right: by its letters and, a little, those of its neighbours."""
    texts = ["".join(glyph.text for glyph in part.glyphs) for part in parts]
    ways = [_balance(text) for text in texts]
    around = [0.0, *ways, 0.0]
    weighed = [
        way + _NEIGHBOUR_WEIGHT * (around[at] + around[at + 2]) if way or rtl else way for at, way in enumerate(ways)
    ]
    return [way > 0 if way else rtl for way in weighed]


def _balance(text: str) -> int:
    """Letters from right to left less those from left to right."""
    return 2 * sum(map(str.isalpha, RTL.findall(text))) - sum(map(str.isalpha, text))
