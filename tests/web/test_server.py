import socket

import pytest

from search.settings import SettingError, Settings
from web.server import serve


def test_an_address_that_is_taken_is_said_in_two_lines() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=f"port {port}") as caught:
            serve(Settings(), port=port)
    assert "--port" in caught.value.hint


def test_a_port_that_cannot_be_is_said_in_two_lines() -> None:
    with pytest.raises(SettingError, match="port 99999"):
        serve(Settings(), port=99999)
