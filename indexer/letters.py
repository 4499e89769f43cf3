"""Which letters follow which in Arabic, counted in the sentences that Jisr ships: how a line runs, what is no word."""

import csv
import math
import re
from collections import Counter
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

_WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u066e-\u06d3]+")
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
# Letters as the ones that stand in the same places of words: hamza's carriers, what the Quran writes, Persian and Urdu.
_FOLDED = str.maketrans("أإآٱؤئىیکہەۃ", "ااااويييكههة")
_ALPHABET = 36
_SMOOTHING = 0.2


def direction(text: str) -> float:
    """How much likelier the Arabic words of a text are as they stand than letter by letter backwards, as a logarithm.

    Above 0 they stand the right way round. A word of five letters counts for 5 or so.
    """
    return sum(_forward(word) for word in _words(text))


def likelihood(text: str) -> float:
    """The mean logarithm of the likelihood of each letter in a text's Arabic words, after the one before it.

    At most 0, which is also that of a text without such words. Arabic words are above -3.5 but for 1 in 25.
    """
    words = _words(text)
    steps = sum(len(word) + 1 for word in words)
    return sum(_log_likelihood(word) for word in words) / steps if steps else 0.0


def likelier(*texts: str, before: str, after: str) -> str:
    """Which of these letters stand likelier between two others, "" or a space for the bounds of a word."""
    return max(texts, key=lambda text: _log_likelihood(text.translate(_FOLDED), before or " ", after or " "))


def _words(text: str) -> list[str]:
    return _WORD.findall(_MARKS.sub("", text).translate(_FOLDED))


@lru_cache(maxsize=2**14)
def _forward(word: str) -> float:
    return _log_likelihood(word) - _log_likelihood(word[::-1])


def _log_likelihood(letters: str, before: str = " ", after: str = " ") -> float:
    pairs, firsts = _counts()
    bound = before + letters + after
    return sum(
        math.log((pairs[one + other] + _SMOOTHING) / (firsts[one] + _SMOOTHING * _ALPHABET))
        for one, other in pairwise(bound)
    )


@cache
def _counts() -> tuple[Counter[str], Counter[str]]:
    pairs: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    with (resources.files("seeds") / "parallel.tsv").open(encoding="utf-8") as lines:
        sentences = [row["ar"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    for word in _words(" ".join(sentences)):
        bound = f" {word} "
        pairs.update(map("".join, pairwise(bound)))
        firsts.update(bound[:-1])
    return pairs, firsts
