import numpy as np

from search import store
from search.counterparts import Counterparts
from search.milvus.connection import Connection
from search.milvus.counterparts import MilvusCounterparts
from search.settings import Settings


def test_counterparts_are_those_of_the_folder(milvus: Connection, seed_passages: str, seed_settings: Settings) -> None:
    folder = store.current(seed_settings.folder)
    rows = np.arange(store.Manifest.read(folder).passages)[::-1]
    expected = Counterparts(folder / "counterparts.npy").of(rows)
    assert {-1} < set(expected.tolist())
    counterparts = MilvusCounterparts(milvus, seed_passages)
    assert np.array_equal(counterparts.of(rows), expected)
    assert counterparts.of(rows[:0]).tolist() == []
