import pytest

from search.errors import QueryError
from search.filters import Facet
from search.options import MAX_HITS, MAX_QUERY_CHARS, Options, checked


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(k=0), "0 hits"),
        (Options(k=MAX_HITS + 1), "1001 hits"),
        (Options(offset=-1), "after the first -1"),
        (Options(k=10, offset=MAX_HITS - 9), "after the first 991"),
        (Options(min_score=1.5), "score of 1.5"),
        (Options(min_score=float("nan")), "score of nan"),
        (Options(balance=-2), "balance -2"),
        (Options(balance=float("nan")), "balance nan"),
    ],
)
def test_numbers_out_of_range_are_told(options: Options, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        options.check()
    assert caught.value.hint


def test_the_ends_of_each_range_are_in_it() -> None:
    for options in (Options(k=MAX_HITS), Options(k=1, offset=MAX_HITS - 1), Options(min_score=1), Options(balance=-1)):
        options.check()


def test_a_query_is_trimmed_and_neither_empty_nor_endless() -> None:
    assert checked("  سوق السمك ") == "سوق السمك"
    for query in (" \n", "a" * (MAX_QUERY_CHARS + 1)):
        with pytest.raises(QueryError):
            checked(query)


def test_a_facet_s_own_filter_can_be_left_out() -> None:
    options = Options(k=3, lang="ar", since="2024", until="2025", source=("en",))
    assert options.without(Facet.LANGUAGE) == Options(k=3, since="2024", until="2025", source=("en",))
    assert options.without(Facet.SOURCE) == Options(k=3, lang="ar", since="2024", until="2025")
    assert options.without(Facet.YEAR) == Options(k=3, lang="ar", source=("en",))
