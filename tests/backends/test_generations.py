"""Generations: the one that was published last is current, and in one step; a reader keeps the one that it opened; the
last two are kept.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from indexer.build import build
from search import store
from search.backend import Backend
from search.encoder import Encoder
from search.errors import ExpiredError, MissingIndexError
from search.local import LocalBackend
from search.milvus.address import Address
from search.milvus.backend import MilvusBackend
from search.milvus.connection import Connection
from search.milvus.publish import publish
from search.searcher import Searcher
from search.settings import Settings
from search.vocabulary import WordEncoder
from tests.backends.conftest import WITH_WORDS

NEWS = [
    "The lighthouse keeper of Masirah counted eleven ships before dawn.",
    "رست في ميناء صحار سفينة تحمل ألواحاً شمسية لمدارس الولاية.",
    "Pearl divers of Muharraq met for the last dive of the season.",
]


@dataclass(frozen=True)
class Growing:
    """An index that grows by a document with each generation."""

    settings: Settings
    backend: Backend
    send: Callable[[], bool]

    def grow(self) -> str:
        """Add the next document and publish; returns the generation."""
        news = self.settings.folder.parent / "news"
        news.mkdir(exist_ok=True)
        number = len(list(news.iterdir()))
        (news / f"{number}.txt").write_text(NEWS[number], "utf-8")
        build([news], self.settings)
        self.send()
        return store.current(self.settings.folder).name


@pytest.fixture(params=WITH_WORDS)
def growing(request: pytest.FixtureRequest, tmp_path: Path) -> Growing:
    """An index without a generation yet, in each backend."""
    make: Callable[[Settings], Growing] = request.getfixturevalue(f"growing_in_{request.param}")
    return make(Settings.load(index=tmp_path / "index"))


@pytest.fixture
def growing_in_local() -> Callable[[Settings], Growing]:
    """In its folder, where nothing is to be sent."""
    return lambda settings: Growing(settings, LocalBackend(settings.folder), lambda: False)


@pytest.fixture
def growing_in_lite(tmp_path: Path) -> Iterator[Callable[[Settings], Growing]]:
    """In a Milvus Lite of the test's own."""
    with closing(Connection(Address(str(tmp_path / "lite.db"), "news"))) as connection:

        def made(settings: Settings) -> Growing:
            return Growing(
                settings, MilvusBackend(connection), lambda: bool(publish(store.current(settings.folder), connection))
            )

        yield made


def test_generations_follow_each_other(growing: Growing, encoder: Encoder) -> None:
    backend, words = growing.backend, WordEncoder(encoder)
    with pytest.raises(MissingIndexError):
        backend.current()
    first = growing.grow()
    assert backend.current() == backend.manifest(first).generation == first
    with pytest.raises(ExpiredError):
        backend.manifest("20200101T000000.000000Z")
    with pytest.raises(ExpiredError):
        backend.open("20200101T000000.000000Z", words)
    searcher = Searcher(backend, encoder)
    assert not searcher.refresh()

    second = growing.grow()
    assert backend.current() == second != first == searcher.generation
    assert [len(of.documents()) for of in (searcher, Searcher(backend, encoder), searcher.at(second))] == [1, 2, 2]
    assert searcher.refresh()
    assert (searcher.generation, len(searcher.documents())) == (second, 2)
    view = searcher.at(first)
    assert len(view.search("lighthouse")) == 1

    third = growing.grow()
    assert backend.current() == third
    assert backend.open(second, words).manifest == backend.manifest(second)
    assert len(Searcher(backend, encoder).at(second).search("ميناء صحار")) == 2
    with pytest.raises(ExpiredError):
        backend.open(first, words)
    with pytest.raises(ExpiredError):
        backend.manifest(first)
    with pytest.raises(ExpiredError):
        Searcher(backend, encoder).at(first)
    # Who has a generation open that is gone may go on reading it where that is possible: files are, collections not.
    with nullcontext() if backend.server is None else pytest.raises(ExpiredError):
        assert len(view.search("lighthouse")) == 1


def test_readers_see_one_generation_or_the_other_while_one_is_published(growing: Growing, encoder: Encoder) -> None:
    growing.grow()
    searcher = Searcher(growing.backend, encoder)
    finished = Event()

    def read() -> Iterator[tuple[str, int, int]]:
        while True:
            done = finished.is_set()
            searcher.refresh()
            view = searcher.at(searcher.generation)
            yield view.generation, len(view.documents()), len(view.search("ships in the harbour", k=10))
            if done:
                return

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(lambda: list(read()))
        try:
            generations = [searcher.generation, growing.grow()]
        finally:
            finished.set()
        seen = reading.result()
    assert list(dict.fromkeys(generation for generation, *_ in seen)) == generations
    counts = dict(zip(generations, (1, 2), strict=True))
    assert all(documents == hits == counts[generation] for generation, documents, hits in seen)
