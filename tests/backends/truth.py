"""What an index holds, read from the files of its generation without the code that searches them: by plain Python,
NumPy and SQL, so that every backend can be held to it.
"""

import calendar
import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.analysis import analyse
from search.encoder import Vectors
from search.filters import Filter, same_name
from search.lexical import GRAM_WEIGHT
from search.records import DocumentInfo, Passage
from search.words import words

_INFO = ("doc_id", "title", "lang", "date", "source", "publisher", "author", "record_id")
_PASSAGE = ("passage_id", "doc_id", "lang", "text", "start", "end", "page")


@dataclass(frozen=True)
class Truth:
    """The documents by id, the passages and what was encoded of them by row, and all vectors ``(n, dim)``."""

    documents: dict[str, dict[str, Any]]
    passages: list[Passage]
    inputs: list[str]
    vectors: Vectors
    links: list[tuple[str, str, float]]
    near: list[tuple[str, str, float]]

    @classmethod
    def of(cls, generation: Path) -> "Truth":
        """All of a generation."""
        with closing(sqlite3.connect(generation / "catalogue.sqlite")) as connection:
            connection.row_factory = sqlite3.Row
            passages = connection.execute("SELECT * FROM passages ORDER BY row").fetchall()
            assert [record["row"] for record in passages] == list(range(len(passages)))
            return cls(
                {record["doc_id"]: dict(record) for record in connection.execute("SELECT * FROM documents")},
                [Passage(**{name: record[name] for name in _PASSAGE}) for record in passages],
                [record["input"] for record in passages],
                np.load(generation / "vectors" / "vectors.npy"),
                [tuple(record) for record in connection.execute("SELECT doc_id, other_id, cosine FROM counterparts")],
                [
                    tuple(record)
                    for record in connection.execute("SELECT doc_id, leader_id, likeness FROM near_duplicates")
                ],
            )

    @cached_property
    def pools(self) -> dict[str, range]:
        """The rows of each language."""
        langs = [passage.lang for passage in self.passages]
        return {
            lang: range(langs.index(lang), langs.index(lang) + count) for lang, count in sorted(Counter(langs).items())
        }

    def info(self, doc_id: str) -> DocumentInfo:
        """What is known of a document."""
        return DocumentInfo(**{name: self.documents[doc_id][name] for name in _INFO})

    def copies(self, doc_id: str) -> set[str]:
        """The other documents with the same text."""
        leader = self.documents[doc_id]["copy_of"] or doc_id
        group = {other for other, record in self.documents.items() if leader in (other, record["copy_of"])}
        return group - {doc_id}

    def passing(self, chosen: Filter) -> set[str]:
        """The documents that a filter lets through, looked at one by one."""
        return {doc_id for doc_id, record in self.documents.items() if _passes(record, chosen)}

    def rows_passing(self, chosen: Filter) -> list[int]:
        """The rows of these documents, or of those that they are copies of."""
        holders = {self.documents[doc_id]["copy_of"] or doc_id for doc_id in self.passing(chosen)}
        return [row for row, passage in enumerate(self.passages) if passage.doc_id in holders]

    def standing(self, lang: str) -> dict[str, list[int]]:
        """The words of a pool's passages in the form of `search.words`, with the rows that hold them."""
        found: dict[str, list[int]] = {}
        for row in self.pools.get(lang, ()):
            for form in sorted({word.form for word in words(self.passages[row].text)}):
                found.setdefault(form, []).append(row)
        return found

    def bm25(self, lang: str, terms: Mapping[str, float], grams: Mapping[str, float]) -> dict[int, float]:
        """BM25 over what was encoded of a pool's passages, by row, those that hold nothing left out."""
        texts = {row: analyse(self.inputs[row], lang) for row in self.pools.get(lang, ())}
        by_terms = _bm25({row: found.terms for row, found in texts.items()}, terms)
        by_grams = _bm25({row: found.grams for row, found in texts.items()}, grams)
        scores = {row: by_terms[row] + GRAM_WEIGHT * by_grams[row] for row in texts}
        return {row: score for row, score in scores.items() if score > 0}

    def idf(self, lang: str, term: str) -> float:
        """Lucene's idf of a term in a pool."""
        rows = self.pools.get(lang, range(0))
        return _idf(len(rows), sum(term in analyse(self.inputs[row], lang).terms for row in rows))

    def holding(self, phrase: str, lang: str) -> set[int]:
        """The rows of a pool in which the words of a phrase stand side by side."""
        wanted = f" {' '.join(analyse(phrase, lang).surface)} "
        rows = self.pools.get(lang, ())
        return {row for row in rows if wanted in f" {' '.join(analyse(self.inputs[row], lang).surface)} "}


def nearest(query: Vectors, vectors: Vectors, rows: Iterable[int], depth: int) -> tuple[list[int], list[float]]:
    """The rows with the greatest products, and these."""
    chosen = np.array(list(rows), np.int64)
    cosines = vectors[chosen].astype(np.float64) @ query.astype(np.float64)
    order = np.argsort(-cosines, kind="stable")[:depth]
    return chosen[order].tolist(), cosines[order].tolist()


def _passes(record: Mapping[str, Any], chosen: Filter) -> bool:
    if chosen.doc_id is not None and record["doc_id"] != chosen.doc_id:
        return False
    if chosen.days and not (record["date"] and _may_be_between(record["date"], chosen.days.first, chosen.days.last)):
        return False
    return not chosen.sources or any(_is_of(record, source) for source in chosen.sources)


def _may_be_between(date: str, first: str, last: str) -> bool:
    """Whether a date, be it a day, a month or a year, may be one of these days."""
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    earliest = f"{year:04}-{month or 1:02}-{day or 1:02}"
    latest = f"{year:04}-{month or 12:02}-{day or calendar.monthrange(year, month or 12)[1]:02}"
    return earliest <= last and latest >= first


def _is_of(record: Mapping[str, Any], source: str) -> bool:
    folder = source.strip("/")
    is_inside = record["source"] == folder or record["source"].startswith(f"{folder}/")
    return is_inside or (bool(record["publisher"]) and same_name(record["publisher"]) == same_name(source))


def _bm25(texts: Mapping[int, Sequence[str]], query: Mapping[str, float]) -> dict[int, float]:
    average = sum(map(len, texts.values())) / max(len(texts), 1)
    scores = dict.fromkeys(texts, 0.0)
    for word, weight in query.items():
        holding = sum(word in text for text in texts.values())
        for row, text in texts.items():
            frequency = text.count(word)
            length = _as_a_byte(len(text)) / average
            scores[row] += weight * _idf(len(texts), holding) * 2.2 * frequency / (frequency + 0.3 + 0.9 * length)
    return scores


def _as_a_byte(length: int) -> int:
    """A length as Lucene keeps it in one byte: exactly up to 40, and above with four significant bits of what is more
    than 24 (Lucene's `SmallFloat.intToByte4`).
    """
    if length < 40:
        return length
    more = length - 24
    dropped = max(more.bit_length() - 4, 0)
    return (more >> dropped << dropped) + 24


def _idf(count: int, holding: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))


def page_starts(record: Mapping[str, Any]) -> tuple[int, ...]:
    """Where the pages of a document begin."""
    return tuple(json.loads(record["page_starts"]))
