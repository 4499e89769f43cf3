"""Who wrote an article, as the line that names its author says."""

import re

_OPENING = re.compile(
    r"\W*(?:(?:written |reported |posted )?by\b|author:|بقلم|كتبت?\s*[:\-–]|إعداد\s*:|الكاتبة?\s*:)[\s:/\-–]*",
    re.IGNORECASE,
)
# Dates, places and papers are behind one of these.
_END = re.compile(r"[|•·,،;؛(\[\d\n/]|\s[-–—]\s|\b(?:on|in|at)\b", re.IGNORECASE)
_MOST_WORDS = 8


def author_of(line: str) -> str | None:
    """The name in "By Nadia Farrow | 3 May 2025" or "بقلم: عمر ناصر"; None where a line names none."""
    opening = _OPENING.match(line)
    if not opening:
        return None
    name = _END.split(line[opening.end() :], maxsplit=1)[0].strip(" .:-–—")
    return name if re.search(r"[^\W\d_]", name) and len(name.split()) <= _MOST_WORDS else None
