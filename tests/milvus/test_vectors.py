import numpy as np
import pytest

from search import store
from search.allowed import AllowedRows
from search.encoder import Encoder
from search.errors import DamagedIndexError
from search.milvus.allowed import MilvusAllowed
from search.milvus.connection import Connection
from search.milvus.vectors import MilvusVectors
from search.pools import read_pools
from search.settings import Settings
from search.vectors import VectorIndex

QUERIES = ["قراصنة يستولون على سفينة قرب باب المندب", "the price of bread in Cairo", "Haftar in Rawalpindi"]


@pytest.fixture(scope="module")
def pools(seed_settings: Settings) -> dict[str, range]:
    return {pool.lang: pool.rows for pool in read_pools(store.current(seed_settings.folder) / "pools.npz")}


@pytest.fixture(scope="module")
def local(seed_settings: Settings) -> VectorIndex:
    return VectorIndex(store.current(seed_settings.folder) / "vectors")


@pytest.fixture(scope="module")
def vectors(milvus: Connection, seed_passages: str, pools: dict[str, range], local: VectorIndex) -> MilvusVectors:
    return MilvusVectors(milvus, seed_passages, pools, local.dim)


def test_vectors_are_those_of_the_folder(vectors: MilvusVectors, local: VectorIndex) -> None:
    assert (vectors.count, vectors.dim) == (local.count, local.dim)
    assert np.array_equal(vectors.at(range(local.count)), local.at(range(local.count)))
    rows = np.array([local.count - 1, 3, 3, 0])
    assert np.array_equal(vectors.at(rows), local.at(rows))
    assert vectors.at(range(0)).shape == vectors.at(np.empty(0, np.int64)).shape == (0, local.dim)


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_are_nearest(
    query: str, vectors: MilvusVectors, local: VectorIndex, pools: dict[str, range], encoder: Encoder
) -> None:
    vector = encoder.encode_queries([query])[0]
    for pool in pools.values():
        for depth in (1, 10, 10_000):
            rows, cosines = vectors.search(vector, pool, depth)
            expected, their_cosines = local.search(vector, pool, depth)
            assert cosines == pytest.approx(their_cosines, abs=1e-6)
            assert cosines == pytest.approx(vectors.cosines(vector, rows.tolist()), abs=1e-6)
            assert rows[:10].tolist() == expected[:10].tolist()
            assert sorted(rows) == sorted(expected)


def test_only_those_among_others_are_found(
    milvus: Connection, seed_passages: str, vectors: MilvusVectors, local: VectorIndex, pools: dict[str, range]
) -> None:
    query, pool = local.at(range(1))[0], pools["en"]
    every_third = np.arange(pool.start, pool.stop, 3)
    expected, _ = local.search(query, pool, 10, among=AllowedRows(every_third))
    assert vectors.search(query, pool, 10, among=AllowedRows(every_third))[0].tolist() == expected.tolist()
    first_half = MilvusAllowed(milvus, seed_passages, f"row < {pool.start + len(pool) // 2}")
    expected, _ = local.search(query, pool, 10, among=AllowedRows(np.array(pool[: len(pool) // 2])))
    assert vectors.search(query, pool, 10, among=first_half)[0].tolist() == expected.tolist()
    nothing, no_cosines = vectors.search(query, pool, 10, among=AllowedRows(np.empty(0, np.int64)))
    assert (len(nothing), len(no_cosines)) == (0, 0)


def test_equally_near_are_in_the_order_of_their_rows(vectors: MilvusVectors, pools: dict[str, range]) -> None:
    rows, cosines = vectors.search(np.zeros(vectors.dim, np.float32), pools["ar"], 10_000)
    assert not cosines.any()
    assert rows.tolist() == list(pools["ar"])


def test_a_row_that_is_missing_is_no_silence(vectors: MilvusVectors) -> None:
    with pytest.raises(DamagedIndexError, match="1000000"):
        vectors.cosines(np.zeros(vectors.dim, np.float32), [0, 1_000_000])
