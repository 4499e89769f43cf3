"""Generations: immutable builds of an index, and the one rename that makes the newest of them the current one.

    INDEX/
        CURRENT                  the name of the generation that readers open
        generations/NAME/        manifest.json, catalogue.sqlite, vectors/, pools.npz, shift.npz, lexical/,
                                 dictionary/, names.sqlite, and with late interaction tokens/ and late.npz
        cache/                   what was encoded before (see `indexer.cache`)
        lock                     held by the one build that may run
        sent                     of an index at an address: the generation that was sent last (see `indexer.sending`)

A build works in a folder of its own and is published by replacing CURRENT; until then nothing that readers see has
changed. A reader keeps the generation that it opened.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from search.errors import BusyIndexError, DamagedIndexError, MismatchError, MissingIndexError, StoreError

FORMAT = 5
"""Raised when the files of a generation change their form."""

KEPT_GENERATIONS = 2

MANIFEST = "manifest.json"

REBUILD = "Build the index anew: jisr index --rebuild PATH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation says of itself.

    `created` is ISO 8601 in UTC; `languages` counts passages by language; `analysis` is the version of the rules that
    made its words (see `search.analysis`), `settling` that of the rules that made documents of its sources (see
    `indexer.settling`), `late` says whether it holds token vectors. `recall` is what part of the truly nearest 10, and
    100, vectors of a pool a search finds, 0–1, measured when it was built; 1 where all are compared.
    """

    format: int
    generation: str
    created: str
    jisr: str
    model: str
    fingerprint: str
    dim: int
    documents: int
    passages: int
    languages: dict[str, int]
    analysis: int
    settling: str
    late: bool
    recall: dict[str, float]

    def write(self, folder: Path) -> None:
        """Write the manifest of the generation in `folder`."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest of the generation in `folder`.

        Raises `DamagedIndexError` when it cannot be read, `MismatchError` when its format is not this version's.
        """
        try:
            written = (folder / MANIFEST).read_bytes()
        except OSError as error:
            raise DamagedIndexError(f"The generation in {folder} has no readable manifest.", hint=REBUILD) from error
        return cls.parse(written, str(folder))

    @classmethod
    def parse(cls, written: bytes, place: str) -> Self:
        """The manifest that `write` wrote, of the generation in a place. Raises as `read` does."""
        try:
            values = json.loads(written)
            written_format = values["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedIndexError(f"The generation in {place} has no readable manifest.", hint=REBUILD) from error
        if written_format != FORMAT:
            raise MismatchError(
                f"The index has format {written_format}, this version of Jisr reads format {FORMAT}.", hint=REBUILD
            )
        try:
            return cls(**values)
        except TypeError as error:
            raise DamagedIndexError(f"The manifest in {place} is not complete.", hint=REBUILD) from error


def current(index: Path) -> Path:
    """The folder of the generation that is current, an absolute path.

    Raises `MissingIndexError` when nothing was built, `DamagedIndexError` when CURRENT names a missing generation.
    """
    try:
        name = (index / "CURRENT").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingIndexError(f"There is no index in {index}.", hint="Build one: jisr index PATH") from error
    folder = index.absolute() / "generations" / name
    if not name or not folder.is_dir():
        raise DamagedIndexError(f"The index in {index} names the generation {name}, which is missing.", hint=REBUILD)
    return folder


def generations(index: Path) -> dict[str, Path]:
    """The folders of the generations that are there, by name; they may be removed at any time."""
    return {folder.name: folder for folder in (index.absolute() / "generations").glob("*/") if folder.suffix != ".tmp"}


@contextmanager
def building(index: Path) -> Iterator[None]:
    """The right to build in `index`, which one process has at a time; no workshop is left when it ends.

    Raises `BusyIndexError` when another build is running, `StoreError` when the folder cannot be made or written, or
    the disk is full.
    """
    lock = FileLock(index / "lock")
    try:
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyIndexError(
            f"Another build is running in {index}.", hint="Wait until it has ended, then run jisr index again."
        ) from error
    except OSError as error:
        raise StoreError(
            f"The folder {index} cannot hold an index: {error.strerror}.", hint="Name another one with --index."
        ) from error
    try:
        _clear(index)
        yield
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"The build in {index} could not be finished: {reason}.",
            hint="The index is as it was. Make room on its disk, then run the same command again.",
        ) from error
    finally:
        _clear(index)
        lock.release()


def _clear(index: Path) -> None:
    """Remove the workshops, also that of a build which was killed."""
    for leftover in (index / "generations").glob("*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)


def workshop(index: Path, generation: str) -> Path:
    """A new folder for a build to work in."""
    folder = index / "generations" / f"{generation}.tmp"
    folder.mkdir()
    return folder


def publish(index: Path, finished: Path) -> Path:
    """Make the build in the folder `finished`, a `workshop`, the current generation; return its folder.

    All its files are on the disk before CURRENT names it, and CURRENT is replaced in one step: after a crash at any
    moment, it names the old generation or the new one, and that one is whole.
    """
    for file in finished.rglob("*"):
        _sync(file)
    _sync(finished)
    folder = finished.with_suffix("")
    finished.rename(folder)
    _sync(folder.parent)
    new = index / "CURRENT.new"
    new.write_text(f"{folder.name}\n", "utf-8")
    _sync(new)
    new.replace(index / "CURRENT")
    _sync(index)
    _prune(folder)
    return folder


def _prune(newest: Path) -> None:
    """Remove all but the last generations; who has an older one open keeps its open files."""
    older = sorted(folder for folder in newest.parent.iterdir() if folder != newest)
    for folder in older[: 1 - KEPT_GENERATIONS]:
        shutil.rmtree(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
