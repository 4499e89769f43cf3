"""What stands on a PDF's pages and is no part of its text: page numbers, running heads and feet."""

import re
from collections import Counter
from collections.abc import Iterator

from indexer.readers.pdf_page import Line

_EDGE_ROWS = 2
_LEAST_REPEATS = 3
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|seite|صفحة|الصفحة|صفحه|ص)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|من|از)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
# In sizes of type.
_APART = 2.5


def without_furniture(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """Each page's lines but for page numbers, and heads and feet that stand on other pages in the same place."""
    edges = [_edges(lines) for lines in pages]
    repeats = Counter(key for edge in edges for key in {_likeness(line) for line in edge})
    for lines, edge in zip(pages, edges, strict=True):
        dropped = {
            id(line)
            for line in edge
            if repeats[_likeness(line)] >= min(_LEAST_REPEATS, max(len(pages), 2)) or _is_page_number(line, lines)
        }
        yield [line for line in lines if id(line) not in dropped]


def _edges(lines: list[Line]) -> list[Line]:
    """The lines on the uppermost and lowest baselines."""
    heights = sorted({round(line.baseline) for line in lines})
    outer = {*heights[:_EDGE_ROWS], *heights[-_EDGE_ROWS:]}
    return [line for line in lines if round(line.baseline) in outer]


def _likeness(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.baseline)


def _is_page_number(line: Line, lines: list[Line]) -> bool:
    """Whether a line is a number alone, the outermost of its page, and apart from the others."""
    if not _PAGE_NUMBER.fullmatch(line.text) or len(lines) == 1:
        return False
    distances = [other.baseline - line.baseline for other in lines if other is not line]
    outermost = min(distances) > 0 or max(distances) < 0
    return outermost and min(map(abs, distances)) > _APART * line.size
