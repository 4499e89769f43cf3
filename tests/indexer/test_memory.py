"""A limit on what a build takes: how it is shared out, and that it is kept by all processes together."""

import json
import re
import resource
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import pytest

from indexer.build import build
from indexer.memory import PLENTY, share_out
from search.errors import SettingError
from search.settings import Settings
from tests.conftest import REPOSITORY
from tests.indexer.news import NEWS, write

MIB = 2**20


def test_more_room_gives_no_part_less() -> None:
    before = share_out(620 * MIB, 260 * MIB)
    for room in range(360, 4000, 50):
        shares = share_out((260 + room) * MIB, 260 * MIB)
        assert shares.readers * (shares.file_bytes + 100 * MIB) <= room * MIB
        assert shares.heap_bytes + 2 * shares.waiting_chars <= room * MIB
        assert shares.heap_bytes >= before.heap_bytes
        assert shares.waiting_chars >= before.waiting_chars
        before = shares
    assert before.heap_bytes == PLENTY.heap_bytes
    assert share_out(64 * 2**30, 0) == PLENTY


def test_a_limit_that_cannot_be_kept_says_which_one_could() -> None:
    with pytest.raises(SettingError, match="cannot keep to 400 MiB") as caught:
        share_out(400 * MIB, 360 * MIB)
    least = int(re.findall(r"\d+", caught.value.hint)[0])
    assert share_out(least * MIB, 360 * MIB)
    with pytest.raises(SettingError):
        share_out(least * MIB - 1, 360 * MIB)


def test_a_build_that_may_take_too_little_ends_before_it_reads(tmp_path: Path) -> None:
    folder = write(tmp_path / "news", NEWS)
    stages = []
    with pytest.raises(SettingError, match="cannot keep to 64 MiB"):
        build(
            [folder],
            Settings.load(index=tmp_path / "index", max_memory="64M"),
            progress=lambda stage, done, total: stages.append(stage),
        )
    assert "Reading" not in stages
    assert not list((tmp_path / "index" / "generations").iterdir())


def index(folder: Path, limit: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "jisr", "index", str(folder), "--max-memory", limit, "--json"]
    command += ["--index", str(folder.with_name("index"))]
    return subprocess.Popen(command, cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def tree_bytes(pid: int) -> int:
    """What a process and all that it started have in memory now."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        children = [path.read_text("ascii").split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * resource.getpagesize() + sum(tree_bytes(int(child)) for child in chain.from_iterable(children))


def test_the_least_limit_is_kept_by_all_processes_together(tmp_path: Path) -> None:
    berths = {f"{number}.txt": f"وصلت سفينة القمح إلى الرصيف رقم {number}." for number in range(100)}
    folder = write(tmp_path / "news", berths | NEWS)
    refused = index(folder, "64M")
    _, errors = refused.communicate()
    assert refused.returncode == 1
    (limit,) = re.findall(r"--max-memory (\d+)MiB", errors)

    process = index(folder, f"{limit}M")
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_bytes(process.pid))
        time.sleep(0.02)
    assert json.loads(process.communicate()[0])["documents"] == 107
    assert peak < int(limit) * MIB
