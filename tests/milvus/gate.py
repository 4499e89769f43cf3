"""A way to a server that can be shut: what becomes of calls when the network, or the server, is gone."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_SWALLOWED_FOR_S = 0.5


class Gate:
    """A server of its own at `uri`, which passes on what it is sent, and what comes back.

    When it is `shut`, those who are connected are cut off, and who comes is not let in. From `stall` on, whatever is
    asked there is no answer, and nobody is cut off. After `swallow`, what the
    server answers next is lost with the connection: what was asked for was done all the same.
    """

    def __init__(self, uri: str) -> None:
        address = urlsplit(uri)
        self._server = address.hostname, address.port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_open = True
        self._going_on = threading.Event()
        self._going_on.set()
        self._swallowing = False
        self.swallowed_bytes = 0
        self.uri = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._run(self._let_in)

    def shut(self) -> None:
        self._is_open = False
        self._cut_off()

    def open(self) -> None:
        self._is_open = True

    def stall(self) -> None:
        self._going_on.clear()

    def swallow(self) -> None:
        self._swallowing = True

    def close(self) -> None:
        _end(self._listening)
        self._cut_off()
        self._going_on.set()
        for thread in self._threads:
            thread.join()
        for end in (self._listening, *self._ends):
            end.close()

    def _let_in(self) -> None:
        with suppress(OSError):  # closed
            while True:
                here, _ = self._listening.accept()
                if not self._is_open:
                    here.close()
                    continue
                there = socket.create_connection(self._server)
                self._ends += [here, there]
                self._run(self._pass_on, here, there)
                self._run(self._pass_back, there, here)

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                there.sendall(data)
        _end(there)

    def _pass_back(self, there: socket.socket, here: socket.socket) -> None:
        with suppress(OSError):
            while data := there.recv(65536):
                if self._swallowing:
                    self._swallow(there, len(data))
                    break
                self._going_on.wait()
                here.sendall(data)
        _end(here)

    def _swallow(self, there: socket.socket, length: int) -> None:
        """Lose what the server says from now on, for as long as it takes it to do what it was asked."""
        self._swallowing = False
        self.swallowed_bytes += length
        there.settimeout(_SWALLOWED_FOR_S)
        with suppress(TimeoutError):
            while data := there.recv(65536):
                self.swallowed_bytes += len(data)

    def _cut_off(self) -> None:
        for end in list(self._ends):
            _end(end)

    def _run(self, work: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()


def _end(connected: socket.socket) -> None:
    """Unlike to close it, this also wakes who waits for what comes."""
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate_to(uri: str) -> Iterator[Gate]:
    """A gate to the server at `uri`."""
    gate = Gate(uri)
    try:
        yield gate
    finally:
        gate.close()
