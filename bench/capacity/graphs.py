"""How an HNSW graph of FAISS, with Milvus's numbers, grows: its bytes, its building, its answers.

One thread does everything, so that times are core times. Milvus keeps such a graph for each of its segments.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np

from bench.capacity.figures import Graph, VectorGraphs
from bench.sample import Sample
from search import store
from search.encoder import Vectors
from search.matrix import Matrix

EF = 512
_M, _EF_CONSTRUCTION = 16, 200
_QUERIES = 200
_DEPTH = 100
_SEED = 20261122


def measure_graphs(index: Path, sizes: Sequence[int]) -> VectorGraphs:
    """VectorGraphs of so many of an index's vectors, asked with others of them, a little moved."""
    matrix = Matrix(store.current(index) / "vectors" / "vectors.npy")
    chance = np.random.default_rng(_SEED)
    rows = chance.permutation(matrix.count)
    queries = _moved(matrix.at(np.sort(rows[:_QUERIES])), chance)
    with _alone():
        found = [_measure(np.ascontiguousarray(matrix.at(np.sort(rows[-size:]))), queries) for size in sizes]
    return VectorGraphs(index=index.name, dim=matrix.dim, ef=EF, sizes=found)


def _measure(vectors: Vectors, queries: Vectors) -> Graph:
    graph = faiss.IndexHNSWFlat(vectors.shape[1], _M, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _EF_CONSTRUCTION
    graph.hnsw.efSearch = EF
    started = time.process_time()
    graph.add(vectors)
    built = time.process_time() - started
    scan = faiss.IndexFlatIP(vectors.shape[1])
    scan.add(vectors)
    approximate, exact = _asked(graph, queries), _asked(scan, queries)
    shared = [len(set(one) & set(other)) / len(other) for one, other in zip(approximate[1], exact[1], strict=True)]
    return Graph(
        vectors=len(vectors),
        build_core_s=built,
        graph_bytes=len(faiss.serialize_index(graph)) / len(vectors) - vectors.nbytes / len(vectors),
        query_ms=Sample(tuple(approximate[0])),
        scan_ms=Sample(tuple(exact[0])),
        recall=float(np.mean(shared)),
    )


def _asked(index: faiss.Index, queries: Vectors) -> tuple[list[float], list[list[int]]]:
    """The milliseconds of each query, and the places of its nearest."""
    times, places = [], []
    for query in queries:
        started = time.perf_counter()
        _, found = index.search(query[None], min(_DEPTH, index.ntotal))
        times.append(round((time.perf_counter() - started) * 1000, 4))
        places.append(found[0].tolist())
    return times, places


def _moved(vectors: Vectors, chance: np.random.Generator) -> Vectors:
    """Vectors of length 1 near these, as a query is near passages and the same as none."""
    noise = chance.standard_normal(vectors.shape).astype(np.float32)
    moved = vectors + 0.5 * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


@contextmanager
def _alone() -> Iterator[None]:
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
