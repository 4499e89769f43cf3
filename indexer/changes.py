"""What changed since the current generation was built."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.draft import KnownFile
from indexer.files import SourceFile, discover, file_digest
from indexer.readers import Skip


@dataclass(slots=True)
class Changes:
    """Source files against what is known of them.

    `kept` are known files whose content is what it was, each with its present time of change; `new` are to be read;
    `removed` counts the known files that are gone; `skipped` are files that could not even be asked for their state.
    """

    kept: list[tuple[KnownFile, int]] = field(default_factory=list)
    new: list[SourceFile] = field(default_factory=list)
    removed: int = 0
    skipped: list[Skip] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether a new generation would differ from the current one."""
        return bool(self.new or self.removed)


def find_changes(roots: Sequence[Path], known: Sequence[KnownFile], *, without: Path | None = None) -> Changes:
    """Compare what lies below the absolute paths `roots` with the known files; known files elsewhere are kept.

    What lies below `without` is passed over.
    """
    changes = Changes()
    unseen = {file.path: file for file in known}
    for found in discover(roots, without=without):
        if isinstance(found, Skip):
            changes.skipped.append(found)
            continue
        before = unseen.pop(found.path, None)
        if before and _is_unchanged(found, before):
            changes.kept.append((before, found.mtime_ns))
        else:
            changes.new.append(found)
    for file in unseen.values():
        if any(file.path.is_relative_to(root) for root in roots):
            changes.removed += 1
        else:
            changes.kept.append((file, file.mtime_ns))
    return changes


def _is_unchanged(found: SourceFile, before: KnownFile) -> bool:
    if found.size != before.size:
        return False
    if found.mtime_ns == before.mtime_ns and before.digest:
        return True
    return file_digest(found.path) == before.digest  # also when it could not be read before, either
