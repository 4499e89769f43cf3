"""The terms of the dictionary in a Milvus, with their vectors, as `search.dictionary` wrote them."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from search.allowed import Rows
from search.dictionary import Term, TermFiles
from search.encoder import Vectors
from search.milvus.connection import Connection
from search.milvus.expressions import quoted
from search.milvus.fields import Field, number, text, vector
from search.remembered import Remembered
from search.vocabulary import SCRIPTS

_AT_ONCE = 1000
_REMEMBERED_TERMS = 1 << 14
_REMEMBERED_VECTORS = 1 << 12
_TERM = ("place", "term", "spelling", "passages")


def term_fields(dim: int) -> list[Field]:
    """The fields of the collection of terms. `place` is the language and the row in it, ``ar/17``."""
    return [
        text("place", 64, key=True),
        text("lang", 64, partition=True),
        text("term", 512),
        text("spelling", 512),
        number("passages"),
        vector("vector", dim),
    ]


def term_records(folder: Path) -> Iterator[dict[str, Any]]:
    """The terms that `search.dictionary.write_dictionary` wrote to a folder, of all languages."""
    for lang in SCRIPTS:
        files = TermFiles(folder, lang)
        for start in count(0, _AT_ONCE):
            terms = files.select("row", range(start, start + _AT_ONCE))
            if not terms:
                break
            vectors = files.vectors([term.row for term in terms])
            for (row, term, spelling, passages), values in zip(terms, vectors, strict=True):
                yield {
                    "place": _place(lang, row),
                    "lang": lang,
                    "term": term,
                    "spelling": spelling,
                    "passages": passages,
                    "vector": values,
                }


def about_terms(folder: Path) -> dict[str, bytes]:
    """What else `MilvusTerms` needs of each language."""
    return {lang: (folder / f"{lang}.npz").read_bytes() for lang in SCRIPTS}


class MilvusTerms:
    """One language's `term_records` in a collection, a `search.dictionary.Terms`; `about` is of `about_terms`.

    The nearest of all are found, where files give nearly always these.
    """

    def __init__(self, connection: Connection, collection: str, lang: str, about: bytes) -> None:
        with np.load(BytesIO(about)) as arrays:
            self.rows = int(arrays["rows"])
            self.mean: Vectors = arrays["mean"]
        self._connection = connection
        self._collection = collection
        self._lang = lang
        self._own = f"lang == {quoted(lang)}"
        self._terms = Remembered(self._read_terms, _REMEMBERED_TERMS)
        self._vectors = Remembered(self._read_vectors, _REMEMBERED_VECTORS)
        self._is_any = bool(self.select("row", [0]))

    def __bool__(self) -> bool:
        return self._is_any

    def select(self, column: str, values: Sequence[Any]) -> list[Term]:
        """As `Terms.select`."""
        if column == "row":
            return [term for term in self._terms(map(int, values)).values() if term]
        found = self._connection.select(self._collection, _TERM, column, list(values), expression=self._own)
        return [_term(record) for record in found]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """As `Terms.vectors`."""
        if not rows:
            return np.empty((0, self.mean.size), np.float32)
        known = self._vectors(map(int, rows))
        return np.stack([known[int(row)] for row in rows])

    def nearest(self, queries: Vectors, count: int) -> tuple[Rows, Vectors]:
        """As `Terms.nearest`."""
        rows, cosines = np.full((len(queries), count), -1), np.zeros((len(queries), count), np.float32)
        found = self._connection.nearest(
            self._collection, "vector", list(queries), count, fields=_TERM, expression=self._own
        )
        for at, hits in enumerate(found):
            terms = [_term(record) for record, _ in hits]
            self._terms.learn({term.row: term for term in terms})  # they are asked for next
            rows[at, : len(hits)] = [term.row for term in terms]
            cosines[at, : len(hits)] = [cosine for _, cosine in hits]
        return rows, cosines

    def _read_terms(self, rows: Sequence[int]) -> dict[int, Term | None]:
        found = self._in_rows(_TERM, rows)
        return dict.fromkeys(rows) | {term.row: term for term in map(_term, found)}

    def _read_vectors(self, rows: Sequence[int]) -> dict[int, Vectors]:
        found = self._in_rows(("place", "vector"), rows)
        return {_row(record["place"]): np.asarray(record["vector"], np.float32) for record in found}

    def _in_rows(self, fields: Sequence[str], rows: Sequence[int]) -> list[dict[str, Any]]:
        places = [_place(self._lang, row) for row in rows]
        return self._connection.select(self._collection, fields, "place", places)


def _place(lang: str, row: int) -> str:
    return f"{lang}/{row}"


def _row(place: str) -> int:
    return int(place.rpartition("/")[2])


def _term(record: dict[str, Any]) -> Term:
    return Term(_row(record["place"]), record["term"], record["spelling"], record["passages"])
