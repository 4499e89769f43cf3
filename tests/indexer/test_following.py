"""Folders that change while they are followed."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from indexer.build import build
from indexer.following import Result, Rhythm, follow
from indexer.summary import Summary
from search.errors import BusyIndexError, SourceError
from search.settings import Settings
from tests.indexer.news import NEWS, write

PATIENCE_S = 60


class Follower:
    """Follows a folder in a thread."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._stop = threading.Event()
        self._results: Queue[Result] = Queue()
        self._thread = threading.Thread(target=self._run, args=(folder, settings))
        self._thread.start()

    def _run(self, folder: Path, settings: Settings) -> None:
        for result in follow([folder], settings, stop=self._stop, rhythm=Rhythm(pause_ms=100, look_ms=200)):
            self._results.put(result)

    def next(self) -> Result:
        return self._results.get(timeout=PATIENCE_S)

    def summary(self) -> Summary:
        result = self.next()
        assert isinstance(result, Summary), result
        return result

    def is_quiet(self) -> bool:
        try:
            return not self._results.get(timeout=1)
        except Empty:
            return True

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "news", NEWS)


@pytest.fixture
def followed(folder: Path, settings: Settings) -> Iterator[Callable[[], Follower]]:
    started: list[Follower] = []

    def start() -> Follower:
        started.append(Follower(folder, settings))
        return started[-1]

    build([folder], settings)
    yield start
    for follower in started:
        follower.end()


def test_changes_are_built_after_a_pause(folder: Path, followed: Callable[[], Follower]) -> None:
    write(folder, {"en/early.txt": "The ferry to Suakin sails again on Thursday."})  # before the watch begins
    follower = followed()
    assert follower.summary().files_read == 1

    write(folder, {"en/dam.txt": "A dredger is clearing silt.", "ar/نهر.txt": "ارتفع منسوب النهر."})
    (folder / "en" / "wheat.md").rename(folder / "en" / "grain.md")
    (folder / "en" / "ship.txt").unlink()
    summary = follower.summary()
    assert (summary.files_read, summary.files_moved, summary.files_removed) == (2, 1, 1)

    write(folder, {"en/.draft.txt": "Not for the index.", "en/dam.txt": "A dredger is clearing silt."})
    assert follower.is_quiet()

    (folder / "en" / "memory.txt").symlink_to("/proc/self/mem")
    summary = follower.summary()
    assert [skip.place for skip in summary.skipped] == ["en/memory.txt"]


def test_a_folder_that_vanishes_stays_in_the_index_and_may_come_back(
    folder: Path, settings: Settings, followed: Callable[[], Follower]
) -> None:
    follower = followed()
    assert follower.is_quiet()
    shutil.move(folder, folder.with_name("away"))
    gone = follower.next()
    assert isinstance(gone, SourceError)
    assert "is gone; what the index holds of it stays." in gone.message
    assert follower.is_quiet()
    write(folder.with_name("away"), {"en/dam.txt": "A dredger is clearing silt from the dam."})
    shutil.move(folder.with_name("away"), folder)
    summary = follower.summary()
    assert (summary.files_read, summary.files_kept, summary.files_removed) == (1, 6, 0)
    write(folder, {"en/port.txt": "The port is open again."})
    assert follower.summary().files_read == 1


def test_a_build_that_fails_is_told_once_and_tried_again(
    folder: Path, settings: Settings, followed: Callable[[], Follower]
) -> None:
    current = settings.folder / "CURRENT"
    name = current.read_text("utf-8")
    current.write_text("nothing\n", "utf-8")
    follower = followed()
    error = follower.next()
    assert not isinstance(error, Summary | BusyIndexError)
    assert "which is missing" in error.message
    assert follower.is_quiet()
    write(folder, {"en/dam.txt": "A dredger is clearing silt from the dam."})
    current.write_text(name, "utf-8")
    assert follower.summary().files_read == 1


def test_a_single_file_is_followed_when_it_is_replaced(folder: Path, settings: Settings) -> None:
    build([folder / "en" / "ship.txt"], settings)
    follower = Follower(folder / "en" / "ship.txt", settings)
    try:
        for text in ("The ship has sailed.", "The ship has come back to Jeddah."):
            new = folder / "en" / ".ship.txt.new"
            new.write_text(text, "utf-8")
            new.replace(folder / "en" / "ship.txt")
            assert follower.summary().files_read == 1
    finally:
        follower.end()


def test_the_index_inside_of_the_folder_does_not_set_off_builds(folder: Path) -> None:
    settings = Settings.load(index=folder / "index")
    build([folder], settings)
    follower = Follower(folder, settings)
    try:
        write(folder, {"en/dam.txt": "A dredger is clearing silt from the dam."})
        assert follower.summary().files_read == 1
        assert follower.is_quiet()
    finally:
        follower.end()


def test_a_folder_that_is_not_there_to_begin_with(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SourceError, match="There is no file or folder"):
        next(follow([tmp_path / "missing"], settings))
