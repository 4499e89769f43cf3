"""Text without the furniture of the page that it was on, whatever format the page came in.

What is furniture is decided elsewhere: a line by itself in indexer/furniture.py, its place on the page in
indexer/article.py, what a site repeats in indexer/repetition.py.
"""

import bisect
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from indexer.article import reasons
from indexer.blocks import Block, blocks
from indexer.furniture import Reason

CLEANING_VERSION = 1
"""Part of what an index is made by: raise it when other lines are removed, or lines are hashed in another way."""

_SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that is not the article's, and why."""

    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a source: its `kept` spans of characters as they were, with an empty line between them."""

    text: str
    removed: tuple[Removed, ...]
    kept: tuple[tuple[int, int], ...]

    def moved(self, offset: int) -> int:
        """Where a character of the source is in `text`; for one that was removed, where the next one kept is."""
        at = bisect.bisect_right(self.kept, offset, key=lambda span: span[1])
        if at == len(self.kept):
            return len(self.text)
        before = sum(end - start + len(_SEPARATOR) for start, end in self.kept[:at])
        return before + max(offset - self.kept[at][0], 0)


def clean(text: str, *, title: str = "", repeated: Set[bytes] = frozenset()) -> Cleaned:
    """A document's text without furniture, be it Arabic, English or both; what is left stays as it is.

    `title` is never furniture. `repeated` are hashes of the lines that the document's site repeats, from
    `indexer.repetition`. A text of one block is left alone; one of several that are all furniture leaves nothing.
    """
    found = blocks(text)
    why = reasons(found, title=title, repeated=repeated) if len(found) > 1 else [None] * len(found)
    kept = tuple(_kept(found, why))
    return Cleaned(
        text=_SEPARATOR.join(text[start:end] for start, end in kept),
        removed=tuple(Removed(block.text, reason) for block, reason in zip(found, why, strict=True) if reason),
        kept=kept,
    )


def untouched(text: str) -> Cleaned:
    """A text that comes from paper or slides: what looks like a page's furniture there is none."""
    return Cleaned(text=text, removed=(), kept=((0, len(text)),))


def _kept(found: Sequence[Block], why: Sequence[Reason | None]) -> Iterator[tuple[int, int]]:
    """From the first to the last character of each run of blocks that stay."""
    start: int | None = None
    end = 0
    for block, reason in zip(found, why, strict=True):
        if reason and start is not None:
            yield start, end
            start = None
        elif not reason:
            start, end = block.start if start is None else start, block.end
    if start is not None:
        yield start, end
