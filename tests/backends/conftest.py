"""Each backend with the same index in it. What it is held to is read from the files of that index (`truth`)."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import cast

import pytest
from filelock import FileLock

from indexer.build import build
from search import store
from search.backend import Backend
from search.encoder import Encoder
from search.fusion import Leg
from search.generation import Generation
from search.local import LocalBackend
from search.milvus.address import Address
from search.milvus.backend import MilvusBackend
from search.milvus.connection import Connection
from search.milvus.publish import publish
from search.searcher import Searcher
from search.settings import Settings
from search.vocabulary import WordEncoder
from tests.backends.archive import date_by_month, write_archive
from tests.backends.truth import Truth
from tests.conftest import IS_ONE_OF_SEVERAL
from tests.milvus.server import TOKEN, used

EVERYWHERE = ("local", "lite", "server")
WITH_WORDS = ("local", "lite")
"""The server that the tests have is too old for sparse vectors: it holds no words of passages."""


@dataclass(frozen=True)
class Kept:
    """An index in a backend, open."""

    backend: Backend
    generation: Generation
    searcher: Searcher

    @property
    def has_words(self) -> bool:
        """Whether passages are found by their words there."""
        return self.backend.server is None or Leg.LEXICAL not in self.backend.server.absent


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that name an index of the archive; the processes of one run share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if IS_ONE_OF_SEVERAL else base) / "backends"
    settings = Settings.load(index=folder / "index")
    with FileLock(folder.with_suffix(".lock")):
        if not settings.folder.exists():
            build([write_archive(folder / "archive")], settings)
            date_by_month(store.current(settings.folder) / "catalogue.sqlite")
    return settings


@pytest.fixture(scope="session")
def truth(archive: Settings) -> Truth:
    """What the index holds."""
    return Truth.of(store.current(archive.folder))


@pytest.fixture(scope="session")
def local(archive: Settings, encoder: Encoder) -> Kept:
    """The index in its folder."""
    return opened(LocalBackend(archive.folder), encoder)


@pytest.fixture(scope="session")
def lite(archive: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The index in a Milvus Lite of this process."""
    with closing(Connection(Address(str(tmp_path_factory.mktemp("lite") / "lite.db"), "archive"))) as connection:
        publish(store.current(archive.folder), connection)
        yield opened(MilvusBackend(connection), encoder)


@pytest.fixture(scope="session")
def server(archive: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The index in the real server, which all processes of one run share; the first that wants it sends it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if IS_ONE_OF_SEVERAL else base) / "milvus-server"
    with used(folder) as port:
        address = Address(f"http://127.0.0.1:{port}", "archive")
        with closing(Connection(address, token=TOKEN)) as connection:
            with FileLock(archive.folder / "sending.lock"):
                publish(store.current(archive.folder), connection)
            yield opened(MilvusBackend(connection), encoder)


@pytest.fixture(scope="session", params=EVERYWHERE)
def kept(request: pytest.FixtureRequest) -> Kept:
    """The index in each backend."""
    return cast(Kept, request.getfixturevalue(request.param))


@pytest.fixture(scope="session", params=WITH_WORDS)
def worded(request: pytest.FixtureRequest) -> Kept:
    """The index in each backend that can hold words."""
    return cast(Kept, request.getfixturevalue(request.param))


def opened(backend: Backend, encoder: Encoder) -> Kept:
    """The index that a backend has."""
    generation = backend.open(backend.current(), WordEncoder(encoder))
    return Kept(backend, generation, Searcher(backend, encoder))
