import pytest

from web.wording import count_line, day, endonym, language_name, snippet


def test_count_line_names_each_language_the_most_frequent_first() -> None:
    assert count_line(["en", "ar", "ar", "fa", "ar"]) == "3 Arabic, 1 English, 1 Persian"


def test_a_language_without_a_name_shows_its_tag() -> None:
    assert (language_name("sw"), endonym("sw"), endonym("ar")) == ("sw", "sw", "العربية")


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2025-12-17", "17 December 2025"), ("2025-01-05T08:00:00+02:00", "5 January 2025"), ("2025", "2025")],
)
def test_a_date_reads_as_a_day_or_stays_as_it_is(iso: str, shown: str) -> None:
    assert day(iso) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a short one", "a short one"),
        ("naval exercises in the sea", "naval exercises…"),
        ("مناورات بحرية مشتركة", "مناورات بحرية…"),
        ("exactly twelve words long", "exactly twelve…"),
        ("https://example.org/a/very/long/path", "https://example…"),
    ],
)
def test_a_snippet_ends_after_a_whole_word(text: str, shown: str) -> None:
    assert snippet(text, limit_chars=15) == shown
