"""The part of a passage that a result shows: where it answers most of the query, with the words that do marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from search.records import Mark

EXCERPT_CHARS = 420

_LEAD_CHARS = 150
"""How far before a mark an excerpt may begin."""

_SENTENCE_START = re.compile(r"(?:(?<=[.!?؟…])\s+|\n\s*)(?=\S)")
_WORD_START = re.compile(r"\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text. `word` is the number of the query word that it answers, None where it answers none."""

    text: str
    word: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Pieces of a passage in order, and whether text before or after them is left out."""

    runs: list[Run]
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A query whose words are numbered as the marks of its hits name them."""

    query: str
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, query: str, marks: Sequence[Mark]) -> Self:
        """The query whose words these marks answer."""
        return cls(query, sorted({(mark.query_start, mark.query_end) for mark in marks}))

    @property
    def words(self) -> list[str]:
        """The words that are answered, by number."""
        return [self.query[start:end] for start, end in self.spans]

    @property
    def runs(self) -> list[Run]:
        """The query in pieces, the words that are answered by number."""
        return list(_runs(self.query, (0, len(self.query)), [(*span, word) for word, span in enumerate(self.spans)]))

    def word(self, mark: Mark) -> int:
        """The number of the word that a mark answers."""
        return self.spans.index((mark.query_start, mark.query_end))

    def excerpt(self, text: str, marks: Sequence[Mark], limit_chars: int = EXCERPT_CHARS) -> Excerpt:
        """So much of a passage as holds the most query words, then the most marks, rather from its beginning."""
        marked = [(mark.start, mark.end, self.word(mark)) for mark in sorted(marks, key=lambda mark: mark.start)]
        windows = [_window(text, start, limit_chars) for start in _starts(text, marked, limit_chars)]
        start, end = max(windows, key=lambda window: _held(marked, window))
        return Excerpt(list(_runs(text, (start, end), marked)), start > 0, end < len(text))


def _starts(text: str, marked: Sequence[tuple[int, int, int]], limit_chars: int) -> Iterator[int]:
    """Where an excerpt may begin: with the passage, and with the sentence or at least a word before a mark."""
    yield 0
    if len(text) <= limit_chars:
        return
    for mark_start, _, _ in marked:
        low = max(mark_start - _LEAD_CHARS, 0)
        for edge in (_SENTENCE_START, _WORD_START):
            starts = [found.end() for found in edge.finditer(text, low, mark_start + 1) if found.end() <= mark_start]
            if starts:
                yield starts[0] if edge is _WORD_START else starts[-1]
                break


def _window(text: str, start: int, limit_chars: int) -> tuple[int, int]:
    """From a place to the end of the last whole word within the limit."""
    if len(text) - start <= limit_chars:
        return start, len(text)
    whole_words = re.match(r".*\S(?=\s)", text[start : start + limit_chars + 1], re.DOTALL)
    return start, start + (whole_words.end() if whole_words else limit_chars)


def _held(marked: Sequence[tuple[int, int, int]], window: tuple[int, int]) -> tuple[int, int, int]:
    held = [word for start, end, word in marked if window[0] <= start and end <= window[1]]
    return len(set(held)), len(held), -window[0]


def _runs(text: str, window: tuple[int, int], marked: Sequence[tuple[int, int, int]]) -> Iterator[Run]:
    place, stop = window
    for start, end, word in marked:
        if place <= start and end <= stop:
            if place < start:
                yield Run(text[place:start])
            yield Run(text[start:end], word)
            place = end
    if place < stop:
        yield Run(text[place:stop])
