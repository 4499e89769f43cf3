"""The vectors of a generation, kept and searched by FAISS.

A row is a passage's number in its generation. The rows of one language are consecutive, so that a pool is a range.
"""

from collections.abc import Iterable, Sequence
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
    _write(index, path)
    return int(index.ntotal)


def _write(index: faiss.Index, path: Path) -> None:
    """Through a file of Python's: FAISS prints and forgets it when the end of its own does not fit on the disk."""
    with path.open("wb") as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]


class VectorIndex:
    """Vectors ``(count, dim)``, read-only. Raises `DamagedIndexError` for a file that FAISS cannot read."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(f"The vectors in {path} cannot be read.", hint=REBUILD) from error
        self.count = int(self._index.ntotal)
        self.dim = int(self._index.d)
        values = faiss.rev_swig_ptr(self._index.get_xb(), self.count * self.dim)  # type: ignore[attr-defined]
        self._vectors: Vectors = values.reshape(self.count, self.dim)

    def at(self, rows: range) -> Vectors:
        """The vectors of these rows, ``(n, dim)``."""
        return self._vectors[rows.start : rows.stop]

    def search(self, query: Vectors, rows: range | Rows, depth: int) -> tuple[Rows, Vectors]:
        """The `depth` of these rows that are nearest to `query` ``(dim,)``, and their cosines, best first."""
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        _stay_alone()
        if not isinstance(rows, range):
            return self._search_among(query, rows, depth)
        # A selector would be asked about every row; a pool is a range, so its part is searched by itself.
        part = self._vectors[rows.start : rows.stop]
        cosines, found = faiss.knn(query[None], part, min(depth, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
        return found[0] + rows.start, cosines[0]

    def _search_among(self, query: Vectors, rows: Rows, depth: int) -> tuple[Rows, Vectors]:
        # Of FAISS's selectors the one that it walks along: as quick as products by hand for few rows, as a bitmap for
        # all of them, and quicker than both in between.
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorArray(rows))  # type: ignore[call-arg]
        cosines, found = self._index.search(query[None], min(depth, len(rows)), params=chosen)
        return found[0], cosines[0]

    def cosines(self, query: Vectors, rows: list[int]) -> Vectors:
        """The cosines of `query` ``(dim,)`` to these rows, in their order."""
        if not rows:
            return np.empty(0, np.float32)
        return np.asarray(self._vectors[np.array(rows, np.int64)] @ query, np.float32)


def nearest(queries: Vectors, vectors: Vectors, count: int) -> tuple[Rows, Vectors]:
    """The `count` places among `vectors` ``(m, dim)`` nearest to each of `queries` ``(n, dim)``, and their cosines.

    Both are ``(n, count)``, best first; all vectors are of length 1. Where there are fewer, -1 stands for a place and
    what is below -1 for a cosine.
    """
    cosines, places = faiss.knn(queries, vectors, count, metric=faiss.METRIC_INNER_PRODUCT)
    return places, cosines


_FEWEST_CLUSTERED = 5000
_PROBED_SHARE = 1 / 20


def write_words(path: Path, vectors: Vectors) -> None:
    """Write vectors ``(n, dim)`` of length 1, one byte a dimension; many of them in clusters, for `WordIndex`."""
    count, dim = vectors.shape
    kind = faiss.ScalarQuantizer.QT_8bit
    index: faiss.Index = faiss.IndexScalarQuantizer(dim, kind, faiss.METRIC_INNER_PRODUCT)
    if count >= _FEWEST_CLUSTERED:
        clusters = 4 * int(count**0.5)
        centres = faiss.IndexFlatIP(dim)
        clustered = faiss.IndexIVFScalarQuantizer(centres, dim, clusters, kind, faiss.METRIC_INNER_PRODUCT)
        clustered.nprobe = round(clusters * _PROBED_SHARE)
        clustered.cp.niter = 6
        clustered.cp.min_points_per_centroid = 1
        index = clustered
    index.train(vectors)
    index.add(vectors)
    _write(index, path)


class WordIndex:
    """What `write_words` wrote, read-only: its nearest vectors, nearly always. Raises `DamagedIndexError`."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(f"The vectors in {path} cannot be read.", hint=REBUILD) from error
        if isinstance(self._index, faiss.IndexIVF):
            self._index.make_direct_map()

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, ``(n, dim)``, as exactly as one byte a dimension can tell."""
        return np.asarray(self._index.reconstruct_batch(np.array(rows, np.int64)), np.float32)

    def nearest(self, queries: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The `count` rows nearest to each query, and their cosines, both ``(n, count)`` and best first.

        Where there are fewer, -1 stands for a row.
        """
        _stay_alone()
        cosines, rows = self._index.search(queries, count)
        return rows, cosines


def _stay_alone() -> None:
    """Keep FAISS to this thread: others have the other pool, and what a helper does in a millisecond is to wait."""
    faiss.omp_set_num_threads(1)
