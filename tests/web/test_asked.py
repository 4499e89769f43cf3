from dataclasses import replace

import pytest

from search.searcher import MAX_HITS, Sort
from web.asked import Asked, View

NARROWED = Asked(
    q="زيارة حفتر",
    lang="ar",
    since="2024",
    until="2025-03",
    source=("en", " ", "صحيفة المرفأ"),
    names=False,
    sort=Sort.NEWEST,
    balance=-0.25,
    view=View.COLUMNS,
    page=3,
)


def test_what_was_not_asked_is_not_in_the_address() -> None:
    assert not any(Asked().parameters.values())
    assert set(NARROWED.parameters) == set(Asked.__slots__)


def test_the_address_says_all_that_was_asked() -> None:
    assert NARROWED.parameters == {
        "q": "زيارة حفتر",
        "lang": "ar",
        "since": "2024",
        "until": "2025-03",
        "source": ["en", "صحيفة المرفأ"],
        "names": "off",
        "sort": "newest",
        "balance": "-0.25",
        "view": "columns",
        "page": "3",
    }


def test_a_list_that_is_another_begins_with_its_first_page() -> None:
    assert NARROWED.but(lang="") == {**NARROWED.parameters, "lang": "", "page": ""}


def test_the_pages_of_a_list_follow_each_other() -> None:
    for view, hits in ((View.LIST, 10), (View.COLUMNS, 20)):
        pages = [replace(NARROWED, view=view, page=page).options for page in (1, 2, 3)]
        assert [(options.offset, options.k) for options in pages] == [(0, hits), (hits, hits), (2 * hits, hits)]


def test_the_last_page_of_a_list_can_be_had() -> None:
    last = replace(NARROWED, view=View.LIST, page=MAX_HITS // 10).options
    last.check()
    assert last.offset + last.k == MAX_HITS


@pytest.mark.parametrize(
    ("since", "until", "year"),
    [("2024", "2024", "2024"), ("2024", "2025", ""), ("2024", "", ""), ("2024-03", "2024-03", ""), ("", "", "")],
)
def test_from_a_year_to_the_same_is_that_year(since: str, until: str, year: str) -> None:
    assert Asked(since=since, until=until).year == year


def test_the_balance_leans_to_a_language_or_to_none() -> None:
    assert [Asked(balance=balance).lean for balance in (-1.0, 0.0, 0.25)] == ["en", "", "ar"]
