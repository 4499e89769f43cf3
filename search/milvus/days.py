"""The days that a document's date may mean, as numbers that a server can compare: 18 March 2024 is 20240318."""

from search.filters import Days

NEVER = (99999999, 0)
"""The days of a document without a date: no filter meets them."""


def days_of(date: str | None) -> tuple[int, int]:
    """The first and the last day that an ISO 8601 date, of whatever precision, may mean.

    A month's last is its 31st, since no filter names a day that its month does not have.
    """
    if date is None:
        return NEVER
    day = date[:10]
    return _number(day + "0000-01-01"[len(day) :]), _number(day + "0000-12-31"[len(day) :])


def meeting(days: Days, first_day: str = "first_day", last_day: str = "last_day") -> str:
    """The condition that a date may be one of these days, with the fields that hold what `days_of` gave."""
    return f"{first_day} <= {_number(days.last)} and {last_day} >= {_number(days.first)}"


def _number(day: str) -> int:
    return int(day.replace("-", ""))
