"""Passages token by token, one bit a dimension: how such codes are compared, kept and read.

A code holds the signs of a token's vector, eight dimensions a byte. How a vector becomes a code is the business of
`search.late`.
"""

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors, normalised
from search.errors import DamagedIndexError
from search.store import REBUILD

Codes = npt.NDArray[np.uint8]

_AT_ONCE = 8
"""Passages that are compared in one go: as many as the processor's cache holds unpacked."""

_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)
"""The bits of each byte ``(256, 8)``."""


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The codes of some passages.

    `codes` ``(total, bytes)`` holds them one passage after the other, `lengths` ``(n,)``, int64, how many are whose.
    """

    codes: Codes
    lengths: npt.NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[Codes], token_bytes: int) -> Self:
        """The codes of passages given one by one, each ``(tokens, token_bytes)``."""
        none = np.empty((0, token_bytes), np.uint8)
        return cls(np.concatenate([none, *passages]), np.array([len(codes) for codes in passages], np.int64))

    def passages(self) -> Iterator[Codes]:
        """The codes of each passage."""
        ends = np.cumsum(self.lengths)
        return (self.codes[start:end] for start, end in zip(ends - self.lengths, ends, strict=True))

    def first(self, count: int) -> Self:
        """The first `count` passages, or all when there are fewer."""
        lengths = self.lengths[:count]
        return type(self)(self.codes[: lengths.sum()], lengths)

    def maxsim(self, query: Vectors) -> Vectors:
        """How well each passage answers a query, ``(n,)``: the mean over its tokens of the best passage token.

        MaxSim of Khattab & Zaharia, "ColBERT", 2020 (arXiv:2004.12832), with the mean for the sum. `query`
        ``(tokens, width)`` is what `TokenShift.query` gives; a passage token is the vector of its signs, of length 1,
        so scores lie between -1 and 1. A query or a passage without tokens scores 0.
        """
        scores = np.zeros(len(self.lengths), np.float32)
        if not len(query):
            return scores
        # Signs are 2 * bits - 1, so the bits can be multiplied as they are and what is constant be added at the end.
        scaled = query / np.sqrt(query.shape[1])
        weights = np.zeros((self.codes.shape[1] * 8, len(query)), np.float32)
        weights[: query.shape[1]] = 2 * scaled.T
        ends = np.cumsum(self.lengths)
        filled = np.flatnonzero(self.lengths)
        blocks = [filled[at : at + _AT_ONCE] for at in range(0, len(filled), _AT_ONCE)]
        # One piece of memory for all blocks: to be given a new one takes longer than to fill it.
        unpacked = np.empty((max((self.lengths[rows].sum() for rows in blocks), default=0), len(weights)), np.float32)
        for rows in blocks:
            starts = ends[rows] - self.lengths[rows]
            codes = self.codes[starts[0] : ends[rows[-1]]]
            bits = unpacked[: len(codes)]
            np.take(_BITS, codes, axis=0, out=bits.reshape(*codes.shape, 8), mode="clip")
            scores[rows] = np.maximum.reduceat(bits @ weights, starts - starts[0]).mean(axis=1)
        scores[filled] -= scaled.sum() / len(query)
        return scores


def token_cosines(codes: Codes, query: Vectors) -> Vectors:
    """How alike each token of a passage and each of a query are, ``(passage tokens, query tokens)``, -1 to 1.

    `query` ``(tokens, width)`` are vectors of any length, a passage token is the vector of its signs, as in `maxsim`.
    """
    scaled = normalised(query) / np.sqrt(query.shape[1])
    bits = np.unpackbits(codes, axis=1, count=query.shape[1]).astype(np.float32)
    return np.asarray(bits @ (2 * scaled.T) - scaled.sum(axis=1), np.float32)


def write_tokens(folder: Path, blocks: Iterable[Sequence[bytes]], token_bytes: int) -> None:
    """Write the codes of passages, given as their bytes in blocks, to ``folder/tokens``; one block at a time in memory.

    Two NumPy files: ``codes.npy`` ``(total, token_bytes)`` and ``lengths.npy`` ``(n,)``.
    """
    target = folder / "tokens"
    target.mkdir()
    lengths: list[int] = []
    with (target / "codes.npy").open("wb") as file:
        _write_header(file, 0, token_bytes)
        for block in blocks:
            file.write(b"".join(block))
            lengths += [len(codes) // token_bytes for codes in block]
        file.seek(0)
        _write_header(file, sum(lengths), token_bytes)
    np.save(target / "lengths.npy", np.array(lengths, np.int64))


def _write_header(file: BinaryIO, total: int, token_bytes: int) -> None:
    """The head of a NumPy file; NumPy leaves room in it for `total` to grow, so it can be written over."""
    shape = (total, token_bytes)
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})


def tokens_size_bytes(folder: Path) -> int:
    """How much room the codes of a generation take. Raises `DamagedIndexError` when there are none."""
    try:
        return sum(file.stat().st_size for file in (folder / "tokens").iterdir())
    except OSError as error:
        raise DamagedIndexError(f"The token codes in {folder} cannot be read.", hint=REBUILD) from error


class TokenIndex:
    """The codes of all rows of a generation, on the disk: only what is asked for is read.

    Not by mapping: for each page that is touched, the system would map fifteen more.

    Raises `DamagedIndexError` when the files that `write_tokens` wrote are missing, cut short or do not fit together.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "tokens" / "codes.npy"
        try:
            self._file = os.open(path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)
            codes = np.load(path, mmap_mode="r")
            lengths = np.load(folder / "tokens" / "lengths.npy")
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndexError(f"The token codes in {folder} cannot be read.", hint=REBUILD) from error
        if codes.ndim != 2 or lengths.ndim != 1 or lengths.sum() != len(codes):
            raise DamagedIndexError(f"The token codes in {folder} do not fit together.", hint=REBUILD)
        self._first, self._width = codes.offset, codes.shape[1]
        self._lengths: npt.NDArray[np.int64] = lengths
        self._ends = np.cumsum(lengths)

    def at(self, rows: Sequence[int]) -> TokenCodes:
        """The codes of these rows, in their order."""
        return TokenCodes.of([self._of(row) for row in rows], self._width)

    def _of(self, row: int) -> Codes:
        length, width = int(self._lengths[row]), self._width
        at = self._first + (int(self._ends[row]) - length) * width
        return np.frombuffer(os.pread(self._file, length * width, at), np.uint8).reshape(length, width)
