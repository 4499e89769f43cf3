"""The text of a document cut for reading: into windows where it is very long, into paragraphs, and into what is marked.

Every character of a window is kept. Places are characters of the document's text, as those of passages are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

WINDOW_CHARS = 100_000
"""How much of a document one page shows; nearly every document is shorter."""

_LEAD_CHARS = 20_000
_EDGE_CHARS = 2_000
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_EDGES = (_BLANK_LINES, re.compile(r"\n"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word from `start` to `end` that answers a word of the query."""

    start: int
    end: int
    answers: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage that is marked from `start` to `end`: the one that is read if `current`, another hit if not.

    `number` is its place among the hits of the document, from 1; 0 where it is none.
    """

    start: int
    end: int
    passage_id: str = ""
    current: bool = False
    number: int = 0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, the word of the query that it answers, and the page of the source that begins with it."""

    text: str
    answers: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that one mark has in a paragraph, or that have none; `first` where the mark begins."""

    pieces: tuple[Piece, ...]
    mark: Marked | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text from `start` to `stop`; `before` and `after` are where those next to it begin, if any."""

    start: int
    stop: int
    before: int | None = None
    after: int | None = None

    @classmethod
    def at(cls, text: str, start: int) -> "Window":
        """The part that begins at a place, or all of a text that is not long. Parts that follow leave no gap."""
        if len(text) <= WINDOW_CHARS:
            return cls(0, len(text))
        start = min(max(start, 0), len(text) - 1)
        stop = _edge(text, start + WINDOW_CHARS)
        before = _edge(text, start - WINDOW_CHARS) if start else None
        return cls(start, stop, before, stop if stop < len(text) else None)

    @classmethod
    def around(cls, text: str, place: int) -> "Window":
        """A part that shows what comes before a place, too."""
        return cls.at(text, _edge(text, place - _LEAD_CHARS))


def paragraphs(
    text: str, window: Window, marked: Sequence[Marked] = (), page_starts: Sequence[int] = ()
) -> list[list[Run]]:
    """The paragraphs of a window in order, cut at blank lines. Where passages overlap, the first given is marked."""
    gaps = _BLANK_LINES.finditer(text, window.start, window.stop)
    edges = [window.start, *(edge for gap in gaps for edge in gap.span()), window.stop]
    cutter = _Cutter(text, marked, page_starts)
    found = [list(cutter.runs(*span)) for span in zip(edges[::2], edges[1::2], strict=True)]
    return [runs for runs in found if runs]


class _Cutter:
    """Cuts paragraphs, which are to come in order: what begins is named once."""

    def __init__(self, text: str, marked: Sequence[Marked], page_starts: Sequence[int]) -> None:
        self._text = text
        self._marked = marked
        self._page_starts = page_starts
        self._page = 0
        self._begun: set[Marked] = set()

    def runs(self, start: int, end: int) -> Iterator[Run]:
        marked = [mark for mark in self._marked if mark.start < end and start < mark.end]
        edges = {start, end, *(edge for mark in marked for edge in (mark.start, mark.end))}
        for low, high in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
            mark = next((mark for mark in marked if mark.start <= low < mark.end), None)
            pieces = tuple(self._pieces(low, high, mark.words if mark else ()))
            yield Run(pieces, mark, first=mark is not None and self._begins(mark))

    def _pieces(self, start: int, end: int, words: Sequence[Word]) -> Iterator[Piece]:
        inside = {edge for word in words for edge in (word.start, word.end)}
        first, last = bisect_right(self._page_starts, start), bisect_right(self._page_starts, end - 1)
        inside |= set(self._page_starts[first:last])
        edges = [start, *sorted(edge for edge in inside if start < edge < end), end]
        for low, high in pairwise(edges):
            answers = next((word.answers for word in words if word.start <= low < word.end), "")
            yield Piece(self._text[low:high], answers, self._turned(low))

    def _turned(self, place: int) -> int | None:
        """The page that a place is on, unless the piece before was on it, too."""
        if not self._page_starts:
            return None
        before, self._page = self._page, max(bisect_right(self._page_starts, place), 1)
        return self._page if self._page != before else None

    def _begins(self, mark: Marked) -> bool:
        if mark in self._begun:
            return False
        self._begun.add(mark)
        return True


def _edge(text: str, near: int) -> int:
    """Where a text may be cut at or soon after a place: between paragraphs, else lines, else words."""
    if near <= 0:
        return 0
    for edge in _EDGES:
        found = edge.search(text, near, near + _EDGE_CHARS)
        if found:
            return found.end()
    return min(near, len(text))
