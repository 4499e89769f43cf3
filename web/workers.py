"""Several processes that serve one index, and what they share beside its files: figures, and who changes the index.

Each has all of the application and a socket of its own on the same port, over which the kernel spreads connections
(SO_REUSEPORT): where workers take them from one socket, the first that wakes takes all that wait.
"""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.context import SpawnProcess
from multiprocessing.managers import BaseManager, BaseProxy
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from search.settings import Settings
from search.submissions import Submission, Work
from web.writing import OpenWriter, Writer, checked_key

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)

_LOOK_S = 0.5
"""How often it is looked whether to end."""


@contextmanager
def sharing(settings: Settings, open_writer: OpenWriter | None, workers: int) -> Iterator[Callable[[], "FastAPI"]]:
    """What makes the application in each of so many workers, which have to be processes that this one starts.

    With a key in the settings, this process changes the index. Raises `SettingError` for a key that will not do.
    """
    with tempfile.TemporaryDirectory(prefix="jisr-") as name:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = name  # read by `web.metrics` in each of them
        if not (checked_key(settings) and open_writer):
            yield partial(_application, settings, None, workers)
            return
        writer = open_writer(settings)
        try:
            _lend(writer, door := Path(name) / "writer")
            yield partial(_application, settings, door, workers)
        finally:
            writer.close()


class Workers:
    """Processes that serve one application, one for each socket; one that dies is replaced and keeps its socket."""

    def __init__(self, config: uvicorn.Config, sockets: Sequence[socket.socket]) -> None:
        self._config = config
        self._sockets = sockets
        self._is_ending = False

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM, or until a worker cannot start."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        workers = [self._started(own) for own in self._sockets]
        while not self._is_ending:
            multiprocessing.connection.wait([worker.sentinel for worker in workers], timeout=_LOOK_S)
            for at, worker in enumerate(workers):
                if worker.exitcode is not None and not self._is_ending:
                    log.error("Worker %d ended with exit code %d.", worker.pid, worker.exitcode)
                    self._is_ending = worker.exitcode == STARTUP_FAILURE
                    workers[at] = worker if self._is_ending else self._started(self._sockets[at])
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()

    def _started(self, own: socket.socket) -> SpawnProcess:
        worker = multiprocessing.get_context("spawn").Process(target=_serve, args=(self._config, own))
        worker.start()
        return worker

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._is_ending = True


def _serve(config: uvicorn.Config, own: socket.socket) -> None:
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    config.configure_logging()
    with suppress(KeyboardInterrupt):  # Ctrl-C reaches all of us, and uvicorn raises it again when it has ended
        uvicorn.Server(config).run(sockets=[own])


class _Lender(BaseManager):
    """Lends the writer to other processes. They prove that they are ours by the key that all of ours are born with."""


class _LentWriter(BaseProxy):
    """The `Writer` of another process."""

    @property
    def work(self) -> Work:
        return cast("Work", self._callmethod("__getattribute__", ("work",)))

    def add(self, submissions: Sequence[Submission]) -> list[str]:
        return cast("list[str]", self._callmethod("add", (submissions,)))

    def delete(self, doc_id: str) -> None:
        self._callmethod("delete", (doc_id,))

    def reindex(self) -> None:
        self._callmethod("reindex")

    def close(self) -> None:
        """Nothing: whoever lends it ends it."""


def _lend(writer: Writer, door: Path) -> None:
    """Lend a writer for as long as this process lives."""
    _Lender.register("writer", lambda: writer, _LentWriter, exposed=("add", "delete", "reindex", "__getattribute__"))
    lender = _Lender(str(door)).get_server()
    threading.Thread(target=lender.serve_forever, name="lender", daemon=True).start()


def _borrowed(door: Path, _settings: Settings) -> Writer:
    _Lender.register("writer", proxytype=_LentWriter)
    lender = _Lender(str(door))
    lender.connect()
    writer: Writer = cast("Any", lender).writer()
    return writer


def _application(settings: Settings, door: Path | None, workers: int) -> "FastAPI":
    from web.app import create_app

    return create_app(settings, partial(_borrowed, door) if door else None, workers=workers)


def _end_with_parent() -> None:
    """Nobody would end a worker whose parent was killed."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
