"""What a build did."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.changes import Changes
from indexer.health import FileHealth, glance
from indexer.known import known_skips
from indexer.readers import Skip
from search.backend import Server
from search.store import Manifest
from search.tokens import tokens_size_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build did. `languages` counts passages; `published` is False when nothing had changed.

    `copies` are documents with the text of another, which alone has passages. `formats` counts files by format.
    `files_moved` were known, under a path where they are no more; they are counted as nothing else.
    `late_bytes` is the size of the token vectors, None without late interaction. `problems` lists files that were read,
    but not without trouble, `skipped` all that is missing from the index, whether it was found now or by an earlier
    build. `server` is what keeps the index, None for a folder; `sent` says whether a generation was sent to it.
    """

    generation: str
    published: bool
    documents: int
    copies: int
    passages: int
    languages: dict[str, int]
    formats: dict[str, int]
    files_read: int
    files_kept: int
    files_moved: int
    files_removed: int
    encoded: int
    late_bytes: int | None
    problems: list[FileHealth]
    skipped: list[Skip]
    seconds: float
    server: Server | None = None
    sent: bool = False

    @classmethod
    def of(cls, folder: Path, manifest: Manifest, changes: Changes, *, encoded: int | None, seconds: float) -> Self:
        """That of the build that ended with the generation in `folder`, which it published if it `encoded` for it."""
        catalogue = folder / "catalogue.sqlite"
        seen = glance(catalogue)
        return cls(
            generation=manifest.generation,
            published=encoded is not None,
            documents=manifest.documents,
            copies=seen.copies,
            passages=manifest.passages,
            languages=manifest.languages,
            formats=seen.formats,
            files_read=len(changes.new) - changes.moved,
            files_kept=len(changes.kept),
            files_moved=changes.moved,
            files_removed=changes.removed,
            encoded=encoded or 0,
            late_bytes=tokens_size_bytes(folder) if manifest.late else None,
            problems=seen.problems,
            skipped=known_skips(catalogue) + changes.skipped,
            seconds=seconds,
        )
