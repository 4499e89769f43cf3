from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.encoder import Encoder
from search.local import LocalBackend
from search.records import Answer
from search.searcher import Options, Searcher
from search.settings import Settings
from search.timing import STEPS, Stopwatch


def test_a_stopwatch_adds_up_what_threads_measure() -> None:
    watch = Stopwatch()

    def work(_: int) -> None:
        with watch.step("encode"):
            sum(range(20_000))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(8)))
    with watch.step("late"):
        pass
    seconds = watch.seconds()
    assert set(seconds) == {"encode", "late"}
    assert seconds["encode"] > seconds["late"] >= 0


def test_a_step_that_fails_is_measured_too() -> None:
    watch = Stopwatch()
    with pytest.raises(ValueError, match="no"), watch.step("encode"):
        raise ValueError("no")
    assert set(watch.seconds()) == {"encode"}


def test_an_observer_is_told_of_each_answer_and_its_steps(seed_settings: Settings, encoder: Encoder) -> None:
    told: list[tuple[Answer, Mapping[str, float]]] = []
    searcher = Searcher(LocalBackend(seed_settings.folder), encoder, observer=lambda *one: told.append(one))
    answer = searcher.answer("زيارة حفتر إلى باكستان", Options(k=3, highlight=True))
    ((seen, seconds),) = told
    assert seen is answer
    assert set(seconds) == set(STEPS)
    assert all(taken >= 0 for taken in seconds.values())
    assert seconds["encode"] > seconds["filter"]
