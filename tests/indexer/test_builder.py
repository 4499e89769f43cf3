"""Builds in the background. No model is needed to see them wait, fail and end."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.builder import Builder, Patience
from search import store
from search.settings import Settings
from search.submissions import Work, WorkState

PATIENCE_S = 60


def wait_for(builder: Builder, done: Callable[[Work], bool]) -> Work:
    """The work as soon as it is so far."""
    deadline = time.monotonic() + PATIENCE_S
    while not done(work := builder.work):
        assert time.monotonic() < deadline, work
        time.sleep(0.01)
    return work


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


@pytest.fixture
def builder(settings: Settings) -> Iterator[Builder]:
    """A builder that soon tries again, over an index that no build can go on from."""
    generation = settings.folder / "generations" / "future"
    generation.mkdir(parents=True)
    (generation / "manifest.json").write_text('{"format": 99}', "utf-8")
    (settings.folder / "CURRENT").write_text("future", "utf-8")
    builder = Builder(settings, Patience(first_s=0.05, longest_s=0.1))
    yield builder
    builder.close()


def test_a_build_that_fails_leaves_its_two_lines(builder: Builder, folder: Path) -> None:
    assert builder.work == Work()
    builder.ask([folder])
    work = wait_for(builder, lambda work: work.finished is not None)
    assert (work.state, work.pending) == (WorkState.IDLE, False)
    assert work.fault is not None
    assert "format 99" in work.fault.message
    assert "--rebuild" in work.fault.hint
    assert work.fault.at <= (work.finished or "")


def test_a_build_waits_for_another_and_then_does_at_once_what_came_meanwhile(
    builder: Builder, settings: Settings, folder: Path
) -> None:
    with store.building(settings.folder):
        builder.ask([folder])
        wait_for(builder, lambda work: work.state is WorkState.WAITING)
        builder.ask([folder / "missing"])
        assert fault(wait_for(builder, lambda work: work.finished is not None)) == (
            f"There is no file or folder {folder / 'missing'}."
        )
    assert not builder.work.pending


def test_what_comes_during_a_build_is_done_by_the_next(builder: Builder, folder: Path) -> None:
    builder.ask([folder])
    wait_for(builder, lambda work: work.state is WorkState.BUILDING)
    builder.ask([folder / "missing"])
    builder.ask([folder / "missing", folder / "third"])
    assert builder.work.pending
    wait_for(builder, lambda work: "format 99" in fault(work))
    work = wait_for(builder, lambda work: work.state is WorkState.IDLE and not work.pending)
    assert "missing" in fault(work)


def test_a_builder_that_is_closed_ends_what_it_waits_for(settings: Settings, folder: Path) -> None:
    builder = Builder(settings, Patience(first_s=PATIENCE_S))
    with store.building(settings.folder):
        builder.ask([folder])
        wait_for(builder, lambda work: work.state is WorkState.WAITING)
        builder.close()
    builder.close()


def test_a_build_that_crashes_is_told_of(builder: Builder, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    builder.ask([folder])
    assert fault(wait_for(builder, lambda work: work.fault is not None)) == "The build crashed: exit code 1."
    monkeypatch.undo()
    builder.ask([folder])
    wait_for(builder, lambda work: "format 99" in fault(work))


def fault(work: Work) -> str:
    return work.fault.message if work.fault else ""
