from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any, cast

import numpy as np
import pytest

from search.encoder import Encoder, TokenVectors
from search.memory import Memory
from search.threads import CORES
from search.timing import Stopwatch

HAFTAR, VISIT = "زيارة حفتر إلى باكستان", "Haftar's visit to Pakistan"


class Watched:
    """The real encoder, with a look at what it is asked; `before` is called before it answers."""

    def __init__(self, encoder: Encoder, before: Callable[[], object] = lambda: None) -> None:
        self.asked: list[str] = []
        self._encoder = encoder
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.asked += texts
        self._before()
        return self._encoder.encode_query_tokens(texts)


def remembering(watched: Watched, **others: int) -> Memory:
    return Memory(cast("Encoder", watched), **others)


def test_what_is_remembered_is_what_the_model_says_to_the_bit(encoder: Encoder) -> None:
    memory = Memory(encoder)
    (alone,) = encoder.encode_query_tokens([HAFTAR])
    for _ in range(2):
        found = memory.query(HAFTAR, Stopwatch())
        for name in ("vector", "tokens", "ids"):
            assert np.array_equal(getattr(found, name), getattr(alone, name))


def test_a_query_is_encoded_once_however_it_is_spelled_for_the_encoder(encoder: Encoder) -> None:
    watched = Watched(encoder)
    memory = remembering(watched)
    watches = [Stopwatch() for _ in range(4)]
    for text, watch in zip((HAFTAR, "زِيارة حفتر إلـى باكستان", VISIT, HAFTAR), watches, strict=True):
        memory.query(text, watch)
    assert watched.asked == [HAFTAR, VISIT]
    assert [set(watch.seconds()) for watch in watches] == [{"encode"}, set(), {"encode"}, set()]


def test_those_who_want_a_query_at_the_same_time_wait_for_one_pass(encoder: Encoder) -> None:
    go_on = Event()
    watched = Watched(encoder, lambda: go_on.wait(10))
    memory = remembering(watched)
    with ThreadPoolExecutor(8) as threads:
        found = [threads.submit(memory.query, VISIT, Stopwatch()) for _ in range(8)]
        go_on.set()
        first, *others = [each.result() for each in found]
    assert watched.asked == [VISIT]
    assert all(other is first for other in others)


def test_the_model_runs_once_on_each_core_at_a_time(encoder: Encoder) -> None:
    together, most = Barrier(CORES), 0
    running: list[int] = []

    def before() -> None:
        nonlocal most
        running.append(1)
        together.wait(10)
        most = max(most, len(running))
        together.wait(10)
        running.pop()

    memory = remembering(Watched(encoder, before))
    with ThreadPoolExecutor(3 * CORES) as threads:
        list(threads.map(lambda at: memory.query(f"port {at}", Stopwatch()), range(3 * CORES)))
    assert most == CORES


def test_a_failure_is_not_remembered(encoder: Encoder) -> None:
    faults = [RuntimeError("out of memory")]

    def fail_once() -> None:
        if faults:
            raise faults.pop()

    memory = remembering(Watched(encoder, fail_once))
    with pytest.raises(RuntimeError, match="out of memory"):
        memory.query(VISIT, Stopwatch())
    assert memory.query(VISIT, Stopwatch()).vector.shape == (encoder.dim,)


def test_the_memory_is_bounded_and_keeps_what_was_asked_last(encoder: Encoder) -> None:
    watched = Watched(encoder)
    memory = remembering(watched, kept_bytes=64 * 2**10)
    queries = [f"ferry number {number}" for number in range(40)]
    for query in queries:
        memory.query(query, Stopwatch())
        memory.query(queries[0], Stopwatch())
    assert watched.asked == queries
    for query in (queries[-1], queries[1]):
        memory.query(query, Stopwatch())
    assert watched.asked == [*queries, queries[1]]


def test_a_query_larger_than_the_memory_is_answered(encoder: Encoder) -> None:
    assert len(remembering(Watched(encoder), kept_bytes=1).query(VISIT, Stopwatch()).tokens)
