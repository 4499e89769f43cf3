"""Which passages a filter lets through, as a condition that goes with a search: they are not listed, unless asked."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from search.allowed import Allowed, Rows
from search.milvus.connection import Connection
from search.milvus.expressions import all_of, any_of, within


class MilvusAllowed:
    """The passages of a collection that meet an expression; a `search.allowed.Allowed`."""

    def __init__(self, connection: Connection, passages: str, expression: str) -> None:
        self._connection = connection
        self._passages = passages
        self.expression = expression

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> Rows:
        """As `Allowed.rows`."""
        found = self._connection.query(self._passages, ["row"], self.expression)
        return np.sort(np.fromiter((record["row"] for record in found), np.int64, len(found)))

    def within(self, rows: range) -> "MilvusAllowed":
        """As `Allowed.within`."""
        return MilvusAllowed(self._connection, self._passages, all_of(self.expression, within("row", rows)))

    def mask(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """As `Allowed.mask`."""
        found = self._connection.select(
            self._passages, ["row"], "row", np.unique(rows).tolist(), expression=self.expression
        )
        return np.isin(rows, [record["row"] for record in found])

    @cached_property
    def _count(self) -> int:
        return self._connection.count(self._passages, self.expression)


def condition(among: Allowed | None) -> str:
    """The condition that a passage is among these; an empty one for all."""
    if among is None:
        return ""
    return among.expression if isinstance(among, MilvusAllowed) else any_of("row", among.rows.tolist())
