"""The state of what was read, file by file, as the catalogue of a finished generation tells it."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.cleaning import Removed
from indexer.furniture import Reason
from indexer.known import finished
from indexer.readers import Skip

_MUCH_GARBAGE = 0.1  # of right text, too, a few words are in no list
_NOTEWORTHY = f"(empty_pages <> '[]' OR garbage_share >= {_MUCH_GARBAGE} OR repaired_lines > 0)"
_COPIES = "documents WHERE copy_of IS NOT NULL"
_LISTED_PAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHealth:
    """A file: what it is, what came of it, and what was wrong with it.

    `source` is its path relative to the folder that was indexed. `format` is None where it is none that is read;
    `encoding`, `pages`, `empty_pages`, `garbage_share` and `repaired_lines` are as in `indexer.readers.Health`.
    `languages` has each language's share of its documents' characters, 0–1. `removed_lines` counts lines of furniture.
    The places in `skipped` are in the file, "" for all of it.
    """

    source: str
    format: str | None
    encoding: str | None
    documents: int
    languages: dict[str, float]
    pages: int
    empty_pages: tuple[int, ...]
    garbage_share: float
    repaired_lines: int
    removed_lines: int
    skipped: tuple[Skip, ...]

    def problems(self) -> list[str]:
        """What was wrong with what was read, a clause each."""
        found = []
        if self.empty_pages:
            listed = ", ".join(map(str, self.empty_pages[:_LISTED_PAGES]))
            more = ", …" if len(self.empty_pages) > _LISTED_PAGES else ""
            found.append(f"no text on {len(self.empty_pages):,} of {self.pages:,} pages ({listed}{more})")
        if self.garbage_share >= _MUCH_GARBAGE:
            found.append(f"{self.garbage_share:.0%} of its words are none in any language")
        if self.repaired_lines:
            found.append(f"{self.repaired_lines:,} {'line' if self.repaired_lines == 1 else 'lines'} put right")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a build's summary tells: files by format, documents with the text of another, files with problems."""

    formats: dict[str, int]
    copies: int
    problems: list[FileHealth]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexHealth:
    """All files, by source. `formats` counts files by format, `languages` has each one's share of all characters.

    Of the `documents`, `copies` have the text of another and `near_duplicates` nearly that of another. `unfound` is
    what was there when the generation was built, but could not even be opened as a file.
    """

    files: list[FileHealth]
    formats: dict[str, int]
    languages: dict[str, float]
    documents: int
    copies: int
    near_duplicates: int
    unfound: list[Skip]


@dataclass(frozen=True, slots=True)
class Removal:
    """What cleaning took away from a document of a file."""

    source: str
    record_id: str | None
    lines: tuple[Removed, ...]


def check(catalogue: Path) -> IndexHealth:
    """The state of all that an index holds. Raises `DamagedIndexError` when its catalogue cannot be read."""
    with finished(catalogue) as connection:
        chars = connection.execute("SELECT lang, sum(length(text)) FROM documents GROUP BY lang ORDER BY 2 DESC")
        return IndexHealth(
            files=_files(connection, "TRUE"),
            formats=_formats(connection),
            languages=_shares(dict(chars)),
            documents=_count(connection, "documents"),
            copies=_count(connection, _COPIES),
            near_duplicates=_count(connection, "near_duplicates"),
            unfound=[Skip(*record) for record in connection.execute("SELECT source, reason FROM unfound")],
        )


def glance(catalogue: Path) -> Glance:
    """What there is to say in short; quick. Raises as above."""
    with finished(catalogue) as connection:
        return Glance(
            formats=_formats(connection),
            copies=_count(connection, _COPIES),
            problems=_files(connection, _NOTEWORTHY),
        )


def removals(catalogue: Path, roots: Sequence[Path]) -> Iterator[Removal]:
    """What was removed from the documents of the files below these absolute paths. Raises as above."""
    with finished(catalogue) as connection:
        for path, source, record_id, removed in connection.execute(
            "SELECT path, f.source, d.record_id, removed FROM documents d JOIN items i USING (doc_id) "
            "JOIN files f ON f.file_id = d.file_id WHERE removed <> '[]' ORDER BY path, i.rowid"
        ):
            if any(Path(path).is_relative_to(root) for root in roots):
                lines = tuple(Removed(text, Reason(reason)) for text, reason in json.loads(removed))
                yield Removal(source, record_id, lines)


def _count(connection: sqlite3.Connection, what: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


def _formats(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(
        connection.execute("SELECT coalesce(format, 'unknown'), count(*) FROM files GROUP BY 1 ORDER BY 2 DESC, 1")
    )


def _files(connection: sqlite3.Connection, which: str) -> list[FileHealth]:
    """The files for which a condition in SQL holds."""
    skips: dict[int, list[Skip]] = {}
    for file_id, place, reason in connection.execute(
        f"SELECT file_id, place, reason FROM all_skips JOIN files USING (file_id) WHERE {which}"
    ):
        skips.setdefault(file_id, []).append(Skip(place, reason))
    documents: dict[int, list[tuple[str, int, int, int]]] = {}
    for file_id, *told in connection.execute(
        "SELECT file_id, lang, count(*), sum(length(text)), sum(json_array_length(removed)) "
        f"FROM documents JOIN files USING (file_id) WHERE {which} GROUP BY file_id, lang"
    ):
        documents.setdefault(file_id, []).append(tuple(told))
    records = connection.execute(
        "SELECT file_id, source, format, encoding, pages, empty_pages, garbage_share, repaired_lines "
        f"FROM files WHERE {which} ORDER BY source, path"
    )
    return [_file(record, documents.get(record[0], []), skips.get(record[0], [])) for record in records]


def _file(record: Sequence[Any], documents: Sequence[tuple[str, int, int, int]], skips: Sequence[Skip]) -> FileHealth:
    _, source, format_, encoding, pages, empty_pages, garbage_share, repaired_lines = record
    return FileHealth(
        source=source,
        format=format_,
        encoding=encoding,
        documents=sum(count for _, count, _, _ in documents),
        languages=_shares({lang: chars for lang, _, chars, _ in documents}),
        pages=pages,
        empty_pages=tuple(json.loads(empty_pages)),
        garbage_share=garbage_share,
        repaired_lines=repaired_lines,
        removed_lines=sum(removed for _, _, _, removed in documents),
        skipped=tuple(skips),
    )


def _shares(chars: dict[str, int]) -> dict[str, float]:
    total = sum(chars.values())
    return {lang: round(count / total, 4) for lang, count in sorted(chars.items(), key=lambda told: -told[1])}
