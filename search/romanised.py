"""Romanised Arabic: `el 7arb fi el sudan` told apart from English, and read as الحرب في السودان.

Arabs type their language in Latin letters as they hear it, with digits for letters that Latin lacks. What a query
means is found in the corpus: each word becomes the Arabic word there that its spelling fits best. An English query
taken for Arabic loses its answers, a romanised one taken for English finds a little less: in doubt it stays as it is.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

from search.romanisation import MARKS, PARTICLES, fit, plain_spellings, restored, transliterated

MIN_FIT = 0.8
"""From which fit on a Latin spelling is held to be that of an Arabic word; see `search.romanisation.fit`."""

_MIN_MARKS = 2
_MARKS_PER_FOREIGN = 4
_FITTING_TIMES_MARKS = 1.5
_FREQUENCY_WEIGHT = 0.015
_PREFIX_COST = 0.03

# Words that no romanised Arabic holds: of English above all, then of French and Spanish.
_FOREIGN = """
a about after against all also and any are be been before being between both but by can combat could democrat did
diplomat do does during each every first for format from get has have he her him his how i if in into is it its last
like make me more most my new news no not of off on one or our out over report said say says sci she should so some
state such than that the their them then there these they this those time to too top two under up us visit vs war was
we were what when where which while who whom whose why wi will with without world would year years you your
au aux ce con dans de del des du elle est je las les leur los par para por pour que qui su sur un una une y
"""
_FOREIGN_WORDS = frozenset(_FOREIGN.split())
# Letters that Arabic has no use for, and shapes that no Arabic syllable has.
_FOREIGN_SHAPE = re.compile(r"[pvx]|c(?!h)|wh|ght|ing$|ness$|ough|ould$|[^aeiou\d']{4}|[aeiou]{4}")
# Single digits among letters, but no ordinals or units (2nd, 5km), nor codes without vowels (b2b).
_DIGIT_WORD = re.compile(
    r"(?!\d[a-z]{1,2}$)(?=.*[2-9])(?=(?:[^a-z]*[a-z]){2})(?=.*[aeiou]|(?:[^a-z]*[a-z]){3})"
    r"(?:[2-9]'?+)?(?:[a-z']+[2-9]'?+)*[a-z']*"
)
_SURE_DIGIT = re.compile(r"^(?=.{5}).*[a-z][37]'?[a-z]")
_CONSTRUCT = re.compile(r"[aeiou].*[ae]t$")
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_SPELT = re.compile("[a-z']+")
_APOSTROPHES = str.maketrans("’‘ʼ`´ʿʾ", "'" * 7)
# Letters with a macron or a dot below, as scholars write long vowels and emphatic consonants.
_ACADEMIC = re.compile("([A-Za-z])([\u0304\u0323\u0331])")
_PREFIX = re.compile(r"(wa?l|wel|b[ei]l|l[ei]l|f[ei]l|[ae]l|il|w|b|l(?![aeiou]))(?=...)")
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=..)")
_PROCLITICS = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل|[وفبل](?=...))(?=..)")
_ATTACHED = PARTICLES | {"b": "بـ", "l": "الـ", "wl": "والـ"}


_Alike = tuple[str, float, int]
"""A word with its similarity and the number of its rows."""


class Vocabulary(Protocol):
    """The words of the corpus, as `search.names.NamesIndex` gives them."""

    def alike(self, words: Iterable[str], lang: str) -> Mapping[str, Sequence[_Alike]]:
        """For each word those of a language that sound like it, with the similarity (0 to 1) and the number of rows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A romanised query as Arabic: the whole `text`, and each Latin word with the Arabic that it was read as."""

    text: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a query: what it was read as, and what that says about the query's language."""

    latin: str
    arabic: str
    marks: int = 0
    is_content: bool = False
    fits: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class _Heard:
    """The words of the corpus that are heard in those of a query: English ones by word, Arabic ones by spelling."""

    english: Mapping[str, Sequence[_Alike]]
    arabic: Mapping[str, Sequence[_Alike]]

    @classmethod
    def of(cls, tokens: Sequence[str], vocabulary: Vocabulary) -> Self:
        """All that `read` asks about these tokens, in one question for each language."""
        spelt = [token for token in tokens if _is_spelt(token)]
        stems = (stem for token in spelt for _, stem in _splits(token.lower()))
        spellings = {spelling for stem in stems for spelling in plain_spellings(stem)}
        small = [token for token in spelt if token == token.lower()]
        return cls(vocabulary.alike(small, "en"), vocabulary.alike(sorted(spellings), "ar"))


def read(query: str, vocabulary: Vocabulary) -> Reading | None:
    """`query` as Arabic, or None unless it is beyond doubt Arabic in Latin letters."""
    tokens = _tokens(query)
    if not any(map(_is_mark, tokens)) or any(token.lower() in _FOREIGN_WORDS for token in tokens):
        return None
    heard = _Heard.of(tokens, vocabulary)
    words = [_word(token, heard) for token in tokens]
    if not _is_arabic(words):
        return None
    text = re.sub(r"\bلـ الـ", "للـ", " ".join(word.arabic for word in words))
    return Reading(text.replace("ـ ", "").rstrip("ـ"), tuple((word.latin, word.arabic) for word in words))


def _tokens(query: str) -> list[str]:
    """The words of a query in Latin letters; none where other letters are among them."""
    query = unicodedata.normalize("NFD", query.lower() if query.isupper() else query).translate(_APOSTROPHES)
    query = _ACADEMIC.sub(lambda letter: letter[1] * (2 if letter[2] == "\u0304" else 1), query)
    if any(not character.isascii() and unicodedata.category(character)[0] in "LM" for character in query):
        return []
    tokens: list[str] = []
    for token in _TOKEN.findall(query[:1].lower() + query[1:]):
        parts = token.split("-")
        tokens.extend(parts if parts[0].lower() in PARTICLES else [token])
    return tokens


def _is_mark(token: str) -> bool:
    return token in MARKS or bool(_DIGIT_WORD.fullmatch(token) or _CONSTRUCT.search(token))


def _is_spelt(token: str) -> bool:
    """Whether a token is a word that may be read as an Arabic one."""
    latin = token.lower()
    return latin not in PARTICLES and bool(latin.isalpha() or _DIGIT_WORD.fullmatch(token) or _SPELT.fullmatch(latin))


def _word(token: str, heard: _Heard) -> _Word:
    latin = token.lower()
    if latin in PARTICLES:
        return _Word(token, PARTICLES[latin], marks=int(token in MARKS))
    if not _is_spelt(token):
        return _Word(token, token)
    arabic, how_well = _best(latin, heard.arabic)
    fits = how_well >= MIN_FIT
    if token != latin:  # a name, whatever the language
        return _Word(token, arabic)
    if any(other == latin for other, _, _ in heard.english[latin]):
        return _Word(token, arabic, is_foreign=not fits)
    has_digits = _DIGIT_WORD.fullmatch(token) is not None
    is_construct = _CONSTRUCT.search(latin) is not None
    return _Word(
        token,
        arabic,
        marks=_digit_marks(latin) if has_digits and (fits or latin[-1].isalpha()) else int(is_construct),
        is_content=True,
        fits=fits,
        is_foreign=bool(_FOREIGN_SHAPE.search(latin)) and not fits,
    )


def _digit_marks(latin: str) -> int:
    return 2 if _SURE_DIGIT.search(latin) else 1


def _is_arabic(words: Sequence[_Word]) -> bool:
    """Whether there are marks enough, few words against it, and the more words of the corpus, the fewer the marks."""
    marks = sum(word.marks for word in words)
    content = [word for word in words if word.is_content]
    fitting = sum(word.fits for word in content)
    foreign = sum(word.is_foreign for word in words)
    needed = max(1, _FITTING_TIMES_MARKS * len(content) / max(1, marks))
    return marks >= max(_MIN_MARKS, _MARKS_PER_FOREIGN * foreign) and fitting >= needed


def _best(latin: str, heard: Mapping[str, Sequence[_Alike]]) -> tuple[str, float]:
    """The Arabic that a word is read as, its prefix joined, and how well it fits a word of the corpus (0: none)."""
    best = (MIN_FIT, "", 0.0)
    for prefix, stem in _splits(latin):
        for sounding in {word for spelling in plain_spellings(stem) for word in heard[spelling]}:
            arabic = max(_PROCLITICS.sub("", sounding[0]), _ARTICLE.sub("", sounding[0]), key=partial(fit, stem))
            fits = fit(stem, arabic)
            weight = fits + _FREQUENCY_WEIGHT * math.log(sounding[2]) - _PREFIX_COST * bool(prefix)
            if fits >= MIN_FIT:
                best = max(best, (weight, prefix + restored(arabic, stem), fits))
    if best[1]:
        return best[1:]
    prefix, stem = next((split for split in _splits(latin) if split[0].endswith("لـ")), ("", latin))
    return prefix + transliterated(stem), 0.0


def _splits(latin: str) -> list[tuple[str, str]]:
    """The word whole, and without a particle that is written with it."""
    match = _PREFIX.match(latin)
    return [("", latin)] + ([(_ATTACHED[match[0]], latin[match.end() :])] if match else [])
