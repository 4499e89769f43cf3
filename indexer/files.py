"""The files below the paths that a user names."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence, Set
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


def file_digest(path: Path) -> str:
    """A fingerprint of a file's content; nothing for a file that cannot be opened."""
    state = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as stream:
            while block := stream.read(2**20):
                state.update(block)
    except OSError:
        return ""
    return state.hexdigest()


def absolute(paths: Sequence[Path]) -> list[Path]:
    """The paths made absolute, links resolved. Raises `SourceError` for one that does not exist."""
    for path in paths:
        if not path.exists():
            raise SourceError(f"There is no file or folder {path}.", hint="Name the folder that holds the documents.")
    return [path.resolve() for path in paths]


def discover(
    paths: Sequence[Path], *, without: Path | None = None, bases: Set[Path] = frozenset()
) -> Iterator[SourceFile | Skip]:
    """Every file below absolute paths, each once, in a fixed order; hidden files and folders are passed over.

    A source is relative to the path or, where that lies in one of the folders `bases`, to the nearest of them. The
    folder `without`, where the index may be, is passed over, too, and links to folders are not followed. What cannot be
    opened or asked for its state, or is a pipe or the like, is a `Skip`.
    """
    seen: set[Path] = set()
    for root in paths:
        folder = root if root.is_dir() else root.parent
        folder = next((base for base in (folder, *folder.parents) if base in bases), folder)
        for path in _walk(root, without):
            if path not in seen:
                seen.add(path)
                yield _found(path, path.relative_to(folder).as_posix())


def _found(path: Path, source: str) -> SourceFile | Skip:
    try:
        os.fspath(path).encode()
        state = path.stat()
    except UnicodeEncodeError:
        return Skip(ascii(source), "The file's name is not valid UTF-8.")
    except OSError as error:
        return Skip(source, f"{error.strerror}.")
    if stat.S_ISDIR(state.st_mode):
        return Skip(source, "The folder cannot be opened.")
    if not stat.S_ISREG(state.st_mode):
        return Skip(source, "It is a pipe, a socket or a device, not a file.")
    return SourceFile(path, source, state.st_size, state.st_mtime_ns)


def _walk(root: Path, without: Path | None) -> Iterator[Path]:
    """All files in a fixed order, then the folders that could not be opened."""
    if not root.is_dir():
        yield root
        return
    closed: list[Path] = []
    folders = [root]  # not by os.walk, which fails on folders that lie a thousand deep
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            closed.append(folder)
            continue
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        yield from (Path(entry.path) for entry in shown if not _leads_to_folder(entry))
        inside = (Path(entry.path) for entry in reversed(shown) if entry.is_dir(follow_symlinks=False))
        folders += (path for path in inside if path != without)
    yield from closed


def _leads_to_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
