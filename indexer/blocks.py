"""A text cut into blocks: its lines or, where an editor wrapped these at a width, what they were before."""

import itertools
import re
from dataclasses import dataclass

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_WIDEST_WRAPPED_CHARS = 120
_NARROWEST_WRAPPED_CHARS = 40
_FULL = 0.8  # of the paragraph's width, with the next line's first word, which did not fit
_ENDS_SENTENCE = re.compile(r"""[.۔]["'”’»)\]]*$|[.!?؟…]["'”’»)\]]+$""")
_LONG_CHARS = 120
_SENTENCE_WORDS = 4

# Vowel marks and tatweel go; alef, yeh and teh marbuta have one shape each; so have apostrophes and digits.
_SHAPES: dict[int, str | int | None] = {
    **dict.fromkeys((*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200E, 0x200F, 0x00AD)),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ى"): "ي",
    ord("ة"): "ه",
    ord("’"): "'",
}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[:©]")


@dataclass(frozen=True, slots=True)
class Block:
    """Characters `start` to `end` of a source, which are `text`, without white space around them."""

    start: int
    end: int
    text: str

    @property
    def is_prose(self) -> bool:
        """Whether this is at least a sentence, not a label or a headline: it ends like one, or is long."""
        if len(self.text) >= _LONG_CHARS:
            return True
        return bool(_ENDS_SENTENCE.search(self.text[-6:])) and len(self.text.split(None, 4)) >= _SENTENCE_WORDS


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order. Together they hold all of it but white space."""
    lines = [match.span() for match in _LINE.finditer(text)]
    if any(end - start > _WIDEST_WRAPPED_CHARS for start, end in lines):
        spans = lines
    else:
        spans = [span for paragraph in _paragraphs(text, lines) for span in _unwrapped(text, paragraph)]
    return [Block(start, end, text[start:end]) for start, end in spans]


def words(text: str) -> list[str]:
    """The words of a text in one spelling, without its numbers; a colon and a copyright sign are words, too."""
    folded = text.casefold()
    return _WORD.findall(folded if folded.isascii() else folded.translate(_SHAPES))


def _paragraphs(text: str, lines: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    paragraphs: list[list[tuple[int, int]]] = []
    last = 0
    for start, end in lines:
        if paragraphs and text.count("\n", last, start) == 1:
            paragraphs[-1].append((start, end))
        else:
            paragraphs.append([(start, end)])
        last = end
    return paragraphs


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines of a paragraph, those joined that were one before an editor wrapped it."""
    width = max(end - start for start, end in lines)
    if len(lines) == 1 or width < _NARROWEST_WRAPPED_CHARS:
        return lines
    spans = [lines[0]]
    for (before, until), (start, end) in itertools.pairwise(lines):
        first_word = text[start:end].split(None, 1)[0]
        if (
            until - before >= _NARROWEST_WRAPPED_CHARS
            and until - before + 1 + len(first_word) > width * _FULL
            and not _ENDS_SENTENCE.search(text[max(until - 6, before) : until])
        ):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans
