"""Which passages may be hits, where a filter leaves some out."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Rows ``(n,)`` of a generation: a row is a passage's number in it, and those of one language follow each other."""


class Allowed(Protocol):
    """The passages that a filter lets through, or those of them in one pool. Their number is the length."""

    def __len__(self) -> int: ...

    @property
    def rows(self) -> Rows:
        """All of them, ascending: for a store that cannot pass the filter on, since they may be very many."""
        ...

    def within(self, rows: range) -> Self:
        """Those in these rows."""
        ...

    def mask(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of these rows are among them, ``(n,)``."""
        ...


@dataclass(frozen=True, slots=True)
class AllowedRows:
    """Passages given by their rows, ascending."""

    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def within(self, rows: range) -> "AllowedRows":
        """As `Allowed.within`."""
        start, stop = np.searchsorted(self.rows, (rows.start, rows.stop))
        return AllowedRows(self.rows[start:stop])

    def mask(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """As `Allowed.mask`."""
        return np.isin(rows, self.rows)
