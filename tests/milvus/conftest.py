"""Milvus, twice: Milvus Lite in the process of the tests, and a server 2.3.5 that all processes of one run share."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock

from indexer.build import build
from search import store
from search.milvus.address import Address
from search.milvus.connection import Connection
from search.milvus.passages import fields, passage_records
from search.settings import Settings
from tests.conftest import IS_ONE_OF_SEVERAL
from tests.milvus.server import TOKEN, used


@pytest.fixture(scope="session")
def lite_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a Milvus Lite of this process."""
    return str(tmp_path_factory.mktemp("lite") / "lite.db")


@pytest.fixture(scope="session")
def server_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the real server is; it asks for `tests.milvus.server.TOKEN`."""
    base = tmp_path_factory.getbasetemp()
    with used((base.parent if IS_ONE_OF_SEVERAL else base) / "milvus-server") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def lite(lite_uri: str) -> Connection:
    """Milvus Lite, which has sparse vectors."""
    return Connection(Address(lite_uri, "tests"))


@pytest.fixture(scope="session")
def server(server_uri: str) -> Connection:
    """The real server, which has none."""
    return Connection(Address(server_uri, "tests"), token=TOKEN)


@pytest.fixture(scope="session", params=["lite", "server"])
def milvus(request: pytest.FixtureRequest) -> Connection:
    """Each of the two."""
    connection: Connection = request.getfixturevalue(request.param)
    return connection


@pytest.fixture(scope="session")
def seed_passages(milvus: Connection, seed_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The collection of the passages of the seed documents."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "seed-passages.lock"):
        if "seed_passages" not in milvus.collections():
            folder = store.current(seed_settings.folder)
            manifest = store.Manifest.read(folder)
            milvus.create("seed_passages", fields(manifest.dim, manifest.passages))
            milvus.insert("seed_passages", passage_records(folder), "row")
            milvus.finish("seed_passages")
    return "seed_passages"


@pytest.fixture
def name() -> str:
    """A name for a collection or an index of the test's own."""
    return f"t{uuid4().hex}"


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two short documents, which is sent in no time."""
    folder = tmp_path_factory.mktemp("little")
    (folder / "ferry.txt").write_text("The ferry to Suakin sails again on Thursday.", "utf-8")
    (folder / "ميناء.txt").write_text("وصلت سفينة المساعدات إلى الميناء صباح اليوم.", "utf-8")
    build([folder / "ferry.txt", folder / "ميناء.txt"], Settings.load(index=folder / "index"))
    return folder / "index"
