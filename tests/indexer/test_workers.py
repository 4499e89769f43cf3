"""Files that end the process they are read in, and all others around them."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.files import SourceFile, discover, file_digest
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.worker import Found, Limits
from indexer.workers import reading
from search.errors import SourceError
from tests.conftest import REPOSITORY
from tests.indexer import bad_readers

LIMITS = Limits(seconds=60, memory_bytes=256 * bad_readers.MIB)
HASTY = Limits(seconds=1)
PATIENCE_S = 60


def files(folder: Path, *texts: str) -> list[tuple[SourceFile, ReadOptions]]:
    """A file for each text, named by its place."""
    for number, text in enumerate(texts):
        (folder / f"{number:03d}.txt").write_text(text, "utf-8")
    return [(file, ReadOptions()) for file in discover([folder]) if isinstance(file, SourceFile)]


def read(files: list[tuple[SourceFile, ReadOptions]], limits: Limits = LIMITS) -> list[list[Found]]:
    with reading(files, limits, read=bad_readers.read) as contents:
        return [list(one.found) for one in contents]


def texts(found: list[Found]) -> list[str]:
    return [one.text for one in found if isinstance(one, SourceItem)]


def test_files_come_in_their_order_with_state_and_digest(tmp_path: Path) -> None:
    asked = files(tmp_path, *[f"text {number}" for number in range(40)])
    with reading(asked) as contents:
        got = [(one.file, one.digest, list(one.found)) for one in contents]
    assert [file for file, _, _ in got] == [file for file, _ in asked]
    assert [digest for _, digest, _ in got] == [file_digest(file.path) for file, _ in asked]
    assert [texts(found) for _, _, found in got] == [[f"text {number}"] for number in range(40)]


def test_no_files_no_process(tmp_path: Path) -> None:
    assert read([]) == []


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("crash", "The reader crashed (SIGSEGV)."),
        ("exit 3", "The reader crashed (exit code 3)."),
        ("fail", "The reader crashed (exit code 1)."),
        ("starve", "The system ended its reader (SIGKILL), as it does when memory runs out."),
        ("hang", "Reading it took more than 1 seconds."),
        ("memory 300", "Reading it took more than 0.25 GiB of memory."),
    ],
)
def test_a_file_that_ends_its_process_costs_that_file(tmp_path: Path, what: str, reason: str) -> None:
    asked = files(tmp_path, *["good"] * 3, what, *["good"] * 20, what, "good")
    with reading(asked, HASTY if what == "hang" else LIMITS, read=bad_readers.read) as contents:
        got = [(one.digest, list(one.found)) for one in contents]
    for number, (digest, found) in enumerate(got):
        assert digest == file_digest(asked[number][0].path)
        assert found[0] == (Skip("", reason) if number in (3, 24) else SourceItem(text=f"{number:03d}.txt"))


def test_what_a_hanging_reader_started_ends_with_it(tmp_path: Path) -> None:
    mark = os.getpid()  # tests of other processes hang, too
    asked = files(tmp_path, f"hang-with-child {mark}")
    assert read(asked, HASTY) == [[Skip("", "Reading it took more than 1 seconds.")]]
    patience = time.monotonic() + 10  # a killed process is gone soon, not at once
    while f"60.{mark}" in (running := "".join(map(command_of, Path("/proc").glob("[0-9]*")))):
        assert time.monotonic() < patience, running
        time.sleep(0.01)


def test_a_slow_reader_that_gives_signs_of_life_is_waited_for(tmp_path: Path) -> None:
    (found,) = read(files(tmp_path, "slowly"), HASTY)
    assert texts(found)[:-1] == ["000.txt", "0", "1", "2", "3", "4", "5"]


def test_a_large_file_has_more_time() -> None:
    assert Limits(seconds=120).seconds_for(300 * 2**20) == 420


def test_each_file_may_take_the_memory_that_the_one_before_kept(tmp_path: Path) -> None:
    """Memory that does not come back is given back by a fresh process."""
    asked = files(tmp_path, *["leak 150"] * 6)
    found = read(asked)
    processes = [texts(one)[1] for one in found]
    assert len(set(processes)) == 6


def test_many_items_of_one_file_do_not_fill_the_memory(tmp_path: Path) -> None:
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from indexer.files import SourceFile, discover\n"
        "from indexer.readers import ReadOptions\n"
        "from indexer.workers import reading\n"
        "from tests.indexer import bad_readers\n"
        "def peak_kib():\n"
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "before = peak_kib()\n"
        "asked = [(file, ReadOptions()) for file in discover([Path(sys.argv[1])])]\n"
        "with reading(asked, read=bad_readers.read) as files:\n"
        "    print(sum(1 for file in files for _ in file.found))\n"
        "print(peak_kib() - before)\n"
    )
    files(tmp_path, "many 60000")  # 40 MB of text
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    count, grown_kib = map(int, done.stdout.split())
    assert count == 60_002
    assert grown_kib < 12 * 1024


def test_what_nobody_wants_does_not_stand_in_the_way(tmp_path: Path) -> None:
    with reading(files(tmp_path, "many 5000", "good"), LIMITS, read=bad_readers.read) as contents:
        first = next(contents)
        assert isinstance(next(first.found), SourceItem)
        assert texts(list(next(contents).found))[0] == "001.txt"


def test_a_file_that_changes_once_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    ((file, options),) = files(tmp_path, "old")
    with reading([(file, options)], LIMITS, read=bad_readers.change_once) as contents:
        (one,) = [(one.file, one.digest, list(one.found)) for one in contents]
    assert one[2] == [SourceItem(text="changed while it was read")]
    assert one[1] == file_digest(file.path)
    assert one[0].size == len("changed while it was read")


def test_a_file_that_never_stands_still_is_skipped_and_read_next_time(tmp_path: Path) -> None:
    with reading(files(tmp_path, "write"), LIMITS, read=bad_readers.read) as contents:
        (one,) = [(one.digest, list(one.found)) for one in contents]
    assert one == ("", [Skip("", "It was changed while it was read.")])


def test_a_file_that_is_gone_when_its_turn_comes(tmp_path: Path) -> None:
    asked = files(tmp_path, "one", "two")
    asked[1][0].path.unlink()
    with reading(asked) as contents:
        got = [(one.digest, list(one.found)) for one in contents]
    assert got[1] == ("", [Skip("", "No such file or directory."), Health()])


def test_readers_print_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    read(files(tmp_path, "print"))
    assert capfd.readouterr() == ("", "")


def test_no_process_is_left_when_the_reading_is_given_up(tmp_path: Path) -> None:
    with reading(files(tmp_path, *["slowly"] * 20), LIMITS, read=bad_readers.read) as contents:
        next(contents)
        assert children_of(os.getpid())
    assert not children_of(os.getpid())


def command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children_of(parent: int) -> list[int]:
    """The processes for reading that a process has started and that run."""
    found = [path.read_text("ascii").split() for path in Path(f"/proc/{parent}/task").glob("*/children")]
    return [int(pid) for pids in found for pid in pids if "indexer.worker" in command_of(Path("/proc", pid))]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_the_one_that_started_it(tmp_path: Path, end: signal.Signals) -> None:
    files(tmp_path, *["hang"] * 20)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from indexer.files import discover\n"
        "from indexer.readers import ReadOptions\n"
        "from indexer.workers import reading\n"
        "from tests.indexer import bad_readers\n"
        "asked = [(file, ReadOptions()) for file in discover([Path(sys.argv[1])])]\n"
        "with reading(asked, read=bad_readers.read) as files:\n"
        "    print('reading', flush=True)\n"
        "    next(files)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=REPOSITORY) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"reading\n"
        workers = children_of(process.pid)
        assert workers
        time.sleep(0.3)
        process.send_signal(end)
        process.wait()
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_process_loads_nothing_of_the_encoder(tmp_path: Path) -> None:
    with reading(files(tmp_path, "text"), read=bad_readers.list_modules) as contents:
        ((item,),) = [list(one.found) for one in contents]
    assert isinstance(item, SourceItem)
    loaded = set(item.text.split())
    assert "indexer.readers" in loaded
    assert not loaded & {"torch", "onnxruntime", "faiss", "tantivy", "search.encoder", "numpy"}


def test_an_installation_in_which_no_process_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with (
        pytest.raises(SourceError, match=re.escape("No process that reads files could be started.")),
        reading(files(tmp_path, "text")) as contents,
    ):
        next(contents)
