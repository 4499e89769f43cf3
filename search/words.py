"""The words of a text that may be names, each in the form in which it is compared, and what their capitals tell."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from search.arabic import encoder_form, lexical_form

_TOKEN = re.compile(
    r"(?P<model>(?<![^\W_])[A-Za-z]{1,5}-?\d{1,4}(?![^\W_]))|(?P<number>\d{2,})|(?P<word>[^\W\d_]+(?:['’ʿʾʼ`][^\W\d_]+)*)"
)
_QUOTE = "['’ʿʾʼ`]"
_POSSESSIVE = re.compile(rf"(?<=[a-zA-Z]){_QUOTE}[sS]$")
_SENTENCE_START = re.compile(r"(?:^|[.!?؟:;…|\n•–—-])[\s\"'“”‘’«»()\[\]]*$")
_LOOK_BACK_CHARS = 6
_TITLE_SHARE = 0.6
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})

# What may stand before a name within its word, and what a match of the rest is worth: the article, proclitics with and
# without it, and عبد written together with its second half.
_READINGS = [
    (re.compile(r"^ال(?=..)"), 0.98),
    (re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=..)"), 0.96),
    (re.compile(r"^[وفبكل](?=...)"), 0.93),
    (re.compile(r"^[وف][بكل](?=...)"), 0.9),
    (re.compile(r"^عبدال(?=...)"), 0.85),
    (re.compile(r"^[ae]l(?=....)"), 0.93),
    (re.compile(r"^abd[aeiou][lrnstdz](?=...)"), 0.85),
]


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its lexical form, accents off.

    `named` is True for a capital letter in mid-sentence, False for a small one where others are large, and None where
    the letters tell nothing: at a sentence's start, in headlines, in text without capitals, in Arabic.
    """

    form: str
    named: bool | None = None


def words(text: str) -> list[Word]:
    """The words of a text from left to right: letters, numbers from two digits on, and type designations (F-16).

    Designations have a hyphen, however they are written, and are followed by their number.
    """
    text = encoder_form(text).text
    tokens = list(_TOKEN.finditer(text))
    has_evidence = _has_evidence([token[0] for token in tokens])
    found = []
    for token in tokens:
        if token["model"]:
            letters, number = re.findall(r"[A-Za-z]+|\d+", lexical_form(token[0]).text)
            found += [Word(f"{letters}-{number}"), Word(letters)]
            found += [Word(number)] if len(number) > 1 else []
        elif len(form := _folded(token[0])) > 1:
            found.append(Word(form, _named(text, token) if has_evidence else None))
    return found


def spelling(text: str, form: str) -> str:
    """How the word of this form is spelled where a text first holds it; the form itself where it does not."""
    for token in _TOKEN.finditer(encoder_form(text).text):
        if token["model"] and form == "-".join(re.findall(r"[A-Za-z]+|\d+", lexical_form(token[0]).text)):
            return token[0]
        if _folded(token[0]) == form:
            return token[0]
    return form


def is_arabic(word: str) -> bool:
    """Whether a word is in Arabic script rather than Latin."""
    return "\u0600" <= word[0] <= "\u06ff"


@lru_cache(maxsize=10_000)
def readings(word: str) -> dict[str, float]:
    """The names that a word in lexical form can stand for, with what each is worth: itself, and without proclitics."""
    found = {word: 1.0}
    for prefix, worth in _READINGS:
        found.setdefault(prefix.sub("", word), worth)
    return found


def _has_evidence(tokens: list[str]) -> bool:
    """Whether a text writes some of its words large and most small, as running text in Latin script does."""
    cased = [token for token in tokens if token[0].isupper() or token[0].islower()]
    large = sum(token[0].isupper() for token in cased)
    return 0 < large <= _TITLE_SHARE * len(cased)


def _named(text: str, token: re.Match[str]) -> bool | None:
    if token[0][0].islower():
        return False
    before = text[max(0, token.start() - _LOOK_BACK_CHARS) : token.start()]
    if not token[0][0].isupper() or (_SENTENCE_START.search(before) and not (before and before[-1] == "-")):
        return None
    return True


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    """The lexical form of a token, its accents and the possessive off."""
    form = lexical_form(re.sub(_QUOTE, "", _POSSESSIVE.sub("", word))).text.translate(_PLAIN_LETTERS)
    form = unicodedata.normalize("NFD", form)
    return unicodedata.normalize("NFC", "".join(c for c in form if not "\u0300" <= c <= "\u036f"))
