"""In which rows words stand: gathered as passages come, on the disk beyond a few, and packed word by word."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_AT_ONCE = 1 << 22
"""How many pairs of a word and a row are held in memory: 32 MiB, and as much again while they are sorted."""

_Numbers = npt.NDArray[np.int64]


class Postings:
    """The rows of words that are numbered from 0 on. `file` is an empty one for what is too much for memory."""

    def __init__(self, file: BinaryIO, *, at_once: int = _AT_ONCE) -> None:
        self._file = file
        self._at_once = at_once
        self._parts = 0
        self._counts = np.zeros(0, np.int64)
        self._words, self._rows = array("I"), array("I")

    def add(self, words: Sequence[int], row: int) -> None:
        """Add words, each once, that stand in a row; the rows ascend."""
        self._words.extend(words)
        self._rows.extend(repeat(row, len(words)))
        if len(self._words) >= self._at_once:
            self._keep()

    def counts(self) -> _Numbers:
        """In how many rows each word stands, by its number."""
        self._keep()
        return self._counts

    def packed(self, order: _Numbers) -> Iterator[bytes]:
        """The rows of each word, `order` being the numbers of all."""
        counts = self.counts()[order]
        ends = np.cumsum(counts)
        starts = np.empty_like(counts)
        starts[order] = ends - counts
        rows = np.memmap(self._file, np.uint32, offset=self._file.tell(), shape=(max(int(counts.sum()), 1),))
        self._file.seek(0)
        for _ in range(self._parts):
            words, standing = np.load(self._file)
            own, begins, lengths = np.unique(words, return_index=True, return_counts=True)
            rows[np.arange(len(words)) + np.repeat(starts[own] - begins, lengths)] = standing
            starts[own] += lengths
        return (_packed(rows[start:end]) for start, end in pairwise([0, *ends.tolist()]))

    def _keep(self) -> None:
        """Put what is in memory into the file, in the order of words."""
        words = np.array(self._words)
        order = np.argsort(words, kind="stable")
        np.save(self._file, np.stack([words[order], np.array(self._rows)[order]]))
        counts = np.bincount(words, minlength=len(self._counts))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        self._parts += 1
        self._words, self._rows = array("I"), array("I")


def unpacked(data: bytes) -> _Numbers:
    """The rows ``(n,)`` that `Postings.packed` packed: the gaps between them, in as few bytes as the widest needs."""
    return np.cumsum(np.frombuffer(data, f"<u{data[0]}", offset=1), dtype=np.int64)


def _packed(rows: npt.NDArray[np.uint32]) -> bytes:
    gaps = np.array(rows)
    gaps[1:] -= rows[:-1]
    kind = np.min_scalar_type(gaps.max())
    return bytes([kind.itemsize]) + gaps.astype(kind.newbyteorder("<")).tobytes()
