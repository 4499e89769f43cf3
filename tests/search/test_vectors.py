from pathlib import Path

import numpy as np
import pytest

from search.errors import DamagedIndexError
from search.vectors import VectorIndex, write_vectors


@pytest.fixture
def vectors() -> np.ndarray:
    values = np.random.default_rng(3).normal(size=(500, 24)).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


@pytest.fixture
def index(vectors: np.ndarray, tmp_path: Path) -> VectorIndex:
    assert write_vectors(tmp_path / "vectors.faiss", (vectors[:200], vectors[200:]), 24) == 500
    return VectorIndex(tmp_path / "vectors.faiss")


@pytest.mark.parametrize("rows", [range(500), range(120, 300), range(499, 500)])
def test_the_nearest_of_a_range_are_those_of_brute_force(vectors: np.ndarray, index: VectorIndex, rows: range) -> None:
    query = vectors[42]
    cosines = vectors[rows.start : rows.stop] @ query
    expected = np.argsort(-cosines)[:10] + rows.start
    found, scores = index.search(query, rows, 10)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)


def test_a_pool_with_fewer_rows_than_asked_for_gives_them_all(vectors: np.ndarray, index: VectorIndex) -> None:
    found, _ = index.search(vectors[0], range(10, 15), 100)
    assert sorted(found) == [10, 11, 12, 13, 14]


def test_an_empty_pool_gives_nothing(vectors: np.ndarray, index: VectorIndex) -> None:
    found, scores = index.search(vectors[0], range(0), 10)
    assert len(found) == len(scores) == 0


def test_cosines_of_rows_come_in_their_order(vectors: np.ndarray, index: VectorIndex) -> None:
    np.testing.assert_allclose(index.cosines(vectors[0], [7, 3]), vectors[[7, 3]] @ vectors[0], atol=1e-6)
    assert len(index.cosines(vectors[0], [])) == 0


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "vectors.faiss").write_bytes(b"IxFI and then nothing")
    with pytest.raises(DamagedIndexError) as caught:
        VectorIndex(tmp_path / "vectors.faiss")
    assert "--rebuild" in caught.value.hint
