"""The catalogue of a generation: its files, documents and passages, in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from search.errors import NotFoundError
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles

SCHEMA = """
CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,   -- absolute
    source TEXT NOT NULL,        -- relative to the folder that was indexed
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest TEXT NOT NULL         -- of the content
);
CREATE TABLE skips (             -- what could not be read, a file or a record of it, and why
    file_id INTEGER NOT NULL REFERENCES files,
    place TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files,
    title TEXT NOT NULL,
    lang TEXT NOT NULL,
    date TEXT,
    source TEXT NOT NULL,
    publisher TEXT,
    record_id TEXT,
    text TEXT NOT NULL
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
CREATE INDEX documents_file ON documents (file_id);
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

    def each_document(self) -> Iterator[Document]:
        """Every document, one at a time, in the order of the files and within them."""
        names = ", ".join(f"d.{column}" for column in _DOCUMENT)
        records = self._connection.execute(
            f"SELECT {names} FROM documents d JOIN files USING (file_id) ORDER BY path, d.rowid"
        )
        for record in records:
            yield Document(**dict(zip(_DOCUMENT, record, strict=True)))

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises `NotFoundError`."""
        for record in self._select(_DOCUMENT, "documents", "doc_id", [doc_id]):
            return Document(**record)
        raise NotFoundError(f"There is no document {doc_id!r}.", hint="Take the doc_id from a search result.")

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
        places = ", ".join("?" * len(values))
        records = self._connection.execute(f"SELECT {names} FROM {table} WHERE {key} IN ({places})", tuple(values))
        return [dict(zip(columns, record, strict=True)) for record in records]
