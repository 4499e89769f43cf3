"""The catalogue of a generation: its files, documents and passages, in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from search.allowed import AllowedRows, Rows
from search.filters import Facet, Filter
from search.holdings import DOCUMENT, INFO, Holdings, document_of
from search.records import Document, DocumentInfo

DATED = "date BETWEEN substr(?, 1, 4) AND ? || '~' AND date >= substr(?, 1, length(date))"
"""That a document may have appeared between two days, any day of its month or year if it is dated by that alone."""

_INSIDE = "(source = ? OR (source > ? || '/' AND source < ? || '0'))"  # "0" is the sign that follows "/"

_FACETS = {
    Facet.LANGUAGE: "lang",
    Facet.SOURCE: "coalesce(publisher, substr(source, 1, instr(source || '/', '/') - 1))",
    Facet.YEAR: "substr(date, 1, 4)",
}

_FILTERS_REMEMBERED = 32


def open_finished(path: Path) -> sqlite3.Connection:
    """A connection to an SQLite file that nobody writes any more; several threads may use it. `path` is absolute."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class Catalogue(Holdings):
    """Reading access to a file. One instance may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = open_finished(path)
        self._connection.execute("SELECT 1 FROM passages LIMIT 1")
        self._remembered = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._rows)  # of one search comes the next
        self._tallied = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._tally)

    def select(self, columns: Sequence[str], table: str, key: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """As `Holdings.select`."""
        names = ", ".join(f'"{column}"' for column in columns)
        records = self._connection.execute(
            f"SELECT {names} FROM {table} WHERE {key} IN ({_places(values)})", tuple(values)
        )
        return [dict(zip(columns, record, strict=True)) for record in records]

    def has_inside(self, folder: str) -> bool:
        """As `Holdings.has_inside`."""
        inside = self._connection.execute(f"SELECT 1 FROM documents WHERE {_INSIDE} LIMIT 1", [folder] * 3)
        return inside.fetchone() is not None

    def allowed(self, chosen: Filter) -> AllowedRows:
        """As `Holdings.allowed`."""
        return AllowedRows(self._remembered(chosen))

    def tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> dict[str, int]:
        """As `Holdings.tally`."""
        return dict(self._tallied(of, chosen, lang))

    @cached_property
    def publishers(self) -> list[str]:
        """Who published the documents, who has most of them first."""
        records = self._connection.execute(
            "SELECT publisher FROM documents WHERE publisher IS NOT NULL GROUP BY publisher "
            "ORDER BY count(*) DESC, publisher"
        )
        return [publisher for (publisher,) in records]

    def all_documents(self) -> list[DocumentInfo]:
        """What is known of every document."""
        records = self._connection.execute(f"SELECT {', '.join(INFO)} FROM documents")
        return [DocumentInfo(**dict(zip(INFO, record, strict=True))) for record in records]

    def listed(self, chosen: Filter | None, lang: str | None, part: slice) -> tuple[int, list[DocumentInfo]]:
        """As `Holdings.listed`."""
        condition, values = self._condition(chosen, lang)
        (total,) = self._connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", values).fetchone()
        records = self._connection.execute(
            f"SELECT {', '.join(INFO)} FROM documents WHERE {condition} ORDER BY source, rowid LIMIT ? OFFSET ?",
            [*values, part.stop - part.start, part.start],
        )
        return total, [DocumentInfo(**dict(zip(INFO, record, strict=True))) for record in records]

    def each_document(self) -> Iterator[Document]:
        """Every document, one at a time, in the order of the files and within them."""
        names = ", ".join(f"d.{column}" for column in DOCUMENT)
        records = self._connection.execute(
            f"SELECT {names} FROM documents d JOIN items i USING (doc_id) JOIN files f ON f.file_id = d.file_id "
            "ORDER BY path, i.rowid"
        )
        for record in records:
            yield document_of(dict(zip(DOCUMENT, record, strict=True)))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, chosen: Filter) -> Rows:
        condition, values = self._condition(chosen)
        records = self._connection.execute(
            f"SELECT row FROM passages WHERE doc_id IN (SELECT coalesce(copy_of, doc_id) FROM documents "
            f"WHERE {condition})",
            values,
        )
        return np.sort(np.fromiter((row for (row,) in records), np.int64))

    def _tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> list[tuple[str, int]]:
        condition, values = self._condition(chosen, lang)
        return self._connection.execute(
            f"SELECT {_FACETS[of]} AS value, count(*) FROM documents WHERE {condition} AND value IS NOT NULL "
            "GROUP BY value",
            values,
        ).fetchall()

    def _condition(self, chosen: Filter | None, lang: str | None = None) -> tuple[str, list[str]]:
        """The condition that a filter lets a document through, of one language or all, and the values in it."""
        conditions, values = (["TRUE"], []) if lang is None else (["lang = ?"], [lang])
        if chosen is None:
            return conditions[0], values
        wanted = self.wanted(chosen)
        if wanted.days:
            conditions.append(DATED)
            values += [wanted.days.first, wanted.days.last, wanted.days.first]
        if wanted.folders or wanted.publishers:
            named = [f"publisher IN ({_places(wanted.publishers)})"] if wanted.publishers else []
            conditions.append(f"({' OR '.join([_INSIDE] * len(wanted.folders) + named)})")
            values += [folder for folder in wanted.folders for _ in range(3)] + [*wanted.publishers]
        if wanted.doc_id is not None:
            conditions.append("doc_id = ?")
            values.append(wanted.doc_id)
        return " AND ".join(conditions), values


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
