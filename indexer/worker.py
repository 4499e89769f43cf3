"""The process that files are read in: what a file does to its reader, it does to this process alone.

`indexer.workers` starts it and asks it for one file after the other. The kernel keeps its limits, so that they hold in
C code, too: an alarm ends a reader that shows no sign of life, and memory beyond the limit is not given. It dies with
the process that started it.
"""

import ctypes
import io
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, NoReturn

from indexer.files import file_digest
from indexer.readers import Health, ReadOptions, Skip, SourceItem

Found = SourceItem | Skip | Health
Reading = Callable[[Path, ReadOptions], Iterable[Found]]

OUT_OF_MEMORY = 77
"""The exit code of a process that wanted more memory than it may have."""

_RATE_BYTES_PER_S = 2**20
_CHUNK_CHARS = 2**18
_SPOOL_BYTES = 2**24
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_WORN_SHARE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may take: `seconds` without a sign of life, and `memory_bytes` beyond those of the start.

    An item is a sign of life. A large file has a second more for each of its MiB.
    """

    seconds: float = 120
    memory_bytes: int = 2**31

    def seconds_for(self, size: int) -> float:
        """The seconds that a file of so many bytes has."""
        return self.seconds + size / _RATE_BYTES_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How all files are read: `read` is a function that can be imported by its name."""

    read: Reading
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A file that is wanted, and how many seconds it has between two signs of life."""

    path: Path
    options: ReadOptions
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A file that was read to its end: its size, time of change and digest then, and how many messages follow it.

    Each of these messages is a list of what was found. The digest is empty when the file is to be read again next time.
    """

    size: int
    mtime_ns: int
    digest: str
    messages: int


def main(handle: int, parent: int) -> NoReturn:
    """Read the files that the process `parent` asks for through the socket `handle`, until it asks for no more."""
    _die_with(parent)
    connection = Connection(handle)
    job = connection.recv()
    _keep_to(job.limits)
    connection.send("ready")
    _silence()
    code = 1
    try:
        _Worker(connection, job).run()
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


class _Worker:
    def __init__(self, connection: Connection, job: Job) -> None:
        self._connection = connection
        self._job = job
        self._worn_bytes = _data_bytes() + job.limits.memory_bytes // _WORN_SHARE

    def run(self) -> None:
        """Answer requests for files. Ends early when memory does not come back: the next file has a right to all."""
        while _data_bytes() < self._worn_bytes:
            try:
                request = self._connection.recv()
            except (EOFError, ConnectionError):  # whoever asked is gone
                return
            self._answer(request)

    def _answer(self, request: Request) -> None:
        try:
            if not (self._hand_over(request) or self._hand_over(request)):
                self._refuse("It was changed while it was read.")
        except _SpoolError as error:
            self._refuse(f"What it holds could not be set aside: {error}.")

    def _hand_over(self, request: Request) -> bool:
        """Hand over what a file holds; False when it is not what it was when reading began."""
        signal.setitimer(signal.ITIMER_REAL, request.seconds)
        state = state_of(request.path)
        with SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
            sizes = [_put(spool, chunk) for chunk in chunks(self._signs_of_life(request))]
            digest = file_digest(request.path)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if state_of(request.path) != state:
                return False
            self._connection.send(Outcome(size=state[0], mtime_ns=state[1], digest=digest, messages=len(sizes)))
            spool.seek(0)
            for size in sizes:
                self._connection.send_bytes(spool.read(size))
        return True

    def _signs_of_life(self, request: Request) -> Iterator[Found]:
        for found in self._job.read(request.path, request.options):
            signal.setitimer(signal.ITIMER_REAL, request.seconds)
            yield found

    def _refuse(self, reason: str) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._connection.send(Outcome(size=0, mtime_ns=0, digest="", messages=1))
        self._connection.send([Skip("", reason)])


class _SpoolError(Exception):
    """There is no room for what a file holds."""


def _put(spool: IO[bytes], chunk: list[Found]) -> int:
    try:
        return spool.write(pickle.dumps(chunk))
    except OSError as error:
        raise _SpoolError(error.strerror) from error


def chunks(found: Iterable[Found]) -> Iterator[list[Found]]:
    """Lists of what was found that hold about as much text each."""
    chunk: list[Found] = []
    chars = 0
    for one in found:
        chunk.append(one)
        chars += len(one.text) if isinstance(one, SourceItem) else 0
        if chars > _CHUNK_CHARS or len(chunk) >= 1000:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def state_of(path: Path) -> tuple[int, int]:
    """Size and time of change; zeros for a file that is gone."""
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _die_with(parent: int) -> None:
    """Have the kernel end this process when the thread that started it ends, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _keep_to(limits: Limits) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_bytes() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _data_bytes() -> int:
    """What counts against RLIMIT_DATA: the sixth figure of statm, see proc(5)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()


def _silence() -> None:
    """Nothing that a library prints is for the user: it would not even say of which file."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (AttributeError, io.UnsupportedOperation):
            continue
