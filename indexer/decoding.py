"""Bytes of a text file to text: which encoding they are in, decided from the bytes and from what the file declares.

charset-normalizer is asked last. Measured on single Arabic lines of Tatoeba it reads windows-1256 right in 71 of 100
and ISO-8859-6 in 1 of 100, so Arabic is decided here, by which decoding looks like words.
"""

import codecs
import logging
import re
from itertools import islice

from search.errors import SourceError

_LOG = logging.getLogger(__name__)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HINT = "Save the file as UTF-8 text, or leave it out."

# Control bytes that plain text does not hold. Arabic in UTF-16 is full of 0x06, the high byte of its letters.
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\x0b\x0c\r\x1b") + b"\x7f"
_MOST_CONTROLS = 0.05
# Code units that text in Arabic or a European language consists of in UTF-16.
_LIKELY_UNIT = re.compile("[\t\n\r\x20-\x7e\xa0-\u024f\u0600-\u06ff\u2000-\u206f\ufb50-\ufdff\ufe70-\ufefc]")
_LEAST_LIKELY_UNITS = 0.9

# One invalid byte among this many valid multi-byte characters is damage; more of them, and it is not UTF-8.
_CHARACTERS_PER_DAMAGE = 20

# In the order of preference when they read alike: a French text is the same in the last two.
_SINGLE_BYTE = ("windows-1252", "windows-1256", "iso-8859-6")
# WHATWG Encoding Standard: these labels mean windows-1252 on the web.
_MEAN_1252 = frozenset({"ascii", "iso8859-1", "cp1252"})
_OFTEN_WRONG = _MEAN_1252 | {"cp1256", "iso8859-6", "utf-8", "utf-8-sig"}
_LEAST_PLAUSIBLE = 0.2
_DECLARED_ADVANTAGE = 0.1
_SCORED_CHARS = 4000

# Arabic letters by how frequent they are in newspaper text: the first group makes up about 60 % of it.
_FREQUENCY = (
    dict.fromkeys("اليمنوتر", 1.0) | dict.fromkeys("بعةدسفهكقأح", 0.7) | dict.fromkeys("جىشطصخضإذزغثءظئآؤ", 0.3)
)
_TANWIN = frozenset("\u064b\u064c\u064d")
_INSIDE_WORDS = re.compile("['\u2018\u2019\xad\u200c\u200d]")
_NON_ASCII = re.compile("[^\x00-\x7f]")


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    r"""The text of `data` and the IANA name of its encoding. Lines end in "\n", and no byte order mark is left.

    In this order: a byte order mark; UTF-16; UTF-8, whatever is declared; an encoding that is `declared`, unless it is
    one of the labels that are often wrong; windows-1256, ISO-8859-6 and windows-1252 by which of them reads as words,
    with a small advantage for the declared one; charset-normalizer.

    In text that is UTF-8 but for a few damaged characters (up to 1 in 20 beyond ASCII, or the last one cut short) the
    invalid bytes are left out, and a warning is logged. U+FFFD is only there if the source itself holds it.

    Raises SourceError for data that is not text or whose encoding cannot be told.
    """
    text, encoding = _decode(data, _codec(declared))
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_bom(data[len(bom) :], encoding)
    if data.translate(None, _CONTROLS) != data:
        wide = _wide(data, declared)
        if wide:
            return wide
        _reject_binary(data)
    return _utf8(data) or _declared(data, declared) or _single_byte(data, declared) or _guessed(data)


def _codec(label: str | None) -> str | None:
    try:
        return codecs.lookup(label.strip()).name if label else None
    except (LookupError, ValueError):
        return None


def _with_bom(data: bytes, encoding: str) -> tuple[str, str]:
    decoded = _utf8(data) if encoding == "utf-8" else _strict(data, encoding)
    if decoded is None:
        raise SourceError(f"begins as {encoding} and is not valid {encoding}", hint=_HINT)
    return decoded


def _strict(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding
    except (UnicodeError, LookupError):
        return None


def _wide(data: bytes, declared: str | None) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark, and UTF-16 or UTF-32 where it is declared."""
    for encoding in ("utf-16-le", "utf-16-be"):
        decoded = _strict(data, encoding)
        if decoded and len(_LIKELY_UNIT.findall(decoded[0])) >= _LEAST_LIKELY_UNITS * len(decoded[0]):
            return decoded
    return _strict(data, declared) if declared and declared.startswith(("utf-16", "utf-32")) else None


def _reject_binary(data: bytes) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if b"\0" in data or controls > _MOST_CONTROLS * len(data):
        raise SourceError(f"not text: {controls} of {len(data)} bytes are control codes", hint=_HINT)


def _utf8(data: bytes) -> tuple[str, str] | None:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        cut_short = error.reason == "unexpected end of data" and error.end == len(data)
    kept = data.decode("utf-8", errors="ignore")
    lost = len(data) - len(kept.encode())
    beyond_ascii = len(_NON_ASCII.findall(kept))
    if not beyond_ascii or (lost * _CHARACTERS_PER_DAMAGE > beyond_ascii and not cut_short):
        return None
    _LOG.warning("left out %d bytes that are not valid UTF-8", lost)
    return kept, "utf-8"


def _single_byte(data: bytes, declared: str | None) -> tuple[str, str] | None:
    best: tuple[float, tuple[str, str] | None] = (_LEAST_PLAUSIBLE, None)
    for encoding in _SINGLE_BYTE:
        decoded = _strict(data, encoding)
        if decoded is None:
            continue
        score = _plausibility(decoded[0])
        if declared == _codec(encoding) or (encoding == "windows-1252" and declared in _MEAN_1252):
            score += _DECLARED_ADVANTAGE
        if score > best[0]:
            best = score, decoded
    return best[1]


def _declared(data: bytes, declared: str | None) -> tuple[str, str] | None:
    if declared is None or declared in _OFTEN_WRONG:
        return None
    decoded = _strict(data, declared)
    return (decoded[0], _iana(declared)) if decoded else None


def _guessed(data: bytes) -> tuple[str, str]:
    import charset_normalizer

    match = charset_normalizer.from_bytes(data).best()
    if match is None:
        raise SourceError(f"no encoding makes text of these {len(data)} bytes", hint=_HINT)
    return data.decode(match.encoding), _iana(match.encoding)


def _iana(codec: str) -> str:
    return re.sub(r"^cp(125\d)$", r"windows-\1", codecs.lookup(codec).name.replace("iso8859", "iso-8859"))


def _plausibility(text: str) -> float:
    """How much the characters beyond ASCII look like those of words, at most 1; below 0 for gibberish.

    The mean over them of: an Arabic letter by how frequent it is, a mark by whether it stands on a letter, a Latin
    letter by whether it stands among ASCII ones, and minus one for whatever cannot stand where it does.
    """
    padded = f" {_INSIDE_WORDS.sub('', text)} "
    scores = [
        _fit(padded[at - 1], padded[at], padded[at + 1])
        for at in (match.start() for match in islice(_NON_ASCII.finditer(padded), _SCORED_CHARS))
    ]
    told = [score for score in scores if score is not None]
    return sum(told) / len(told) if told else _LEAST_PLAUSIBLE * 2


def _fit(before: str, character: str, after: str) -> float | None:
    """From -1 (cannot stand here) to 1; None for punctuation, which tells nothing."""
    if "\u0621" <= character <= "\u06d3" and character.isalpha():
        return -1.0 if _is_latin(before) or _is_latin(after) else _FREQUENCY.get(character, 0.0)
    if "\u064b" <= character <= "\u0652":
        cut_off = character in _TANWIN and _is_arabic(after) and after not in "اى"
        return 0.3 if _is_arabic(before) and not cut_off else -1.0
    if character.isalpha():
        return _fit_latin(before, character, after)
    if not character.isprintable() and character not in "\xa0\u200e\u200f":
        return -1.0
    return -0.5 if before.isalpha() and after.isalpha() else None


def _fit_latin(before: str, character: str, after: str) -> float:
    if _is_arabic(before) or _is_arabic(after) or (character.isupper() and before.islower()):
        return -1.0
    if (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha()):
        return 0.8
    return -0.5 if before.isalpha() or after.isalpha() else 0.3


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"


def _is_arabic(character: str) -> bool:
    return "\u0621" <= character <= "\u06ef"
