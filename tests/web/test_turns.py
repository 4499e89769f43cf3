import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from search.settings import Settings
from web.app import create_app
from web.problems import RETRY_AFTER_S, Refused
from web.turns import TURN, Turns


def test_turns_are_taken_in_order_and_given_back() -> None:
    async def scenario() -> None:
        turns = Turns(at_once=1, most_waiting=2)
        order: list[str] = []
        leave = asyncio.Event()

        async def one(name: str) -> None:
            async with turns.turn():
                order.append(name)
                await leave.wait()

        tasks = [asyncio.create_task(one(name)) for name in ("first", "second", "third")]
        await asyncio.sleep(0)
        assert (turns.running, turns.waiting, order) == (1, 2, ["first"])
        with pytest.raises(Refused) as caught:
            async with turns.turn():
                raise AssertionError("nobody else has a turn")
        assert (caught.value.status_code, caught.value.code) == (503, "busy")
        leave.set()
        await asyncio.gather(*tasks)
        assert (turns.running, turns.waiting, order) == (0, 0, ["first", "second", "third"])

    asyncio.run(scenario())


def test_who_watches_is_told_of_every_change() -> None:
    told: list[tuple[int, int]] = []

    async def scenario() -> None:
        turns = Turns(watch=lambda *now: told.append(now))
        async with turns.turn():
            pass

    asyncio.run(scenario())
    assert told == [(0, 1), (0, 0), (1, 0), (0, 0)]


def test_who_gives_up_waiting_leaves_no_gap() -> None:
    async def scenario() -> None:
        turns = Turns(at_once=1)
        async with turns.turn():
            waiting = asyncio.create_task(turns.turn().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.sleep(0)
        assert (turns.running, turns.waiting) == (0, 0)
        async with asyncio.timeout(1), turns.turn():
            assert turns.running == 1

    asyncio.run(scenario())


class Busy:
    """A server with one turn, one place to wait, and a route that keeps its turn until it is told to go on."""

    def __init__(self, settings: Settings) -> None:
        self.entered = Barrier(2)
        self.go_on = Event()
        router = APIRouter(dependencies=[TURN])

        @router.get("/slow")
        def slow() -> str:
            self.entered.wait(10)
            assert self.go_on.wait(10)
            return "done"

        self.app = create_app(settings)
        self.turns = self.app.state.turns = Turns(at_once=1, most_waiting=1)
        self.app.include_router(router)


@pytest.fixture
def busy(seed_settings: Settings) -> Iterator[tuple[Busy, TestClient]]:
    server = Busy(seed_settings)
    with TestClient(server.app) as client:
        yield server, client


def test_a_server_that_is_busy_says_when_to_come_back(busy: tuple[Busy, TestClient]) -> None:
    server, client = busy
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(client.get, "/slow")
        server.entered.wait(10)
        search = threads.submit(client.get, "/api/v1/search?q=sea")
        while not server.turns.waiting:
            assert not search.done()
        refused = client.get("/api/v1/search?q=sea")
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert refused.headers["retry-after"] == str(RETRY_AFTER_S)
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
        server.go_on.set()
        assert slow.result().status_code == search.result().status_code == 200
    assert (server.turns.running, server.turns.waiting) == (0, 0)
