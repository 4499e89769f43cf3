"""The searcher as a whole: on every backend it says what it says on files."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.errors import QueryError
from search.evaluation import read_collection
from search.fusion import Leg
from search.legs import ALL_LEGS
from search.options import Options, Sort
from search.records import Answer, Hit
from search.suggestions import Kind
from tests.backends.archive import FOLDER
from tests.backends.conftest import Kept
from tests.backends.truth import Truth
from tests.conftest import SEEDS

WORDLESS = frozenset({Leg.LEXICAL, Leg.DICTIONARY})
"""The legs that speak by the words of passages."""

QUERIES = [
    "footbridge over the Orontes",
    "ميناء المخا",
    "زيارة حفتر إلى راولبندي",
    "Ambassador Ghannouchi in Taiz",
    "ziyarat haftar ila bakistan",
    "prix du pain",
    "O'Neil's 100% straight_line \\alif\\",
    "JF-17",
    "☕",
    "'; DROP TABLE passages; --",
]
OPTIONS = [
    Options(),
    Options(k=60),
    Options(k=20, offset=7, collapse=False),
    Options(k=15, sort=Sort.NEWEST),
    Options(lang="ar"),
    Options(lang="fr"),
    Options(since="2024", until="2025-03"),
    Options(source=("The Harbor Ledger", "desk.jsonl"), k=30),
    Options(source=(FOLDER,), facets=True, highlight=True),
    Options(balance=1.0, facets=True, explain=True, highlight=True),
    Options(min_score=0.3, names=False, counterparts=False),
]


def legs_of(kept: Kept) -> frozenset[Leg]:
    """The legs that a backend has."""
    return ALL_LEGS if kept.has_words else ALL_LEGS - WORDLESS


def agree(found: Answer, expected: Answer) -> None:
    """Whether two answers are the same but for what rounding does to scores, and to the order of equal ones."""
    scores = [hit.score for hit in expected.hits]
    assert [hit.score for hit in found.hits] == pytest.approx(scores, abs=1e-4)
    last = scores[-1] + 1e-5 if scores and expected.more else -1.0  # which of equal ones comes last is a matter of luck
    for one, other in zip(found.hits, expected.hits, strict=True):
        assert other.score <= last or _plain(one) == _plain(other) or _changed_places(one, other)
        assert (one.explanation is None) == (other.explanation is None)
        if one.explanation and other.explanation:
            assert one.explanation.log_odds == pytest.approx(other.explanation.log_odds, abs=1e-3)
            points = {share.leg: share.points for share in other.explanation.legs}
            assert {share.leg: share.points for share in one.explanation.legs} == pytest.approx(points, abs=1e-3)
    assert replace(found, hits=[], generation="") == replace(expected, hits=[], generation="")


def _plain(hit: Hit) -> Hit:
    return replace(hit, score=0.0, explanation=None)


def _changed_places(one: Hit, other: Hit) -> bool:
    """Whether two near-duplicates score alike, so that it is a matter of luck which of them stands for both."""
    groups = [{hit.passage.passage_id, *(each.passage_id for each in hit.duplicates)} for hit in (one, other)]
    return groups[0] == groups[1] and len(groups[0]) > 1 and one.score == pytest.approx(other.score, abs=1e-6)


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_the_same(kept: Kept, local: Kept, query: str) -> None:
    expected = local.searcher.answer(query, Options(k=30, legs=legs_of(kept)))
    assert expected.hits
    agree(kept.searcher.answer(query, Options(k=30)), expected)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: str(OPTIONS.index(options)))
def test_answers_under_all_options_are_the_same(kept: Kept, local: Kept, options: Options) -> None:
    for query in QUERIES[::3]:
        expected = local.searcher.answer(query, replace(options, legs=legs_of(kept)))
        agree(kept.searcher.answer(query, options), expected)


def test_answers_to_the_queries_of_the_seeds_are_the_same(kept: Kept, local: Kept) -> None:
    options = Options(highlight=True)
    for query in read_collection(SEEDS).queries[::8]:
        expected = local.searcher.answer(query.text, replace(options, legs=legs_of(kept)))
        agree(kept.searcher.answer(query.text, options), expected)


def test_text_in_quotation_marks_is_found_as_it_stands(worded: Kept, local: Kept) -> None:
    for query in (
        '"wooden piers"',
        "«ميناء المخا»",
        '"by almost a metre" bridge',
        '"nowhere at all"',
        '"piers wooden"',
    ):
        agree(worded.searcher.answer(query), local.searcher.answer(query))


def test_what_is_like_a_passage_or_a_document_is_the_same(kept: Kept, local: Kept, truth: Truth) -> None:
    for passage in truth.passages[::11]:
        for options in (Options(), Options(k=30, since="2024", facets=True), Options(source=("en",), balance=-1.0)):
            expected = local.searcher.similar(passage.passage_id, options)
            agree(kept.searcher.similar(passage.passage_id, options), expected)
    for doc_id in list(truth.documents)[::7]:
        agree(kept.searcher.similar_to_document(doc_id), local.searcher.similar_to_document(doc_id))


def test_lists_and_facets_are_the_same(kept: Kept, local: Kept) -> None:
    for options in (*OPTIONS, Options(k=1000), Options(lang="en", source=("ar", "en"), k=3, offset=3)):
        assert kept.searcher.facets(options) == local.searcher.facets(options)
        assert kept.searcher.listed(options) == local.searcher.listed(options)
    assert kept.searcher.publishers() == local.searcher.publishers()


def test_documents_are_read_alike(kept: Kept, local: Kept, truth: Truth) -> None:
    one, other = kept.searcher, local.searcher
    for doc_id in truth.documents:
        assert one.document(doc_id) == other.document(doc_id)
        assert one.related(doc_id) == other.related(doc_id)
        assert one.passages(doc_id) == other.passages(doc_id)
    for passage in truth.passages[::5]:
        assert one.passage(passage.passage_id) == passage
        assert one.neighbours(passage.passage_id) == other.neighbours(passage.passage_id)
        assert one.counterpart_of(passage.passage_id) == other.counterpart_of(passage.passage_id)


def test_marks_are_the_same(kept: Kept, local: Kept, truth: Truth) -> None:
    ids = [passage.passage_id for passage in truth.passages[::3]]
    for query in ("Haftar's visit to Rawalpindi", "سعر القمح في الميناء", "mina2 el mokha"):
        found = kept.searcher.marks(query, [*ids, "nowhere"])
        assert found == local.searcher.marks(query, ids)
        assert any(found.values())


@pytest.mark.parametrize(
    "typed", ["har", "the harb", "الم", "ميناء الم", "O'N", "desalination pl", "%", "\\", "' OR", "x' or"]
)
def test_suggestions_are_the_same(kept: Kept, local: Kept, typed: str) -> None:
    """Titles are found by the words of passages."""
    found, expected = kept.searcher.suggest(typed), local.searcher.suggest(typed)
    if kept.has_words:
        assert found == expected
    else:
        assert [each for each in found if each.kind is Kind.PUBLISHER] == [
            each for each in expected if each.kind is Kind.PUBLISHER
        ]
        assert {each for each in found if each.kind is Kind.TITLE} == set()


@pytest.mark.parametrize(
    "query", ["desalinaton plant", "hgpvf td hgs,]hk", "الخرطم", "harbour master", "harbour' master%"]
)
def test_corrections_are_the_same(kept: Kept, local: Kept, query: str) -> None:
    assert kept.searcher.corrections(query) == local.searcher.corrections(query)


def test_the_map_is_the_same(kept: Kept, local: Kept, tmp_path: Path) -> None:
    found, expected = (of.searcher.corpus_map(tmp_path / str(at)) for at, of in enumerate((kept, local)))
    assert found.points == expected.points
    assert found.regions == expected.regions
    kept_again = kept.searcher.corpus_map(tmp_path / "0")
    assert kept_again.points == found.points


def test_a_view_of_a_generation_answers_page_after_page(kept: Kept) -> None:
    view = kept.searcher.at(kept.searcher.generation)
    whole = view.answer(QUERIES[0], Options(k=12)).hits
    pages = [hit for start in (0, 4, 8) for hit in view.answer(QUERIES[0], Options(k=4, offset=start)).hits]
    assert [hit.passage for hit in pages] == [hit.passage for hit in whole]


def test_several_threads_get_the_answers_that_one_gets(kept: Kept) -> None:
    expected = [kept.searcher.answer(query) for query in QUERIES]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(kept.searcher.answer, QUERIES * 2))
    for answer, right in zip(found, expected * 2, strict=True):
        agree(answer, right)


def test_what_makes_no_sense_is_told(kept: Kept) -> None:
    for options in (Options(lang="sw"), Options(source=("nowhere",)), Options(doc_id="nowhere"), Options(since="soon")):
        with pytest.raises(QueryError):
            kept.searcher.answer("harbour", options)


def test_the_vector_of_a_query_is_no_concern_of_the_backend(kept: Kept, local: Kept) -> None:
    explained = [
        of.searcher.answer(QUERIES[1], Options(k=1, explain=True, legs=frozenset({Leg.DENSE}))) for of in (kept, local)
    ]
    one, other = (answer.hits[0].explanation for answer in explained)
    assert one
    assert other
    assert np.isclose(one.log_odds, other.log_odds, atol=1e-4)
