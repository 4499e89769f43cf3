"""A Milvus that goes away while several clients search, and comes back."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from indexer.copying import copy
from indexer.desk import Desk
from search.errors import UnavailableError
from search.milvus.outage import Outage
from search.settings import Settings
from tests.milvus.killable import Killable
from tests.web.serving import serving
from web.app import create_app
from web.problems import MEDIA_TYPE

TIMEOUT_S = 3.0
PATIENCE_S = 30
CLIENTS = 4
FERRY = "أبحرت العبّارة إلى سواكن صباح اليوم."
KEY = "a-key-for-tests-of-an-outage"
PATHS = ("/api/v1/search?q=ميناء&k=3", "/api/v1/suggest?q=des", "/api/v1/documents?k=2", "/api/v1/facets?lang=en")


@dataclass
class Seen:
    """What clients were answered: the status, the type of the answer and how long it took, one after the other."""

    answers: list[tuple[int, str, float]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def ask(self, address: str) -> None:
        """Ask for one thing after the other until it is over."""
        with httpx2.Client(base_url=address, timeout=60) as http:
            for path in cycle(PATHS):
                if self.is_over.is_set():
                    return
                started = time.monotonic()
                answer = http.get(path)
                self.answers.append((answer.status_code, answer.headers["content-type"], time.monotonic() - started))


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    server = Killable(tmp_path_factory.mktemp("killable") / "data.db")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def address(milvus: Killable, little: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server answers over two documents in that Milvus."""
    workspace = tmp_path_factory.mktemp("workspace")
    index = f"milvus://127.0.0.1:{milvus.port}/little"
    settings = Settings.load(index=index, workspace=workspace, timeout=TIMEOUT_S)
    copy(little, settings)
    with serving(create_app(settings)) as address:
        yield address


@pytest.fixture
def seen(address: str) -> Iterator[Seen]:
    """What several clients see while a test runs."""
    seen = Seen()
    clients = [threading.Thread(target=seen.ask, args=(address,)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    yield seen
    seen.is_over.set()
    for client in clients:
        client.join()


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_ready(address: str) -> bool:
    return httpx2.get(f"{address}/readyz", timeout=60).status_code == 200


@contextmanager
def killed(milvus: Killable) -> Iterator[None]:
    """Not there until the end of the block."""
    milvus.kill()
    try:
        yield
    finally:
        milvus.start()


@pytest.mark.parametrize("gone", [killed, Killable.held], ids=["killed", "held"])
def test_searches_answer_503_in_time_while_milvus_is_away_and_go_on_when_it_is_back(
    milvus: Killable, address: str, seen: Seen, gone: Callable[[Killable], AbstractContextManager[None]]
) -> None:
    wait_for(lambda: len(seen.answers) > 3 * CLIENTS)
    assert {status for status, _, _ in seen.answers} == {200}
    with gone(milvus):
        wait_for(lambda: not is_ready(address))
        wait_for(lambda: {status for status, _, _ in seen.answers[-3 * CLIENTS :]} == {503})
    wait_for(lambda: is_ready(address))
    wait_for(lambda: {status for status, _, _ in seen.answers[-3 * CLIENTS :]} == {200})
    refused = [(kind, seconds) for status, kind, seconds in seen.answers if status != 200]
    assert {kind for kind, _ in refused} == {MEDIA_TYPE}
    assert max(seconds for _, seconds in refused) < 2 * TIMEOUT_S


def test_what_is_handed_in_while_milvus_is_away_is_found_when_it_is_back(milvus: Killable, tmp_path: Path) -> None:
    index = f"milvus://127.0.0.1:{milvus.port}/desk"
    settings = Settings.load(index=index, workspace=tmp_path, timeout=TIMEOUT_S, key=KEY)
    with TestClient(create_app(settings, Desk), headers={"Authorization": f"Bearer {KEY}"}) as client:

        def work() -> dict[str, Any]:
            told: dict[str, Any] = client.get("/api/v1/status").json()["work"]
            return told

        with killed(milvus):
            assert (
                client.post("/api/v1/documents", json={"text": "أبحرت العبّارة إلى سواكن صباح اليوم."}).status_code
                == 202
            )
            wait_for(lambda: work()["state"] == "waiting")
            assert str(milvus.port) in work()["fault"]["message"]
        wait_for(lambda: work()["state"] == "idle")
        assert work()["fault"] is None
        wait_for(lambda: is_found(client))


def is_found(client: TestClient) -> bool:
    answer = client.get("/api/v1/search?q=ferry+to+Suakin")
    return answer.status_code == 200 and "سواكن" in answer.json()["hits"][0]["passage"]["text"]


def test_while_a_server_is_known_to_be_away_one_call_at_a_time_waits_for_it() -> None:
    outage, asking, go_on = Outage(), threading.Event(), threading.Event()

    def fail() -> None:
        raise UnavailableError("It is away.", hint="Wait.")

    def wait() -> str:
        asking.set()
        assert go_on.wait(PATIENCE_S)
        return "back"

    with pytest.raises(UnavailableError):
        outage.watched(fail)
    with ThreadPoolExecutor(1) as others:
        answer = others.submit(outage.watched, wait)
        assert asking.wait(PATIENCE_S)
        with pytest.raises(UnavailableError):
            outage.watched(lambda: "not asked")
        go_on.set()
        assert answer.result() == "back"
    assert outage.watched(lambda: "at once") == "at once"


def test_one_slow_answer_is_no_outage() -> None:
    outage = Outage()

    def slow() -> None:
        assert outage.watched(lambda: "others are answered") == "others are answered"
        raise UnavailableError("It took too long.", hint="Wait.")

    with pytest.raises(UnavailableError):
        outage.watched(slow)
    with ThreadPoolExecutor(2) as both:
        meet = threading.Barrier(2)
        answers = [both.submit(outage.watched, lambda: meet.wait(PATIENCE_S)) for _ in range(2)]
        assert sorted(answer.result() for answer in answers) == [0, 1]
