"""Files that are read by position, a piece at a time."""

import os
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.errors import DamagedIndexError
from search.store import REBUILD


class PositionalFile:
    """A file that is read where it is asked for, by any thread.

    Not by mapping: for each page that is touched, the system would map fifteen more, and all of them would count as
    memory in use. Raises `OSError` when it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, into: npt.NDArray[np.generic], at: int) -> None:
        """Fill an array, contiguous in memory, with the bytes from position `at` on.

        Raises `DamagedIndexError` when the file ends before.
        """
        view = into.data.cast("B") if into.size else memoryview(b"")
        while view:
            count = os.preadv(self._file, [view], at)
            if not count:
                raise DamagedIndexError(f"{self._path} is cut short.", hint=REBUILD)
            view, at = view[count:], at + count
