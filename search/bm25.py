"""BM25 as every backend reckons it, with the constants that are fixed in tantivy.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with Lucene's idf and, like
Lucene and tantivy, lengths of passages as one byte tells them. A score is the sum of a query's words' ``idf · worth``.
"""

import math
from collections.abc import Mapping
from typing import TypeVar

Word = TypeVar("Word")

SATURATION = 1.2  # k1
_LENGTH_SHARE = 0.75  # b
_TOLD_EXACTLY = 24
_BITS_TOLD = 4


def idf(holding: float, of: float) -> float:
    """How rare a word is that `holding` of so many passages hold; above 0."""
    return math.log1p((of - holding + 0.5) / (holding + 0.5))


def worth(counts: Mapping[Word, int], length: int, average: float) -> dict[Word, float]:
    """What each word of a passage counts that stands there so many times; from 0 to ``k1 + 1``.

    `length` is how many words the passage has in all, `average` the mean length of all passages.
    """
    norm = SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * told_length(length) / average)
    return {word: times * (SATURATION + 1) / (times + norm) for word, times in counts.items()}


def told_length(length: int) -> int:
    """A length as one byte tells it (Lucene's `SmallFloat.intToByte4`): exactly up to 40, then in steps.

    Of what goes beyond 24, the first four binary digits are kept.
    """
    beyond = length - _TOLD_EXACTLY
    dropped = max(beyond.bit_length() - _BITS_TOLD, 0) if beyond > 0 else 0
    return _TOLD_EXACTLY + (beyond >> dropped << dropped)
