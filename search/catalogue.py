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
from search.filters import Filter, same_name
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles

SCHEMA = """
CREATE TABLE roots (             -- folders and files for which it was told how they are read, see indexer.options
    path TEXT PRIMARY KEY,       -- absolute
    options TEXT NOT NULL
);
CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,   -- absolute
    source TEXT NOT NULL,        -- relative to the folder that was indexed
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest TEXT NOT NULL,        -- of the content
    options TEXT NOT NULL,       -- what of the options that it was read with matters for its format
    format TEXT,                 -- NULL where it could not be told; this and the rest as in indexer.readers.Health
    encoding TEXT,
    pages INTEGER NOT NULL,
    empty_pages TEXT NOT NULL,   -- JSON
    garbage_share REAL NOT NULL,
    repaired_lines INTEGER NOT NULL
);
CREATE TABLE skips (             -- what could not be read, a file or a record of it, and why
    file_id INTEGER NOT NULL REFERENCES files,
    place TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE unfound (           -- what was there when this generation was built, but was no file that can be opened
    source TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE items (             -- documents as their files tell them
    doc_id TEXT PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files,
    site TEXT NOT NULL,          -- whose repeated lines they may have
    record_id TEXT,
    title TEXT NOT NULL,
    lang TEXT,
    date TEXT,
    publisher TEXT,
    author TEXT,
    page_starts TEXT NOT NULL,   -- JSON, in characters of the text
    cleaned_by BLOB,             -- which of the site's lines were looked for in it, NULL before it was cleaned
    line_hashes BLOB NOT NULL,   -- see indexer.repetition
    text TEXT                    -- NULL where it is the document's
);
CREATE TABLE documents (         -- items without furniture; those that are nothing else have none
    doc_id TEXT PRIMARY KEY REFERENCES items,
    file_id INTEGER NOT NULL REFERENCES files,
    title TEXT NOT NULL,
    lang TEXT NOT NULL,
    date TEXT,
    source TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    record_id TEXT,
    copy_of TEXT REFERENCES documents,  -- the one that stands for all with this text; only that has passages
    page_starts TEXT NOT NULL,   -- JSON
    fingerprint BLOB NOT NULL,   -- this and the signature: see indexer.duplicates
    signature BLOB,              -- NULL for copies
    removed TEXT NOT NULL,       -- JSON: what cleaning took away, pairs of text and reason
    text TEXT NOT NULL
);
CREATE VIEW all_skips AS         -- what of a file is not in the index, be it unread or nothing but furniture
    SELECT file_id, place, reason, rowid AS number FROM skips
    UNION ALL
    SELECT file_id, coalesce(record_id, ''), 'All of its text is furniture of the page.', rowid FROM items
    WHERE cleaned_by IS NOT NULL AND doc_id NOT IN (SELECT doc_id FROM documents);
CREATE TABLE near_duplicates (   -- documents that tell the same in nearly the same words, see indexer.duplicates
    doc_id TEXT PRIMARY KEY REFERENCES documents,
    leader_id TEXT NOT NULL REFERENCES documents,
    likeness REAL NOT NULL
);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents,
    lang TEXT NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,      -- in characters of the document's text
    "end" INTEGER NOT NULL,
    page INTEGER,                -- of the source, NULL where it has none
    input TEXT NOT NULL,         -- what the encoder is given: title and text
    shingles BLOB NOT NULL,      -- see search.shingles
    row INTEGER UNIQUE           -- of the vector
);
CREATE TABLE counterparts (      -- documents of two languages that tell the same, see search.counterparts
    doc_id TEXT NOT NULL REFERENCES documents,
    other_id TEXT NOT NULL REFERENCES documents,
    cosine REAL NOT NULL
);
CREATE INDEX items_file ON items (file_id);
CREATE INDEX items_site ON items (site);
CREATE INDEX documents_file ON documents (file_id);
CREATE INDEX documents_date ON documents (date, doc_id);
CREATE INDEX documents_source ON documents (source, doc_id);
CREATE INDEX documents_publisher ON documents (publisher, doc_id);
CREATE INDEX passages_doc ON passages (doc_id, row);
CREATE INDEX counterparts_doc ON counterparts (doc_id);
CREATE INDEX counterparts_other ON counterparts (other_id);
CREATE INDEX documents_copy ON documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX near_duplicates_leader ON near_duplicates (leader_id);
"""

# A document that is dated by its month or year alone may have appeared on any day of it.
_DATED = "date BETWEEN substr(?, 1, 4) AND ? || '~' AND date >= substr(?, 1, length(date))"
_INSIDE = "(source = ? OR (source > ? || '/' AND source < ? || '0'))"  # "0" is the sign that follows "/"

_FILTERS_REMEMBERED = 32

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

    def passages_at(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages with these vector rows, by row."""
        found = self._select(("row", *_PASSAGE), "passages", "row", rows)
        return {record.pop("row"): Passage(**record) for record in found}

    def told_at(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Shingles]]:
        """The passages with these vector rows and what they say, by row."""
        found = self._select(("row", "shingles", *_PASSAGE), "passages", "row", rows)
        told = {}
        for record in found:
            row, says = record.pop("row"), Shingles.unpacked(record.pop("shingles"))
            told[row] = Passage(**record), says
        return told

    def rows(self, chosen: Filter) -> npt.NDArray[np.int64]:
        """The rows of the passages whose documents a filter lets through, in order.

        A publisher is meant however its name is written (`search.filters.same_name`), a folder with all that is in it.
        Documents without a date are let through only where no days are asked for. Raises `QueryError` for a source that
        the index does not have.
        """
        return self._remembered(chosen)

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
        raise NotFoundError(f"There is no document {doc_id!r}.", hint="Take the doc_id from a search result.")

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
        raise NotFoundError(f"There is no passage {passage_id!r}.", hint="Take the passage_id from a search result.")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, chosen: Filter) -> npt.NDArray[np.int64]:
        conditions, values = ["TRUE"], []
        if chosen.days:
            conditions.append(_DATED)
            values += [chosen.days.first, chosen.days.last, chosen.days.first]
        if chosen.sources:
            condition, named = self._of(chosen.sources)
            conditions.append(condition)
            values += named
        records = self._connection.execute(
            f"SELECT row FROM passages WHERE doc_id IN "
            f"(SELECT coalesce(copy_of, doc_id) FROM documents WHERE {' AND '.join(conditions)})",
            values,
        )
        return np.sort(np.fromiter((row for (row,) in records), np.int64))

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
    near = get_close_matches(same_name(source), publishers.values(), n=1)
    if near:
        hint += f" Is it {next(publisher for publisher, name in publishers.items() if name == near[0])!r}?"
    return QueryError(f"Nothing in the index is of the source {source!r}.", hint=hint)


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
