from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.errors import DamagedIndexError
from search.vectors import VectorIndex, WordIndex, write_vectors, write_words


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


@pytest.mark.parametrize("count", [1, 9, 10, 60, 500])
def test_the_nearest_of_some_rows_are_those_of_brute_force(vectors: np.ndarray, index: VectorIndex, count: int) -> None:
    query = vectors[42]
    rows = np.sort(np.random.default_rng(count).choice(500, count, replace=False))
    cosines = vectors[rows] @ query
    found, scores = index.search(query, rows, 10)
    np.testing.assert_array_equal(found, rows[np.argsort(-cosines)[:10]])
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)


def test_no_rows_give_nothing(vectors: np.ndarray, index: VectorIndex) -> None:
    found, scores = index.search(vectors[0], np.empty(0, np.int64), 10)
    assert len(found) == len(scores) == 0


def test_a_pool_with_fewer_rows_than_asked_for_gives_them_all(vectors: np.ndarray, index: VectorIndex) -> None:
    found, _ = index.search(vectors[0], range(10, 15), 100)
    assert sorted(found) == [10, 11, 12, 13, 14]


def test_an_empty_pool_gives_nothing(vectors: np.ndarray, index: VectorIndex) -> None:
    found, scores = index.search(vectors[0], range(0), 10)
    assert len(found) == len(scores) == 0


def test_cosines_of_rows_come_in_their_order(vectors: np.ndarray, index: VectorIndex) -> None:
    np.testing.assert_allclose(index.cosines(vectors[0], [7, 3]), vectors[[7, 3]] @ vectors[0], atol=1e-6)
    assert len(index.cosines(vectors[0], [])) == 0


@pytest.mark.parametrize("kind", [VectorIndex, WordIndex])
@pytest.mark.parametrize("content", [None, b"", b"IxFI and then nothing"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, kind: Callable[[Path], object], content: bytes | None) -> None:
    path = tmp_path / "vectors.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError) as caught:
        kind(path)
    assert "--rebuild" in caught.value.hint


def test_the_nearest_words_are_those_of_brute_force(vectors: np.ndarray, tmp_path: Path) -> None:
    write_words(tmp_path / "words.faiss", vectors)
    rows, cosines = WordIndex(tmp_path / "words.faiss").nearest(vectors[:40], 5)
    expected = vectors[:40] @ vectors.T
    np.testing.assert_array_equal(rows[:, 0], range(40))
    np.testing.assert_allclose(cosines, np.take_along_axis(expected, rows, axis=1), atol=0.01)
    np.testing.assert_allclose(cosines, -np.sort(-expected, axis=1)[:, :5], atol=0.01)


def test_of_many_words_nearly_all_nearest_ones_are_found(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    centres = random.normal(size=(60, 24))
    words = centres[random.integers(60, size=6000)] + 0.3 * random.normal(size=(6000, 24))
    words = (words / np.linalg.norm(words, axis=1, keepdims=True)).astype(np.float32)
    write_words(tmp_path / "words.faiss", words)
    rows, _ = WordIndex(tmp_path / "words.faiss").nearest(words[:200], 3)
    best = np.argsort(-(words[:200] @ words.T), axis=1)[:, :3]
    assert (rows[:, :1] == best[:, :1]).mean() > 0.95
    found = [len(set(ours) & set(theirs)) for ours, theirs in zip(rows.tolist(), best.tolist(), strict=True)]
    assert sum(found) > 0.9 * best.size


def test_where_there_are_few_words_minus_one_stands_for_none(vectors: np.ndarray, tmp_path: Path) -> None:
    write_words(tmp_path / "words.faiss", vectors[:2])
    rows, _ = WordIndex(tmp_path / "words.faiss").nearest(vectors[:1], 4)
    assert rows.tolist() == [[0, 1, -1, -1]]


def test_a_file_that_cannot_be_written() -> None:
    with pytest.raises(OSError, match="No space left on device"):
        write_vectors(Path("/dev/full"), [np.eye(4, dtype=np.float32)], 4)
