"""How long a product with the words of passages takes, by their number: posting lists gone through word by word.

That is what any index of sparse vectors does that skips nothing; here with NumPy, on one core. The vectors are as the
index keeps them: a dimension for each term and each character 4-gram, its weight BM25's. A query goes over all
passages, as its two halves go over one language each.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from bench.archive import real_queries
from bench.capacity.figures import Products, ProductSize
from bench.corpus import passages
from bench.sample import Sample
from search.analysis import Words, analyse, grams, query_terms
from search.language import query_language

_QUERIES = 200
_DEPTH = 100
_ROUNDS = 3
_SEED = 20261122

Word = tuple[str, str]
"""A kind, and the word."""

Postings = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""The rows that a word stands in, and what it is worth in each."""


def measure_products(index: Path, sizes: Sequence[int]) -> Products:
    """Ask real queries of so many of an index's passages, drawn at random, the sizes ascending."""
    drawn = Random(_SEED).sample(passages(index), sizes[-1])  # noqa: S311
    vectors = [_worth(_words(analyse(text, lang))) for text, lang in drawn]
    queries = [set(_words(_asked(text))) for text in real_queries()[:_QUERIES]]
    return Products(index=index.name, sizes=[_measure(vectors[:size], queries) for size in sizes])


def _measure(vectors: Sequence[dict[Word, float]], queries: Sequence[set[Word]]) -> ProductSize:
    lists = _inverted(vectors)
    found = [[lists[word] for word in query if word in lists] for query in queries]
    times = [min(_product(words, len(vectors)) for _ in range(_ROUNDS)) for words in found]
    return ProductSize(
        passages=len(vectors),
        query_words=round(float(np.mean([len(words) for words in found])), 1),
        postings=round(float(np.mean([sum(len(rows) for rows, _ in words) for words in found])), 1),
        query_ms=Sample(tuple(times)),
    )


def _product(words: Sequence[Postings], count: int) -> float:
    """The milliseconds of a core for the best rows."""
    started = time.process_time()
    scores = np.zeros(count, np.float32)
    for rows, values in words:
        scores[rows] += values * np.float32(log(1 + (count + 0.5) / (len(rows) + 0.5)))
    np.argpartition(scores, -min(_DEPTH, count))
    return round((time.process_time() - started) * 1000, 4)


def _inverted(vectors: Sequence[dict[Word, float]]) -> dict[Word, Postings]:
    lists: defaultdict[Word, list[tuple[int, float]]] = defaultdict(list)
    for row, vector in enumerate(vectors):
        for word, value in vector.items():
            lists[word].append((row, value))
    return {
        word: (np.array([row for row, _ in pairs]), np.array([value for _, value in pairs], np.float32))
        for word, pairs in lists.items()
    }


def _asked(text: str) -> Words:
    return Words(query_terms(text, query_language(text)), grams(text), [])


def _words(words: Words) -> list[Word]:
    return [("term", word) for word in words.terms] + [("gram", word) for word in words.grams]


def _worth(words: Sequence[Word]) -> dict[Word, float]:
    """What BM25 says of each word, as if all passages were as long."""
    return {word: times * 2.2 / (times + 1.2) for word, times in Counter(words).items()}
