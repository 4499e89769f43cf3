"""A server under load goes on answering, whole, while new builds of its index are published."""

from pathlib import Path

from bench.load import measure_load
from search.settings import Settings


def test_rebuilds_under_load_cost_no_request_and_tear_no_answer(tmp_path: Path, seed_settings: Settings) -> None:
    settings = Settings(index=tmp_path / "index", cache=seed_settings.cache)
    load = measure_load(settings, clients=8, seconds=6, rebuilds=2)
    assert not load.errors
    assert not load.torn
    assert load.generations == 3
    assert load.requests > 8
