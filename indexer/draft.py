"""The catalogue of a generation in the making."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from indexer.duplicates import Group, fingerprint, signature
from indexer.entries import Entry, Piece, StoredItem, document_id, site_of
from indexer.files import SourceFile
from indexer.known import KnownFile
from indexer.options import OptionsByRoot, dumped, heeded
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.repetition import line_hashes
from search.records import Document
from search.schema import SCHEMA
from search.shingles import Shingles

_KEPT_TABLES = ("skips", "items", "documents")


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
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        self._connection.execute("BEGIN")

    def keep(self, catalogue: Path, files: Iterable[tuple[KnownFile, int]]) -> None:
        """Take over these files, with all that came of them, from a finished catalogue.

        Each comes with its present source, and time of change, which may be newer although the content is the same.
        """
        execute = self._connection.execute
        execute("COMMIT")
        execute("ATTACH ? AS old", (str(catalogue),))
        execute("BEGIN")
        execute("CREATE TEMP TABLE kept (file_id INTEGER PRIMARY KEY, mtime_ns INTEGER, source TEXT)")
        rows = ((file.file_id, mtime_ns, file.source) for file, mtime_ns in files)
        self._connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", rows)
        execute("INSERT INTO files SELECT f.* FROM old.files f JOIN kept USING (file_id)")
        for table in _KEPT_TABLES:
            execute(f"INSERT INTO {table} SELECT t.* FROM old.{table} t JOIN kept USING (file_id)")
        execute("UPDATE files SET mtime_ns = kept.mtime_ns FROM kept WHERE kept.file_id = files.file_id")
        for table in ("files", "documents"):
            execute(f"UPDATE {table} SET source = kept.source FROM kept WHERE kept.file_id = {table}.file_id")
        execute(
            "INSERT INTO passages "
            "SELECT p.passage_id, p.doc_id, p.lang, p.text, p.start, p.end, p.page, p.input, p.shingles, NULL "
            "FROM old.passages p JOIN documents USING (doc_id)"
        )
        execute("COMMIT")
        execute("DETACH old")
        execute("BEGIN")

    def remember(self, options: OptionsByRoot, unfound: Iterable[Skip]) -> None:
        """Record how files are read, and what was found that is no file that can be opened."""
        rows = [(str(path), dumped(told)) for path, told in sorted(options.items())]
        self._connection.executemany("INSERT INTO roots VALUES (?, ?)", rows)
        self._connection.executemany("INSERT INTO unfound VALUES (?, ?)", map(astuple, unfound))

    def add(
        self,
        file: SourceFile,
        digest: str,
        found: Iterable[SourceItem | Skip | Health],
        options: ReadOptions = ReadOptions(),  # noqa: B008 (it is frozen)
    ) -> None:
        """Record a file that was read with these options, and what was found in it."""
        values = (str(file.path), file.source, file.size, file.mtime_ns, digest)
        execute = self._connection.execute
        file_id = execute(
            "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, '', NULL, NULL, 0, '[]', 0, 0)", values
        ).lastrowid
        health = Health()
        for one in found:
            if isinstance(one, SourceItem):
                self._add_item(file, file_id, one)
            elif isinstance(one, Skip):
                execute("INSERT INTO skips VALUES (?, ?, ?)", (file_id, one.place, one.reason))
            else:
                health = one
        format_, encoding, pages, empty_pages, garbage_share, repaired_lines = astuple(health)
        execute(
            "UPDATE files SET options = ?, format = ?, encoding = ?, pages = ?, empty_pages = ?, garbage_share = ?, "
            "repaired_lines = ? WHERE file_id = ?",
            (
                heeded(format_, options),
                format_,
                encoding,
                pages,
                json.dumps(empty_pages),
                garbage_share,
                repaired_lines,
                file_id,
            ),
        )

    def _add_item(self, file: SourceFile, file_id: int | None, item: SourceItem) -> None:
        self._connection.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
            (
                document_id(file.path, item),
                file_id,
                site_of(file.path, item),
                item.record_id,
                item.title,
                item.lang,
                item.date,
                item.publisher,
                item.author,
                json.dumps(item.page_starts),
                _packed(item.text),
                item.text,
            ),
        )

    def unsettle(self) -> None:
        """Have all lines counted and all documents cleaned again, since the rules for it are new."""
        for (doc_id,) in self._connection.execute("SELECT doc_id FROM items").fetchall():
            values = (_packed(self.item(doc_id).item.text), doc_id)
            self._connection.execute("UPDATE items SET line_hashes = ?, cleaned_by = NULL WHERE doc_id = ?", values)

    def sites(self) -> list[str]:
        """The sites that the items are from."""
        return [site for (site,) in self._connection.execute("SELECT DISTINCT site FROM items ORDER BY site")]

    def lines(self, site: str) -> list[Lines]:
        """The lines of a site's items."""
        records = self._connection.execute(
            "SELECT doc_id, cleaned_by, line_hashes FROM items WHERE site = ? ORDER BY doc_id", (site,)
        )
        return [Lines(*record) for record in records]

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

    def mark_copies(self) -> None:
        """Find who stands for the documents of equal text, and take the others' passages from them."""
        leaders: dict[bytes, str] = {}
        changed = []
        for doc_id, before, text in self._connection.execute(
            "SELECT doc_id, copy_of, fingerprint FROM documents ORDER BY source, doc_id"
        ):
            leader = leaders.setdefault(text, doc_id)
            copy_of = None if leader == doc_id else leader
            if copy_of != before:
                changed.append((copy_of, doc_id))
        self._connection.executemany("UPDATE documents SET copy_of = ?, signature = NULL WHERE doc_id = ?", changed)
        self._connection.execute(
            "DELETE FROM passages WHERE doc_id IN (SELECT doc_id FROM documents WHERE copy_of IS NOT NULL)"
        )

    def uncut(self) -> list[str]:
        """The documents that have to have passages, and have none yet."""
        records = self._connection.execute(
            "SELECT doc_id FROM documents WHERE copy_of IS NULL AND signature IS NULL ORDER BY doc_id"
        )
        return [doc_id for (doc_id,) in records]

    def document(self, doc_id: str) -> Document:
        """A document that was settled."""
        names = "doc_id, title, lang, date, source, publisher, author, record_id, text"
        page_starts, *record = self._connection.execute(
            f"SELECT page_starts, {names} FROM documents WHERE doc_id = ?", (doc_id,)
        ).fetchone()
        return Document(**dict(zip(names.split(", "), record, strict=True)), page_starts=tuple(json.loads(page_starts)))

    def cut(self, document: Document, pieces: Iterable[Piece]) -> None:
        """Record a document's passages."""
        rows = [(*astuple(p.passage), p.input, Shingles.of(p.passage.text).packed(), None) for p in pieces]
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
        records = self._connection.execute(
            "SELECT passage_id, p.lang FROM passages p JOIN documents USING (doc_id) JOIN files USING (file_id) "
            "ORDER BY p.lang, path, doc_id, start"
        ).fetchall()
        rows = ((row, passage_id) for row, (passage_id, _) in enumerate(records))
        self._connection.executemany("UPDATE passages SET row = ? WHERE passage_id = ?", rows)
        pools: dict[str, range] = {}
        for row, (_, lang) in enumerate(records):
            pools[lang] = range(pools[lang].start if lang in pools else row, row + 1)
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


def _packed(text: str) -> bytes:
    return b"".join(sorted(line_hashes(text)))
