"""What is handed over while the build goes on comes into the cache once, and what goes wrong comes up."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.cache import CachedEncoder
from indexer.encoding import Encoding, encoding_threads
from search.encoder import Vectors
from search.progress import silent
from search.settings import Device
from tests.indexer.words import WordEncoder

TEXTS = [f"وصلت السفينة رقم {number}." for number in range(150)]


class HeldEncoder(WordEncoder):
    """Encodes nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.let_go.wait(60)
        return super().encode_passages(texts)


class WornError(Exception):
    """An encoder that has had enough."""


class WornEncoder(WordEncoder):
    """Fails over a certain text."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if TEXTS[70] in texts:
            raise WornError
        return super().encode_passages(texts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


@pytest.fixture
def threads() -> Iterator[Executor]:
    with encoding_threads(Device.CPU) as threads:
        yield threads


def test_each_text_is_encoded_once_whoever_hands_it_over(path: Path, threads: Executor) -> None:
    encoder = WordEncoder()
    stages: list[tuple[str, int, int]] = []
    with closing(CachedEncoder(path, encoder)) as cache:
        cache.add(TEXTS[:10])
        encoding = Encoding(threads, cache, 10**6)
        for start in range(0, 150, 7):
            encoding.add(TEXTS[max(start - 20, 0) : start + 7] * 2, "ar")
        encoding.finish("Encoding", lambda *stage: stages.append(stage))
        np.testing.assert_array_equal(cache.vectors(TEXTS), WordEncoder().encode_passages(TEXTS))
    assert sorted(encoder.encoded) == sorted(TEXTS)
    assert (encoding.encoded, encoding.total) == (140, 140)
    assert stages == sorted(stages)
    assert stages[-1] == ("Encoding", 140, 140)


def test_who_hands_over_too_much_waits(path: Path, threads: Executor) -> None:
    encoder = HeldEncoder()
    handed_over = threading.Event()
    with closing(CachedEncoder(path, encoder)) as cache:
        encoding = Encoding(threads, cache, sum(map(len, TEXTS)) - 1)

        def hand_over() -> None:
            encoding.add(TEXTS[:64], "ar")
            handed_over.set()
            encoding.add(TEXTS[64:], "ar")
            encoding.add(TEXTS[:64], "en")

        caller = threading.Thread(target=hand_over)
        caller.start()
        assert handed_over.wait(60)
        caller.join(0.2)
        assert caller.is_alive()
        encoder.let_go.set()
        caller.join(60)
        encoding.finish("Encoding", silent)
        assert cache.missing(TEXTS) == []


def test_an_error_comes_up(path: Path, threads: Executor) -> None:
    with closing(CachedEncoder(path, WornEncoder())) as cache:
        without_room = Encoding(threads, cache, 0)
        with pytest.raises(WornError):
            without_room.add(TEXTS, "ar")
        with_room = Encoding(threads, cache, 10**6)
        with_room.add(TEXTS[70:71], "ar")
        with pytest.raises(WornError):
            with_room.finish("Encoding", silent)


def test_what_waits_is_dropped_when_the_build_fails(path: Path) -> None:
    encoder = HeldEncoder()
    with closing(CachedEncoder(path, encoder)) as cache:

        def fail() -> None:
            with encoding_threads(Device.CPU) as threads:
                Encoding(threads, cache, 10**6).add(TEXTS, "ar")
                encoder.let_go.set()
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()
        assert len(cache.missing(TEXTS)) >= 150 - 3 * 32
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("encoding")]
