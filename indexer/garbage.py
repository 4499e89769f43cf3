"""Whether words are words: a PDF can show one text and hold another, with wrong letters behind the right shapes."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

from indexer.letters import likelihood
from search.language import detect

_MARKS = "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])+")
_VOCALISED = re.compile(f"[\u0640{_MARKS}]")
_ARABIC = re.compile("[\u0621-\u06d3]")
# No word in Arabic, Persian or Urdu has a letter three times in a row, teh marbuta before another letter, or two alefs
# with hamza next to each other.
_NO_WORD = re.compile(r"([\u0621-\u06d3])\1\1|ة[\u0621-\u064a]|[أإآ][أإآ]")
_NO_ARABIC_WORD = re.compile(r"ى[\u0621-\u064a]|^[ةىئؤ]")
_LATIN_CONSONANTS = re.compile("(?=.*[a-z])[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{4,}")
# What Japanese writes in one word, and what Korean names are written in.
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "HANGUL": "CJK", "HALFWIDTH": "CJK"}

# Measured on passages of ARCD, XQuAD and NTREX of 25 words and more: 3 in 100 words of the mean passage look like none,
# 14 of the worst, and 23 and more in text layers that are garbage.
_LEAST_LIKELY = -3.5
_MOST_GARBAGE = 0.2
_FEWEST = 6


def count(text: str) -> tuple[int, int]:
    """How many different words of three letters and more a text has, and how many of them are none in any language.

    Letters of Arabic words are judged by how they follow each other in Arabic, those of Persian, Urdu and others by
    rules that hold for all who write so. Numbers and names are no evidence.
    """
    words = {word for word in (_VOCALISED.sub("", word) for word in _WORD.findall(text)) if len(word) > 2}
    in_arabic_script = " ".join(sorted(filter(_ARABIC.search, words)))
    is_arabic = bool(in_arabic_script) and detect(in_arabic_script) == "ar"
    return len(words), sum(_is_garbage(word, is_arabic=is_arabic) for word in words)


def is_garbage(words: int, garbage: int) -> bool:
    """Whether so much garbage among so many words says that the rest is not to be trusted either."""
    return garbage >= _FEWEST and garbage >= _MOST_GARBAGE * words


@lru_cache(maxsize=2**14)
def _is_garbage(word: str, *, is_arabic: bool) -> bool:
    if word.isascii():
        return bool(_LATIN_CONSONANTS.fullmatch(word))
    if _NO_WORD.search(word) or _mixes_scripts(word):
        return True
    return is_arabic and bool(_NO_ARABIC_WORD.search(word) or likelihood(word) < _LEAST_LIKELY)


def _mixes_scripts(word: str) -> bool:
    """Whether scripts change within a word more than once, or even once without Latin: الـDNA is a word."""
    scripts = [_script(character) for character in word if unicodedata.category(character) != "Lm"]
    changes = [{one, other} for one, other in pairwise(scripts) if one != other]
    return len(changes) > 1 or any("LATIN" not in change for change in changes)


@cache
def _script(character: str) -> str:
    name = unicodedata.name(character, "NONE").split()[0]
    return _ONE_SCRIPT.get(name, name)
