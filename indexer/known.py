"""What a finished catalogue knows of source files, for the build that goes on from it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.options import loaded
from indexer.readers import ReadOptions, Skip
from search.catalogue import open_finished
from search.errors import DamagedIndexError
from search.store import REBUILD


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What an earlier generation recorded of a file.

    `source` is relative to the folder that was indexed, `options` are as in `indexer.options.heeded`.
    """

    file_id: int
    path: Path
    size: int
    mtime_ns: int
    digest: str
    source: str = ""
    format: str | None = None
    options: str = ""


@contextmanager
def finished(catalogue: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a finished catalogue. Raises `DamagedIndexError` when it cannot be read."""
    try:
        with closing(open_finished(catalogue)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise DamagedIndexError(f"The catalogue {catalogue} cannot be read.", hint=REBUILD) from error


def known_files(catalogue: Path) -> list[KnownFile]:
    """The files of a finished catalogue. Raises `DamagedIndexError` when it cannot be read."""
    with finished(catalogue) as connection:
        records = connection.execute(
            "SELECT file_id, path, size, mtime_ns, digest, source, format, options FROM files"
        ).fetchall()
    return [KnownFile(file_id, Path(path), *state) for file_id, path, *state in records]


def known_options(catalogue: Path) -> dict[Path, ReadOptions]:
    """How files are read, as a finished catalogue remembers it. Raises `DamagedIndexError` as above."""
    with finished(catalogue) as connection:
        records = connection.execute("SELECT path, options FROM roots").fetchall()
    return {Path(path): loaded(options) for path, options in records}


def known_roots(catalogue: Path) -> list[Path]:
    """The paths that a finished catalogue was built from. Raises `DamagedIndexError` as above."""
    return sorted(known_options(catalogue))


def known_skips(catalogue: Path) -> list[Skip]:
    """What of the files of a finished catalogue is not in the index. Raises `DamagedIndexError` as above."""
    with finished(catalogue) as connection:
        records = connection.execute(
            "SELECT CASE place WHEN '' THEN source ELSE source || ', ' || place END, reason "
            "FROM all_skips JOIN files USING (file_id) ORDER BY source, number"
        ).fetchall()
    return [Skip(*record) for record in records]


def path_of(catalogue: Path, doc_id: str) -> Path | None:
    """The file that a document came from, None for no document. Raises `DamagedIndexError` as above."""
    with finished(catalogue) as connection:
        record = connection.execute(
            "SELECT path FROM items JOIN files USING (file_id) WHERE doc_id = ?", (doc_id,)
        ).fetchone()
    return Path(record[0]) if record else None
