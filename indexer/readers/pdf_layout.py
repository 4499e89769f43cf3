"""The lines of a PDF's pages to one text: paragraphs put together again, in the order of reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.readers.pdf_furniture import without_furniture
from indexer.readers.pdf_page import Line

_BULLET = re.compile(r"[•●▪■◦‣⁃–—*-]\s|\(?\d{1,2}[.)-]\s|\(?[a-zA-Zأ-ي][.)]\s")
_ENDS = re.compile(r"[.!?؟…:۔][\"'»”’)\]]*$")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-$")

# Shares of the size of type, and of the usual distance between baselines.
_LEAST_INDENT = 0.8
_WIDEST_INDENT = 4.0
_WIDEST_LEADING = 1.25
_FURTHEST_LEADING = 2.6
_SAME_SIZE = 0.12
_TITLE_SIZE = 1.1
_LARGE = 0.9
_TITLE_CHARS = 250
_SLACK = 0.5
_FLUSH = 0.3
_RUN_GAP = 3.0
_FULL_WIDTH = 0.7
_LEAST_COLUMN = 6.0


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a paragraph, and the left and right bounds of the column that it stands in."""

    lines: list[Line]
    column: tuple[float, float]

    @property
    def size(self) -> float:
        """That of its first line."""
        return self.lines[0].size

    @property
    def top(self) -> float:
        """The height of its first line's capitals, roughly."""
        return self.lines[0].baseline + 0.6 * self.size

    @property
    def bottom(self) -> float:
        """The height of its last baseline."""
        return self.lines[-1].baseline

    @property
    def full(self) -> bool:
        """Whether its last line reaches so far that the sentence may go on elsewhere."""
        last, (left, right) = self.lines[-1], self.column
        return last.right - last.left >= _FULL_WIDTH * (right - left)


@dataclass(frozen=True, slots=True)
class Composed:
    """A document's text, the offset at which each page begins, and what its first page has in the largest type."""

    text: str
    page_starts: tuple[int, ...]
    title: str


def compose(pages: list[list[Line]]) -> Composed:
    """One text of the lines of all pages, with an empty line between paragraphs.

    A paragraph that the end of a page or a column cuts in two is one again where it clearly goes on.
    """
    written = _Written()
    starts = []
    title = ""
    before: Block | None = None
    for number, page in enumerate(without_furniture(pages)):
        blocks = _in_order(list(_blocks(page)))
        title = title or (_largest(blocks) if number == 0 else "")
        offset = None
        for block in blocks:
            goes_on = before is not None and _goes_on(before, block, new_page=offset is None)
            at = written.add(_words(block.lines), goes_on=goes_on)
            offset = at if offset is None else offset
            before = block
        starts.append(written.length if offset is None else offset)
    return Composed(written.text, tuple(starts), title)


class _Written:
    """The text so far, as its paragraphs."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self.length = 0

    @property
    def text(self) -> str:
        return "\n\n".join(self._paragraphs)

    def add(self, words: str, *, goes_on: bool) -> int:
        """Append a paragraph, or more of the last one; the offset at which it begins."""
        if goes_on:
            joined = _joined(self._paragraphs[-1], words)
            self.length += len(joined) - len(self._paragraphs[-1])
            self._paragraphs[-1] = joined
        else:
            self.length += len(words) + (2 if self._paragraphs else 0)
            self._paragraphs.append(words)
        return self.length - len(words)


def _blocks(lines: list[Line]) -> Iterator[Block]:
    leading = _usual_leading(lines)
    group: list[Line] = []
    for line in lines:
        if group and not _is_below(group[-1], line, leading):
            yield from _paragraphs(group)
            group = []
        group.append(line)
    if group:
        yield from _paragraphs(group)


def _usual_leading(lines: list[Line]) -> float:
    """The usual distance between baselines, in sizes of type."""
    steps = [
        (upper.baseline - lower.baseline) / lower.size
        for upper, lower in pairwise(lines)
        if _overlap(upper, lower) and 0 < upper.baseline - lower.baseline < _FURTHEST_LEADING * lower.size
    ]
    return median(steps) if steps else _FURTHEST_LEADING


def _is_below(upper: Line, lower: Line, leading: float) -> bool:
    step = (upper.baseline - lower.baseline) / lower.size
    return (
        0 < step <= min(leading * _WIDEST_LEADING, _FURTHEST_LEADING)
        and _overlap(upper, lower)
        and _alike(upper, lower)
    )


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _overlap(one: Line, other: Line) -> bool:
    return min(one.right, other.right) > max(one.left, other.left)


def _paragraphs(group: list[Line]) -> Iterator[Block]:
    """Lines below each other, cut where one ends short, is set in, or begins with a bullet."""
    column = min(line.left for line in group), max(line.right for line in group)
    starts = [column[1] - line.right if line.rtl else line.left - column[0] for line in group]
    ends = [line.left - column[0] if line.rtl else column[1] - line.right for line in group]
    if (
        max(ends) < _FLUSH * group[0].size and max(starts) > _WIDEST_INDENT * group[0].size
    ):  # set flush on the other side
        starts, ends = ends, starts
    indented = [start > _LEAST_INDENT * line.size for start, line in zip(starts, group, strict=True)]
    hanging = 2 * sum(indented) > len(group)
    lines = [group[0]]
    for at, (upper, lower) in enumerate(pairwise(group)):
        is_set_in = indented[at] == hanging and indented[at + 1] != hanging
        if is_set_in or _BULLET.match(lower.text) or ends[at] > _first_word(lower) + _SLACK * upper.size:
            yield Block(lines, column)
            lines = []
        lines.append(lower)
    yield Block(lines, column)


def _first_word(line: Line) -> float:
    """Roughly how wide a line's first word is."""
    return len(line.text.split(" ", 1)[0]) / len(line.text) * (line.right - line.left)


def _in_order(blocks: list[Block]) -> list[Block]:
    """Blocks in the order of the content, save that what stands above or below all else comes first or last.

    Order of content is that of reading but for heads and feet, which are often written before the rest.
    """
    runs = list(_runs(blocks))
    downward = sorted(runs, key=lambda run: -run[0].top)
    first = 0
    while first < len(downward) - 1 and downward[first][-1].bottom >= downward[first + 1][0].top:
        first += 1
    upward = sorted(downward[first:], key=lambda run: run[-1].bottom)
    last = 0
    while last < len(upward) - 1 and upward[last][0].top <= upward[last + 1][-1].bottom:
        last += 1
    outer = {id(run) for run in (*downward[:first], *upward[:last])}
    middle = [run for run in runs if id(run) not in outer]
    return [block for run in (*downward[:first], *middle, *reversed(upward[:last])) for block in run]


def _runs(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks that follow each other down a column."""
    run: list[Block] = []
    for block in blocks:
        step = run[-1].bottom - block.top if run else 0.0
        if run and not (-block.size < step < _RUN_GAP * block.size and _overlap(run[-1].lines[-1], block.lines[0])):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _goes_on(before: Block, block: Block, *, new_page: bool) -> bool:
    """Whether a paragraph clearly goes on in the next column or on the next page."""
    last, first = before.lines[-1], block.lines[0]
    next_column = block.top - before.bottom > _LEAST_COLUMN * before.size and len(before.lines) + len(block.lines) > 2
    if not (new_page or next_column) or last.rtl != first.rtl or not _alike(last, first):
        return False
    if _ENDS.search(last.text) or _BULLET.match(first.text) or not before.full:
        return False
    return first.rtl or not first.text[0].isupper() or bool(_HYPHENATED.search(last.text))


def _words(lines: list[Line]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        text = _joined(text, line.text)
    return text


def _joined(text: str, more: str) -> str:
    if not _HYPHENATED.search(text):
        return f"{text} {more}"
    return text[:-1] + more if more[0].islower() else text + more


def _largest(blocks: list[Block]) -> str:
    """What stands first in the largest type, where that is larger than what most of the page is set in."""
    if not blocks:
        return ""
    usual = median([block.size for block in blocks for _ in block.lines])
    largest = max(block.size for block in blocks)
    title = next(block for block in blocks if block.size > _LARGE * largest)
    words = _words(title.lines)
    return words if title.size > _TITLE_SIZE * usual and len(words) <= _TITLE_CHARS else ""
