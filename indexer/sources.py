"""What a generation in the making is made of: the files that it takes over from the one before, and those read now."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from indexer.entries import document_id, site_of
from indexer.files import SourceFile
from indexer.known import KnownFile
from indexer.options import OptionsByRoot, dumped, heeded
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.repetition import packed_hashes

_KEPT_TABLES = ("skips", "items", "documents")


class Sources:
    """Writing access to the files and items of a `Draft`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

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
                packed_hashes(item.text),
                item.text,
            ),
        )
