"""How long the steps of a search take, and who is told of it, without knowing who that is."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from search.fusion import Leg
from search.records import Answer

STEPS = (
    *("filter", "read", "encode"),
    *(*Leg, "fuse"),
    *("diversify", "fetch", "mark"),
)
"""What `Stopwatch.seconds` may hold. The steps of the second line are taken in every pool, side by side."""

Observer = Callable[[Answer, Mapping[str, float]], None]
"""Told each answer before it is given, and the seconds that each step took. Called by several threads."""


def unobserved(answer: Answer, seconds: Mapping[str, float]) -> None:
    """An observer that ignores what it is told."""


class Stopwatch:
    """Adds up what the steps of one search take; they may be taken by several threads at a time."""

    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []  # appending needs no lock

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures what runs inside of it as a part of this step."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._laps.append((name, time.perf_counter() - started))

    def seconds(self) -> Mapping[str, float]:
        """Seconds by step, those of all threads added up; a step that was not taken is not there."""
        total: dict[str, float] = {}
        for name, seconds in self._laps:
            total[name] = total.get(name, 0.0) + seconds
        return total
