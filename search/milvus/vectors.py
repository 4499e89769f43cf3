"""The vectors of a generation in a Milvus, which compares them; see `search.milvus.passages` for what it holds."""

from collections.abc import Mapping

import numpy as np

from search.allowed import Allowed, Rows
from search.encoder import Vectors
from search.milvus.allowed import condition
from search.milvus.connection import Connection
from search.milvus.expressions import all_of, any_of, within
from search.milvus.rows import by_row

_AT_ONCE = 2048  # numbers of Python take ten times the room of those they are made into


class MilvusVectors:
    """The neutral vectors of a collection of passages; a `search.backend.VectorStore`.

    `pools` are the rows of each language, and `dim` is the length of a vector.
    """

    def __init__(self, connection: Connection, passages: str, pools: Mapping[str, range], dim: int) -> None:
        self._connection = connection
        self._passages = passages
        self._pools = pools
        self.count = sum(map(len, pools.values()))
        self.dim = dim

    def at(self, rows: range | Rows) -> Vectors:
        """As `VectorStore.at`."""
        pieces = (np.asarray(rows[at : at + _AT_ONCE], np.int64) for at in range(0, len(rows), _AT_ONCE))
        none = np.empty((0, self.dim), np.float32)
        return np.concatenate([none, *map(self._read, pieces)])

    def search(self, query: Vectors, pool: range, depth: int, *, among: Allowed | None = None) -> tuple[Rows, Vectors]:
        """As `VectorStore.search`."""
        (hits,) = self._connection.nearest(
            self._passages,
            "vector",
            [query],
            min(depth, len(pool)),
            fields=["row"],
            expression=all_of(self._speaking(pool), condition(among)),
        )
        rows = np.array([record["row"] for record, _ in hits], np.int64)
        cosines = np.array([cosine for _, cosine in hits], np.float32)
        order = np.lexsort((rows, -cosines))
        return rows[order], cosines[order]

    def cosines(self, query: Vectors, rows: list[int]) -> Vectors:
        """As `VectorStore.cosines`."""
        return np.asarray(self.at(np.array(rows, np.int64)) @ query, np.float32)

    def _read(self, rows: Rows) -> Vectors:
        return np.array(by_row(self._connection, self._passages, "vector", rows), np.float32)

    def _speaking(self, pool: range) -> str:
        """The condition that a passage is of a pool: of its language, for which a server looks in one partition."""
        langs = [lang for lang, rows in self._pools.items() if rows == pool]
        return any_of("lang", langs) if langs else within("row", pool)
