"""What a passage says, in a form in which it is quickly compared with another: its shingles and its figures.

Shingles are runs of words (Broder, 1997, "On the resemblance and containment of documents"). They are made when a
passage is indexed and kept in the catalogue, since bringing text to its lexical form takes longer than comparing.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from search.arabic import lexical_form

SHINGLE_WORDS = 4

_FIGURE = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_WORD = re.compile(rf"{_FIGURE.pattern}|\w+")


@dataclass(frozen=True, slots=True)
class Shingles:
    """The number of words in a text, its shingles and its figures, both as 32-bit hashes."""

    words: int
    shingles: frozenset[int]
    figures: frozenset[int]

    @classmethod
    def of(cls, text: str) -> Self:
        """The shingles of a text in any form: each run of `SHINGLE_WORDS` words, or all where they are fewer."""
        form = lexical_form(text).text
        words = _WORD.findall(form) or [form]
        return cls(len(words), _hashed(_runs(words)), _hashed(_FIGURE.findall(form)))

    def packed(self) -> bytes:
        """Bytes that `unpacked` reads; the same in every process."""
        values = [self.words, len(self.figures), *sorted(self.figures), *sorted(self.shingles)]
        return np.array(values, "<u4").tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """What `packed` gave."""
        words, figures, *hashes = np.frombuffer(data, "<u4").tolist()
        return cls(words, frozenset(hashes[figures:]), frozenset(hashes[:figures]))


def _runs(words: Sequence[str]) -> Iterable[str]:
    if len(words) < SHINGLE_WORDS:
        return [" ".join(words)]
    return map(" ".join, zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def _hashed(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(zlib.crc32(text.encode(errors="surrogatepass")) for text in texts)
