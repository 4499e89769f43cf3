"""A Milvus that can be killed, stopped and started again on the same port: Milvus Lite in a process of its own."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60


class Killable:
    """The server over a folder, which need not be there yet. It listens on the loopback interface."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start it, also after it was killed."""
        program = "import sys; from milvus_lite.cmdline import main; sys.exit(main())"
        command = ["server", "--data-dir", str(self._folder), "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_SECONDS
        while not self._listens():
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)

    def kill(self) -> None:
        """As when its machine loses power."""
        self._process.kill()
        self._process.wait()

    @contextmanager
    def held(self) -> Iterator[None]:
        """It takes connections, and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _listens(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0
