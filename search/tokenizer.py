"""Text to the numbers of a model's tokens, and where in the text each token stands.

The library `tokenizers` does it for models of any kind. For those of the default model's kind `search.unigram` does the
same, and starts a hundred times faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PlacedTokens:
    """The ids of a text's tokens, special ones included, and where each starts and ends in it, in characters."""

    ids: list[int]
    places: list[tuple[int, int]]


class Tokenizer(Protocol):
    """What the encoder needs of a tokenizer. Nothing is cut off. May be used by several threads."""

    @property
    def specials_after(self) -> int:
        """How many special tokens come after each text."""
        ...

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's tokens, with the special ones before and after it."""
        ...

    def encode_bare(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's tokens, without them."""
        ...

    def place(self, texts: Sequence[str]) -> list[PlacedTokens]:
        """What `encode` gives, and where the tokens stand."""
        ...


@cache
def open_tokenizer(description: Path, pieces: Path) -> Tokenizer:
    """The tokenizer of a ``tokenizer.json``, opened once: by what `search.unigram` kept in the folder `pieces`, if any.

    Reading the description itself takes longer than any other step of a start.
    """
    if pieces.is_dir():
        from search.unigram import open_pieces

        return open_pieces(pieces)
    return _LibraryTokenizer(description)


class _LibraryTokenizer:
    def __init__(self, description: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(description))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.specials_after = self._tokenizer.encode("a").special_tokens_mask[::-1].index(0)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]

    def encode_bare(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def place(self, texts: Sequence[str]) -> list[PlacedTokens]:
        return [PlacedTokens(encoding.ids, encoding.offsets) for encoding in self._tokenizer.encode_batch(texts)]
