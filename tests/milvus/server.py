"""A real Milvus server in a process of its own, by the package milvus, for as long as any process of the tests uses it.

``python -m tests.milvus.server FOLDER`` writes its port to ``FOLDER/port`` when it is ready, and ends when nobody holds
``FOLDER/users`` any more: a lock goes with the process that has it, however that ends.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from filelock import FileLock

from tests.conftest import REPOSITORY

START_SECONDS = 120
TOKEN = "root:Milvus"
"""What a new server asks for."""

_STARTED: list[subprocess.Popen[bytes]] = []  # they outlive this process where others use them

_ETCD = """\
listen-client-urls: http://127.0.0.1:{0}
advertise-client-urls: http://127.0.0.1:{0}
listen-peer-urls: http://127.0.0.1:{1}
initial-advertise-peer-urls: http://127.0.0.1:{1}
initial-cluster: default=http://127.0.0.1:{1}
"""


@contextmanager
def used(folder: Path) -> Iterator[int]:
    """The port of the server in a folder; whoever comes first starts it, whoever goes last ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users").open("a") as users:
        with FileLock(folder / "lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not (folder / "port").exists():
                _start(folder)
        yield int((folder / "port").read_text())


def _start(folder: Path) -> None:
    with (folder / "server.log").open("a") as log:
        command = [sys.executable, "-m", "tests.milvus.server", str(folder)]
        server = subprocess.Popen(command, cwd=REPOSITORY, stdout=log, stderr=log, start_new_session=True)
    _STARTED.append(server)
    until = time.monotonic() + START_SECONDS
    while not (folder / "port").exists():
        assert server.poll() is None, (folder / "server.log").read_text()
        assert time.monotonic() < until, "the server takes too long to start"
        time.sleep(0.1)


def main(folder: Path) -> None:
    """Run the server of a folder until nobody uses it."""
    from milvus import MilvusServer

    server = MilvusServer()
    names = [name for name in server.config_keys if name.endswith("_port")]
    peer, server.webservice_port, *free = _free_ports(len(names) + 2)
    ports = dict(zip(names, free, strict=True))
    server.config.update(**ports)
    server.config.set("authorization_enabled", True)
    server.set_base_dir(str(folder / "data"))
    (folder / "etcd.yaml").write_text(_ETCD.format(ports["etcd_port"], peer))
    os.environ["ETCD_CONFIG_PATH"] = str(folder / "etcd.yaml")
    server.start()
    (folder / "starting").write_text(str(server.listen_port))
    (folder / "starting").rename(folder / "port")
    with (folder / "users").open() as users:
        while not _locked(users):
            time.sleep(0.5)
        (folder / "port").unlink()
        server.stop()
        shutil.rmtree(folder / "data")


def _locked(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
