"""Which documents may answer: those of some days, and of some sources.

What a date or a source may look like, and when a name is the same as another. Which passages that leaves, the
catalogue knows.
"""

import datetime
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from search.arabic import lexical_form
from search.errors import QueryError

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Facet(StrEnum):
    """What documents can be told apart by, and filtered: language, source (publisher, or top folder), and year."""

    LANGUAGE = "language"
    SOURCE = "source"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included, in ISO 8601."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of documents: an appearance in these `days`, if any, one of these `sources`, if there are any, and
    this `doc_id`, if any.

    A source is a publisher, or the path of a file or folder relative to what was indexed.
    """

    days: Days | None
    sources: tuple[str, ...]
    doc_id: str | None = None

    @classmethod
    def of(
        cls, since: str | None, until: str | None, source: Iterable[str], *, doc_id: str | None = None
    ) -> Self | None:
        """The filter for what was typed, None where that is nothing.

        `since` and `until` are days, months or years in ISO 8601 (2024-03-18, 2024-03, 2024), each as a whole. Raises
        `QueryError` for any other, and for an end before the beginning.
        """
        sources = tuple(sorted({name.strip() for name in source} - {""}))
        days = _days((since or "").strip(), (until or "").strip())
        return cls(days, sources, doc_id) if days or sources or doc_id is not None else None


def same_name(name: str) -> str:
    """What all spellings of a publisher's name have in common, whatever the case, the spaces and the Arabic forms."""
    return " ".join(lexical_form(name).text.split())


def _days(since: str, until: str) -> Days | None:
    if not since and not until:
        return None
    first = _span(since)[0] if since else datetime.date.min
    last = _span(until)[1] if until else datetime.date.max
    if first > last:
        raise QueryError(
            f"No day is both since {since} and until {until}.",
            hint="Give the earlier date as since, the later as until.",
            fault="no-day-between",
            since=since,
            until=until,
        )
    return Days(first.isoformat(), last.isoformat())


def _span(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a day, a month or a year."""
    found = _DATE.fullmatch(lexical_form(text).text)
    try:
        year, month, day = (int(number) if number else None for number in found.groups()) if found else (0, 0, 0)
        first = datetime.date(year or 0, month or 1, day or 1)
    except ValueError:
        raise QueryError(
            f"{text!r} is not a date.",
            hint="Write a day, a month or a year: 2024-03-18, 2024-03 or 2024.",
            fault="no-date",
            text=text,
        ) from None
    if day:
        return first, first
    if month:
        return first, first.replace(day=monthrange(first.year, month)[1])
    return first, first.replace(month=12, day=31)
