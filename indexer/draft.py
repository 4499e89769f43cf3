"""The catalogue of a generation in the making."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from indexer.files import SourceFile
from indexer.readers import Skip
from search.catalogue import SCHEMA, open_finished
from search.errors import DamagedIndexError
from search.records import Document, Passage
from search.shingles import Shingles
from search.store import REBUILD


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What an earlier generation recorded of a file; `source` is relative to the folder that was indexed."""

    file_id: int
    path: Path
    size: int
    mtime_ns: int
    digest: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its passages and, for each, what the encoder reads."""

    document: Document
    passages: list[Passage]
    inputs: list[str]


def known_files(catalogue: Path) -> list[KnownFile]:
    """The files of a finished catalogue. Raises `DamagedIndexError` when it cannot be read."""
    with _finished(catalogue) as connection:
        records = connection.execute("SELECT file_id, path, size, mtime_ns, digest, source FROM files").fetchall()
    return [KnownFile(file_id, Path(path), *state) for file_id, path, *state in records]


def known_skips(catalogue: Path) -> list[Skip]:
    """What was skipped when a finished catalogue was built. Raises `DamagedIndexError` when it cannot be read."""
    with _finished(catalogue) as connection:
        return _skips(connection)


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
        execute(
            "INSERT INTO files SELECT file_id, path, kept.source, size, kept.mtime_ns, digest "
            "FROM old.files JOIN kept USING (file_id)"
        )
        execute("INSERT INTO skips SELECT s.* FROM old.skips s JOIN kept USING (file_id)")
        execute("INSERT INTO documents SELECT d.* FROM old.documents d JOIN kept USING (file_id)")
        execute("UPDATE documents SET source = kept.source FROM kept WHERE kept.file_id = documents.file_id")
        execute(
            "INSERT INTO passages "
            "SELECT p.passage_id, p.doc_id, p.lang, p.text, p.start, p.end, p.input, p.shingles, NULL "
            "FROM old.passages p JOIN documents USING (doc_id)"
        )
        execute("COMMIT")
        execute("DETACH old")
        execute("BEGIN")

    def add(self, file: SourceFile, digest: str, entries: Iterable[Entry], skips: Iterable[Skip]) -> None:
        """Record a file that was read, its documents and what of it was skipped; `skips` is gone through last."""
        values = (str(file.path), file.source, file.size, file.mtime_ns, digest)
        file_id = self._connection.execute("INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?)", values).lastrowid
        for entry in entries:
            self._add_entry(file_id, entry)
        rows = [(file_id, skip.place, skip.reason) for skip in skips]
        self._connection.executemany("INSERT INTO skips VALUES (?, ?, ?)", rows)

    def _add_entry(self, file_id: int | None, entry: Entry) -> None:
        document = entry.document
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.doc_id,
                file_id,
                document.title,
                document.lang,
                document.date,
                document.source,
                document.publisher,
                document.record_id,
                document.text,
            ),
        )
        rows = [
            (*astuple(passage), text, Shingles.of(passage.text).packed(), None)
            for passage, text in zip(entry.passages, entry.inputs, strict=True)
        ]
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def skips(self) -> list[Skip]:
        """All that was skipped in the files of this catalogue."""
        return _skips(self._connection)

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


@contextmanager
def _finished(catalogue: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(open_finished(catalogue)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise DamagedIndexError(f"The catalogue {catalogue} cannot be read.", hint=REBUILD) from error


def _skips(connection: sqlite3.Connection) -> list[Skip]:
    records = connection.execute(
        "SELECT CASE place WHEN '' THEN source ELSE source || ', ' || place END, reason "
        "FROM skips JOIN files USING (file_id) ORDER BY source, skips.rowid"
    )
    return [Skip(*record) for record in records]
