"""How Arabs spell Arabic in Latin letters: which Arabic letters a spelling stands for, and so how well it fits a word.

Works on single words in lower case, of letters, digits that stand for letters, and apostrophes. Unlike
`search.sounds`, which reads names as foreigners write them, it knows what short vowels and endings Arabic leaves out.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache


def _by_spelling(spellings: Mapping[str, str]) -> dict[str, str]:
    return {latin: arabic for arabic, latins in spellings.items() for latin in latins.split()}


# Particles that hardly any other language has; those in formal Arabic for what people type in their dialect. A tatweel
# at the end joins the next word.
MARKS = _by_spelling(
    {
        "الـ": "el il al es as ez az ed ad en an er ar et at esh ash eth ath edh adh ech",
        "في": "fi fy",
        "في الـ": "fel fil",
        "إلى": "ila ela 2ila 2ela",
        "على": "3ala 3la ala 'ala",
        "على الـ": "3al 3a",
        "عن": "3an 3en 'an",
        "مع": "ma3a ma3 m3a ma'a",
        "من الـ": "mel mnel",
        "بالـ": "bel bil",
        "للـ": "lel lil",
        "وـ": "wa w",
        "والـ": "wel wil wal",
        "بعد": "ba3d b3d ba'd",
        "قبل": "qabl 2abl 9abl",
        "بين": "bayn bayna bein beyn",
        "عند": "3ind 3and 3end 3nd 'ind",
        "هل": "hal",
        "كيف": "kayf kayfa keif keyf kaif kif ezay ezzay izzay",
        "لماذا": "limaza lemaza limadha lematha limatha leish leesh lesh leh",
        "ماذا": "matha maza madha",
        "متى": "mata emta imta",
        "أين": "ayna 2ayna feen fein wein wayn",
        "الذي": "elli illi alladhi",
        "التي": "allati",
        "ليس": "mesh mish",
    }
)
"""Particles that mark a text as Arabic: what they are in Arabic letters. A tatweel at the end joins the next word."""

PARTICLES = MARKS | _by_spelling(
    {
        "من": "min men mn man meen",
        "بـ": "b bi",
        "لـ": "l li le",
        "لا": "la",
        "ما": "ma",
        "كم": "kam",
        "أو": "aw",
        "لم": "lam",
        "لن": "lan",
        "أن": "anna",
        "يا": "ya",
        "بن": "bin ben",
        "ابن": "ibn",
        "أبو": "abu abo",
    }
)
"""The same, and those that other languages have, too."""

# The Arabic letters that each spelling stands for, in lexical form, the likeliest first; short vowels mostly none.
_TABLE = """
kh خ   7' خ   5 خ   gh غ   3' غ   sh ش   ch ش   th ثتذظ   dh ذضظ   9' ض   6' ظ
7 ح   3 ع   6 ط   8 قغ   9 صق   4 غذش   2 اءئؤق   ' عءئ
aa اع   ee ي   ii ي   oo و   ou و   uu و   a -اهعي   e -ياهع   i -ياع   o -واع   u -واع   w و   y ي
b ب   t تهط   d دض   s سص   z زظذ   j ج   g جغق   q ق   k كقخ   f ف   h هح   l ل   m م   n ن   r ر
p ب   v ف   c كس   x ك
"""
_LETTERS = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
_FEMININE = "t at the end"
_CHOICES = _LETTERS | {_FEMININE: "ه"}
_UNIT = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(kh|gh|sh|ch|th|dh|[^aeiou\d])\1+")
_FEMININE_END = re.compile(r"(?<=..)(?<![aeiou])[aei]t$")
_FEMININE_SPELLING = re.compile(r"[aei][th]?$")

# What it costs to take a letter for a less likely one, to leave a unit of the Latin unwritten, or a letter unspelled.
_LESS_LIKELY = 0.1
_SHORT_VOWEL, _LONG_VOWEL, _CONSONANT = 0.05, 0.6, 1.5
_UNSPELLED = dict.fromkeys("اوي", 0.5) | dict.fromkeys("عءئؤه", 0.6)

# The same letters as `search.sounds` knows them, which has no digits. Two digits mean different letters in different
# countries.
_PLAIN_TABLE = "7' kh  5 kh  3' gh  6' z  9' d  7 h  6 t  8 q  4 gh"
_PLAIN = dict(zip(_PLAIN_TABLE.split()[::2], _PLAIN_TABLE.split()[1::2], strict=True)) | {"2": "", "3": "a"}
_DIGIT = re.compile("[3679]'|[2-9]")


def plain_spellings(latin: str) -> set[str]:
    """The word without digits, with and without the `t` that may spell a teh marbuta, for `search.sounds`."""
    plain = {_without_digits(latin, {**_PLAIN, "9": nine}) for nine in "sq"}
    return plain | {spelling[:-1] for spelling in plain if _FEMININE_END.search(spelling)}


@lru_cache(maxsize=100_000)
def fit(latin: str, arabic: str) -> float:
    """How well a Latin spelling fits an Arabic word in lexical form, at most 1, negative where nothing fits.

    One less the cost of the best alignment (Needleman and Wunsch 1970) for each letter of the longer one, short vowels
    aside.
    """
    return max(_aligned(units, arabic) for units in _segmentations(latin))


def transliterated(latin: str) -> str:
    """The Arabic that the spelling itself suggests: long vowels where doubled, last, or in a last closed syllable."""
    units = _segmentations(latin)[-1]
    if units[-1] == "a" and len(units) > 3:
        units[-1] = _FEMININE
    vowels = [at for at, unit in enumerate(units) if unit[0] in "aeiou"]
    long = {at for at in vowels if at == 0 or len(units[at]) > 1 or (at >= len(units) - 2 and at > vowels[0])}
    written = [_CHOICES[unit].lstrip("-")[0] for at, unit in enumerate(units) if at not in vowels or at in long]
    return restored("".join(written), latin)


def restored(arabic: str, latin: str) -> str:
    """The word with what the lexical form folded and the Latin spelling tells: teh marbuta, and hamza above alef."""
    if re.search("(?<!ا)ه$" if latin.endswith("h") else "ه$", arabic) and _FEMININE_SPELLING.search(latin):
        arabic = arabic[:-1] + "ة"
    if arabic.startswith("ا") and latin[0] in "aou2" and len(arabic) > 2:
        arabic = "أ" + arabic[1:]
    return arabic


def _without_digits(latin: str, plain: Mapping[str, str]) -> str:
    return _DIGIT.sub(lambda digit: plain[digit[0]], latin).replace("'", "")


def _segmentations(latin: str) -> list[list[str]]:
    """The word in units: letter by letter, and where it may end in a teh marbuta, so too."""
    single = _DOUBLED.sub(r"\1", latin)
    ways = [_UNIT.findall(single)]
    if _FEMININE_END.search(single):
        ways.append([*_UNIT.findall(single[:-2]), _FEMININE])
    return ways


def _aligned(units: Sequence[str], letters: str) -> float:
    costs = [0.0]
    for letter in letters:
        costs.append(costs[-1] + _UNSPELLED.get(letter, _CONSONANT))
    for unit in units:
        left, costs = costs, [costs[0] + _unwritten(unit)]
        for at, letter in enumerate(letters):
            rank = _CHOICES[unit].find(letter)
            taken = left[at] + (rank * _LESS_LIKELY if rank >= 0 else _CONSONANT * 2)
            costs.append(min(taken, left[at + 1] + _unwritten(unit), costs[at] + _UNSPELLED.get(letter, _CONSONANT)))
    consonants = sum(_unwritten(unit) > _SHORT_VOWEL for unit in units)
    return 1 - costs[-1] / max(consonants, len(letters))


def _unwritten(unit: str) -> float:
    if unit[0] in "aeiou'2":
        return _SHORT_VOWEL if len(unit) == 1 else _LONG_VOWEL
    return _CONSONANT
