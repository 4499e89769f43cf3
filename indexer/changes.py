"""What changed since the current generation was built."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.files import SourceFile, discover, file_digest
from indexer.known import KnownFile
from indexer.readers import Skip


@dataclass(slots=True)
class Changes:
    """Source files against what is known of them.

    `kept` are known files whose content is what it was, each with its present source and time of change; `renamed`
    tells whether any of them has another source. `new` are to be read, `moved` of them known under a path that is gone;
    `removed` counts the other known files that are gone. `skipped` could not even be asked for their state.
    """

    kept: list[tuple[KnownFile, int]] = field(default_factory=list)
    new: list[SourceFile] = field(default_factory=list)
    moved: int = 0
    removed: int = 0
    renamed: bool = False
    skipped: list[Skip] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether a new generation would differ from the current one."""
        return bool(self.new or self.removed or self.renamed)

    def reread(self, files: Sequence[KnownFile]) -> None:
        """Have some of the kept files read again."""
        again = {file.file_id for file in files}
        for file, mtime_ns in self.kept:
            if file.file_id in again:
                self.new.append(SourceFile(file.path, file.source, file.size, mtime_ns))
        self.kept = [(file, mtime_ns) for file, mtime_ns in self.kept if file.file_id not in again]


def find_changes(roots: Sequence[Path], known: Sequence[KnownFile], *, without: Path | None = None) -> Changes:
    """Compare what lies below the absolute paths `roots` with the known files; known files elsewhere are kept.

    The source of a file is relative to the root, unless the root lies in a folder that was indexed before: then it
    stays relative to that folder. What lies below `without` is passed over unless the root does, too.
    """
    changes = Changes()
    unseen = {file.path: file for file in known}
    for found in discover(roots, without=without, bases=_bases(known)):
        if isinstance(found, Skip):
            changes.skipped.append(found)
            continue
        before = unseen.pop(found.path, None)
        if before and _is_unchanged(found, before):
            changes.renamed |= before.source != found.source
            changes.kept.append((replace(before, source=found.source), found.mtime_ns))
        else:
            changes.new.append(found)
    gone = []
    for file in unseen.values():
        if any(_looked_at(file.path, root, without) for root in roots):
            gone.append(file)
        else:
            changes.kept.append((file, file.mtime_ns))
    changes.moved = _count_moved(changes.new, gone)
    changes.removed = len(gone) - changes.moved
    return changes


def without_paths(paths: Sequence[Path], known: Sequence[KnownFile]) -> Changes:
    """The change that takes files, and all that lies below folders, out of the index; the paths are absolute."""
    kept = [file for file in known if not any(file.path.is_relative_to(path) for path in paths)]
    return Changes(kept=[(file, file.mtime_ns) for file in kept], removed=len(known) - len(kept))


def _looked_at(path: Path, root: Path, without: Path | None) -> bool:
    """Whether looking below a root comes upon a path, unless it is gone."""
    passed_over = without is not None and path.is_relative_to(without) and not root.is_relative_to(without)
    return path.is_relative_to(root) and not passed_over


def _bases(known: Iterable[KnownFile]) -> set[Path]:
    """The folders that the sources of known files are relative to."""
    return {Path(base) for base in {str(file.path).removesuffix(file.source) for file in known}}


def _count_moved(new: Iterable[SourceFile], gone: Iterable[KnownFile]) -> int:
    """How many new files have the content of one that is gone, each of which went to one place."""
    left = Counter(file.digest for file in gone if file.digest)
    sizes = {file.size for file in gone}
    moved = 0
    for file in new:
        digest = file_digest(file.path) if file.size in sizes else ""
        if left[digest]:
            left[digest] -= 1
            moved += 1
    return moved


def _is_unchanged(found: SourceFile, before: KnownFile) -> bool:
    if found.size != before.size:
        return False
    if found.mtime_ns == before.mtime_ns and before.digest:
        return True
    return file_digest(found.path) == before.digest  # also when it could not be read before, either
