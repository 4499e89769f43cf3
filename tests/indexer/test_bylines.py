import pytest

from indexer.bylines import author_of


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Nadia Farrow", "Nadia Farrow"),
        ("by Nadia Farrow and Omar Nasser", "Nadia Farrow and Omar Nasser"),
        ("Written by: Nadia Farrow | 3 May 2025", "Nadia Farrow"),
        ("By NADIA FARROW, Aden correspondent", "NADIA FARROW"),
        ("By Nadia Farrow on May 3, 2025", "Nadia Farrow"),
        ("بقلم: عمر ناصر", "عمر ناصر"),
        ("بقلم هدى سالم - ٣ مايو ٢٠٢٥", "هدى سالم"),
        ("كتبت: هدى سالم", "هدى سالم"),
        ("كتب - عمر ناصر", "عمر ناصر"),
        ("إعداد: هدى سالم وعمر ناصر", "هدى سالم وعمر ناصر"),
        ("الكاتب: عمر عبد الرحمن", "عمر عبد الرحمن"),
    ],
)
def test_the_author_is_who_is_named(line: str, author: str) -> None:
    assert author_of(line) == author


@pytest.mark.parametrize(
    "line",
    [
        "Edited by Nadia Farrow",
        "تحرير: هدى سالم",
        "By 2030",
        "By",
        "كتبت الصحيفة أن الميناء أُغلق",
        "Bypass opened",
        "",
        " ",
    ],
)
def test_a_line_that_names_no_author(line: str) -> None:
    assert author_of(line) is None
