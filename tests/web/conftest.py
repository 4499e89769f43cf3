"""The application over the seed index, asked over HTTP without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from search.settings import Settings
from web.app import create_app


@pytest.fixture(scope="session")
def client(seed_settings: Settings) -> Iterator[TestClient]:
    """A client of a server that is ready."""
    with TestClient(create_app(seed_settings)) as ready:
        yield ready


@pytest.fixture
def unready(tmp_path: Path, seed_settings: Settings) -> Iterator[TestClient]:
    """A client of a server that started before the first index was built."""
    settings = Settings(index=tmp_path / "not-built", cache=seed_settings.cache)
    with TestClient(create_app(settings)) as waiting:
        yield waiting
