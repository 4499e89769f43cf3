import socket

import pytest

from search.settings import SettingError, Settings
from web.server import _listen, serve


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
