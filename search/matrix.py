"""A matrix of vectors in a file, read where it lies: what is not asked for is not held in memory.

Its numbers are float32, or where there are very many of them whole 32,767ths in 16 bits. That halves the file, and
moves a cosine by about 0.00001: of 200 queries to 500,000 passages, all had the same hundred nearest.
"""

import mmap
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.allowed import Rows

Numbers = npt.NDArray[np.float32]

_FINE = np.dtype(np.float32)
_COARSE = np.dtype(np.int16)
_STEPS = np.float32(np.iinfo(np.int16).max)
_RELEASED_BYTES = 1 << 20


def write_matrix(path: Path, blocks: Iterable[Numbers], shape: tuple[int, int], *, coarse: bool) -> None:
    """Write blocks ``(n, dim)``, float32 and of length 1, as they come. Raises `ValueError` for other than `shape`."""
    dtype = _COARSE if coarse else _FINE
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    written = 0
    with path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        for block in blocks:
            stream.write((np.rint(block * _STEPS) if coarse else block).astype(dtype).tobytes())
            written += len(block)
    if written != shape[0]:
        raise ValueError(f"{written} vectors were given for {shape[0]} rows")


class Matrix:
    """What `write_matrix` wrote, ``(count, dim)``. Raises `OSError`, `EOFError` or `ValueError` for another file."""

    def __init__(self, path: Path) -> None:
        numbers = np.load(path, mmap_mode="r")
        if numbers.ndim != 2 or numbers.dtype not in (_FINE, _COARSE):
            raise ValueError(f"{path} is no matrix of vectors")
        self._numbers = numbers.view(np.ndarray)
        self._file = numbers.base
        self.count, self.dim = map(int, numbers.shape)

    @property
    def fine(self) -> Numbers | None:
        """The file itself ``(count, dim)``, None where its numbers are not float32."""
        return self._numbers if self._numbers.dtype == _FINE else None

    def at(self, rows: range | Rows) -> Numbers:
        """The vectors of these rows, ``(n, dim)`` float32."""
        found = self._numbers[rows.start : rows.stop] if isinstance(rows, range) else self._numbers[rows]
        if found.dtype == _FINE:
            return np.asarray(found)
        vectors = np.asarray(found / _STEPS)
        if isinstance(rows, range) and found.nbytes >= _RELEASED_BYTES:
            self._release()
        return vectors

    def _release(self) -> None:
        """Who goes through the whole file, block by block, would count it all as memory in use in the end."""
        if isinstance(self._file, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._file.madvise(mmap.MADV_DONTNEED)
