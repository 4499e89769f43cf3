"""Glyphs in the order of their places to text in the order of reading: the Unicode Bidirectional Algorithm undone.

Where glyphs stand decides; what places do not tell, the order of letters within a ligature, the letters around do.
"""

import re
import unicodedata
from functools import cache

from indexer.letters import likelier
from indexer.readers.glyphs import RTL, Glyph

_ALEFS = frozenset("اأإآٱ")
_FORMS = re.compile("[\ufb00-\ufb4f\ufb50-\ufdf9\ufdfc\ufe70-\ufefc]")
_TATWEEL = re.compile("(?<=[^\\W\\d_])\u0640+(?=[^\\W\\d_\u0640])")
# Word hangs the space after a Latin word on its other side.
_NO_SPACE = re.compile("(?<=[A-Za-z])(?=[\u0621-\u064a\u066e-\u06d3])")
# A share of the size of type. Measured: joined letters stand up to 0.09 apart, words 0.15 and more.
_SPACE_WIDTH = 0.12

# Kinds of glyphs after UAX #9, one letter each: L and R letters, E European and A Arabic digits, S and C signs that
# stand within numbers, T those that stand beside them, N the rest.
_KINDS = {"L": "L", "R": "R", "AL": "R", "EN": "E", "AN": "A", "ES": "S", "CS": "C", "ET": "T"}
# What runs left to right in a line that is read from the right: Latin words with the figures beside them, and numbers.
# A hyphen is part of a number only before the first Arabic letter (rules W2 and W4).
_LTR_RUN = re.compile("(?:[LE][^RA]*)?L[EA]*|E(?:C?E)*|A(?:C?A)*")
_LTR_RUN_FIRST = re.compile("(?:[LE][^RA]*)?L[EA]*|T*E(?:[CS]?E)*T*|A(?:C?A)*")
_RTL_RUN = re.compile("[RA](?:[^L]*[RA])?")

_OPENING = dict(zip("([{«‹", ")]}»›", strict=True))
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
_BRACKET = re.compile(r"[()\[\]{}«»‹›]")


def is_rtl(text: str) -> bool:
    """Whether more of a text's letters are written from the right than from the left."""
    return balance(text) > 0


def balance(text: str) -> int:
    """How many more of a text's letters are written from the right than from the left."""
    return 2 * sum(map(str.isalpha, RTL.findall(text))) - sum(map(str.isalpha, text))


def reading(glyphs: list[Glyph], size: float, *, rtl: bool, backwards: bool = False) -> str:
    """The text of a line's glyphs, given from the left, in the order that it is read.

    `rtl` is the direction of the line as a whole. Presentation forms are folded. A line that is `backwards` was drawn
    by something that did not know which way Arabic runs: its text stands from the left as it is.
    """
    units = _units(glyphs, size * _SPACE_WIDTH)
    if any(RTL.match(unit) for unit in units) and not backwards:
        units = _logical(units, rtl=rtl)
    return _tidy("".join(units))


def _units(glyphs: list[Glyph], width: float) -> list[str]:
    """What each glyph stands for, and a space wherever one is seen."""
    units: list[str] = []
    right = 0.0
    for at, glyph in enumerate(glyphs):
        blank = glyph.text.isspace()
        if units and units[-1] != " " and (blank or glyph.left - right > width):
            units.append(" ")
        if not blank:
            text = _letters(glyph.text)
            units.append((text if len(text) == 1 else _ligature(text, glyphs, at)) + glyph.marks)
        right = max(right, glyph.right)
    return units


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", form).strip() for form in text) if _FORMS.search(text) else text


def _ligature(text: str, glyphs: list[Glyph], at: int) -> str:
    """The letters of one glyph in their order, which pdfium turns round or not."""
    if not RTL.match(text):
        return text
    if len(text) == 2 and "ل" in text and not _ALEFS.isdisjoint(text):
        return text if text[0] == "ل" else text[::-1]
    after = _letters(glyphs[at - 1].text)[:1] if at else ""
    before = _letters(glyphs[at + 1].text)[-1:] if at + 1 < len(glyphs) else ""
    return likelier(text, text[::-1], before=before, after=after)


def _logical(units: list[str], *, rtl: bool) -> list[str]:
    if rtl:
        return _from_right(units)
    kinds = "".join(_kind(unit[0]) for unit in units)
    for run in reversed(list(_RTL_RUN.finditer(kinds))):
        if "R" in run[0]:
            units = units[: run.start()] + _from_right(units[run.start() : run.end()]) + units[run.end() :]
    return units


def _from_right(units: list[str]) -> list[str]:
    units = units[::-1]
    kinds = "".join(_kind(unit[0]) for unit in units)
    first_letter = kinds.find("R") if "R" in kinds else len(kinds)
    runs = [*_LTR_RUN_FIRST.finditer(kinds, 0, first_letter), *_LTR_RUN.finditer(kinds, first_letter)]
    for run in runs:
        units[run.start() : run.end()] = units[run.start() : run.end()][::-1]
    return units


@cache
def _kind(character: str) -> str:
    return _KINDS.get(unicodedata.bidirectional(character), "N")


def _tidy(text: str) -> str:
    text = " ".join(text.split()).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    if not RTL.search(text):
        return text
    return unicodedata.normalize("NFC", _BRACKET.sub(_turned, _NO_SPACE.sub(" ", _TATWEEL.sub("", text))))


def _turned(bracket: re.Match[str]) -> str:
    """A bracket the way round that its neighbours ask for: one that opens has a space before it and a word after."""
    text, at, shape = bracket.string, bracket.start(), bracket[0]
    before = text[at - 1 : at] or " "
    after = text[at + 1 : at + 2] or " "
    opens = (before.isspace() or before in _OPENING) and not after.isspace()
    closes = (after.isspace() or after in ".,:;!?،؛؟" or after in _CLOSING) and not before.isspace()
    if opens == closes:
        return shape
    return _CLOSING.get(shape, shape) if opens else _OPENING.get(shape, shape)
