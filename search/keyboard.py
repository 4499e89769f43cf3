"""Text typed on the wrong keyboard layout: `lvpfh` for مرحبا, اثممخ for *hello*.

Each key has a letter in both layouts, so what was meant can be read off the keys. Whether it was meant is told by how
likely either reading is in its language: by the words of the corpus, and for others by the letters that follow each
other in the parallel text that Jisr ships. In doubt a text stands as it is.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Protocol, Self

from search.arabic import lexical_form
from search.shift import parallel_text
from search.words import words

# The American layout and Arabic (101), key by key, as xkeyboard-config has them ("us" and "ara").
_KEYS = "` q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v b n m , . /"
_ARABIC_KEYS = "ذ ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر لا ى ة و ز ظ"
_SHIFTED = '~ Q W E R T Y U I O P { } A S D F G H J K L : " Z X C V B N M < > ?'
_ARABIC_SHIFTED = "ّ َ ً ُ ٌ لإ إ ` ÷ × ؛ < > ِ ٍ ] [ لأ أ ـ ، / : \" ~ ْ } { لآ آ ' , . ؟"
_TO_ARABIC = dict(zip(f"{_KEYS} {_SHIFTED}".split(), f"{_ARABIC_KEYS} {_ARABIC_SHIFTED}".split(), strict=True))
_TO_LATIN = {arabic: latin for latin, arabic in _TO_ARABIC.items()}
_LIGATURES = {"ﻻ": "لا", "ﻷ": "لأ", "ﻹ": "لإ", "ﻵ": "لآ"}  # what Linux makes of the keys for two letters
_TWO_LETTERS = re.compile("(ل[اأإآ])")
_ARABIC_LETTER = re.compile("[\u0621-\u064a]")
_LATIN_LETTER = re.compile("[A-Za-z]")
_WHOLE_WORD = re.compile(r"\W*[^\W\d_]{3,}(?:['’-][^\W\d_]+)*\W*")

_MOST_PLACES = 5
"""Of لا in a word, which is one key (b) or two (gh), so many are tried both ways; others are one key."""

_ORDER = 3
_NEW = 5.0
_RARE = 1 / 200
_KNOWN = -9.0
_UNKNOWN = -2.0
_TWO_KEYS = -2.0
_LEAD = 6.0
_SURE_LEAD = {"ar": 18.0, "en": 7.0}
"""How much likelier, as a logarithm, the reading in a language must be where the corpus has most of its words, and
where it has not: below this, names of people and places are taken for another layout."""


class Vocabulary(Protocol):
    """The words of the corpus, as `search.wordlist.WordList` gives them."""

    def counts(self, forms: Sequence[str], lang: str) -> Collection[str]:
        """Those of these words, in the form of `search.words`, that passages in a language have."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it reads in a language: the logarithm of its likelihood, and how many of its words are known."""

    text: str
    likelihood: float
    known: int


def relaid(text: str, vocabulary: Vocabulary | None = None) -> str | None:
    """What `text` says when its keys are read in the other layout, None unless that is meant nearly beyond doubt.

    A text in letters of both scripts is never taken for one. With the words of the corpus, it is told of nearly all
    queries, without them of five in six: names alone may stand as they are (see docs/EVALUATION.md).
    """
    is_latin, is_arabic = bool(_LATIN_LETTER.search(text)), bool(_ARABIC_LETTER.search(text))
    if is_latin == is_arabic:
        return None
    typed_lang, meant_lang = ("en", "ar") if is_latin else ("ar", "en")
    in_other = _in_arabic if is_latin else _in_latin
    typed = _likeliest([[word] for word in text.split()], typed_lang, vocabulary)
    meant = _likeliest([in_other(word) for word in text.split()], meant_lang, vocabulary)
    lead = sum(read.likelihood for read in meant) - sum(read.likelihood for read in typed)
    enough = _LEAD if 2 * sum(read.known for read in meant) > len(meant) else _SURE_LEAD[meant_lang]
    return " ".join(read.text for read in meant) if lead > enough else None


def _likeliest(choices: Sequence[Sequence[str]], lang: str, vocabulary: Vocabulary | None) -> list[_Read]:
    """Each word in the likeliest of its readings."""
    if vocabulary is None:
        read = {one: _Read(one, _letters(lang).likelihood(one), 0) for readings in choices for one in readings}
    else:
        forms = {one: [found.form for found in words(one)] for readings in choices for one in readings}
        known = vocabulary.counts(sorted({form for each in forms.values() for form in each}), lang)
        read = {one: _read(one, lang, is_known=all(form in known for form in forms[one])) for one in forms}
    return [max((read[one] for one in readings), key=lambda read: read.likelihood) for readings in choices]


def _read(word: str, lang: str, *, is_known: bool) -> _Read:
    """A word as it reads in a language that has all of its parts, or has not."""
    likelihood = _letters(lang).likelihood(word)
    if is_known and _WHOLE_WORD.fullmatch(word):
        return _Read(word, max(likelihood, _KNOWN), 1)
    return _Read(word, likelihood + _UNKNOWN, 0)


def _in_arabic(word: str) -> list[str]:
    """The readings of a word in Latin letters: as it is typed, and where all is large, with Caps Lock on."""
    typed = [word, word.lower()] if word.isupper() else [word]
    return ["".join(_TO_ARABIC.get(key, key) for key in one) for one in typed]


def _in_latin(word: str) -> list[str]:
    """The readings of a word in Arabic letters."""
    for ligature, letters in _LIGATURES.items():
        word = word.replace(ligature, letters)
    choices: list[list[str]] = []
    for place, piece in enumerate(_TWO_LETTERS.split(word)):
        keys = "".join(_TO_LATIN.get(letter, letter) for letter in piece)
        is_pair = place % 2 == 1
        choices.append([_TO_LATIN[piece], keys][: 1 + (place < 2 * _MOST_PLACES)] if is_pair else [keys])
    return ["".join(reading) for reading in product(*choices)]


@dataclass(frozen=True, slots=True)
class _Letters:
    """How often letters follow each other in a language: counts of runs of letters, and of what they begin with."""

    runs: Counter[str]
    beginnings: Counter[str]

    @classmethod
    def of(cls, texts: list[str]) -> Self:
        runs, beginnings = Counter[str](), Counter[str]()
        for line in map(_line, texts):
            for begin, run in (
                (line[at:end], line[at : end + 1]) for end in range(1, len(line)) for at in _starts(end)
            ):
                beginnings[begin] += 1
                runs[run] += 1
        return cls(runs, beginnings)

    def likelihood(self, word: str) -> float:
        """The logarithm of how likely the letters of a word are; below 0."""
        line = _line(word)
        return sum(math.log(self._chance(line, end)) for end in range(1, len(line)))

    def _chance(self, line: str, end: int) -> float:
        """How likely a letter is after those before it: Witten and Bell's interpolation, with a fixed share for new."""
        chance = _RARE
        for at in _starts(end):
            seen = self.beginnings[line[at:end]]
            chance = (self.runs[line[at : end + 1]] + _NEW * chance) / (seen + _NEW)
        return chance


def _starts(end: int) -> range:
    """Where the runs before a place begin, the shortest first."""
    return range(end, max(end - _ORDER, -1), -1)


@cache
def _letters(lang: str) -> _Letters:
    return _Letters.of(parallel_text()[lang])


def _line(text: str) -> str:
    """A text as it is counted: spelling and case folded, one space between words and at both ends."""
    return f" {' '.join(lexical_form(text).text.split())} "
