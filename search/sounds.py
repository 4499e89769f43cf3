"""How a word sounds, whichever of the two scripts it is written in: *Haftar* and حفتر.

A word's sound key is its consonants in classes that both scripts can tell apart, vowels and doubled letters left out;
letters that are written in two ways give several keys. Words whose keys meet are compared letter by letter, so that a
shared skeleton alone is no match.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import Indel

from search.arabic import lexical_form

MIN_SIMILARITY = 0.7
_MIN_CONSONANTS = 3
_MAX_KEYS = 12

_WORD = re.compile(r"[^\W\d_]+(?:['’ʿʾ`][^\W\d_]+)*")

# Each spelling with its consonant classes, alternatives apart by strokes, and its letters for comparing.
_LATIN = {
    "sch": ("S", "s"),
    "kh": ("K", "x"),
    "gh": ("K/J", "g"),
    "sh": ("S", "s"),
    "tch": ("TS", "ts"),
    "ch": ("S/K/TS", "s"),
    "ng": ("NK/NJ/N", "ng"),
    "th": ("T/S", "t"),
    "dh": ("T/S", "t"),
    "ph": ("F", "f"),
    "ou": ("", "u"),
    "ee": ("", "i"),
    "oo": ("", "u"),
    **dict.fromkeys("a", ("", "a")),
    **dict.fromkeys("eiy", ("", "i")),
    **dict.fromkeys("ouw", ("", "u")),
    **dict.fromkeys("bp", ("B", "b")),
    **dict.fromkeys("td", ("T", "t")),
    **dict.fromkeys("sz", ("S", "s")),
    **dict.fromkeys("kq", ("K", "k")),
    "c": ("K/S", "k"),
    "f": ("F", "f"),
    "g": ("J/K", "g"),
    "h": ("H", "h"),
    "j": ("J", "g"),
    "l": ("L", "l"),
    "m": ("M", "m"),
    "n": ("N", "n"),
    "r": ("R", "r"),
    "v": ("F/B", "f"),
    "x": ("KS", "ks"),
}
_ARABIC = {
    **dict.fromkeys("ءعئؤ", ("", "")),
    **dict.fromkeys("اىآأإ", ("", "a")),
    "ب": ("B", "b"),
    "پ": ("B", "b"),
    **dict.fromkeys("تطدض", ("T", "t")),
    **dict.fromkeys("ثذظ", ("T/S", "t")),
    **dict.fromkeys("سصزش", ("S", "s")),
    **dict.fromkeys("ج", ("J/K", "g")),
    **dict.fromkeys("حه", ("H", "h")),
    "خ": ("K", "x"),
    "غ": ("K/J", "g"),
    "ف": ("F", "f"),
    "ڤ": ("F/B", "f"),
    "ق": ("K/J", "k"),
    "ك": ("K", "k"),
    "گ": ("K/J", "g"),
    "ل": ("L", "l"),
    "م": ("M", "m"),
    "ن": ("N", "n"),
    "ر": ("R", "r"),
    "و": ("", "u"),
    "ي": ("", "i"),
}
_LETTERS = _LATIN | _ARABIC
_SPELLING = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_ARTICLE = re.compile(r"^(?:(?:[وفبك]|وب)?ال|لل|ول)(?=..)")


def words(text: str) -> set[str]:
    """The words of a text that have a sound, in their lexical form and with their article taken off."""
    found = set()
    for match in _WORD.finditer(_folded(text)):
        word = _ARTICLE.sub("", re.sub(r"['’ʿʾ`]", "", match.group()))
        if sound_keys(word):
            found.add(word)
    return found


@lru_cache(maxsize=100_000)
def sound_keys(word: str) -> tuple[str, ...]:
    """The sound keys of a word in lexical form; none when it has fewer than three consonants or another script."""
    classes = [_LETTERS[spelling][0] for spelling in _SPELLING.findall(word)]
    consonants = [choices.split("/") for choices in classes if choices]
    keys = []
    for choice in product(*consonants):
        key = re.sub(r"(.)\1+", r"\1", "".join(choice)).removesuffix("H")
        if len(key) >= _MIN_CONSONANTS and key not in keys:
            keys.append(key)
        if len(keys) == _MAX_KEYS:
            break
    return tuple(keys)


@lru_cache(maxsize=100_000)
def similarity(first: str, second: str) -> float:
    """How alike two words sound, 0 to 1: the Indel similarity of their letters, each script's brought to one set."""
    return Indel.normalized_similarity(_sounds(first), _sounds(second))


def _folded(text: str) -> str:
    """The lexical form without the accents of Latin letters."""
    form = unicodedata.normalize("NFD", lexical_form(text).text)
    return unicodedata.normalize("NFC", "".join(c for c in form if not "\u0300" <= c <= "\u036f"))


@lru_cache(maxsize=100_000)
def _sounds(word: str) -> str:
    letters = "".join(_LETTERS[spelling][1] for spelling in _SPELLING.findall(word))
    return re.sub(r"(.)\1+", r"\1", letters)
