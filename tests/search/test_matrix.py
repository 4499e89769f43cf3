"""Vectors in a file: what was written comes back, and it is read where it lies."""

from pathlib import Path

import numpy as np
import pytest

from search.encoder import Vectors, normalised
from search.matrix import Matrix, write_matrix


@pytest.fixture
def vectors() -> Vectors:
    return normalised(np.random.default_rng(2).normal(size=(50, 12)).astype(np.float32))


def _written(path: Path, vectors: Vectors, *, coarse: bool) -> Matrix:
    write_matrix(path, (vectors[:20], vectors[20:]), vectors.shape, coarse=coarse)
    return Matrix(path)


def test_few_vectors_come_back_to_the_bit(tmp_path: Path, vectors: Vectors) -> None:
    matrix = _written(tmp_path / "few.npy", vectors, coarse=False)
    assert (matrix.count, matrix.dim) == (50, 12)
    np.testing.assert_array_equal(matrix.at(range(10, 30)), vectors[10:30])
    np.testing.assert_array_equal(matrix.at(np.array([7, 3])), vectors[[7, 3]])


def test_many_vectors_take_half_the_room_and_come_back_to_a_32767th(tmp_path: Path, vectors: Vectors) -> None:
    fine = _written(tmp_path / "few.npy", vectors, coarse=False)
    coarse = _written(tmp_path / "many.npy", vectors, coarse=True)
    assert fine.fine is not None
    assert coarse.fine is None
    for rows in (range(50), np.array([49, 0, 7])):
        assert coarse.at(rows).dtype == np.float32
        np.testing.assert_allclose(coarse.at(rows), fine.at(rows), atol=0.5 / 32767 + 1e-7)
    assert (tmp_path / "many.npy").stat().st_size - 128 == 50 * 12 * 2
    assert (tmp_path / "few.npy").stat().st_size - 128 == 50 * 12 * 4


@pytest.mark.parametrize("coarse", [False, True])
def test_no_vectors_are_a_matrix_too(tmp_path: Path, coarse: bool) -> None:
    matrix = _written(tmp_path / "none.npy", np.empty((0, 12), np.float32), coarse=coarse)
    assert (matrix.count, matrix.dim) == (0, 12)
    assert matrix.at(range(0)).shape == (0, 12)


def test_vectors_are_read_where_they_lie(tmp_path: Path, vectors: Vectors) -> None:
    matrix = _written(tmp_path / "few.npy", vectors, coarse=False)
    with (tmp_path / "few.npy").open("r+b") as stream:
        stream.seek(128)
        stream.write(np.float32(0.25).tobytes())
    assert matrix.at(range(1))[0, 0] == 0.25


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much of a file is resident")
def test_who_goes_through_a_large_file_does_not_keep_it(tmp_path: Path) -> None:
    block = normalised(np.random.default_rng(2).normal(size=(2000, 256)).astype(np.float32))
    write_matrix(tmp_path / "many.npy", [block] * 50, (100_000, 256), coarse=True)
    matrix = Matrix(tmp_path / "many.npy")
    before = _resident_file_kib()
    for start in range(0, 100_000, 4000):
        matrix.at(range(start, start + 4000))
    assert _resident_file_kib() - before < 10_000 < (tmp_path / "many.npy").stat().st_size / 1024 / 4
    np.testing.assert_allclose(matrix.at(np.array([3, 99_999])), block[[3, 1999]], atol=1e-4)


def _resident_file_kib() -> int:
    told = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("RssFile"))


def test_fewer_vectors_than_rows_are_an_error(tmp_path: Path, vectors: Vectors) -> None:
    with pytest.raises(ValueError, match="50 vectors were given for 51 rows"):
        write_matrix(tmp_path / "few.npy", [vectors], (51, 12), coarse=False)


def test_a_full_disk_is_an_error(vectors: Vectors) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        write_matrix(Path("/dev/full"), [vectors], vectors.shape, coarse=False)


@pytest.mark.parametrize("lost_bytes", [1, 600, 2400, 2528])
def test_a_torn_file_is_an_error(tmp_path: Path, vectors: Vectors, lost_bytes: int) -> None:
    _written(tmp_path / "few.npy", vectors, coarse=False)
    whole = (tmp_path / "few.npy").read_bytes()
    (tmp_path / "torn.npy").write_bytes(whole[:-lost_bytes])
    with pytest.raises((ValueError, EOFError)):
        Matrix(tmp_path / "torn.npy")


def test_another_array_is_an_error(tmp_path: Path) -> None:
    for array in (np.zeros(3, np.float32), np.zeros((3, 3))):
        np.save(tmp_path / "other.npy", array)
        with pytest.raises(ValueError, match="no matrix of vectors"):
            Matrix(tmp_path / "other.npy")
