import datetime
import sqlite3
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.catalogue import DATED
from search.filters import Days
from search.milvus.days import NEVER, days_of, meeting

DAYS = st.dates().map(datetime.date.isoformat)
DATES = st.one_of(
    DAYS,
    DAYS.map(lambda day: day[:4]),
    DAYS.map(lambda day: day[:7]),
    st.datetimes(timezones=st.none() | st.timezones()).map(datetime.datetime.isoformat),
    st.none(),
)


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("2024-03-18", (20240318, 20240318)),
        ("2024-03-31T22:10:00+03:00", (20240331, 20240331)),
        ("2024-02", (20240201, 20240231)),
        ("0987", (9870101, 9871231)),
        (None, NEVER),
    ],
)
def test_the_days_that_a_date_may_mean(date: str | None, days: tuple[int, int]) -> None:
    assert days_of(date) == days


@given(DATES, DAYS, DAYS)
@example("2024-02", "2024-02-29", "2024-02-29")
@example("2024", "2024-12-31", "2025-01-01")
@example("2024-03", "0001-01-01", "2024-03-01")
@example(None, "0001-01-01", "9999-12-31")
def test_a_date_meets_the_days_that_it_meets_in_the_catalogue(date: str | None, one: str, other: str) -> None:
    first, last = sorted((one, other))
    (first_day, last_day), asked = days_of(date), Days(first, last)
    with closing(sqlite3.connect(":memory:")) as database:  # which reads Milvus's expression just as well
        meets_in_catalogue, meets = database.execute(
            f"SELECT coalesce({DATED}, FALSE), {meeting(asked)} FROM (SELECT ? AS date, ? AS first_day, ? AS last_day)",
            (first, last, first, date, first_day, last_day),
        ).fetchone()
    assert meets == meets_in_catalogue
