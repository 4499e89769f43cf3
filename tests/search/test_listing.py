"""Lists of seed passages, cut into pages of every length."""

from dataclasses import replace
from itertools import count

import pytest

from search.catalogue import Catalogue
from search.fusion import WEAK_SCORE
from search.listing import DEEPER, Listing
from search.options import MAX_HITS, Options, Sort
from search.ranking import Candidate
from search.searcher import Searcher
from search.settings import Settings
from search.store import current
from search.timing import Stopwatch

QUERIES = ("joint naval exercises", "تحلية مياه البحر")


@pytest.fixture(scope="module")
def catalogue(seed_settings: Settings) -> Catalogue:
    return Catalogue(current(seed_settings.folder) / "catalogue.sqlite")


def _ids(searcher: Searcher, query: str, options: Options) -> list[str]:
    return [hit.passage.passage_id for hit in searcher.answer(query, options).hits]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_make_one_list(seed_searcher: Searcher, sort: Sort) -> None:
    query = QUERIES[0]
    whole = _ids(seed_searcher, query, Options(k=MAX_HITS, sort=sort))
    assert len(whole) == len(set(whole)) > 100  # further than the first ranking goes
    for k in (40,):
        paged: list[str] = []
        for page in count():
            answer = seed_searcher.answer(query, Options(k=k, offset=page * k, sort=sort))
            assert [hit.rank for hit in answer.hits] == list(range(len(paged) + 1, len(paged) + len(answer.hits) + 1))
            paged += [hit.passage.passage_id for hit in answer.hits]
            assert answer.total >= len(paged)
            if not answer.more:
                break
        assert paged == whole


def test_every_passage_is_in_the_list_or_stands_under_a_hit(seed_searcher: Searcher) -> None:
    hits = seed_searcher.answer(QUERIES[0], Options(k=MAX_HITS)).hits
    found = [hit.passage.passage_id for hit in hits] + [copy.passage_id for hit in hits for copy in hit.duplicates]
    assert len(found) == len(set(found)) == seed_searcher.manifest.passages


def test_by_date_the_good_ones_come_first(seed_searcher: Searcher) -> None:
    asked = Options(k=MAX_HITS)
    by_score = [hit for hit in seed_searcher.answer("Egypt Pakistan", asked).hits if not hit.weak]
    assert len({hit.document.date for hit in by_score}) > 2
    for sort in (Sort.NEWEST, Sort.OLDEST):
        hits = seed_searcher.answer("Egypt Pakistan", replace(asked, sort=sort)).hits
        good, weak = hits[: len(by_score)], hits[len(by_score) :]
        expected = sorted(by_score, key=lambda hit: str(hit.document.date), reverse=sort is Sort.NEWEST)
        assert [hit.passage for hit in good] == [hit.passage for hit in expected]
        assert all(hit.weak for hit in weak)


def test_nothing_below_the_least_score_is_a_hit(seed_searcher: Searcher) -> None:
    whole = seed_searcher.answer(QUERIES[0], Options(k=50)).hits
    least = whole[5].score
    answer = seed_searcher.answer(QUERIES[0], Options(k=50, min_score=least))
    assert [hit.passage for hit in answer.hits] == [hit.passage for hit in whole if hit.score >= least]
    assert not answer.more
    assert answer.total == len(answer.hits)


def test_a_deeper_ranking_is_asked_for_only_where_a_page_reaches_it(catalogue: Catalogue) -> None:
    asked: list[int] = []

    def ranking(k: int) -> list[Candidate]:
        asked.append(k)
        return [Candidate(row, 0.9 - row / 200) for row in range(min(k, 130))]

    def page(options: Options) -> list[int]:
        asked.clear()
        found = Listing(ranking, 130, options, catalogue, Stopwatch()).page()
        assert found.more is (options.offset + options.k < 130)
        return [group.candidate.row for group in found.groups]

    plain = Options(collapse=False)
    assert page(plain) == list(range(10))
    assert page(replace(plain, offset=90)) == list(range(90, 100))
    assert asked == [100]
    assert page(replace(plain, offset=95)) == list(range(95, 105))
    assert asked == [100, DEEPER]
    assert page(replace(plain, offset=120)) == list(range(120, 130))
    assert page(replace(plain, offset=500)) == []
    assert page(replace(plain, k=130, depth=130)) == list(range(130))
    assert asked == [130]
    assert page(replace(plain, min_score=0.85, k=200)) == list(range(11))
    assert asked == [100]


def test_weak_matches_are_not_sorted_by_date(seed_searcher: Searcher) -> None:
    hits = seed_searcher.answer("chess openings", Options(sort=Sort.NEWEST)).hits
    assert [hit.score for hit in hits if hit.score < WEAK_SCORE] == sorted(
        (hit.score for hit in hits if hit.score < WEAK_SCORE), reverse=True
    )
