"""The catalogue of a generation in the making."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from indexer.duplicates import Group, fingerprint, signature
from indexer.entries import Entry, Piece, StoredItem
from indexer.readers import SourceItem
from indexer.repetition import packed_hashes
from indexer.sources import Sources
from search.records import Document
from search.schema import SCHEMA
from search.shingles import Shingles

_NOTES = """
CREATE TEMP TABLE stale (doc_id TEXT PRIMARY KEY, repeated BLOB NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE leaders (fingerprint BLOB PRIMARY KEY, doc_id TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Lines:
    """The hashes of a document's lines, one after the other, and which of its site's it was cleaned by, if it was."""

    doc_id: str
    cleaned_by: bytes | None
    hashes: bytes


class Draft:
    """Writing access to a new catalogue. Nothing is on the disk for good before `finish`."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA} {_NOTES}")
        self._connection.execute("BEGIN")
        self.sources = Sources(self._connection)

    def unsettle(self) -> None:
        """Have all lines counted and all documents cleaned again, since the rules for it are new."""
        for (doc_id,) in self._connection.execute("SELECT doc_id FROM items").fetchall():
            values = (packed_hashes(self.item(doc_id).item.text), doc_id)
            self._connection.execute("UPDATE items SET line_hashes = ?, cleaned_by = NULL WHERE doc_id = ?", values)

    def sites(self) -> list[str]:
        """The sites that the items are from."""
        return [site for (site,) in self._connection.execute("SELECT DISTINCT site FROM items ORDER BY site")]

    def line_hashes(self, site: str) -> list[bytes]:
        """What is hashed of the lines of a site's items, each once, in order."""
        records = self._connection.execute(
            "SELECT DISTINCT line_hashes FROM items WHERE site = ? ORDER BY line_hashes", (site,)
        )
        return [hashes for (hashes,) in records]

    def lines(self, site: str) -> Iterator[Lines]:
        """The lines of a site's items."""
        for record in self._connection.execute(
            "SELECT doc_id, cleaned_by, line_hashes FROM items WHERE site = ?", (site,)
        ):
            yield Lines(*record)

    def mark_stale(self, documents: Iterable[tuple[str, bytes]]) -> None:
        """Note which documents have to be cleaned, and by which lines of their site, given as packed hashes."""
        self._connection.executemany("INSERT INTO stale VALUES (?, ?)", documents)

    def count_items(self) -> int:
        """How many items there are."""
        return int(self._connection.execute("SELECT count(*) FROM items").fetchone()[0])

    def count_chars(self) -> int:
        """How long all items are together."""
        (chars,) = self._connection.execute(
            "SELECT coalesce(sum(length(coalesce(i.text, d.text))), 0) "
            "FROM items i LEFT JOIN documents d USING (doc_id)"
        ).fetchone()
        return int(chars)

    def in_order(self) -> Iterator[tuple[str, bytes | None]]:
        """The id of every item and, where it has to be cleaned, by which lines; in the order in which copies lead."""
        self._connection.execute(
            "CREATE TEMP TABLE agenda AS SELECT doc_id, repeated FROM items JOIN files USING (file_id) "
            "LEFT JOIN stale USING (doc_id) ORDER BY source, doc_id"
        )
        yield from self._connection.execute("SELECT doc_id, repeated FROM agenda ORDER BY rowid")

    def item(self, doc_id: str) -> StoredItem:
        """An item as its file tells it."""
        source, page_starts, *values = self._connection.execute(
            "SELECT f.source, i.page_starts, coalesce(i.text, d.text), i.title, i.lang, i.date, i.publisher, i.author, "
            "i.record_id FROM items i JOIN files f USING (file_id) LEFT JOIN documents d USING (doc_id) "
            "WHERE i.doc_id = ?",
            (doc_id,),
        ).fetchone()
        names = ("text", "title", "lang", "date", "publisher", "author", "record_id")
        item = SourceItem(**dict(zip(names, values, strict=True)), page_starts=tuple(json.loads(page_starts)))
        return StoredItem(doc_id, source, item)

    def settle(self, stored: StoredItem, entry: Entry | None, cleaned_by: bytes) -> None:
        """Record the document that an item is, in the place of what it was before; it has no passages yet."""
        doc_id, text = stored.doc_id, stored.item.text
        execute = self._connection.execute
        execute("DELETE FROM passages WHERE doc_id = ?", (doc_id,))
        execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        own_text = None if entry and entry.document.text == text else text
        execute("UPDATE items SET cleaned_by = ?, text = ? WHERE doc_id = ?", (cleaned_by, own_text, doc_id))
        if entry:
            self._add_document(entry)

    def _add_document(self, entry: Entry) -> None:
        document = entry.document
        self._connection.execute(
            "INSERT INTO documents SELECT doc_id, file_id, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, ? "
            "FROM items WHERE doc_id = ?",
            (
                document.title,
                document.lang,
                document.date,
                document.source,
                document.publisher,
                document.author,
                document.record_id,
                json.dumps(document.page_starts),
                fingerprint(document.text),
                json.dumps([astuple(line) for line in entry.removed], ensure_ascii=False),
                document.text,
                document.doc_id,
            ),
        )

    def follow_leader(self, doc_id: str) -> None:
        """Find who stands for the documents with the text of this one: the first of them that was asked about.

        Only that one has passages.
        """
        execute = self._connection.execute
        found = execute("SELECT fingerprint, copy_of FROM documents WHERE doc_id = ?", (doc_id,)).fetchone()
        if found is None:  # all of the item was furniture
            return
        text, before = found
        execute("INSERT OR IGNORE INTO leaders VALUES (?, ?)", (text, doc_id))
        (leader,) = execute("SELECT doc_id FROM leaders WHERE fingerprint = ?", (text,)).fetchone()
        copy_of = None if leader == doc_id else leader
        if copy_of != before:
            execute("UPDATE documents SET copy_of = ?, signature = NULL WHERE doc_id = ?", (copy_of, doc_id))
        if copy_of:
            execute("DELETE FROM passages WHERE doc_id = ?", (doc_id,))

    def is_uncut(self, doc_id: str) -> bool:
        """Whether a document has to have passages, and has none yet."""
        found = self._connection.execute(
            "SELECT 1 FROM documents WHERE doc_id = ? AND copy_of IS NULL AND signature IS NULL", (doc_id,)
        )
        return found.fetchone() is not None

    def document(self, doc_id: str) -> Document:
        """A document that was settled."""
        names = "doc_id, title, lang, date, source, publisher, author, record_id, text"
        page_starts, *record = self._connection.execute(
            f"SELECT page_starts, {names} FROM documents WHERE doc_id = ?", (doc_id,)
        ).fetchone()
        return Document(**dict(zip(names.split(", "), record, strict=True)), page_starts=tuple(json.loads(page_starts)))

    def cut(self, document: Document, pieces: Sequence[Piece]) -> None:
        """Record a document's passages."""
        rows = ((*astuple(p.passage), p.input, Shingles.of(p.passage.text).packed(), None) for p in pieces)
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        values = (signature(document.text), document.doc_id)
        self._connection.execute("UPDATE documents SET signature = ? WHERE doc_id = ?", values)

    def signatures(self) -> Iterator[tuple[str, bytes]]:
        """The signature of every document that is not a copy."""
        yield from self._connection.execute("SELECT doc_id, signature FROM documents WHERE copy_of IS NULL")

    def add_near_duplicates(self, groups: Iterable[Group]) -> None:
        """Record which documents tell the same."""
        rows = ((doc_id, group.leader, likeness) for group in groups for doc_id, likeness in group.members)
        self._connection.executemany("INSERT INTO near_duplicates VALUES (?, ?, ?)", rows)

    def count_documents(self) -> int:
        """How many documents there are."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def number_passages(self) -> dict[str, range]:
        """Give every passage its row, those of a language in a run of their own; return the runs.

        The order depends on the documents alone, not on when each was added.
        """
        self._connection.execute(
            "UPDATE passages SET row = place FROM (SELECT passage_id AS id, row_number() OVER "
            "(ORDER BY p.lang, path, doc_id, start) - 1 AS place "
            "FROM passages p JOIN documents USING (doc_id) JOIN files USING (file_id)) WHERE passage_id = id"
        )
        pools: dict[str, range] = {}
        end = 0
        for lang, count in self._connection.execute("SELECT lang, count(*) FROM passages GROUP BY lang ORDER BY lang"):
            pools[lang] = range(end, end + count)
            end += count
        return pools

    def inputs(self, rows: range) -> list[str]:
        """What the encoder reads for the passages of these rows, in their order."""
        return [text for _, text in self.numbered_inputs(rows)]

    def numbered_inputs(self, rows: range) -> Iterator[tuple[int, str]]:
        """Row and what the encoder reads of the passages of these rows, in their order."""
        yield from self._connection.execute(
            "SELECT row, input FROM passages WHERE row >= ? AND row < ? ORDER BY row", (rows.start, rows.stop)
        )

    def texts(self, rows: range) -> Iterator[tuple[int, str]]:
        """Row and text of the passages of these rows, in their order."""
        yield from self._connection.execute(
            "SELECT row, text FROM passages WHERE row >= ? AND row < ? ORDER BY row", (rows.start, rows.stop)
        )

    def documents_of_rows(self) -> list[str]:
        """The id of the document of each row."""
        return [doc_id for (doc_id,) in self._connection.execute("SELECT doc_id FROM passages ORDER BY row")]

    def add_counterparts(self, pairs: Iterable[tuple[str, str, float]]) -> None:
        """Record documents of two languages that tell the same, with their cosine."""
        self._connection.executemany("INSERT INTO counterparts VALUES (?, ?, ?)", pairs)

    def finish(self) -> None:
        """Write what is left and close the file."""
        self._connection.execute("COMMIT")
        self._connection.close()
