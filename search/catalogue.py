"""The catalogue of a generation: its files, documents and passages, in SQLite."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from search.errors import NotFoundError, QueryError
from search.filters import Facet, Filter, same_name
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles

# A document that is dated by its month or year alone may have appeared on any day of it.
_DATED = "date BETWEEN substr(?, 1, 4) AND ? || '~' AND date >= substr(?, 1, length(date))"
_INSIDE = "(source = ? OR (source > ? || '/' AND source < ? || '0'))"  # "0" is the sign that follows "/"

_FACETS = {
    Facet.LANGUAGE: "lang",
    Facet.SOURCE: "coalesce(publisher, substr(source, 1, instr(source || '/', '/') - 1))",
    Facet.YEAR: "substr(date, 1, 4)",
}

_FILTERS_REMEMBERED = 32

_TAKE_DOCUMENT = "Take the doc_id from a search result."

_INFO = tuple(field.name for field in fields(DocumentInfo))
_DOCUMENT = tuple(field.name for field in fields(Document))
_PASSAGE = tuple(field.name for field in fields(Passage))


def open_finished(path: Path) -> sqlite3.Connection:
    """A connection to an SQLite file that nobody writes any more; several threads may use it. `path` is absolute."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class Catalogue:
    """Reading access. One instance may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = open_finished(path)
        self._connection.execute("SELECT 1 FROM passages LIMIT 1")
        self._remembered = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._rows)  # of one search comes the next
        self._tallied = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._tally)

    def passages_at(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages with these vector rows, by row."""
        found = self._select(("row", *_PASSAGE), "passages", "row", rows)
        return {record.pop("row"): Passage(**record) for record in found}

    def inputs_of(self, passage_ids: Sequence[str]) -> dict[int, tuple[Passage, str]]:
        """Those of these passages that there are, and what the encoder read of each (title and text), by row."""
        found = self._select(("row", "input", *_PASSAGE), "passages", "passage_id", passage_ids)
        return {record.pop("row"): (Passage(**record), told) for record in found for told in [record.pop("input")]}

    def told_at(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Shingles]]:
        """The passages with these vector rows and what they say, by row."""
        found = self._select(("row", "shingles", *_PASSAGE), "passages", "row", rows)
        told = {}
        for record in found:
            row, says = record.pop("row"), Shingles.unpacked(record.pop("shingles"))
            told[row] = Passage(**record), says
        return told

    def inputs_at(self, rows: Sequence[int]) -> list[str]:
        """The title and text of the passages with these vector rows, as they were encoded."""
        return [record["input"] for record in self._select(("input",), "passages", "row", rows)]

    def titles_at(self, rows: Sequence[int]) -> list[str]:
        """The titles of the documents that hold these vector rows, each once."""
        records = self._connection.execute(
            f"SELECT DISTINCT title FROM passages JOIN documents USING (doc_id) WHERE row IN ({_places(rows)}) "
            "ORDER BY title",
            tuple(rows),
        )
        return [title for (title,) in records]

    def rows_of_passages(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The vector rows of these passages, those that are there, by id."""
        found = self._select(("passage_id", "row"), "passages", "passage_id", passage_ids)
        return {record["passage_id"]: record["row"] for record in found}

    def rows(self, chosen: Filter) -> npt.NDArray[np.int64]:
        """The rows of the passages whose documents a filter lets through, in order.

        A publisher is meant however its name is written (`search.filters.same_name`), a folder with all that is in it.
        Documents without a date are let through only where no days are asked for. Raises `QueryError` for a source that
        the index does not have.
        """
        return self._remembered(chosen)

    def rows_of(self, doc_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """The rows of the passages of these documents, in order; a copy's are those of the document it is a copy of."""
        records = self._connection.execute(
            f"SELECT row FROM passages WHERE doc_id IN (SELECT coalesce(copy_of, doc_id) FROM documents "
            f"WHERE doc_id IN ({_places(doc_ids)})) ORDER BY row",
            tuple(doc_ids),
        )
        return np.fromiter((row for (row,) in records), np.int64)

    def row_of(self, passage_id: str) -> int:
        """The row of a passage. Raises `NotFoundError`."""
        for record in self._select(("row",), "passages", "passage_id", [passage_id]):
            return int(record["row"])
        raise _no_passage(passage_id)

    def tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> dict[str, int]:
        """How many of the documents that a filter lets through, of one language or all, there are of each value.

        Raises `QueryError` for a source or a document that the index does not have.
        """
        return dict(self._tallied(of, chosen, lang))

    @cached_property
    def publishers(self) -> list[str]:
        """Who published the documents, who has most of them first."""
        records = self._connection.execute(
            "SELECT publisher FROM documents WHERE publisher IS NOT NULL GROUP BY publisher "
            "ORDER BY count(*) DESC, publisher"
        )
        return [publisher for (publisher,) in records]

    def counterparts(self, doc_ids: Sequence[str]) -> dict[str, list[DocumentInfo]]:
        """The documents in the other language that tell the same as each of these which has any, nearest first."""
        places = ", ".join(f"?{number}" for number in range(1, len(doc_ids) + 1))
        # A document in two languages may tell the same as itself.
        directions = (("doc_id", "other_id"), ("other_id", "doc_id"))
        both = " UNION ".join(
            f"SELECT {one}, {other} AS other, cosine FROM counterparts WHERE {one} IN ({places}) AND {one} != {other}"
            for one, other in directions
        )
        pairs = self._connection.execute(f"{both} ORDER BY cosine DESC, other", tuple(doc_ids)).fetchall()
        known = self.documents(sorted({other for _, other, _ in pairs}))
        found: dict[str, list[DocumentInfo]] = {}
        for doc_id, other, _ in pairs:
            found.setdefault(doc_id, []).append(known[other])
        return found

    def documents(self, doc_ids: Sequence[str]) -> dict[str, DocumentInfo]:
        """What is known of these documents, by id."""
        return {
            record["doc_id"]: DocumentInfo(**record) for record in self._select(_INFO, "documents", "doc_id", doc_ids)
        }

    def all_documents(self) -> list[DocumentInfo]:
        """What is known of every document."""
        records = self._connection.execute(f"SELECT {', '.join(_INFO)} FROM documents")
        return [DocumentInfo(**dict(zip(_INFO, record, strict=True))) for record in records]

    def listed(self, chosen: Filter | None, lang: str | None, part: slice) -> tuple[int, list[DocumentInfo]]:
        """How many documents a filter lets through, of one language or all, and part of them in the order of sources.

        Raises `QueryError` for a source or a document that the index does not have.
        """
        condition, values = self._condition(chosen, lang)
        (total,) = self._connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", values).fetchone()
        records = self._connection.execute(
            f"SELECT {', '.join(_INFO)} FROM documents WHERE {condition} ORDER BY source, rowid LIMIT ? OFFSET ?",
            [*values, part.stop - part.start, part.start],
        )
        return total, [DocumentInfo(**dict(zip(_INFO, record, strict=True))) for record in records]

    def each_document(self) -> Iterator[Document]:
        """Every document, one at a time, in the order of the files and within them."""
        names = ", ".join(f"d.{column}" for column in _DOCUMENT)
        records = self._connection.execute(
            f"SELECT {names} FROM documents d JOIN items i USING (doc_id) JOIN files f ON f.file_id = d.file_id "
            "ORDER BY path, i.rowid"
        )
        for record in records:
            yield _document(dict(zip(_DOCUMENT, record, strict=True)))

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises `NotFoundError`."""
        for record in self._select(_DOCUMENT, "documents", "doc_id", [doc_id]):
            return _document(record)
        raise _no_document(doc_id)

    def copies(self, doc_ids: Sequence[str]) -> dict[str, list[DocumentInfo]]:
        """For each of these documents that has any the others that hold the same text, by source."""
        found = self._connection.execute(
            "SELECT told.doc_id, other.doc_id "
            "FROM (SELECT doc_id, coalesce(copy_of, doc_id) AS leader FROM documents "
            f"WHERE doc_id IN ({_places(doc_ids)})) told "
            "JOIN documents other ON (other.doc_id = told.leader OR other.copy_of = told.leader) "
            "WHERE other.doc_id <> told.doc_id ORDER BY other.source, other.doc_id",
            tuple(doc_ids),
        )
        pairs = found.fetchall()
        infos = self.documents([other for _, other in pairs])
        linked: dict[str, list[DocumentInfo]] = {}
        for doc_id, other in pairs:
            linked.setdefault(doc_id, []).append(infos[other])
        return linked

    def near_duplicates(self, doc_ids: Sequence[str]) -> dict[str, list[tuple[DocumentInfo, float]]]:
        """For each of these documents that has any its near-duplicates, the most alike first.

        Likeness, 0–1, is known between a group's leader and its members only: a member has its leader alone.
        """
        found = self._connection.execute(
            "SELECT * FROM (SELECT doc_id, leader_id AS other, likeness FROM near_duplicates "
            "UNION ALL SELECT leader_id, doc_id, likeness FROM near_duplicates) "
            f"WHERE doc_id IN ({_places(doc_ids)}) ORDER BY likeness DESC, other",
            tuple(doc_ids),
        ).fetchall()
        infos = self.documents([other for _, other, _ in found])
        linked: dict[str, list[tuple[DocumentInfo, float]]] = {}
        for doc_id, other, likeness in found:
            linked.setdefault(doc_id, []).append((infos[other], likeness))
        return linked

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises `NotFoundError`."""
        for record in self._select(_PASSAGE, "passages", "passage_id", [passage_id]):
            return Passage(**record)
        raise _no_passage(passage_id)

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of a document from its first to its last, those of the document it is a copy of if it is one.

        Raises `NotFoundError`.
        """
        own = self._holder(doc_id)
        found = self._select(_PASSAGE, "passages", "doc_id", [own])
        return sorted((Passage(**record) for record in found), key=lambda passage: (passage.start, passage.end))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, chosen: Filter) -> npt.NDArray[np.int64]:
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
        if chosen.days:
            conditions.append(_DATED)
            values += [chosen.days.first, chosen.days.last, chosen.days.first]
        if chosen.sources:
            condition, named = self._of(chosen.sources)
            conditions.append(condition)
            values += named
        if chosen.doc_id is not None:
            if chosen.doc_id not in self.documents([chosen.doc_id]):
                raise QueryError(f"There is no document {chosen.doc_id!r}.", hint=_TAKE_DOCUMENT)
            conditions.append("doc_id = ?")
            values.append(chosen.doc_id)
        return " AND ".join(conditions), values

    def _holder(self, doc_id: str) -> str:
        """The document that holds the passages of this one. Raises `NotFoundError`."""
        for record in self._select(("doc_id", "copy_of"), "documents", "doc_id", [doc_id]):
            return str(record["copy_of"] or record["doc_id"])
        raise _no_document(doc_id)

    def _of(self, sources: Sequence[str]) -> tuple[str, list[str]]:
        """The condition that a document is of one of these sources, and the values in it."""
        publishers = {publisher: same_name(publisher) for publisher in self.publishers}
        conditions, values = [], []
        for source in sources:
            names = [publisher for publisher, name in publishers.items() if name == same_name(source)]
            path = str(PurePosixPath(source))
            inside = [path] * 3
            if self._connection.execute(f"SELECT 1 FROM documents WHERE {_INSIDE} LIMIT 1", inside).fetchone():
                conditions.append(_INSIDE)
                values += inside
            elif not names:
                raise _unknown(source, publishers)
            if names:
                conditions.append(f"publisher IN ({', '.join('?' * len(names))})")
                values += names
        return f"({' OR '.join(conditions)})", values

    def _select(self, columns: Sequence[str], table: str, key: str, values: Sequence[object]) -> list[dict[str, Any]]:
        names = ", ".join(f'"{column}"' for column in columns)
        records = self._connection.execute(
            f"SELECT {names} FROM {table} WHERE {key} IN ({_places(values)})", tuple(values)
        )
        return [dict(zip(columns, record, strict=True)) for record in records]


def _document(record: dict[str, Any]) -> Document:
    return Document(**record | {"page_starts": tuple(json.loads(record["page_starts"]))})


def _unknown(source: str, publishers: Mapping[str, str]) -> QueryError:
    hint = "Name a publisher, or the path of a file or folder, relative to what was indexed."
    message = f"Nothing in the index is of the source {source!r}."
    near = get_close_matches(same_name(source), publishers.values(), n=1)
    if not near:
        return QueryError(message, hint=hint, fault="unknown-source", source=source)
    meant = next(publisher for publisher, name in publishers.items() if name == near[0])
    return QueryError(message, hint=f"{hint} Is it {meant!r}?", fault="misspelt-source", source=source, meant=meant)


def _no_document(doc_id: str) -> NotFoundError:
    return NotFoundError(f"There is no document {doc_id!r}.", hint=_TAKE_DOCUMENT, fault="no-document", doc_id=doc_id)


def _no_passage(passage_id: str) -> NotFoundError:
    return NotFoundError(
        f"There is no passage {passage_id!r}.",
        hint="Take the passage_id from a search result.",
        fault="no-passage",
        passage_id=passage_id,
    )


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
