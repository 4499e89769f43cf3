"""The dictionary leg: what the words of a query are called in the passages of the other language.

The model puts a word near its translations once each language's mean word is subtracted, as `search.shift` does for
passages. So the words of the corpus are encoded when an index is built, and those nearest to a query's word stand in
for it in the other pool. Encoding belongs to the caller, keeping vectors to `search.vectors`, finding to
`search.lexical`.
"""

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self
from zipfile import BadZipFile

import numpy as np

from search.allowed import Rows
from search.analysis import query_terms
from search.bm25 import idf
from search.catalogue import open_finished
from search.encoder import Vectors, normalised
from search.errors import DamagedIndexError
from search.progress import Progress, silent
from search.remembered import Remembered
from search.shift import in_one_rename
from search.store import REBUILD
from search.vectors import WordIndex, write_words
from search.vocabulary import SCRIPTS, Encode, Vocabulary, common_words, words

NEIGHBOURS = 20
TEMPERATURE = 0.1

SILENT_COSINE = 0.25
SURE_COSINE = 0.5
"""A word whose nearest word is as far as the one stays silent, as near as the other counts in full; between them it
counts in proportion (all four: see docs/EVALUATION.md)."""

_CACHED_WORDS = 1 << 16
_CACHED_TERMS = 1 << 14

_Word = tuple[str, str]
"""A word as its term and as it stands."""

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE terms (row INTEGER PRIMARY KEY, term TEXT UNIQUE, spelling TEXT, passages INTEGER)
"""


@dataclass(frozen=True, slots=True)
class Translation:
    """What stands in for a word of the query.

    `nearest` holds words of the other language and their shares, which sum to 1, best first. `weights` is what each
    term weighs in BM25, so that together they count as one word, as rare as its translations are together.
    """

    word: str
    nearest: list[tuple[str, float]]
    weights: dict[str, float]


def model_means(encode: Encode, path: Path, *, progress: Progress = silent) -> dict[str, Vectors]:
    """The mean vector ``(dim,)`` of each language's `common_words`, kept at `path` in a model's folder.

    They are encoded the first time only: thousands of words, which takes longer than indexing a small folder.
    """
    if not path.exists():
        means = {}
        for step, lang in enumerate(SCRIPTS):
            progress("Encoding common words", step, len(SCRIPTS))
            means[lang] = encode(common_words(lang)).mean(axis=0)
        progress("Encoding common words", len(SCRIPTS), len(SCRIPTS))
        with in_one_rename(path) as unfinished:
            np.savez(unfinished, allow_pickle=False, **means)
    with np.load(path) as arrays:
        return {lang: arrays[lang] for lang in SCRIPTS}


def write_dictionary(
    folder: Path, vocabularies: Mapping[str, Vocabulary], means: Mapping[str, Vectors], encode: Encode
) -> None:
    """Write the vocabularies by language, with their vectors, and the `model_means` to a new folder."""
    folder.mkdir()
    for lang in SCRIPTS:
        vocabulary = vocabularies.get(lang) or Vocabulary(0, [], [], [])
        np.savez(folder / f"{lang}.npz", rows=np.int64(vocabulary.rows), mean=means[lang])
        _write_terms(folder / f"{lang}.sqlite", vocabulary)
        if vocabulary.terms:
            write_words(folder / f"{lang}.faiss", normalised(_term_vectors(vocabulary, encode) - means[lang]))


def _write_terms(path: Path, vocabulary: Vocabulary) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(_SCHEMA)
    spellings = (forms[0] for forms in vocabulary.spellings)
    records = zip(count(), vocabulary.terms, spellings, vocabulary.counts, strict=False)
    connection.executemany("INSERT INTO terms VALUES (?, ?, ?, ?)", records)
    connection.execute("COMMIT")
    connection.close()


class Term(NamedTuple):
    """A term of a vocabulary with its row there, its first spelling, and the number of passages that hold it."""

    row: int
    term: str
    spelling: str
    passages: int


class Terms(Protocol):
    """The terms of one language and their vectors, wherever they are kept. May be used by several threads."""

    @property
    def rows(self) -> int:
        """How many passages they are of."""
        ...

    @property
    def mean(self) -> Vectors:
        """The model's mean word ``(dim,)``, which is taken from all vectors."""
        ...

    def __bool__(self) -> bool:
        """Whether there are any."""
        ...

    def select(self, column: str, values: Sequence[Any]) -> list[Term]:
        """The terms whose `row`, or `term`, is one of these values."""
        ...

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of the terms in these rows, ``(n, dim)``, about of length 1."""
        ...

    def nearest(self, queries: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The rows of the `count` terms nearest to each query, and their cosines, both ``(n, count)``, best first.

        Where there are fewer, -1 stands for a row.
        """
        ...


class TermFiles:
    """What `write_dictionary` wrote of one language."""

    def __init__(self, folder: Path, lang: str) -> None:
        with np.load(folder / f"{lang}.npz") as arrays:
            self.rows = int(arrays["rows"])
            self.mean: Vectors = arrays["mean"]
        self._connection = open_finished(folder / f"{lang}.sqlite")
        self._index = WordIndex(folder / f"{lang}.faiss") if self.select("row", [0]) else None

    def __bool__(self) -> bool:
        return self._index is not None

    def select(self, column: str, values: Sequence[Any]) -> list[Term]:
        """As `Terms.select`."""
        places = ", ".join("?" * len(values))
        statement = f"SELECT row, term, spelling, passages FROM terms WHERE {column} IN ({places})"
        return [Term(*record) for record in self._connection.execute(statement, tuple(values))]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """As `Terms.vectors`."""
        return self._index.vectors(rows) if self._index else np.empty((0, self.mean.size), np.float32)

    def search_all(self) -> None:
        """Find the nearest of all from now on, where it would be nearly always these: for measuring."""
        if self._index:
            self._index.search_all()

    def nearest(self, queries: Vectors, count: int) -> tuple[Rows, Vectors]:
        """As `Terms.nearest`."""
        if self._index is None:
            return np.full((len(queries), count), -1), np.zeros((len(queries), count), np.float32)
        return self._index.nearest(queries, count)


class _Side:
    """One language, its terms remembered."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.mean = terms.mean
        self._remembered = Remembered(self._looked_up, _CACHED_TERMS)

    def known(self, terms: Iterable[str]) -> dict[str, Term]:
        """Those of these terms that are there."""
        return {term: found for term, found in self._remembered(terms).items() if found}

    def at(self, rows: Sequence[int]) -> dict[int, Term]:
        """The terms in these rows."""
        return {found.row: found for found in self.terms.select("row", rows)}

    def vectors(self, words: Mapping[str, str], encode: Encode) -> Vectors:
        """The neutral vectors of words, given with their terms: from the index, or else from `encode`."""
        terms = self.known(words.values())
        known = {word: terms[term].row for word, term in words.items() if term in terms}
        unknown = [word for word in words if word not in known]
        found = dict(zip(known, self.terms.vectors(list(known.values())), strict=True)) if known else {}
        if unknown:
            found |= zip(unknown, normalised(encode(unknown) - self.mean), strict=True)
        return np.stack([found[word] for word in words])

    def meanings(self, words: Sequence[_Word | None], encode: Encode) -> tuple[list[int], Vectors]:
        """Which of these are words, and the neutral vectors ``(n, dim)`` of those."""
        terms = {word[1]: word[0] for word in words if word}
        if not terms:
            return [], np.empty((0, self.mean.size), np.float32)
        rows = {form: row for row, form in enumerate(terms)}
        vectors = self.vectors(terms, encode)
        return [at for at, word in enumerate(words) if word], vectors[[rows[word[1]] for word in words if word]]

    def rarity(self, count: float) -> float:
        """BM25's idf of what `count` passages hold."""
        return idf(count, max(self.terms.rows, count))

    def _looked_up(self, terms: Sequence[str]) -> dict[str, Term | None]:
        return dict.fromkeys(terms) | {found.term: found for found in self.terms.select("term", terms)}


class Dictionary:
    """What words are called in the other language, from the `terms` of both. May be used by several threads."""

    def __init__(self, terms: Mapping[str, Terms]) -> None:
        self.terms = terms
        self._sides = {lang: _Side(found) for lang, found in terms.items()}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The dictionary that `write_dictionary` wrote.

        Raises `DamagedIndexError` when a part of it is missing or cannot be read.
        """
        try:
            return cls({lang: TermFiles(folder, lang) for lang in SCRIPTS})
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, sqlite3.DatabaseError) as error:
            raise DamagedIndexError(f"The dictionary in {folder} cannot be read.", hint=REBUILD) from error

    def translate(self, query: str, from_lang: str, to_lang: str, encode: Encode) -> list[Translation]:
        """The words of a query that have translations in the other pool, in order; none for an unknown language."""
        own, other = self._sides.get(from_lang), self._sides.get(to_lang)
        asked = {form: term for term, form in words(query, from_lang)}
        if own is None or other is None or not other.terms or own is other or not asked:
            return []
        vectors = own.vectors(asked, encode)
        found = zip(asked.items(), *other.terms.nearest(vectors, NEIGHBOURS), strict=True)
        telling = [
            (word, term, rows[rows >= 0].tolist(), cosines[rows >= 0])
            for (word, term), rows, cosines in found
            if cosines[0] > SILENT_COSINE
        ]
        known, there = own.known(asked.values()), other.at([row for _, _, rows, _ in telling for row in rows])
        return [
            _translation(word, [there[row] for row in rows], cosines, other, _importance(known.get(term), own))
            for word, term, rows, cosines in telling
        ]

    def likeness(
        self, asked: Sequence[str], from_lang: str, held: Sequence[str], to_lang: str, encode: Encode
    ) -> Vectors:
        """The cosines of words of a query and words of a passage, ``(asked, held)``, in two languages or in one.

        NaN where the dictionary knows nothing of a word: those of other scripts, stop words, and words of the passage
        that are not in its pool's vocabulary.
        """
        own, other = self._sides.get(from_lang), self._sides.get(to_lang)
        found = np.full((len(asked), len(held)), np.nan, np.float32)
        if own is None or other is None:
            return found
        rows, queried = own.meanings([_longest(word, from_lang) for word in asked], encode)
        found_there = [_longest(word, to_lang) for word in held]
        terms = other.known(word[0] for word in found_there if word)
        known = [word if word and word[0] in terms else None for word in found_there]
        columns, passed = other.meanings(known, encode)
        found[np.ix_(rows, columns)] = queried @ passed.T
        return found


def weights(query: str, lang: str, translations: Iterable[Translation]) -> dict[str, float]:
    """What each term of the other pool weighs in all, for `LexicalIndex.scores`.

    The terms of the query (in `lang`) are among them as they are: 1958, NATO and F-16 are written alike in both.
    """
    total = dict.fromkeys(query_terms(query, lang), 1.0)
    for translation in translations:
        for term, weight in translation.weights.items():
            total[term] = total.get(term, 0.0) + weight
    return total


@lru_cache(_CACHED_WORDS)
def _longest(compound: str, lang: str) -> _Word | None:
    """The longest word of a compound, which stands for all of it: Mandab for al-Mandab."""
    return max(words(compound, lang), key=lambda word: len(word[1]), default=None)


def _translation(word: str, near: Sequence[Term], cosines: Vectors, other: _Side, importance: float) -> Translation:
    likeness = np.exp((cosines - cosines[0]) / TEMPERATURE).tolist()
    whole = sum(likeness)
    # A synonym query: how many passages hold the one word that all of these stand for.
    together = sum(like * term.passages for term, like in zip(near, likeness, strict=True))
    worth = importance * _confidence(float(cosines[0])) * other.rarity(together)
    return Translation(
        word,
        [(term.spelling, like / whole) for term, like in zip(near, likeness, strict=True)],
        {term.term: like * worth / other.rarity(term.passages) for term, like in zip(near, likeness, strict=True)},
    )


def _confidence(cosine: float) -> float:
    return min((cosine - SILENT_COSINE) / (SURE_COSINE - SILENT_COSINE), 1.0)


def _importance(term: Term | None, own: _Side) -> float:
    """How much a query's word matters, from its rarity in its own language; 1 for one that stands nowhere in it."""
    return math.sqrt(own.rarity(term.passages if term else 0) / own.rarity(0))


def _term_vectors(vocabulary: Vocabulary, encode: Encode) -> Vectors:
    """The mean vector of each term's spellings ``(n, dim)``."""
    vectors = encode(vocabulary.forms())
    lengths = np.array([len(forms) for forms in vocabulary.spellings])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(np.add.reduceat(vectors, starts, axis=0) / lengths[:, None], np.float32)
