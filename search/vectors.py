"""The vectors of a generation, kept and searched by FAISS.

A row is a passage's number in its generation. The rows of one language are consecutive, so that a pool is a range.
"""

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from search.encoder import Vectors
from search.errors import DamagedIndexError
from search.store import REBUILD

Rows = npt.NDArray[np.int64]


def write_vectors(path: Path, blocks: Iterable[Vectors], dim: int) -> int:
    """Write blocks of vectors ``(n, dim)``, float32 and of length 1, as one exact index. Returns how many there are."""
    index = faiss.IndexFlatIP(dim)
    for block in blocks:
        index.add(np.ascontiguousarray(block))
    faiss.write_index(index, str(path))
    return int(index.ntotal)


class VectorIndex:
    """Vectors ``(count, dim)``, read-only. Raises `DamagedIndexError` for a file that FAISS cannot read."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(f"The vectors in {path} cannot be read.", hint=REBUILD) from error
        self.count = int(self._index.ntotal)

    def search(self, query: Vectors, rows: range, depth: int) -> tuple[Rows, Vectors]:
        """The `depth` rows of the range that are nearest to `query` ``(dim,)``, and their cosines, best first."""
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        selector = faiss.IDSelectorRange(rows.start, rows.stop)
        cosines, found = self._index.search(
            query[None],
            min(depth, len(rows)),
            params=faiss.SearchParameters(sel=selector),  # type: ignore[call-arg]
        )
        return found[0], cosines[0]

    def cosines(self, query: Vectors, rows: list[int]) -> Vectors:
        """The cosines of `query` ``(dim,)`` to these rows, in their order."""
        if not rows:
            return np.empty(0, np.float32)
        return np.asarray(self._index.reconstruct_batch(np.array(rows, np.int64)) @ query, np.float32)
