"""The files below the paths that a user names."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.readers import Skip
from search.errors import SourceError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was found: where it is, its path relative to the folder that was named, and its state."""

    path: Path
    source: str
    size: int
    mtime_ns: int


def absolute(paths: Sequence[Path]) -> list[Path]:
    """The paths made absolute, links resolved. Raises `SourceError` for one that does not exist."""
    for path in paths:
        if not path.exists():
            raise SourceError(f"There is no file or folder {path}.", hint="Name the folder that holds the documents.")
    return [path.resolve() for path in paths]


def discover(paths: Sequence[Path]) -> Iterator[SourceFile | Skip]:
    """Every file below absolute paths, each once, in a fixed order; hidden files and folders are passed over.

    Links to folders are not followed. A file that cannot be asked for its state is a `Skip`.
    """
    seen: set[Path] = set()
    for root in paths:
        folder = root if root.is_dir() else root.parent
        for path in _walk(root):
            if path in seen:
                continue
            seen.add(path)
            source = path.relative_to(folder).as_posix()
            try:
                source.encode()
                state = path.stat()
            except UnicodeEncodeError:
                yield Skip(ascii(source), "The file's name is not valid UTF-8.")
            except OSError as error:
                yield Skip(source, f"{error.strerror}.")
            else:
                yield SourceFile(path, source, state.st_size, state.st_mtime_ns)


def _walk(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)
