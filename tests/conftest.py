"""What many tests share: the real model, prepared once in the user's cache, and an index of the seed documents."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is imported: no test waits for a network

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from indexer.build import build
from search.encoder import Encoder, open_encoder
from search.model import PreparedModel, prepare
from search.searcher import Searcher
from search.settings import Settings

REPOSITORY = Path(__file__).parents[1]
SEEDS = REPOSITORY / "seeds"

IS_ONE_OF_SEVERAL = "PYTEST_XDIST_WORKER" in os.environ
LONGEST = {"test_kill.py", "test_quality.py"}

# A busy machine is no fault of what is tested.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by what they are for: archives hold the time, and all processes must know a test by one name."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes goes first where processes share the work: none is left with it when the others are done."""
    if IS_ONE_OF_SEVERAL:
        items.sort(key=lambda item: item.path.name not in LONGEST)


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
    """Settings that name an index of the seed documents, built with the default model. Not to be changed.

    The processes of one run share it: the first that wants it builds it, for the others nothing has changed.
    """
    base = tmp_path_factory.getbasetemp()
    seeds = (base.parent if IS_ONE_OF_SEVERAL else base) / "seeds"
    settings = Settings.load(index=seeds / "index")
    with FileLock(seeds.with_suffix(".lock")):
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
