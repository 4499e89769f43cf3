"""Disks that are full, folders that may not be written: a clear error, the index as it was, no litter."""

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.build import build
from search import store
from search.encoder import Encoder
from search.errors import StoreError
from search.local import LocalBackend
from search.searcher import Searcher
from search.settings import Settings
from tests.indexer.news import NEWS, answers, write

NOBODY = 65534


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk does, wherever in a build it becomes full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def ordinary_user() -> Iterator[None]:
    """For whom permissions count."""
    users = os.getresuid()
    user = os.getuid() or NOBODY
    os.setresuid(user, user, users[2])
    try:
        yield
    finally:
        os.setresuid(*users)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "news", NEWS)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can get to."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("size", [30_000, 60_000, 240_000])
def test_a_disk_that_becomes_full(folder: Path, settings: Settings, encoder: Encoder, size: int) -> None:
    first = build([folder], settings)
    before = answers(Searcher(LocalBackend(settings.folder), encoder))
    write(folder, {"en/words.txt": "The dredger is clearing silt from the dam in the valley. " * 400})
    with (
        pytest.raises(StoreError, match=r"The build in .* could not be finished: .+\.$") as caught,
        no_file_larger_than(size),
    ):
        build([folder], settings)
    assert "Make room" in caught.value.hint
    assert store.current(settings.folder).name == first.generation
    assert answers(Searcher(LocalBackend(settings.folder), encoder)) == before
    assert [path.name for path in (settings.folder / "generations").iterdir()] == [first.generation]
    assert build([folder], settings).documents == 8


def test_a_folder_that_may_not_be_written(folder: Path, open_folder: Path) -> None:
    for index in (open_folder / "new", open_folder / "old"):
        (open_folder / "old" / "generations").mkdir(parents=True, exist_ok=True)
        open_folder.chmod(0o555)
        (open_folder / "old").chmod(0o555)
        with ordinary_user(), pytest.raises(StoreError, match="cannot hold an index: Permission denied") as caught:
            store.building(index).__enter__()
        assert "--index" in caught.value.hint


def test_an_index_that_may_only_be_read_answers(folder: Path, open_folder: Path, encoder: Encoder) -> None:
    settings = Settings.load(index=open_folder / "index")
    build([folder], settings)
    expected = answers(Searcher(LocalBackend(settings.folder), encoder))
    paths = [settings.folder, *settings.folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with ordinary_user():
        found = answers(Searcher(LocalBackend(settings.folder), encoder))
    for path in paths:
        path.chmod(0o755)
    assert found == expected


def test_old_generations_go(folder: Path, settings: Settings) -> None:
    names = []
    for number in range(4):
        write(folder, {"en/dam.txt": f"Dredger number {number} is clearing silt from the dam."})
        names.append(build([folder], settings).generation)
    kept = sorted(path.name for path in (settings.folder / "generations").iterdir())
    assert kept == names[-store.KEPT_GENERATIONS :]
