"""The words of a generation's passages, numbered and counted, for BM25 as an inner product of sparse vectors.

A passage's vector holds what each of its words is worth there (`search.bm25.worth`), a query's vector their idf. Every
word of a field and a language has a dimension of its own, so that one product serves terms and character n-grams.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from search.analysis import analyse
from search.bm25 import worth
from search.milvus.entries import entry_key, record
from search.milvus.fields import TEXT_BYTES

WORDS = "words"
SURFACE = "surface"
"""The fields of a passage: its sparse vector, and its `search.analysis.surface` with spaces around each word."""

TERMS = "terms"
GRAMS = "grams"
"""The fields that words are counted in, apart from each other as locally."""

_NO_WORD = 0
"""The dimension that no word has: a vector without any would be refused."""


class Lexicon:
    """Counts the words of all passages (`add`), after which it knows the vector of each (`fields`).

    All different words are held in memory.
    """

    def __init__(self) -> None:
        self._dimensions: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._rows = array("I", [0])  # by dimension, `_NO_WORD` being the first
        self._lengths: Counter[tuple[str, str]] = Counter()
        self._passages: Counter[str] = Counter()
        self._surface: set[str] = set()

    def add(self, text: str, lang: str) -> None:
        """Count in a passage (title and text)."""
        words = analyse(text, lang)
        self._count(words.terms, TERMS, lang)
        self._count(words.grams, GRAMS, lang)
        self._surface.update(words.surface)
        self._passages[lang] += 1

    def fields(self, text: str, lang: str) -> dict[str, Any]:
        """What is kept of a passage that was counted in: `WORDS` and `SURFACE`."""
        words = analyse(text, lang)
        vector = self._weighed(words.terms, TERMS, lang) | self._weighed(words.grams, GRAMS, lang)
        return {WORDS: vector or {_NO_WORD: 1.0}, SURFACE: _side_by_side(words.surface)}

    def records(self) -> Iterator[dict[str, str]]:
        """What is kept of every word: its dimension and its number of rows. A word as it stands is there, or not."""
        for (field, lang), dimensions in self._dimensions.items():
            for word, dimension in dimensions.items():
                yield record(idf_key(field, lang, word), f"{dimension} {self._rows[dimension]}")
        yield from (record(surface_key(word), "") for word in self._surface)

    def _count(self, words: Sequence[str], field: str, lang: str) -> None:
        dimensions = self._dimensions[field, lang]
        for word in set(words):
            dimension = dimensions.setdefault(word, len(self._rows))
            if dimension == len(self._rows):
                self._rows.append(0)
            self._rows[dimension] += 1
        self._lengths[field, lang] += len(words)

    def _weighed(self, words: Sequence[str], field: str, lang: str) -> dict[int, float]:
        if not words:
            return {}
        dimensions = self._dimensions[field, lang]
        average = self._lengths[field, lang] / self._passages[lang]
        return worth(Counter(map(dimensions.__getitem__, words)), len(words), average)


def idf_key(field: str, lang: str, word: str) -> str:
    """The key of what is known of a word of a field."""
    return entry_key("idf", field, lang, word)


def surface_key(word: str) -> str:
    """The key of a word as it stands, in any language."""
    return entry_key("idf", SURFACE, word)


def _side_by_side(words: Sequence[str]) -> str:
    """Words with spaces around each. The last ones are left out of what is longer than a field may be."""
    text = f" {' '.join(words)} "
    encoded = text.encode()
    if len(encoded) <= TEXT_BYTES:
        return text
    return encoded[: encoded.rindex(b" ", 0, TEXT_BYTES) + 1].decode()
