"""What many tests share: the real model, prepared once in the user's cache, and an index of the seed documents."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is imported: no test waits for a network

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import build
from search.encoder import Encoder, open_encoder
from search.model import PreparedModel, prepare
from search.searcher import Searcher
from search.settings import Settings

REPOSITORY = Path(__file__).parents[1]
SEEDS = REPOSITORY / "seeds"


@pytest.fixture(scope="session", autouse=True)
def _settings_of_the_tests() -> Iterator[None]:
    """No test sees the settings of whoever runs it, save the cache, where the model may be ready."""
    taken = {
        name: os.environ.pop(name) for name in list(os.environ) if name.startswith("JISR_") and name != "JISR_CACHE"
    }
    yield
    os.environ.update(taken)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public test sets and documents beside the repository."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs the public test data in {folder}")
    return folder


@pytest.fixture(scope="session")
def model() -> PreparedModel:
    """The default model."""
    return prepare(Settings.load())


@pytest.fixture(scope="session")
def encoder(model: PreparedModel) -> Encoder:
    """The default model on ONNX Runtime."""
    return open_encoder(model)


@pytest.fixture(scope="session")
def seed_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that name an index of the seed documents, built with the default model. Not to be changed."""
    settings = Settings.load(index=tmp_path_factory.mktemp("seeds") / "index")
    build([SEEDS / "documents"], settings)
    return settings


@pytest.fixture(scope="session")
def seed_searcher(seed_settings: Settings) -> Searcher:
    """A searcher over the seed documents."""
    return Searcher.open(seed_settings)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that name an index of the test's own, not built yet."""
    return Settings.load(index=tmp_path / "index")
