"""Reading files in processes of their own, a few files ahead of whoever wants what is in them.

A file that crashes its reader, hangs it or takes too much memory costs that file. What waits to be wanted waits in the
processes and in their sockets, so the memory taken here does not grow with the files.
"""

import itertools
import math
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import Pipe

from indexer.files import SourceFile, file_digest
from indexer.readers import ReadOptions, Skip
from indexer.reading import read_items
from indexer.worker import OUT_OF_MEMORY, Found, Job, Limits, Outcome, Reading, Request
from search.errors import SourceError
from search.threads import CORES

_AHEAD = 8  # files that a process is asked for before the first of them is wanted
_WORTH_A_PROCESS = 64  # so many small files are read while a process starts


@dataclass(frozen=True, slots=True)
class Contents:
    """A file in the state that it was read in, the digest of that, and what was found in it, which can be had once.

    A file that could not be read to its end holds a `Skip` alone. Without a digest it is to be read again next time.
    """

    file: SourceFile
    options: ReadOptions
    digest: str
    found: Iterator[Found]


@contextmanager
def reading(
    files: Sequence[tuple[SourceFile, ReadOptions]],
    limits: Limits | None = None,
    *,
    read: Reading = read_items,
    processes: int | None = None,
) -> Iterator[Iterator[Contents]]:
    """Begin to read files, each with its options; what comes back gives their contents in the order of the files.

    `read` is a function that can be imported by its name; `processes` is how many read at the most, as many as there
    are cores unless told otherwise. Raises `SourceError` when no process can be started or when one is ended from
    outside while it hands over a file.
    """
    job = Job(read=read, limits=limits or Limits())
    count = min(processes or CORES, math.ceil(len(files) / _WORTH_A_PROCESS))
    workers: list[_Worker] = []
    try:
        workers.extend(_Worker(job, files[number::count]) for number in range(count))
        yield _in_turn(workers, len(files))
    finally:
        for worker in workers:
            worker.end()


def _in_turn(workers: Sequence["_Worker"], count: int) -> Iterator[Contents]:
    for number in range(count):
        contents = workers[number % len(workers)].next()
        yield contents
        for _ in contents.found:  # what nobody wanted stands in the way of the next file
            pass


class _Worker:
    """The files that are read in one process at a time; it is replaced when one of them ends it."""

    def __init__(self, job: Job, files: Sequence[tuple[SourceFile, ReadOptions]]) -> None:
        self._job = job
        self._files = iter(files)
        self._asked: deque[tuple[SourceFile, ReadOptions]] = deque()
        self._start()

    def next(self) -> Contents:
        """The contents of the next file."""
        while (outcome := self._receive()) is None:
            code = self.end()
            given_up = self._given_up(code) if code else None
            self._start()
            if given_up:
                return given_up
        file, options = self._asked.popleft()
        self._ask()
        if outcome.digest:
            file = replace(file, size=outcome.size, mtime_ns=outcome.mtime_ns)
        return Contents(file, options, outcome.digest, self._found(file, outcome.messages))

    def end(self) -> int:
        """End the process and what it started. Its exit code is its own if it had ended, 0 when it was worn out."""
        self._connection.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def _start(self) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            handle = theirs.fileno()
            # Not by multiprocessing: it would run the user's own program a second time in each process.
            program = f"import sys; sys.path[:] = {sys.path!r}; from indexer.worker import main; main"
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", f"{program}({handle}, {os.getpid()})"],
                stdin=subprocess.DEVNULL,
                pass_fds=[handle],
                process_group=0,  # Ctrl-C is for the build, which ends its processes itself
            )
        self._is_ready = False
        self._send(self._job)
        for file, options in self._asked:
            self._request(file, options)
        self._ask()

    def _ask(self) -> None:
        for file, options in itertools.islice(self._files, _AHEAD - len(self._asked)):
            self._asked.append((file, options))
            self._request(file, options)

    def _request(self, file: SourceFile, options: ReadOptions) -> None:
        self._send(Request(path=file.path, options=options, seconds=self._job.limits.seconds_for(file.size)))

    def _send(self, message: Job | Request) -> None:
        with suppress(ConnectionError):  # the process has ended, which shows when its answer is wanted
            self._connection.send(message)

    def _receive(self) -> Outcome | None:
        """What came of the file asked for first; None when the process has ended over it."""
        try:
            if not self._is_ready:
                self._is_ready = self._connection.recv() == "ready"
            outcome: Outcome = self._connection.recv()
        except (EOFError, OSError) as error:
            if self._is_ready:
                return None
            raise SourceError(
                "No process that reads files could be started.", hint="Try again; if it stays so, install Jisr anew."
            ) from error
        return outcome

    def _found(self, file: SourceFile, messages: int) -> Iterator[Found]:
        try:
            for _ in range(messages):
                yield from self._connection.recv()
        except (EOFError, OSError) as error:
            raise SourceError(
                f"The process that read {file.source} was ended from outside.", hint="Run the same command again."
            ) from error

    def _given_up(self, code: int) -> Contents:
        """What is left of the file over which the process ended. It is read again when it changes."""
        file, options = self._asked.popleft()
        reason = _reason(code, self._job.limits, file.size)
        return Contents(file, options, file_digest(file.path), iter([Skip("", reason)]))


def _reason(code: int, limits: Limits, size: int) -> str:
    if code == -signal.SIGALRM:
        return f"Reading it took more than {limits.seconds_for(size):,.3g} seconds."
    if code == OUT_OF_MEMORY:
        return f"Reading it took more than {limits.memory_bytes / 2**30:.3g} GiB of memory."
    if code == -signal.SIGKILL:
        return "The system ended its reader (SIGKILL), as it does when memory runs out."
    return f"The reader crashed ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})."
