"""`jisr serve` in a process of its own, for others to ask."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import environment_variables, jisr_command
from search.settings import Settings

_ANSWERS = "Jisr answers at "


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at `address`; `ready_s` is how long it took from its start to saying so."""

    address: str
    ready_s: float
    pid: int

    def peak_bytes(self) -> int:
        """The largest resident size until now, of the server and of all processes below it, added up. Linux only."""
        return sum(_peak_bytes(pid) for pid in _family(self.pid))


@contextmanager
def served(settings: Settings) -> Iterator[Server]:
    """The server of an index, until the block ends."""
    command = jisr_command("serve", "--port", "0", "--index", settings.folder, "--cache", settings.cache)
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment_variables()
    )
    assert process.stderr  # noqa: S101
    with process:
        address = next(_address(line) for line in process.stderr if _ANSWERS in line)
        ready_s = time.perf_counter() - started
        reader = threading.Thread(target=process.stderr.read)
        reader.start()
        try:
            yield Server(address, ready_s, process.pid)
        finally:
            process.terminate()
            reader.join()


def _address(line: str) -> str:
    return line.partition(_ANSWERS)[2].split()[0]


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text("ascii").split():
            yield from _family(int(child))


def _peak_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    (peak_kib,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak_kib) * 1024
