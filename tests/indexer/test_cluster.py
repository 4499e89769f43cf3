"""A cluster that is not there, or cannot be: what is said of it, and how soon."""

import socket
import sys
import time

import pytest

from indexer.cluster import Cluster
from search.errors import ClusterError


def join(address: str) -> ClusterError:
    with pytest.raises(ClusterError) as caught:
        list(Cluster(address).spread(str.split, ["text"], in_order=True))
    return caught.value


def test_an_address_where_nothing_answers() -> None:
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))  # taken, and nobody listens
        port = idle.getsockname()[1]
        start = time.monotonic()
        error = join(f"127.0.0.1:{port}")
    assert error.message == f"No Ray cluster answers at 127.0.0.1:{port}."
    assert "ray start --head" in error.hint
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("address", ["cluster", "ray://127.0.0.1:10001", "127.0.0.1:", ":6379"])
def test_what_is_no_address(address: str) -> None:
    error = join(address)
    assert error.message == f"{address!r} is no address of a Ray cluster."


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    error = join("local")
    assert (error.message, error.hint) == ("Ray is not installed.", "Install it with: pip install 'jisr[ray]'")


def test_nothing_to_do_needs_no_cluster() -> None:
    assert list(Cluster("nowhere").spread(str.split, [], in_order=True)) == []
