"""The vectors of a generation, kept and searched by FAISS.

A row is a passage's number in its generation. The rows of one language are consecutive, so that a pool is a range.

Up to `EXACT_ROWS` passages, a search compares all vectors. Beyond, each vector has a code of two bits a dimension
(product quantisation, Jégou, Douze and Schmid, 2011, in the form that is scanned in registers: André, Kermarrec and Le
Scouarnec, 2015): a search goes through all codes of the pool, and then compares the vectors of the best.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np

from search.allowed import Allowed, Rows
from search.encoder import Vectors
from search.errors import DamagedIndexError
from search.matrix import Matrix, write_matrix
from search.recall import DEPTH, MAX_REACH, Reach, needed, places, sample_queries
from search.store import REBUILD

__all__ = [
    "EXACT_ROWS",
    "Neighbourhood",
    "Rows",
    "VectorIndex",
    "WordIndex",
    "nearest",
    "write_vectors",
    "write_words",
]

EXACT_ROWS = 20_000
"""Up to so many passages all vectors are compared: 2 ms for a pool of all of them, and 30 MB."""

_BY_HAND = 2000
"""So many rows cost no more by themselves than the codes of a large pool do; nor have fewer enough to learn from."""

_LEARNT_FROM = 4096
_BLOCK_ROWS = 8192

# Of a `Neighbourhood`, and of words
_PROBED = 16
_LEARNT_PER_CLUSTER = 16
_FEWEST_CLUSTERED = 5000
_PROBED_SHARE = 1 / 20

_IP = faiss.METRIC_INNER_PRODUCT
_BYTES = faiss.ScalarQuantizer.QT_8bit


def write_vectors(
    folder: Path, blocks: Iterable[Vectors], pools: Sequence[range], dim: int, *, exact_rows: int = EXACT_ROWS
) -> dict[str, float]:
    """Write blocks of vectors ``(n, dim)``, float32 and of length 1, to a folder.

    The `pools` are the rows of each language, one after the other. Of more than `exact_rows` in all, codes are made, a
    quarter of a byte a dimension; those of one pool are held in memory. Returns the recall by depth (see
    `search.recall.Reach`) of the pool that has the lowest.
    """
    folder.mkdir(exist_ok=True)
    count = sum(map(len, pools))
    write_matrix(folder / "vectors.npy", blocks, (count, dim), coarse=count > exact_rows)
    matrix = Matrix(folder / "vectors.npy")
    coded = [pool for pool in pools if count > exact_rows and len(pool) > _BY_HAND]
    reach = Reach()
    for pool in coded:
        codes = _Codes.of(matrix, pool)
        _write(codes.index, folder / f"codes-{pool.start}.faiss")
        reach = reach.worse_of(_reach(matrix, codes))
    about = {"coded": [[pool.start, pool.stop] for pool in coded], "reach": reach.times}
    (folder / "codes.json").write_text(json.dumps(about), "utf-8")
    return {str(depth): found for depth, found in reach.recall.items()}


def _write(index: faiss.Index, path: Path) -> None:
    """Through a file of Python's: FAISS prints and forgets it when the end of its own does not fit on the disk."""
    with path.open("wb") as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]


def _reach(matrix: Matrix, codes: "_Codes") -> Reach:
    queries = sample_queries(matrix)
    truth = faiss.ResultHeap(len(queries), DEPTH, keep_max=True)
    for piece in _pieces(codes.rows):
        cosines, found = faiss.knn(queries, matrix.at(piece), min(DEPTH, len(piece)), metric=_IP)
        truth.add_result(cosines, found + piece.start)
    truth.finalize()
    return needed(
        np.stack(
            [
                places(nearest, codes.candidates(query, codes.rows, MAX_REACH * DEPTH))
                for query, nearest in zip(queries, truth.I, strict=True)
            ]
        )
    )


class VectorIndex:
    """What `write_vectors` wrote, read-only: vectors ``(count, dim)``. Raises `DamagedIndexError`."""

    def __init__(self, folder: Path) -> None:
        try:
            self._matrix = Matrix(folder / "vectors.npy")
            about = json.loads((folder / "codes.json").read_text("utf-8"))
            self._reach = int(about["reach"])
            self._codes = [_Codes.read(folder, range(*pool)) for pool in about["coded"]]
        except (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise DamagedIndexError(f"The vectors in {folder} cannot be read.", hint=REBUILD) from error
        self.count = self._matrix.count
        self.dim = self._matrix.dim

    def at(self, rows: range | Rows) -> Vectors:
        """The vectors of these rows, ``(n, dim)``."""
        return self._matrix.at(rows)

    def search(self, query: Vectors, pool: range, depth: int, *, among: Allowed | None = None) -> tuple[Rows, Vectors]:
        """As `search.backend.VectorStore.search`.

        Where there are codes, nearly all of those (`search.store.Manifest.recall`); the cosines are not of the codes.
        """
        rows = pool if among is None else among.rows
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        _stay_alone()
        codes = self._codes_of(rows) if len(rows) > _BY_HAND else None
        if codes:
            rows = np.sort(codes.candidates(query, rows, max(depth, DEPTH) * self._reach))
        return self._compared(query, rows, min(depth, len(rows)))

    def cosines(self, query: Vectors, rows: list[int]) -> Vectors:
        """The cosines of `query` ``(dim,)`` to these rows, in their order."""
        if not rows:
            return np.empty(0, np.float32)
        return np.asarray(self.at(np.array(rows, np.int64)) @ query, np.float32)

    def _codes_of(self, rows: range | Rows) -> "_Codes | None":
        ends = {int(rows[0]), int(rows[-1])}  # of NumPy's numbers, a range would go through all of its own
        return next((codes for codes in self._codes if all(row in codes.rows for row in ends)), None)

    def _compared(self, query: Vectors, rows: range | Rows, depth: int) -> tuple[Rows, Vectors]:
        """The nearest of these rows, by all of their vectors."""
        if not isinstance(rows, range) and self._matrix.fine is not None:
            return _nearest_among(query, self._matrix.fine, rows, depth)
        cosines, found = faiss.knn(query[None], self.at(rows), depth, metric=_IP)
        return (found[0] + rows.start if isinstance(rows, range) else rows[found[0]]), cosines[0]


def _nearest_among(query: Vectors, vectors: Vectors, rows: Rows, depth: int) -> tuple[Rows, Vectors]:
    """As products by hand, but without a copy of the rows."""
    found, cosines = np.empty(depth, np.int64), np.empty(depth, np.float32)
    given = [faiss.swig_ptr(array) for array in (query, vectors, rows)]
    sizes = len(query), 1, len(vectors), len(rows), depth
    out = faiss.swig_ptr(cosines), faiss.swig_ptr(found)
    faiss.knn_inner_products_by_idx(*given, *sizes, *out)  # type: ignore[attr-defined]
    return found, cosines


class _Codes:
    """The vectors of one pool in short: an index of one list, since only lists can be told which rows to leave out."""

    def __init__(self, rows: range, index: faiss.Index) -> None:
        self.rows = rows
        self.index = index

    @classmethod
    def of(cls, matrix: Matrix, rows: range) -> "_Codes":
        """The codes of these rows."""
        dim = matrix.dim
        everything = faiss.IndexFlatIP(dim)
        everything.add(np.zeros((1, dim), np.float32))
        parts = dim // 2 if dim % 2 == 0 else dim
        index = faiss.IndexIVFPQFastScan(everything, dim, 1, parts, 4, _IP)
        index.by_residual = False
        threads = faiss.omp_get_max_threads()
        _stay_alone()  # it is many small tasks
        index.train(matrix.at(_evenly(rows, _LEARNT_FROM)))
        faiss.omp_set_num_threads(threads)
        for piece in _pieces(rows):
            index.add(matrix.at(piece))
        return cls(rows, index)

    @classmethod
    def read(cls, folder: Path, rows: range) -> "_Codes":
        """The codes of these rows from their file. Raises `RuntimeError` or `ValueError`."""
        index = faiss.read_index(str(folder / f"codes-{rows.start}.faiss"))
        if index.ntotal != len(rows):
            raise ValueError(f"There are {index.ntotal} codes for {len(rows)} rows")
        return cls(rows, index)

    def candidates(self, query: Vectors, rows: range | Rows, count: int) -> Rows:
        """The `count` of these rows of the pool that are nearest by their codes, nearest first."""
        chosen = None
        if len(rows) < len(self.rows):
            allowed = np.zeros(len(self.rows), np.bool_)
            allowed[np.asarray(rows) - self.rows.start] = True
            bits = np.packbits(allowed, bitorder="little")
            chosen = faiss.SearchParametersIVF(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[arg-type, call-arg]
        _, found = self.index.search(query[None], min(count, len(rows)), params=chosen)
        return np.asarray(found[0][found[0] >= 0] + self.rows.start, np.int64)


def _evenly(rows: range, count: int) -> Rows:
    """That many of the rows, or all of them, at equal distances."""
    return np.linspace(rows.start, rows.stop - 1, min(count, len(rows))).round().astype(np.int64)


def _pieces(rows: range) -> list[range]:
    return [rows[start : start + _BLOCK_ROWS] for start in range(0, len(rows), _BLOCK_ROWS)]


def nearest(queries: Vectors, vectors: Vectors, count: int) -> tuple[Rows, Vectors]:
    """The `count` places among `vectors` ``(m, dim)`` nearest to each of `queries` ``(n, dim)``, and their cosines.

    Both are ``(n, count)``, best first; all vectors are of length 1. Where there are fewer, -1 stands for a place and
    what is below -1 for a cosine.
    """
    cosines, places = faiss.knn(queries, vectors, count, metric=_IP)
    return places, cosines


class Neighbourhood:
    """Vectors among which many others ask for their nearest, held in memory.

    `at` gives the `count` vectors ``(n, dim)``, each of length 1, by their places. All are compared, or of more than
    `exact_rows` one byte a dimension, of those in the clusters nearest to who asks.
    """

    def __init__(
        self, at: Callable[[range | Rows], Vectors], count: int, dim: int, *, exact_rows: int = EXACT_ROWS
    ) -> None:
        self._index: faiss.Index = faiss.IndexFlatIP(dim)
        if count > exact_rows:
            clusters = 4 * int(count**0.5)
            self._index = _clustered(dim, clusters)
            self._index.nprobe = _PROBED
            # A byte reaches as far as the sample did. Outliers go a little beyond, and of residuals far beyond.
            self._index.by_residual = False
            self._index.sq.rangestat_arg = 0.1
            self._index.train(at(_evenly(range(count), _LEARNT_PER_CLUSTER * clusters)))
        for piece in _pieces(range(count)):
            self._index.add(at(piece))

    def nearest(self, queries: Vectors, count: int) -> tuple[Rows, Vectors]:
        """As the function `nearest`, where all are compared; else nearly, and cosines to about 0.001."""
        cosines, places = self._index.search(queries, count)
        return places, cosines


def _clustered(dim: int, clusters: int) -> faiss.IndexIVFScalarQuantizer:
    """An empty index of one byte a dimension in clusters."""
    index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, clusters, _BYTES, _IP)
    index.cp.niter = 6
    index.cp.min_points_per_centroid = 1
    return index


def write_words(path: Path, vectors: Vectors) -> None:
    """Write vectors ``(n, dim)`` of length 1, one byte a dimension; many of them in clusters, for `WordIndex`."""
    count, dim = vectors.shape
    index: faiss.Index = faiss.IndexScalarQuantizer(dim, _BYTES, _IP)
    if count >= _FEWEST_CLUSTERED:
        clusters = 4 * int(count**0.5)
        index = _clustered(dim, clusters)
        index.nprobe = round(clusters * _PROBED_SHARE)
    index.train(vectors)
    index.add(vectors)
    if isinstance(index, faiss.IndexIVF):
        index.make_direct_map()
    _write(index, path)


class WordIndex:
    """What `write_words` wrote, mapped into memory: its nearest vectors, nearly always. Raises `DamagedIndexError`."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise DamagedIndexError(f"The vectors in {path} cannot be read.", hint=REBUILD) from error

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, ``(n, dim)``, as exactly as one byte a dimension can tell."""
        return np.asarray(self._index.reconstruct_batch(np.array(rows, np.int64)), np.float32)

    def search_all(self) -> None:
        """Compare all vectors from now on, where there are clusters of them, too: for measuring."""
        if isinstance(self._index, faiss.IndexIVF):
            self._index.nprobe = self._index.nlist

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
