"""What `kill -9` leaves of a build: an index that answers as before or, once it is published, as after."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.build import build
from search import store
from search.encoder import Encoder
from search.local import LocalBackend
from search.searcher import Searcher
from search.settings import Settings
from tests.conftest import REPOSITORY, SEEDS

QUERIES = [
    "زيارة صدام حفتر إلى راولبندي",
    "لقاح الكوليرا في الحديدة",
    "سعر الفائدة والتضخم",
    "joint production of fighter jets",
    "solar park in southern Jordan",
    "Why is Iraq clamping down on over-the-counter antibiotic sales?",
]
KILLS = 10

Hits = list[tuple[str, float, str]]


@dataclass(frozen=True)
class Newsroom:
    """A folder of documents, an index of how it was, how that answers, and how a finished build of it answers.

    `ready` and `finished` are the CPU seconds from the start of the command to its first file and to its end.
    """

    folder: Path
    index: Path
    before: list[Hits]
    after: list[Hits]
    ready: float
    finished: float


def answers(index: Path, encoder: Encoder) -> list[Hits]:
    searcher = Searcher(LocalBackend(index), encoder)
    return [[(hit.passage.text, hit.score, hit.document.source) for hit in searcher.search(query)] for query in QUERIES]


def start(folder: Path, index: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "jisr", "index", str(folder), "--index", str(index), "--json"]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, start_new_session=True)


def kill(process: "subprocess.Popen[bytes]") -> bool:
    """Kill the build and its children; whether it was still running."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def wait_for(process: "subprocess.Popen[bytes]", happened: Callable[[], object]) -> None:
    while not happened() and process.poll() is None:
        time.sleep(0.0005)


def used_cpu_s(process: "subprocess.Popen[bytes]") -> float:
    """The CPU seconds of a process that was not waited for, which are about the same on an idle and a busy machine."""
    fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime, see proc(5)


def let_work(process: "subprocess.Popen[bytes]", cpu_s: float) -> None:
    """Wait until a process has used so many more CPU seconds, or has ended."""
    end = used_cpu_s(process) + cpu_s
    wait_for(process, lambda: used_cpu_s(process) >= end)


def workshops(index: Path) -> list[Path]:
    return list((index / "generations").glob("*.tmp"))


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Newsroom:
    """Some of the seeds are in the index. Since then one of them changed, one is gone, and as many others came."""
    home = tmp_path_factory.mktemp("newsroom")
    seeds = sorted(path for path in (SEEDS / "documents").rglob("*") if path.is_file())[::3]
    paths = [home / path.relative_to(SEEDS) for path in seeds]
    for seed, path in zip(seeds, paths, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(seed, path)
    new = paths[1::2]
    for path in new:
        path.rename(path.with_name(f".{path.name}"))
    build([home / "documents"], Settings.load(index=home / "index"))
    for path in new:
        path.with_name(f".{path.name}").rename(path)
    paths[0].unlink()
    paths[2].write_text("تدشين رصيف جديد في ميناء اللاذقية بعد عامين من العمل.\n", "utf-8")

    undisturbed = home / "undisturbed"
    shutil.copytree(home / "index", undisturbed)
    process = start(home / "documents", undisturbed)
    wait_for(process, lambda: workshops(undisturbed))
    ready = used_cpu_s(process)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    finished = used_cpu_s(process)
    process.communicate()
    assert process.returncode == 0

    before, after = answers(home / "index", encoder), answers(undisturbed, encoder)
    assert before != after
    return Newsroom(home / "documents", home / "index", before, after, ready, finished)


def assert_old_or_new(newsroom: Newsroom, index: Path, encoder: Encoder) -> bool:
    """The index answers as it did, or as a finished build does; whether the latter."""
    is_new = store.current(index).name != store.current(newsroom.index).name
    assert answers(index, encoder) == (newsroom.after if is_new else newsroom.before)
    return is_new


def test_the_finished_build_is_that_of_a_new_index(newsroom: Newsroom, tmp_path: Path, encoder: Encoder) -> None:
    build([newsroom.folder], Settings.load(index=tmp_path / "index"))
    assert answers(tmp_path / "index", encoder) == newsroom.after


def test_ten_builds_killed_at_random_moments(newsroom: Newsroom, tmp_path: Path, encoder: Encoder) -> None:
    moments = random.Random(20251122)  # noqa: S311
    running = at_work = 0
    for number in range(KILLS):
        index = tmp_path / f"index {number}"
        shutil.copytree(newsroom.index, index)
        reader = Searcher(LocalBackend(index), encoder)
        process = start(newsroom.folder, index)
        # Two of the ten fall into the start of the program, the others between its first file and its end.
        span = (0.0, newsroom.ready) if number < 2 else (newsroom.ready, newsroom.finished)
        let_work(process, moments.uniform(*span))
        running += kill(process)
        at_work += bool(workshops(index))

        is_new = assert_old_or_new(newsroom, index, encoder)
        assert len(reader.search(QUERIES[0])) == 10
        finished = build([newsroom.folder], Settings.load(index=index))
        assert finished.published is not is_new
        assert answers(index, encoder) == newsroom.after
        assert not workshops(index)
        shutil.rmtree(index)
    assert running >= KILLS // 2
    assert at_work >= 2


def test_one_index_killed_at_every_step(newsroom: Newsroom, tmp_path: Path, encoder: Encoder) -> None:
    """The same index time after time; what one build encoded, the next need not encode again."""
    index = tmp_path / "index"
    shutil.copytree(newsroom.index, index)
    old = store.current(index).name

    def made(pattern: str) -> Callable[[], list[Path]]:
        return lambda: list((index / "generations").glob(pattern))

    steps: dict[str, Callable[[], object]] = {
        "reading": made("*.tmp"),
        "encoding": lambda: (index / "cache" / "vectors.sqlite-wal").exists() and made("*.tmp/catalogue.sqlite")(),
        "lexical": made("*.tmp/lexical/en"),
        "names": made("*.tmp/names.sqlite"),
        "vectors": made("*.tmp/vectors/vectors.npy"),
        "tokens": made("*.tmp/tokens/codes.npy"),
        "late": made("*.tmp/late.npz"),
        "dictionary": made("*.tmp/dictionary/ar.npz"),
        "manifest": made("*.tmp/manifest.json"),
        "renamed": lambda: any(path.suffix != ".tmp" and path.name != old for path in made("*")()),
    }
    survived = 0
    for step, happened in steps.items():
        process = start(newsroom.folder, index)
        wait_for(process, happened)
        if step == "encoding" and process.poll() is None:
            let_work(process, (newsroom.finished - newsroom.ready) / 2)
        survived += not kill(process)
        if assert_old_or_new(newsroom, index, encoder):
            break
    assert survived <= 1  # the last of these moments is short

    process = start(newsroom.folder, index)
    output, _ = process.communicate()
    assert process.returncode == 0
    summary = json.loads(output)
    assert summary["encoded"] == 0
    assert summary["documents"] == len(Searcher(LocalBackend(index), encoder).documents())
    assert answers(index, encoder) == newsroom.after
    assert not workshops(index)
    assert len(list((index / "generations").iterdir())) <= store.KEPT_GENERATIONS
