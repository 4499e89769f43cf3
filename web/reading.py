"""The text of a document cut into paragraphs for reading, with one passage marked. Every character is kept."""

import re
from dataclasses import dataclass

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text inside one paragraph. `marked` if it belongs to the passage, `first` if the passage begins here."""

    text: str
    marked: bool = False
    first: bool = False


def paragraphs(text: str, start: int = 0, end: int = 0) -> list[list[Piece]]:
    """Paragraphs in order, cut at blank lines; characters `start` to `end` of the text are marked."""
    edges = [0, *(edge for gap in _BLANK_LINES.finditer(text) for edge in gap.span()), len(text)]
    cut = [_pieces(text, span, (start, end)) for span in zip(edges[::2], edges[1::2], strict=True)]
    return [pieces for pieces in _name_first(cut) if pieces]


def _pieces(text: str, span: tuple[int, int], mark: tuple[int, int]) -> list[Piece]:
    low, high = (min(max(edge, span[0]), span[1]) for edge in mark)
    runs = [(span[0], low, False), (low, high, True), (high, span[1], False)]
    return [Piece(text[start:end], marked) for start, end, marked in runs if start < end]


def _name_first(cut: list[list[Piece]]) -> list[list[Piece]]:
    for pieces in cut:
        for place, piece in enumerate(pieces):
            if piece.marked:
                pieces[place] = Piece(piece.text, marked=True, first=True)
                return cut
    return cut
