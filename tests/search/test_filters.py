import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QueryError
from search.filters import Days, Filter, same_name


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2024-03-18", "2024-03-18", "2024-03-18", "2024-03-18"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("2023", "2024", "2023-01-01", "2024-12-31"),
        ("2024-11", None, "2024-11-01", "9999-12-31"),
        (None, "2024", "0001-01-01", "2024-12-31"),
        ("٢٠٢٤-٠٣", " 2024-12 ", "2024-03-01", "2024-12-31"),
    ],
)
def test_a_month_and_a_year_are_meant_as_a_whole(since: str | None, until: str | None, first: str, last: str) -> None:
    assert Filter.of(since, until, []) == Filter(Days(first, last), ())


@given(st.dates(), st.dates())
def test_days_are_taken_as_they_are_unless_the_end_comes_first(one: object, other: object) -> None:
    first, last = sorted((str(one), str(other)))
    assert Filter.of(first, last, ()) == Filter(Days(first, last), ())
    if first < last:
        with pytest.raises(QueryError, match=f"since {last} and until {first}"):
            Filter.of(last, first, ())


@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_where_nothing_is_asked_for_there_is_no_filter(nothing: str | None) -> None:
    assert Filter.of(nothing, nothing, ["", " "]) is None


def test_sources_are_one_filter_in_any_order() -> None:
    assert (
        Filter.of(None, None, [" ar ", "en", "", "ar"]) == Filter(None, ("ar", "en")) == Filter.of("", "", ["en", "ar"])
    )


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2024-2", "2024-13", "2024-02-30", "0000", "24", "2024-03-18T10:00", "18/3/2024", "2024-", "مارس"],
)
def test_what_is_no_date_is_told_with_how_to_write_one(text: str) -> None:
    for since, until in ((text, None), (None, text)):
        with pytest.raises(QueryError) as caught:
            Filter.of(since, until, [])
        assert repr(text) in caught.value.message
        assert "2024-03-18" in caught.value.hint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jisr Wire", " jisr  WIRE"),
        ("صحيفة المرفأ", "صحيفه المرفا"),
        ("الأهرام", "الاهــرام"),
        ("القُدس العربي", "القدس العربى"),
    ],
)
def test_a_name_is_the_same_in_all_its_spellings(one: str, other: str) -> None:
    assert same_name(one) == same_name(other)
    assert same_name(one) != same_name(f"{other} 2")
