"""The two normal forms of a text, one for the encoder and one for matching words, each with a map back to its source.

The only module that knows camel-tools. Its functions are imported when a text first holds a character that they
concern, all but one: importing `dediac_ar` makes character sets of all of Unicode, in 0.4 s and 31 MiB, so a test holds
that the same characters go here. Stemming and splitting into words belong to others.
"""

from __future__ import annotations  # array is not subscriptable at run time before Python 3.12

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

NORMALISER_VERSION = 1
"""Part of every cache key of normalised text: raise it when any rule changes."""

# UAX #9 explicit formatting characters, and the byte order mark. None of them is ever part of a word.
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"

# Presentation forms of a mark standing alone. NFKC would make them a space and a mark, and cut the word in a PDF's
# text layer in two, so they go before it.
_ISOLATED_MARKS = "\ufc5e-\ufc63\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e"

# camel_tools.utils.charsets.AR_DIAC_CHARSET: what camel_tools.utils.dediac.dediac_ar removes.
_CAMEL_DIACRITICS = "\u064b-\u0652\u0670"

# What dediac_ar leaves: every other nonspacing mark of the Arabic blocks (honorifics, Quranic annotation, hamza and
# madda that no letter took up), the Quranic small waw and yeh, and tatweel (Lucene's ArabicNormalizer drops it too).
# U+06DD, U+06DE and U+06E9 stay: they are symbols that stand between words, not marks on letters.
_OTHER_MARKS = (
    "\u0610-\u061a\u0640\u0653-\u065f\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08c9-\u08e1\u08e3-\u08ff\U00010efd-\U00010eff"
)

# Lucene's DecimalDigitFilter, for the two sets of digits that Arabic script uses.
_DIGITS = {base + value: ord("0") + value for base in (0x0660, 0x06F0) for value in range(10)}

# Lucene's PersianNormalizer: Persian yeh, keheh, and the hehs, which an Arabic reader types as ي, ك and ه. Left out on
# purpose is its yeh barree (ے): it tells Urdu words apart (لڑکی a girl, لڑکے boys). Never merged, since words differ
# by them: گ and ك, پ and ب, چ and ج, ژ and ز, ڤ and ف, ھ (aspiration in Urdu), ە (a vowel in Kurdish).
_PERSIAN = {0x06CC: "ي", 0x06A9: "ك", 0x06C0: "ه", 0x06C1: "ه", 0x06C2: "ه"}

_DROPPED_FIRST = re.compile(f"[{_BIDI_CONTROLS}{_ISOLATED_MARKS}]+")
_MARK = re.compile(f"[{_CAMEL_DIACRITICS}{_OTHER_MARKS}]+")
_LETTER_VARIANT = re.compile("[\u0622\u0623\u0625\u0671\u0649\u0629]")
_FOLDED: dict[int, int | str] = {**_DIGITS, **_PERSIAN}
_FOLDABLE = re.compile("[" + "".join(map(chr, _FOLDED)) + "]")

_LONGEST_SEARCHED_CHARS = 64


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A normalised `text` and the `source` it came from. The map between them is built when first asked for."""

    text: str
    source: str
    _rule: Callable[[str], str] = field(repr=False)
    _offsets: tuple[array[int], array[int]] | None = field(default=None, init=False, repr=False, compare=False)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of `source` that produced characters `start` to `end` of `text`.

        Characters that the rules drop (a diacritic, a tatweel) are inside the span only if they lie between two that
        it covers. Both letters of a lam-alef ligature give the ligature. An empty span gives an empty one.

        Raises IndexError unless 0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"span {start}:{end} is not inside a text of {len(self.text)} characters")
        if self.text == self.source or self.source.isascii():  # of ASCII only the case changes
            return start, end
        starts, ends = self._map()
        if start == end:
            at = starts[start] if start < len(starts) else ends[-1] if ends else 0
            return at, at
        return starts[start], ends[end - 1]

    def _map(self) -> tuple[array[int], array[int]]:
        offsets = self._offsets
        if offsets is None:
            offsets = _align(self.source, self._rule)
            object.__setattr__(self, "_offsets", offsets)
        return offsets


def encoder_form(text: str) -> NormalForm:
    """`text` as the encoder reads it: NFKC, without Arabic diacritics, tatweel and bidi controls. Idempotent.

    Rules: camel_tools `normalize_unicode` (NFKC of UAX #15, and U+FDFC and U+FDFD in words) and `dediac_ar`, and the
    marks and controls that it leaves. Letters and digits stay as they are.
    """
    return NormalForm(_encoder_text(text), text, _encoder_text)


def lexical_form(text: str) -> NormalForm:
    """`text` as words are matched: the encoder's form with spelling variants, digits and case folded. Idempotent.

    Rules on top of `encoder_form`: camel_tools `normalize_alef_ar`, `normalize_alef_maksura_ar` and
    `normalize_teh_marbuta_ar`; Arabic-Indic digits to ASCII; Persian yeh, kaf and heh to the Arabic letters; case by
    the compatibility caseless match of the Unicode Standard (D147).
    """
    return NormalForm(_lexical_text(text), text, _lexical_text)


def _encoder_text(text: str) -> str:
    if text.isascii():
        return text
    composed = _compose(_DROPPED_FIRST.sub("", text))
    bare = _MARK.sub("", composed)
    # What stood around a dropped character may compose now.
    return bare if bare == composed else unicodedata.normalize("NFKC", bare)


def _compose(text: str) -> str:
    if unicodedata.is_normalized("NFKC", text) and "\ufdfd" not in text:
        return text
    from camel_tools.utils.normalize import normalize_unicode  # type: ignore[import-untyped]

    composed: str = normalize_unicode(text)
    return composed


def _lexical_text(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = _encoder_text(text)
    if _LETTER_VARIANT.search(text):
        from camel_tools.utils import normalize  # type: ignore[import-untyped]

        text = normalize.normalize_alef_ar(text)
        text = normalize.normalize_teh_marbuta_ar(normalize.normalize_alef_maksura_ar(text))
    if _FOLDABLE.search(text):
        text = text.translate(_FOLDED)
    return text if text.casefold() == text else _fold_case(text)


def _fold_case(text: str) -> str:
    # Unicode Standard, 3.13, D147: the second round is what makes it stable.
    for form in ("NFD", "NFKC"):
        text = unicodedata.normalize(form, text).casefold()
    return unicodedata.normalize("NFKC", text)


def _align(source: str, rule: Callable[[str], str]) -> tuple[array[int], array[int]]:
    """For each character of the normal form, where in `source` the piece that produced it starts and ends."""
    starts, ends = array("I"), array("I")
    at = 0
    for segment in _segments(source):
        for length, produced in _pieces(segment, rule):
            for _ in range(produced):
                starts.append(at)
                ends.append(at + length)
            at += length
    return starts, ends


def _segments(source: str) -> Iterator[str]:
    """Runs of `source` that normalise independently: a character and all that may compose with it or vanish."""
    begin = 0
    for at, character in enumerate(source):
        if at > begin and not _joins(character):
            yield source[begin:at]
            begin = at
    if source:
        yield source[begin:]


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    # UAX #15 composes a base with a mark, or with a Hangul vowel or final consonant, and with nothing else.
    remains = _encoder_text(character)
    return not remains or unicodedata.category(remains[0])[0] == "M" or "\u1160" <= remains[0] <= "\u11ff"


@lru_cache(maxsize=4096)
def _pieces(segment: str, rule: Callable[[str], str]) -> tuple[tuple[int, int], ...]:
    """The smallest pieces that give the same when normalised apart, as (characters taken, characters produced)."""
    whole = rule(segment)
    parts = [rule(character) for character in segment]
    if "".join(parts) == whole:
        return tuple((1, len(part)) for part in parts)
    if len(segment) <= _LONGEST_SEARCHED_CHARS:
        for cut in range(1, len(segment)):
            if rule(segment[:cut]) + rule(segment[cut:]) == whole:
                return ((cut, len(rule(segment[:cut]))), *_pieces(segment[cut:], rule))
    return ((len(segment), len(whole)),)
