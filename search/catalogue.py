"""The catalogue of a generation: its files, documents and passages, in SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from search.errors import NotFoundError
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
CREATE INDEX documents_copy ON documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX near_duplicates_leader ON near_duplicates (leader_id);
CREATE INDEX passages_doc ON passages (doc_id);
"""

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

    def documents(self, doc_ids: Sequence[str]) -> dict[str, DocumentInfo]:
        """What is known of these documents, by id."""
        return {
            record["doc_id"]: DocumentInfo(**record) for record in self._select(_INFO, "documents", "doc_id", doc_ids)
        }

    def all_documents(self) -> list[DocumentInfo]:
        """What is known of every document."""
        records = self._connection.execute(f"SELECT {', '.join(_INFO)} FROM documents")
        return [DocumentInfo(**dict(zip(_INFO, record, strict=True))) for record in records]

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises `NotFoundError`."""
        for record in self._select(_DOCUMENT, "documents", "doc_id", [doc_id]):
            return Document(**record | {"page_starts": tuple(json.loads(record["page_starts"]))})
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

    def _select(self, columns: Sequence[str], table: str, key: str, values: Sequence[object]) -> list[dict[str, Any]]:
        names = ", ".join(f'"{column}"' for column in columns)
        records = self._connection.execute(
            f"SELECT {names} FROM {table} WHERE {key} IN ({_places(values)})", tuple(values)
        )
        return [dict(zip(columns, record, strict=True)) for record in records]


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
