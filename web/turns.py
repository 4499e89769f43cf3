"""Taking turns: a few requests search at a time, some wait, and the rest are told to come back.

A search keeps more than one core busy by itself: on two cores, twice as many at a time answer most queries a second,
and more than that only make each other slow.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Self

from fastapi import Depends, Request

from search.threads import CORES
from web.problems import RETRY_AFTER_S, Refused

AT_ONCE = 2 * CORES
MOST_WAITING = 100

Watch = Callable[[int, int], None]
"""Told how many have a turn, and how many wait for one, whenever that changes."""


class Turns:
    """Who may search now, first come, first served. For one event loop."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING, *, watch: Watch | None = None) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most_waiting = most_waiting
        self._watch = watch
        self.running = 0
        self.waiting = 0

    @classmethod
    def of_one(cls, workers: int, watch: Watch) -> Self:
        """The share that one of several processes has."""
        return cls(math.ceil(AT_ONCE / workers), math.ceil(MOST_WAITING / workers), watch=watch)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn and holds it. Raises `Refused`, 503, when too many wait already."""
        if self.waiting >= self._most_waiting:
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many requests are waiting for an answer.",
                hint=f"Try again in {RETRY_AFTER_S} seconds.",
                code="busy",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._changed(waiting=1)
        try:
            await self._free.acquire()
        finally:
            self._changed(waiting=-1)
        self._changed(running=1)
        try:
            yield
        finally:
            self._changed(running=-1)
            self._free.release()

    def _changed(self, *, running: int = 0, waiting: int = 0) -> None:
        self.running += running
        self.waiting += waiting
        if self._watch:
            self._watch(self.running, self.waiting)


async def _turn(request: Request) -> AsyncIterator[None]:
    turns: Turns = request.app.state.turns
    async with turns.turn():
        yield


TURN = Depends(_turn, scope="function")
"""Among the dependencies of a route that searches: it has its turn until its answer is made, not until it is sent."""
