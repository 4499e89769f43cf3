"""The counterparts of passages in a Milvus."""

import numpy as np

from search.allowed import Rows
from search.milvus.connection import Connection
from search.milvus.rows import by_row


class MilvusCounterparts:
    """The counterparts in a collection of passages; a `search.backend.CounterpartStore`."""

    def __init__(self, connection: Connection, passages: str) -> None:
        self._connection = connection
        self._passages = passages

    def of(self, rows: Rows) -> Rows:
        """As `CounterpartStore.of`."""
        return np.array(by_row(self._connection, self._passages, "counterpart", rows), np.int64)
