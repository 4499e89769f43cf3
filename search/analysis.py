"""How a text becomes words that can be matched: terms, character n-grams, and words as they stand.

Each word is treated by its own script: *JF-17 Thunder* in an Arabic passage is analysed as English. Counting and
weighing what comes out belongs to `search.lexical`.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

import Stemmer  # type: ignore[import-not-found]

from search.arabic import lexical_form
from search.language import direction
from search.stopwords import STOP_WORDS

ANALYSIS_VERSION = 1
"""Raised when any rule changes: an index written by another version answers wrongly."""

GRAM_CHARS = 4

_LONGEST_WORD_CHARS = 64
_MAX_WORDS_BESIDE_PHRASES = 4
_CACHED_WORDS = 1 << 16


COMBINING = "".join(char for char in map(chr, range(0x300, 0xAC00)) if unicodedata.category(char)[0] == "M")
"""The combining marks that are parts of words (Devanagari vowels, for one), which `\\w` does not take for such."""

# Arabic letters and all others never make one word: الـ20 and بـNATO lose their tatweel, and are two words each.
_ARABIC = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff\u0750-\u077f\u0870-\u08c9"
)
_OTHER = rf"[^\W_{_ARABIC}]"
_LETTERS = rf"(?:[{_ARABIC}]+|{_OTHER}+(?:[{COMBINING}]+{_OTHER}*)*)"
_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)+")
_TOKEN = re.compile(rf"{_NUMBER.pattern}|(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)|{_LETTERS}(?:['’ʼ\-\u2010&]{_LETTERS})*")
_IS_ARABIC = re.compile(f"[{_ARABIC}]").match
_JOINT = re.compile("['’ʼ\\-\u2010&]")
_CONTRACTION = re.compile("[^\\W\\d_]+['’ʼ](?:s|t|d|m|ll|re|ve)")
_THOUSANDS = re.compile(r"[,\u066c](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"[,\u066b\u066c]")

# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han. Two characters stand for a word.
_UNSPACED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

# What Snowball's Arabic stemmer leaves on: the article behind a conjunction, and the bare conjunction. Larkey,
# Ballesteros and Connell, "Light stemming for Arabic information retrieval" (2007): light10's prefixes and their sums.
_PROCLITICS = re.compile("^(?:[وف]?(?:ال|بال|كال|لل)(?=..)|و(?=....))")

# A straight mark behind a letter or digit is none (5" pipes), except behind an Arabic proclitic: و"العزلة".
_QUOTED = re.compile(r"(?:(?<!\w)|(?<=[وفبلك]))\"([^\"]+)\"(?!\w)|“([^“”]+)”|„([^“„]+)“|«([^«»]+)»")


@dataclass(frozen=True, slots=True)
class Words:
    """What a passage is found by: its `terms`, its `grams` and its `surface`, each as the function of that name."""

    terms: list[str]
    grams: list[str]
    surface: list[str]


def analyse(text: str, lang: str) -> Words:
    """All words of a text in the language `lang`, the text being read once."""
    tokens = _tokens(text)
    return Words(_each(_stems(lang), tokens), _each(_grams, tokens), _each(_parts, tokens))


def terms(text: str, lang: str) -> list[str]:
    """The stemmed words of a text in the language `lang`, in order, stop words among them.

    A compound gives its parts and the whole in one: `F-16` gives `f`, `16` and `f16`. Words in Arabic script are
    stemmed as Arabic unless `lang` is another language of that script; Latin ones as `lang`, where Snowball knows
    it, and as English in text that is written from right to left.
    """
    return _each(_stems(lang), _tokens(text))


def query_terms(query: str, lang: str) -> list[str]:
    """The `terms` of a query without its stop words, or with them when it has nothing else."""
    tokens = _tokens(query)
    return _each(_stems(lang), list(filter(_is_telling, tokens)) or tokens)


@lru_cache(_CACHED_WORDS)
def is_telling(word: str) -> bool:
    """Whether anything of a word is more than a stop word."""
    return any(map(_is_telling, _tokens(word)))


def grams(text: str) -> list[str]:
    """All runs of `GRAM_CHARS` characters of the words of a text, stop words aside; `_` stands at a word's two ends."""
    return _each(_grams, _tokens(text))


def surface(text: str) -> list[str]:
    """The words of a text as they stand, in order and cut at every hyphen and apostrophe: what a phrase is made of.

    Only what `search.arabic.lexical_form` folds is folded: case, diacritics, the spellings of alef.
    """
    return _each(_parts, _tokens(text))


def quoted(query: str) -> tuple[list[str], str]:
    """The phrases that stand in quotation marks (``"…"``, “…”, „…“, «…»), and the query without these marks.

    Only in a query with few words beside them do the marks ask for phrases. In a pasted headline or a long question
    they quote somebody, as often as not in another wording than the passage has.
    """
    phrases: list[str] = []

    def unquote(match: re.Match[str]) -> str:
        phrase: str = next(filter(None, match.groups()))
        if not surface(phrase):
            return match[0]
        phrases.append(phrase.strip())
        return phrase

    plain = _QUOTED.sub(unquote, query)
    beside = len(surface(plain)) - sum(len(surface(phrase)) for phrase in phrases)
    return (phrases if beside <= _MAX_WORDS_BESIDE_PHRASES else []), plain


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(lexical_form(text).text)


def _each(rule: Callable[[str], tuple[str, ...]], tokens: Iterable[str]) -> list[str]:
    return list(chain.from_iterable(map(rule, tokens)))


def _is_telling(token: str) -> bool:
    return not STOP_WORDS.issuperset(_words(token))


@lru_cache(_CACHED_WORDS)
def _parts(token: str) -> tuple[str, ...]:
    """The words that a token is made of."""
    if _NUMBER.fullmatch(token):
        return (_DECIMAL.sub(".", _THOUSANDS.sub("", token)),)
    token = token.replace(".", "")[:_LONGEST_WORD_CHARS]
    if _UNSPACED.search(token):
        return tuple(token[at : at + 2] for at in range(max(len(token) - 1, 1)))
    return tuple(part for part in _JOINT.split(token) if part)


@lru_cache(_CACHED_WORDS)
def _words(token: str) -> tuple[str, ...]:
    """The words that a token is found by: its parts, and the whole where there are several."""
    if _CONTRACTION.fullmatch(token):
        return (_JOINT.sub("'", token),)
    parts = _parts(token)
    return (*parts, "".join(parts)) if _JOINT.search(token) else parts


@lru_cache(_CACHED_WORDS)
def _grams(token: str) -> tuple[str, ...]:
    padded = [f"_{word}_" for word in _words(token) if word not in STOP_WORDS]
    return tuple(word[at : at + GRAM_CHARS] for word in padded for at in range(max(len(word) - GRAM_CHARS + 1, 1)))


@cache
def _stems(lang: str) -> Callable[[str], tuple[str, ...]]:
    """What stems the words of a token in a text in `lang`."""
    is_rtl = direction(lang) == "rtl"
    arabic = "ar" if lang == "ar" or not is_rtl else None
    other = "en" if is_rtl else lang

    def stem(word: str) -> str:
        if not _IS_ARABIC(word):
            return _snowball(word, other)
        return _snowball(_PROCLITICS.sub("", word), arabic) if arabic else word

    @lru_cache(_CACHED_WORDS)
    def stems(token: str) -> tuple[str, ...]:
        return tuple(map(stem, _words(token)))

    return stems


def _snowball(word: str, lang: str) -> str:
    stemmer = _stemmer(lang, threading.get_ident())
    return str(stemmer.stemWord(word)) or word if stemmer else word


@lru_cache(maxsize=256)
def _stemmer(lang: str, _thread: int) -> "Stemmer.Stemmer | None":
    """Snowball's stemmer for a language, if it has one. Its stemmers are not for several threads at once."""
    try:
        return Stemmer.Stemmer(lang, 0)
    except KeyError:
        return None
