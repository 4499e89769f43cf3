"""The glyphs of a PDF page and where they stand, off pdfium. The order in which they are read is left to others.

pdfium hands out characters in an order of its own guessing, which for Arabic is wrong in whole words, in the letters of
ligatures and in numbers. Nothing is made here of that order but which rows follow each other.
"""

import ctypes
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import hypot, pi
from operator import attrgetter, itemgetter

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from pypdfium2 import PdfTextPage

RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""A character of a script that is written from right to left."""

MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed\u08d3-\u08ff]")
"""A mark that stands over or under a letter."""

# pdfium writes one of the two, by its version, for a hyphen that ends a line, and nothing for the line's end.
_LINE = re.compile("[^\r\n\x02\ufffe]*[^\r\n]")
_HYPHENS = dict.fromkeys(map(ord, "\x02\ufffe"), "-")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad]")
_TEXT = re.compile(f"(?!{_NO_TEXT.pattern}).", re.DOTALL)
_WORD = re.compile(r"\S+")
# Shares of the size of type. A small figure set above the line is of the row.
_SAME_ROW = 0.5
_SAME_PLACE = 0.005
_MARK_REACH = 1.2
_MARK_NEIGHBOURS = 3
_SAMPLE = 20


@dataclass(slots=True)
class Glyph:
    """A drawn shape and what it stands for: a character, the letters of a ligature, or a whole word in Latin text."""

    text: str
    left: float
    right: float
    marks: str = ""


@dataclass(slots=True)
class Row:
    """Glyphs on one baseline, which lies so many points above the page's foot, in type of so many points."""

    baseline: float
    size: float
    glyphs: list[Glyph] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    text: str
    left: float
    right: float
    height: float
    row: int


def rows(page: PdfTextPage) -> list[Row]:
    """The rows of a page in the order of its content, which is that of reading in all but rare files.

    A row's glyphs come from the left. On a page with letters from right to left each is one shape, on others a word.
    """
    asked = _Asked(page)
    text = asked.text()
    if RTL.search(text):
        return _by_baseline(asked, text)
    return [row for row in (_words(asked, line) for line in _LINE.finditer(text)) if row.glyphs]


class _Asked:
    """pdfium's answers on single characters of a page, as numbers. A question takes about a microsecond.

    Where most of the text runs up or down the page, or stands on its head, the page is turned so that it does not.
    """

    def __init__(self, page: PdfTextPage) -> None:
        self._whole, self._page = page, page.raw
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._count = pdfium.FPDFText_CountChars(self._page)
        sample = range(0, self._count, self._count // _SAMPLE + 1)
        quarters = Counter(round(pdfium.FPDFText_GetCharAngle(self._page, at) / (pi / 2)) % 4 for at in sample)
        self._turn = quarters.most_common(1)[0][0] if quarters else 0

    def text(self) -> str:
        """One character for each that pdfium counts."""
        text: str = self._whole.get_text_range()
        if len(text) == self._count:
            return text
        return "".join([chr(pdfium.FPDFText_GetUnicode(self._page, at)) for at in range(self._count)])

    def origin(self, at: int) -> tuple[float, float]:
        """How far to the right a character begins, and how high its baseline is."""
        x, y, _, _ = self._numbers
        pdfium.FPDFText_GetCharOrigin(self._page, at, x, y)
        if not self._turn:
            return x.value, y.value
        return ((-y.value, x.value), (-x.value, -y.value), (y.value, -x.value))[self._turn - 1]

    def sides(self, at: int) -> tuple[float, float]:
        """Left and right of the room that a character takes up."""
        box = self._box
        pdfium.FPDFText_GetLooseCharBox(self._page, at, box)
        return self._turned(box.left, box.right, box.bottom, box.top) if self._turn else (box.left, box.right)

    def shape(self, at: int) -> tuple[float, float]:
        """Left and right of what is drawn."""
        pdfium.FPDFText_GetCharBox(self._page, at, *self._numbers)
        return self._turned(*(number.value for number in self._numbers))

    def _turned(self, left: float, right: float, foot: float, top: float) -> tuple[float, float]:
        return ((left, right), (-top, -foot), (-right, -left), (foot, top))[self._turn]

    def size(self, at: int) -> float:
        pdfium.FPDFText_GetMatrix(self._page, at, self._matrix)
        scale = hypot(self._matrix.c, self._matrix.d)
        return float(pdfium.FPDFText_GetFontSize(self._page, at)) * scale


def _words(asked: _Asked, line: re.Match[str]) -> Row:
    row = Row(asked.origin(line.start())[1], asked.size(line.start()) or 1.0)
    for word in _WORD.finditer(line[0]):
        text = _NO_TEXT.sub("", word[0].translate(_HYPHENS))
        if text:
            start, end = line.start() + word.start(), line.start() + word.end()
            row.glyphs += [Glyph(text, asked.sides(start)[0], asked.sides(end - 1)[1]), Glyph(" ", 0.0, 0.0)]
    return row


def _by_baseline(asked: _Asked, text: str) -> list[Row]:
    found: list[Row] = []
    marks: list[_Mark] = []
    for match in _TEXT.finditer(text.translate(_HYPHENS)):
        at, character = match.start(), match[0]
        (left, height), (outer, right) = asked.origin(at), asked.sides(at)
        if outer == right and character == " ":  # pdfium's own guess
            continue
        if MARK.match(character):
            marks.append(_Mark(character, *asked.shape(at), height, len(found) - 1))
            continue
        if not found or abs(height - found[-1].baseline) > _SAME_ROW * found[-1].size:
            found.append(Row(height, asked.size(at) or 1.0))
        found[-1].glyphs.append(Glyph(character, left, right))
    for row in found:
        row.glyphs = ligated(sorted(row.glyphs, key=attrgetter("left")), row.size * _SAME_PLACE)
    for mark in marks:
        _put_on(mark, found)
    return found


def ligated(glyphs: list[Glyph], tolerance: float) -> list[Glyph]:
    """Letters that were drawn in one place as one glyph, and spaces that were drawn over a letter's end after it."""
    joined: list[Glyph] = []
    for glyph in glyphs:
        last = joined[-1] if joined else None
        if last is None or last.text.isspace():
            joined.append(glyph)
        elif glyph.text.isspace():
            joined.insert(len(joined) - (glyph.right <= last.right), glyph)
        elif glyph.left - last.left < tolerance:
            last.text += glyph.text
            last.right = max(last.right, glyph.right)
        else:
            joined.append(glyph)
    return joined


def _put_on(mark: _Mark, found: list[Row]) -> None:
    """Give a mark to the letter that it stands over most, on the row where pdfium named it or on one beside that."""
    letters = []
    for row in found[max(mark.row - 1, 0) : mark.row + 3]:
        away = abs(row.baseline - mark.height)
        if away < _MARK_REACH * row.size:
            at = bisect(row.glyphs, mark.left, key=attrgetter("left"))
            near = row.glyphs[max(at - _MARK_NEIGHBOURS, 0) : at + _MARK_NEIGHBOURS]
            letters += [(_closeness(glyph, mark) - away, glyph) for glyph in near if glyph.text.isalpha()]
    if letters:
        glyph = max(letters, key=itemgetter(0))[1]
        glyph.marks += mark.text


def _closeness(glyph: Glyph, mark: _Mark) -> float:
    """How much of a mark stands over a glyph, below 0 how far apart they are; of two letters in one, the nearer."""
    apart = abs(glyph.left + glyph.right - mark.left - mark.right) / 2
    return min(glyph.right, mark.right) - max(glyph.left, mark.left) - apart / 4


def pieces(row: Row, widest_gap: float) -> Iterator[Row]:
    """A row cut where nothing stands for so many points, as between a table's columns, from the left."""
    piece = Row(row.baseline, row.size)
    right = 0.0
    for glyph in row.glyphs:
        if glyph.text.isspace():
            piece.glyphs += [Glyph(" ", right, right)] if piece.glyphs else []
            continue
        if piece.glyphs and glyph.left - right > widest_gap:
            yield piece
            piece = Row(row.baseline, row.size)
        right = max(right, glyph.right) if piece.glyphs else glyph.right
        piece.glyphs.append(glyph)
    if piece.glyphs:
        yield piece
