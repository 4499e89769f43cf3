import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from search.errors import SettingError
from search.settings import Settings
from tests.conftest import REPOSITORY
from web.server import _listen, serve

PATIENCE_S = 60


def test_an_address_that_is_taken_is_said_in_two_lines() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=f"port {port}") as caught:
            serve(Settings(), port=port)
    assert "--port" in caught.value.hint


def test_a_port_that_cannot_be_is_said_in_two_lines() -> None:
    with pytest.raises(SettingError, match="port 99999"):
        serve(Settings(), port=99999)


@pytest.mark.parametrize("count", [1, 2])
def test_no_answer_waits_for_its_client_to_say_that_it_has_the_beginning(count: int) -> None:
    sockets = _listen("127.0.0.1", 0, count)
    assert len({one.getsockname() for one in sockets}) == 1
    for one in sockets[1:]:
        one.close()
    with sockets[0], socket.create_connection(sockets[0].getsockname()):
        connection, _ = sockets[0].accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_servers_with_workers_do_not_share_an_address() -> None:
    sockets = _listen("127.0.0.1", 0, 2)
    port = sockets[0].getsockname()[1]
    with pytest.raises(SettingError, match=f"port {port}"):
        _listen("127.0.0.1", port, 2)
    for one in sockets:
        one.close()


def test_ctrl_c_ends_a_server_quietly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jisr", "serve", "--port", "0", "--index", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = next(line for line in server.stderr if "startup complete" in line)
        server.send_signal(signal.SIGINT)
        rest = said + server.stderr.read()
        assert server.wait(PATIENCE_S) == 0
    assert "Aborted" not in rest
    assert "Traceback" not in rest
