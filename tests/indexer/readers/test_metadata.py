import datetime

import pytest

from indexer.readers.metadata import first, iso_date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2025-11-12", "2025-11-12"),
        (" 2025-11-12T16:30:00+03:00", "2025-11-12"),
        ("2025-11-12 and later", "2025-11-12"),
        (datetime.date(2025, 11, 12), "2025-11-12"),
        (datetime.datetime(2025, 11, 12, 23, 59, tzinfo=datetime.UTC), "2025-11-12"),
        ("2025-02-30", None),
        ("12/11/2025", None),
        ("أمس", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_dates(value: object, date: str | None) -> None:
    assert iso_date(value) == date


def test_the_first_field_that_says_something() -> None:
    fields = {"title": " ", "headline": None, "name": "  رأس ليلى ", "number": 0}
    assert first(fields, "title", "headline", "name") == "رأس ليلى"
    assert first(fields, "number") == "0"
    assert first(fields, "title", "nothing") is None
