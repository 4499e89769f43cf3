"""Which line of a text reads like its headline."""

import itertools
import re

_WORDS = range(4, 26)
_OPENING_LINES = 10
_LONGEST_CHARS = 200


def is_headline(line: str) -> bool:
    """Whether a line has some words, few commas and figures, and no full stop."""
    figures = sum(character.isdigit() for character in line)
    return (
        len(line.split()) in _WORDS
        and not re.search(r"[.:،؛,;]$", line)
        and len(re.findall(r"[,،]", line)) < 2
        and figures < len(line) / 4
    )


def headline(text: str) -> str:
    """The first of a text's opening lines that is one, "" where there is none above its first long line."""
    lines = (line.strip() for line in text.splitlines() if line.strip())
    opening = itertools.takewhile(lambda line: len(line) <= _LONGEST_CHARS, itertools.islice(lines, _OPENING_LINES))
    return next(filter(is_headline, opening), "")
