"""Ranking in an index made by hand: one list of two languages, and the arithmetic behind each place in it."""

import math
from dataclasses import replace
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.allowed import AllowedRows
from search.fusion import WITH_LATE, WITHOUT_LATE, Leg
from search.late import LATE_DEPTH
from search.legs import ALL_LEGS, EncodedQuery
from search.ranking import Candidate, rank
from tests.search.handmade import COUNTERPARTS, FIRST_ENGLISH, Handmade, build

ENGLISH_ROW = FIRST_ENGLISH + 10
ALL = 1000
QUERIES = [
    ("rain", "en"),
    ("Shawkat in the harbour", "en"),
    ("شوكت في الميناء", "ar"),
    ("full ship", "en"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Handmade:
    return build(tmp_path_factory.mktemp("ranking"))


def _rank(made: Handmade, query: EncodedQuery, *, k: int = ALL, explain: bool = False) -> list[Candidate]:
    return rank(query, made.pools, made.legs, k=k, explain=explain)


def _rows(candidates: list[Candidate]) -> list[int]:
    return [candidate.row for candidate in candidates]


@pytest.mark.parametrize("text", ["rain", "Shawkat in the harbour", "شوكت في الميناء"])
@pytest.mark.parametrize("is_late", [True, False])
def test_the_figures_of_an_explanation_add_up_to_the_last_digit(made: Handmade, text: str, is_late: bool) -> None:
    lang = "ar" if text.startswith("ش") else "en"
    query = (made.late_query if is_late else made.query)(text, lang, ENGLISH_ROW)
    weights = WITH_LATE if is_late else WITHOUT_LATE
    candidates = _rank(made, query, explain=True)
    assert len(candidates) == len(made.vectors)
    for candidate in candidates:
        found = candidate.explanation
        assert found is not None
        assert found.pool == ("ar" if candidate.row < FIRST_ENGLISH else "en")
        assert found.constant == weights.constant(same=found.pool == lang)
        log_odds = found.constant
        for share in found.legs:
            assert share.weight == weights.legs.get(share.leg, 0.0)
            assert share.points == share.value * share.weight
            log_odds += share.points
        assert found.log_odds == pytest.approx(log_odds + found.counterpart)
        assert found.counterpart == 0 or candidate.row in COUNTERPARTS.values() or candidate.row in COUNTERPARTS
        assert found.score == candidate.score == 1 / (1 + math.exp(-found.log_odds))
        assert (Leg.LATE in {share.leg for share in found.legs}) is is_late


def test_the_ranks_of_legs_are_those_among_the_pool_s_candidates(made: Handmade) -> None:
    explained = [c.explanation for c in _rank(made, made.query("full harbour", "en", ENGLISH_ROW), explain=True)]
    for pool in ("ar", "en"):
        shares = [share for found in explained if found and found.pool == pool for share in found.legs]
        dense = sorted((share for share in shares if share.leg is Leg.DENSE), key=attrgetter("value"), reverse=True)
        assert [share.rank for share in dense] == list(range(1, len(dense) + 1))
        for share in shares:
            assert (share.rank is None) is (share.value == 0)
    (named,) = {share.rank for found in explained if found for share in found.legs if share.leg is Leg.NAMES}
    assert named is None


def test_how_a_score_came_about_is_told_only_when_asked(made: Handmade) -> None:
    query = made.late_query("Shawkat", "en", ENGLISH_ROW)
    plain, explained = _rank(made, query), _rank(made, query, explain=True)
    assert all(candidate.explanation is None for candidate in plain)
    assert [replace(candidate, explanation=None) for candidate in explained] == plain


def test_the_best_come_first_and_no_more_than_asked_for(made: Handmade) -> None:
    for query in (made.query("harbour", "en", ENGLISH_ROW), made.late_query("الميناء", "ar", 5)):
        whole = _rank(made, query)
        scores = [candidate.score for candidate in whole]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score < 1 for score in scores)
        for k in (1, 7):
            assert _rank(made, query, k=k) == whole[:k]
    assert rank(made.query("harbour", "en", ENGLISH_ROW), [], made.legs, k=10) == []


def test_neither_language_is_pushed_out(made: Handmade) -> None:
    """By plain cosine, an Arabic query here has no English row in its first ten."""
    query = made.query("خبر", "ar", 5)
    assert (np.argsort(-(made.vectors @ query.vector))[:10] < FIRST_ENGLISH).all()
    english = (made.vectors[FIRST_ENGLISH:] @ query.vector).argmax() + FIRST_ENGLISH
    assert english in _rows(_rank(made, replace(query, text="مطر")))[:20]


def test_a_shared_name_lifts_a_passage_of_the_other_language(made: Handmade) -> None:
    def of_row_0(text: str, lang: str, without: frozenset[Leg] = frozenset()) -> Candidate:
        query = replace(made.query(text, lang, ENGLISH_ROW), legs=ALL_LEGS - without)
        return next(candidate for candidate in _rank(made, query) if candidate.row == 0)

    named = of_row_0("Shawkat", "en")
    assert named.variants == (("shawkat", "شوكت"),)
    off = of_row_0("Shawkat", "en", frozenset({Leg.NAMES}))
    assert off.variants == ()
    assert named.score > off.score
    assert of_row_0("شوكت", "ar").variants == ()


@pytest.mark.parametrize(("leg", "row"), [(Leg.LEXICAL, FIRST_ENGLISH + 1), (Leg.DICTIONARY, 1), (Leg.NAMES, 0)])
def test_each_leg_lifts_what_it_finds(made: Handmade, leg: Leg, row: int) -> None:
    query = made.query("Shawkat saw the full harbour", "en", ENGLISH_ROW)

    def place(legs: frozenset[Leg]) -> float:
        return next(candidate.score for candidate in _rank(made, replace(query, legs=legs)) if candidate.row == row)

    assert place(ALL_LEGS) > place(ALL_LEGS - {leg})


def test_what_matches_token_by_token_rises(made: Handmade) -> None:
    """The row is among those that are compared, but in the middle of them by its vector."""
    first = [row for row in _rows(_rank(made, made.query("rain", "en", ENGLISH_ROW))) if row < FIRST_ENGLISH]
    row = first[LATE_DEPTH // 2]
    query = EncodedQuery("rain", "en", made.vectors[ENGLISH_ROW], made.tokens(row))
    assert next(row for row in _rows(_rank(made, query)) if row < FIRST_ENGLISH) == row


def test_candidates_beyond_the_depth_of_late_interaction_keep_their_order(made: Handmade) -> None:
    alone = replace(made.query("rain", "en", ENGLISH_ROW), counterparts=False)
    first = [row for row in _rows(_rank(made, alone)) if row < FIRST_ENGLISH]
    beyond = first[LATE_DEPTH:]
    assert len(beyond) == 10
    query = EncodedQuery("rain", "en", made.vectors[ENGLISH_ROW], made.tokens(beyond[0]), counterparts=False)
    late = _rank(made, query, explain=True)
    assert [row for row in _rows(late) if row in beyond] == beyond
    values = {
        c.row: share.value for c in late if c.explanation for share in c.explanation.legs if share.leg is Leg.LATE
    }
    assert {values[row] for row in beyond} == {min(values[row] for row in first)}


def test_without_token_vectors_of_the_index_the_query_s_are_not_used(made: Handmade) -> None:
    without = replace(made.legs, tokens=None, token_shift=None)
    ranked = rank(made.late_query("harbour", "en", ENGLISH_ROW), made.pools, without, k=ALL, explain=True)
    assert ranked == _rank(made, made.query("harbour", "en", ENGLISH_ROW), explain=True)


def test_a_phrase_keeps_what_holds_it_in_its_own_language(made: Handmade) -> None:
    for query in (made.query("harbour", "en", ENGLISH_ROW), made.late_query("harbour", "en", ENGLISH_ROW)):
        english = [row for row in _rows(_rank(made, replace(query, phrases=("harbour",)))) if row >= FIRST_ENGLISH]
        assert sorted(english) == [FIRST_ENGLISH, FIRST_ENGLISH + 1]
        arabic = [row for row in _rows(_rank(made, replace(query, phrases=("سفينة",)))) if row < FIRST_ENGLISH]
        assert sorted(arabic) == [1, 2]


@given(st.sets(st.integers(0, FIRST_ENGLISH + 39)), st.integers(1, 40), st.sampled_from(QUERIES), st.booleans())
def test_a_filter_leaves_the_scores_and_the_order_as_they_are(
    made: Handmade, rows: set[int], k: int, asked: tuple[str, str], is_late: bool
) -> None:
    query = (made.late_query if is_late else made.query)(*asked, ENGLISH_ROW)
    whole = _rank(made, query, explain=True)
    if is_late:  # those that it did not reach without a filter, it may reach with one
        rows -= _unreached(whole)
    allowed = AllowedRows(np.array(sorted(rows), np.int64))
    expected = [candidate for candidate in whole if candidate.row in rows]
    found = _rank(made, replace(query, allowed=allowed))
    assert _rows(found) == _rows(expected)
    assert [one.score for one in found] == pytest.approx([one.score for one in expected], rel=1e-4)
    assert [one.variants for one in found] == [one.variants for one in expected]
    assert _rank(made, replace(query, allowed=allowed), k=k) == found[:k]


def _unreached(whole: list[Candidate]) -> set[int]:
    """The rows that late interaction has not compared, and the worst that it has."""
    late = {one.row: one.explanation.legs[0].value for one in whole if one.explanation}
    worst = [min(value for row, value in late.items() if (row < FIRST_ENGLISH) is first) for first in (True, False)]
    return {row for row, value in late.items() if value in worst}


def test_late_interaction_reaches_those_that_may_be_hits(made: Handmade) -> None:
    """By what the first legs say they come last; the words of the query stand in one of them."""
    plain = made.query("rain", "en", ENGLISH_ROW)
    beyond = [row for row in _rows(_rank(made, plain)) if row < FIRST_ENGLISH][LATE_DEPTH:]
    query = EncodedQuery("rain", "en", made.vectors[ENGLISH_ROW], made.tokens(beyond[-1]))
    assert _rows(_rank(made, query)).index(beyond[-1]) > 0
    assert _rows(_rank(made, replace(query, allowed=AllowedRows(np.sort(beyond)))))[0] == beyond[-1]


def test_one_pool_alone_can_be_ranked(made: Handmade) -> None:
    for query in (made.query("rain", "en", ENGLISH_ROW), made.late_query("rain", "en", ENGLISH_ROW)):
        for pool in made.pools:
            ranked = rank(query, [pool], made.legs, k=5)
            assert len(ranked) == 5
            assert set(_rows(ranked)) <= set(pool.rows)
            both = [row for row in _rows(_rank(made, query)) if row in pool.rows]
            assert _rows(ranked) == both[:5]


def test_counterparts_hear_of_each_other_and_the_query_s_language_goes_first(made: Handmade) -> None:
    """Of the two reports of Shawkat, one has his name in each script."""
    ((arabic_row, english_row),) = COUNTERPARTS.items()
    for text, lang, own, other in (("Shawkat", "en", english_row, arabic_row), ("شوكت", "ar", arabic_row, english_row)):
        query = made.query(text, lang, own)
        apart = {c.row: c for c in _rank(made, replace(query, counterparts=False), explain=True)}
        heard = {c.row: c for c in _rank(made, query, explain=True)}
        assert all(heard[row] == apart[row] for row in apart.keys() - {own, other})
        worse = min((own, other), key=lambda row: apart[row].score)
        assert heard[worse].score > apart[worse].score
        rows = _rows(_rank(made, query))
        assert rows.index(own) < rows.index(other)


def test_a_tiny_pool_can_be_ranked(made: Handmade) -> None:
    arabic, english = made.pools
    tiny = [replace(arabic, rows=range(2)), replace(english, rows=range(FIRST_ENGLISH, FIRST_ENGLISH + 1))]
    for query in (made.query("rain", "en", 0), made.late_query("rain", "en", 0)):
        ranked = rank(query, tiny, made.legs, k=10)
        assert sorted(_rows(ranked)) == [0, 1, FIRST_ENGLISH]
        assert next(row for row in _rows(ranked) if row < FIRST_ENGLISH) == 0
        assert rank(query, [replace(arabic, rows=range(0))], made.legs, k=10) == []
