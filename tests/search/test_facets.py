"""Counts, against what counting the documents one by one gives."""

from collections import Counter
from dataclasses import replace

import pytest

from search.errors import QueryError
from search.facets import Count, Facets, source_of
from search.filters import Facet
from search.options import MAX_HITS, Options
from search.records import DocumentInfo
from search.searcher import Searcher


def test_spellings_of_a_publisher_are_one_source_and_years_run_back() -> None:
    facets = Facets.of(
        {
            Facet.LANGUAGE: {"en": 2, "ar": 7},
            Facet.SOURCE: {"الأهرام": 4, "الاهرام": 2, "THE HARBOR LEDGER": 1, "The Harbor Ledger": 1, "en": 5},
            Facet.YEAR: {"1999": 3, "2024": 1},
        }
    )
    assert facets.languages == (Count("ar", 7), Count("en", 2))
    assert facets.sources == (Count("الأهرام", 6), Count("en", 5), Count("THE HARBOR LEDGER", 2))
    assert facets.years == (Count("2024", 1), Count("1999", 3))


def test_a_document_without_a_publisher_is_of_its_folder() -> None:
    assert source_of("The Harbor Ledger", "en/ferry.txt") == "The Harbor Ledger"
    assert [source_of(None, path) for path in ("en/ferry.txt", "en/2024/ferry.txt", "ferry.txt")] == [
        *("en", "en", "ferry.txt")
    ]


def _counted(values: list[str]) -> dict[str, int]:
    return dict(Counter(values))


def _as_dicts(facets: Facets) -> list[dict[str, int]]:
    return [{each.value: each.count for each in counts} for counts in (facets.languages, facets.sources, facets.years)]


def _by_hand(documents: list[DocumentInfo], options: Options) -> list[dict[str, int]]:
    """What each facet counts where every filter but its own applies; `lang` and `source` only."""

    def let_through(document: DocumentInfo, facet: Facet) -> bool:
        lang = options.lang if facet is not Facet.LANGUAGE else None
        sources = options.source if facet is not Facet.SOURCE else ()
        since = options.since if facet is not Facet.YEAR else None
        return (
            lang in (None, document.lang)
            and (not sources or document.publisher in sources)
            and (since is None or (document.date or "") >= since)
        )

    return [
        _counted([doc.lang for doc in documents if let_through(doc, Facet.LANGUAGE)]),
        _counted([source_of(doc.publisher, doc.source) for doc in documents if let_through(doc, Facet.SOURCE)]),
        _counted([(doc.date or "")[:4] for doc in documents if let_through(doc, Facet.YEAR)]),
    ]


FILTERS = [
    Options(),
    Options(lang="ar"),
    Options(since="2025-09"),
    Options(source=("The Harbor Ledger", "صحيفة المرفأ")),
    Options(lang="en", since="2025-04", source=("The Harbor Ledger", "صحيفة المرفأ")),
]


@pytest.mark.parametrize("options", FILTERS)
def test_all_documents_are_counted_under_the_other_filters(seed_searcher: Searcher, options: Options) -> None:
    assert _as_dicts(seed_searcher.facets(options)) == _by_hand(seed_searcher.documents(), options)


@pytest.mark.parametrize("options", FILTERS)
def test_a_query_s_facets_count_the_documents_of_its_good_hits(seed_searcher: Searcher, options: Options) -> None:
    query = "Pakistan"
    # In one language alone nobody hears of counterparts, which would make some hits weak.
    hits = seed_searcher.answer(query, Options(k=MAX_HITS, collapse=False, counterparts=False)).hits
    good = {hit.document.doc_id: hit.document for hit in hits if not hit.weak}
    assert len(good) > 5
    answer = seed_searcher.answer(query, replace(options, facets=True, counterparts=False))
    assert answer.facets is not None
    assert _as_dicts(answer.facets) == _by_hand(list(good.values()), options)
    assert seed_searcher.answer(query).facets is None


def test_a_filter_that_makes_no_sense_is_refused(seed_searcher: Searcher) -> None:
    for options in (Options(lang="arabic"), Options(source=("The Daily Nothing",)), Options(since="soon")):
        with pytest.raises(QueryError):
            seed_searcher.facets(options)
