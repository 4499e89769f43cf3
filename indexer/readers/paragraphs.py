"""Text on its way out of a document with markup: what is one paragraph, what is one row of a table."""

import re
from collections.abc import Iterable

MAX_CELL_CHARS = 200
"""A longer cell is prose: two columns of a page set as a table, or a text beside its translation."""

_SPACES = re.compile("[\t\r\n]")
_EMPTY_LINES = re.compile("\n{2,}")


class Blocks:
    """Paragraphs, as they are written piece by piece."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._open: list[str] = []
        self._after: list[str] = []

    def write(self, text: str | None) -> None:
        """Add running text to the open paragraph. Line ends in it are those of its markup, and count as spaces."""
        if text:
            self._open.append(_SPACES.sub(" ", text))

    def break_line(self) -> None:
        """Begin a new line in the open paragraph."""
        self._open.append("\n")

    def put_after(self, paragraphs: Iterable[str]) -> None:
        """Add what stands beside the open paragraph, a text box, to come after it."""
        self._after += filter(None, paragraphs)

    def end(self) -> str:
        """End the open paragraph, and return its text."""
        text = _paragraph("".join(self._open))
        self.done += [text] * bool(text) + self._after
        self._open, self._after = [], []
        return text

    def add_row(self, cells: Iterable[list[str]]) -> None:
        """Add a row of a table: one line, unless a cell is long or has several paragraphs, which then stand alone."""
        self.end()
        filled = [cell for cell in cells if cell]
        if all(len(cell) == 1 and len(cell[0]) <= MAX_CELL_CHARS for cell in filled):
            filled = [[" | ".join(cell[0].replace("\n", " ") for cell in filled)]] if filled else []
        for cell in filled:
            self.done += cell

    def text(self) -> str:
        """All paragraphs, apart by an empty line."""
        self.end()
        return "\n\n".join(self.done)


def _paragraph(text: str) -> str:
    """With single spaces, without soft hyphens; two line breaks, by which many writers part paragraphs, part them."""
    lines = (" ".join(line.split()) for line in text.replace("\xad", "").splitlines())
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines).strip("\n"))
