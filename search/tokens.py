"""Passages token by token, one bit a dimension: how such codes are kept and read.

A code holds the signs of a token's vector, eight dimensions a byte. How a vector becomes a code is the business of
`search.late`, what codes are worth to a query that of `search.maxsim`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from search.errors import DamagedIndexError
from search.positions import PositionalFile
from search.store import REBUILD

Codes = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The codes of some passages.

    `codes` ``(total, bytes)`` holds them one passage after the other, `lengths` ``(n,)``, int64, how many are whose.
    """

    codes: Codes
    lengths: Counts

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

    Raises `DamagedIndexError` when the files that `write_tokens` wrote are missing, cut short or do not fit together.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "tokens" / "codes.npy"
        try:
            self._file = PositionalFile(path)
            codes = np.load(path, mmap_mode="r")
            lengths = np.load(folder / "tokens" / "lengths.npy")
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndexError(f"The token codes in {folder} cannot be read.", hint=REBUILD) from error
        if codes.ndim != 2 or lengths.ndim != 1 or lengths.sum() != len(codes):
            raise DamagedIndexError(f"The token codes in {folder} do not fit together.", hint=REBUILD)
        self._first, self._width = codes.offset, codes.shape[1]
        self._lengths: Counts = lengths
        self._ends = np.cumsum(lengths)

    def at(self, rows: Sequence[int]) -> TokenCodes:
        """The codes of these rows, in their order. Raises `DamagedIndexError` when the file is shorter by now."""
        lengths = self._lengths[rows]
        codes = np.empty((lengths.sum(), self._width), np.uint8)
        ends = np.cumsum(lengths)
        places = self._first + (self._ends[rows] - lengths) * self._width
        for start, end, place in zip((ends - lengths).tolist(), ends.tolist(), places.tolist(), strict=True):
            self._file.read(codes[start:end], place)
        return TokenCodes(codes, lengths)
