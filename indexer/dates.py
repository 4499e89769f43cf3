"""When a document appeared, as its metadata or its text says; nothing is guessed."""

import datetime
import re

from indexer.calendars import YEARS, mentions
from indexer.datelines import Kind, dateline, label_before
from search.arabic import lexical_form

_VALUE_CHARS = 200
_HEAD_LINES, _HEAD_CHARS = 8, 4000
_TAIL_LINES, _TAIL_CHARS = 5, 2000

# ISO 8601, basic format, and ISO 32000-1, 7.9.4 (PDF). Ten digits by themselves are seconds since 1970.
_COMPACT = re.compile(r"(?:d:\s*(\d{8})\d{0,6}|(\d{8})(?:\d{6}|t[\d.]+)?)(?:z.*|[+-].*)?")


def parse_date(text: object) -> str | None:
    """The date in a metadata value, in ISO 8601; None where there is none, or more than one.

    Reads dates and times of Python, ISO 8601, RFC 2822 (mail), PDF, and what people write, in words or in figures; the
    day is that of the value's own time zone. A date of publication comes before one of an update, and the Gregorian
    calendar before the Hijri. "3/12/2024" has the day first, see `indexer.calendars.mentions`.
    """
    if isinstance(text, datetime.date):
        return text.isoformat()[:10] if text.year in YEARS else None
    value = str(text).strip()
    if not 8 <= len(value) <= _VALUE_CHARS:
        return None
    value = lexical_form(value).text
    compact = _COMPACT.fullmatch(value)
    return _compact(compact[1] or compact[2]) if compact else _written(value)


def find_date(text: str, *, lang: str) -> str | None:
    """The date in an article's dateline, in ISO 8601, None where its first and last lines have none.

    A dateline is a line that holds a date and little else: a label ("Published:", "نُشر في"), a weekday, a time, an
    author, a place; or the beginning of an agency's story, "القاهرة ١٢ مارس ٢٠٢٤ (رويترز) – …". The first lines come
    before the last ones, and a date of publication before one of an update. Dates among words, and any in the last
    lines, where other stories are listed, have to agree.

    "3/12/2024" has the day first. In text whose `lang` is not "ar" the month may come first where only that is
    possible.
    """
    month_first = lang != "ar"
    tail = text if len(text) <= _TAIL_CHARS else text[-_TAIL_CHARS:].partition("\n")[2]
    return _best(_lines(text[:_HEAD_CHARS])[:_HEAD_LINES], month_first, listed=False) or _best(
        _lines(tail)[-_TAIL_LINES:], month_first, listed=True
    )


def _compact(digits: str) -> str | None:
    try:
        return parse_date(datetime.date.fromisoformat(digits))
    except ValueError:
        return None


def _written(value: str) -> str | None:
    found = mentions(value)
    found = [mention for mention in found if not mention.hijri] or found
    dates: dict[Kind, set[datetime.date]] = {}
    for mention in found:
        label = label_before(value, mention)
        kind = Kind.ALONE if not label else Kind.PUBLISHED if label["published"] else Kind.UPDATED
        dates.setdefault(kind, set()).add(mention.date)
    best = dates[min(dates)] if dates else set()
    return best.pop().isoformat() if len(best) == 1 else None


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _best(lines: list[str], month_first: bool, *, listed: bool) -> str | None:
    """The date of the surest kind. `listed`: there may be dates of other documents in these lines."""
    told = [found for line in lines if (found := dateline(line, month_first=month_first))]
    if not told:
        return None
    kind = min(told)[0]
    dates = [date for its_kind, date in told if its_kind == kind]
    if (listed or kind > Kind.ALONE) and len(set(dates)) > 1:
        return None
    return dates[0].isoformat()
