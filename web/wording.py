"""Words of the page that depend on data: names of languages, counts, dates, snippets. In English."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

_NAMES = {"ar": "Arabic", "en": "English", "fa": "Persian", "ur": "Urdu"}
_ENDONYMS = {"ar": "العربية", "en": "English", "fa": "فارسی", "ur": "اردو"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY_CHARS = len("2025-12-31")


def language_name(tag: str) -> str:
    """English name of a language, or its tag where we have none."""
    return _NAMES.get(tag, tag)


def endonym(tag: str) -> str:
    """Name of a language in that language, or its tag where we have none."""
    return _ENDONYMS.get(tag, tag)


def count_line(tags: Iterable[str]) -> str:
    """How many of each language, the most frequent first: ``6 Arabic, 4 English``."""
    return ", ".join(f"{count} {language_name(tag)}" for tag, count in Counter(tags).most_common())


def day(iso: str) -> str:
    """``2025-12-17`` → ``17 December 2025``; a date that names no day is given back as it is."""
    try:
        moment = date.fromisoformat(iso[:_DAY_CHARS])
    except ValueError:
        return iso
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def snippet(text: str, limit_chars: int = 420) -> str:
    """The text, cut after a whole word where it is longer than the limit."""
    if len(text) <= limit_chars:
        return text
    whole_words = re.match(r"(.*\S)\s", text[: limit_chars + 1], re.DOTALL)
    return f"{whole_words[1] if whole_words else text[:limit_chars]}…"
