"""What each leg finds and says in an index made by hand, against NumPy and the legs by themselves."""

from dataclasses import replace

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.fusion import Leg
from search.late import LATE_DEPTH
from search.legs import ALL_LEGS, Found
from search.maxsim import maxsim
from search.timing import Stopwatch
from tests.search.handmade import ARABIC, ENGLISH, FIRST_ENGLISH, Handmade, build

ENGLISH_ROW = FIRST_ENGLISH + 10
ALL = 1000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Handmade:
    return build(tmp_path_factory.mktemp("legs"))


def _of(found: Found, leg: Leg) -> dict[int, float]:
    """What a leg says of each candidate that it has something to say of."""
    return {
        row: value for row, value in zip(found.rows.tolist(), found.values[leg].tolist(), strict=True) if value != 0
    }


def test_dense_values_are_standard_scores_in_the_pool(made: Handmade) -> None:
    for pool in made.pools:
        found = made.legs.find(made.query("rain", "en", ENGLISH_ROW), pool, ALL)
        cosines = made.vectors[pool.rows.start : pool.rows.stop] @ made.vectors[ENGLISH_ROW]
        expected = (cosines - cosines.mean()) / cosines.std()
        assert sorted(found.rows) == list(pool.rows)
        np.testing.assert_allclose(found.values[Leg.DENSE], expected[found.rows - pool.rows.start], atol=1e-3)


def test_it_makes_no_difference_when_the_words_were_looked_up(made: Handmade) -> None:
    query = made.query("Shawkat in the old harbour", "en", ENGLISH_ROW)
    before = replace(query, sought=made.legs.sought(query.text, query.lang, made.pools, query.legs, Stopwatch()))
    assert before.sought.keys() == {"ar", "en"}
    for pool in made.pools:
        one, other = made.legs.find(query, pool, 5), made.legs.find(before, pool, 5)
        assert one.rows.tolist() == other.rows.tolist()
        assert one.names == other.names
        assert one.values.keys() == other.values.keys()
        for leg, values in one.values.items():
            np.testing.assert_array_equal(values, other.values[leg])
    silent = replace(before, sought=made.legs.sought("", "en", made.pools, query.legs, Stopwatch()))
    assert not _of(made.legs.find(silent, made.pools[0], 5), Leg.NAMES)


def test_each_leg_brings_its_best_once(made: Handmade) -> None:
    arabic, english = made.pools
    query = made.query("Shawkat harbour", "en", ENGLISH_ROW)
    (nearest,), _ = made.legs.vectors.search(query.vector, arabic.rows, 1)
    rows = made.legs.find(query, arabic, 1).rows.tolist()
    assert len(rows) == len(set(rows)) == 3
    assert {0, int(nearest)} < set(rows)
    assert set(rows) & {1, 2}
    assert made.legs.find(query, english, 1).rows.tolist() == [ENGLISH_ROW, FIRST_ENGLISH]


def test_words_count_within_the_query_s_language_translations_in_the_other(made: Handmade) -> None:
    arabic, english = made.pools
    query = made.query("full harbour", "en", ENGLISH_ROW)
    own, other = made.legs.find(query, english, ALL), made.legs.find(query, arabic, ALL)
    assert Leg.LEXICAL not in other.values
    assert Leg.DICTIONARY not in own.values
    lexical, dictionary = _of(own, Leg.LEXICAL), _of(other, Leg.DICTIONARY)
    assert sorted(lexical) == [FIRST_ENGLISH, FIRST_ENGLISH + 1]
    assert lexical[FIRST_ENGLISH + 1] > lexical[FIRST_ENGLISH]
    first, second, *others = sorted(dictionary.items(), key=lambda item: -item[1])
    assert {first[0], second[0]} == {1, 2}
    assert all(0 < value < second[1] / 100 for _, value in others)  # no translations, only the nearest words there are


def test_words_are_worth_what_bm25_says_in_proportion(made: Handmade) -> None:
    terms = {"harbour": 1.0}
    bm25 = made.legs.lexical.scores(terms, "en", 10)
    only_terms = replace(made.query("harbour", "en", ENGLISH_ROW), legs=frozenset({Leg.LEXICAL}))
    found = _of(made.legs.find(only_terms, made.pools[1], ALL), Leg.LEXICAL)
    assert found.keys() == bm25.keys()
    assert sorted(found, key=found.__getitem__) == sorted(bm25, key=bm25.__getitem__)


def test_names_count_across_languages_only(made: Handmade) -> None:
    arabic, english = made.pools
    query = made.query("Shawkat", "en", ENGLISH_ROW)
    across = made.legs.find(query, arabic, ALL)
    matches = made.legs.names.matches("Shawkat", "en", arabic)
    assert _of(across, Leg.NAMES).keys() == matches.keys()
    assert across.names[0].variants == [("shawkat", "شوكت")]
    within = made.legs.find(query, english, ALL)
    assert (_of(within, Leg.NAMES), dict(within.names)) == ({}, {})


@pytest.mark.parametrize(
    ("text", "times"), [("Shawkat", 3.0), ("Shawkat harbour", 2.0), ("Shawkat in the harbour", 1.5)]
)
def test_a_name_counts_the_more_the_less_stands_beside_it(made: Handmade, text: str, times: float) -> None:
    arabic, _ = made.pools
    (match,) = made.legs.names.matches("Shawkat", "en", arabic).values()
    found = made.legs.find(made.query(text, "en", ENGLISH_ROW), arabic, ALL)
    assert list(_of(found, Leg.NAMES).values()) == pytest.approx([times * match.score])


@pytest.mark.parametrize("leg", [Leg.LEXICAL, Leg.DICTIONARY, Leg.NAMES])
def test_a_leg_that_may_not_speak_brings_nothing_and_says_nothing(made: Handmade, leg: Leg) -> None:
    query = made.query("Shawkat harbour", "en", ENGLISH_ROW)
    for pool in made.pools:
        every = made.legs.find(query, pool, 1)
        without = made.legs.find(replace(query, legs=ALL_LEGS - {leg}), pool, 1)
        assert set(without.rows.tolist()) <= set(every.rows.tolist())
        assert leg not in without.values or _of(without, leg) == {}


def test_the_best_that_may_be_hits_stand_behind_the_best_of_all(made: Handmade) -> None:
    arabic, english = made.pools
    query = made.query("Shawkat harbour", "en", ENGLISH_ROW)
    allowed = np.array([2, 30, 40, FIRST_ENGLISH + 1, FIRST_ENGLISH + 20, FIRST_ENGLISH + 21])
    for pool, depth, own in ((arabic, 1, allowed[:3]), (english, 1, allowed[3:]), (english, ALL, allowed[3:])):
        every = made.legs.find(query, pool, depth)
        some = made.legs.find(replace(query, allowed=AllowedRows(allowed)), pool, depth)
        assert every.typical == some.typical == len(every.rows)
        assert some.rows[: some.typical].tolist() == every.rows.tolist()
        assert len(set(some.rows.tolist())) == len(some.rows)
        for leg, values in every.values.items():
            np.testing.assert_allclose(some.values[leg][: some.typical], values, atol=1e-5)
        cosines = made.vectors[own] @ query.vector
        assert own[cosines.argmax()] in some.rows
        assert set(some.rows[some.typical :].tolist()) <= set(own.tolist())
    found = made.legs.find(replace(query, allowed=AllowedRows(allowed)), english, 1).rows.tolist()
    assert FIRST_ENGLISH + 1 in found  # by its words
    found = made.legs.find(replace(query, allowed=AllowedRows(np.array([0, 30]))), arabic, 1).rows.tolist()
    assert 0 in found  # by the name


@pytest.mark.parametrize(
    ("phrases", "arabic", "english"),
    [
        (["سفينة"], [1, 2], None),
        (["سفينة", "الجديد"], [2], None),
        (["the old harbour"], None, [FIRST_ENGLISH]),
        (["harbour"], None, [FIRST_ENGLISH, FIRST_ENGLISH + 1]),
        (["the old harbour", "سفينة"], None, None),
        (["harbour old"], None, None),
    ],
)
def test_where_some_hold_every_phrase_only_those_are_found(
    made: Handmade, phrases: list[str], arabic: list[int] | None, english: list[int] | None
) -> None:
    plain = made.query("harbour", "en", ENGLISH_ROW)
    for pool, holding in zip(made.pools, (arabic, english), strict=True):
        found = made.legs.find(replace(plain, phrases=tuple(phrases)), pool, 20)
        if holding is None:
            assert found.rows.tolist() == made.legs.find(plain, pool, 20).rows.tolist()
        else:
            assert sorted(found.rows.tolist()) == holding


def test_of_many_that_hold_a_phrase_the_nearest_are_found(made: Handmade) -> None:
    query = replace(made.query("Report", "en", ENGLISH_ROW), phrases=("report number",))
    assert made.legs.find(query, made.pools[1], 1).rows.tolist() == [ENGLISH_ROW]
    assert len(made.legs.find(query, made.pools[1], 7).rows) == 7


def test_late_values_are_maxsim_and_how_far_it_stands_out(made: Handmade) -> None:
    pool = made.pools[0]
    query = made.late_query("rain", "en", 7)
    assert made.legs.tokens
    rows = np.arange(7, 7 + LATE_DEPTH)
    late = made.legs.late(query, pool, rows)
    scores = maxsim(made.tokens(7), made.legs.tokens.at(rows.tolist()))
    assert late is not None
    assert late.shape == (LATE_DEPTH,)
    np.testing.assert_allclose(late, (scores - scores.mean()) / scores.std(), atol=1e-4)
    assert late.argmax() == 0


def test_a_candidate_alone_is_compared_with_the_background(made: Handmade) -> None:
    query = made.late_query("rain", "en", 7)
    for pool in made.pools:
        row = pool.rows.start + 7
        own = replace(query, tokens=made.tokens(row))
        right, wrong = (made.legs.late(own, pool, np.array([candidate])) for candidate in (row, row + 1))
        assert right is not None
        assert wrong is not None
        assert right[0] > 2 > wrong[0]


def test_without_token_vectors_late_interaction_is_silent(made: Handmade) -> None:
    pool = made.pools[0]
    rows = np.arange(5)
    assert made.legs.late(made.query("rain", "en", 7), pool, rows) is None
    without = replace(made.legs, tokens=None, token_shift=None)
    assert without.late(made.late_query("rain", "en", 7), pool, rows) is None


def test_a_language_that_no_leg_knows_is_searched_by_its_vectors(made: Handmade) -> None:
    for pool in made.pools:
        found = made.legs.find(made.query("Le navire", "fr", ENGLISH_ROW), pool, 5)
        assert len(found.rows) == 5
        assert all(_of(found, leg) == {} for leg in found.values if leg is not Leg.DENSE)


def test_every_row_is_of_the_pool_that_was_asked(made: Handmade) -> None:
    assert len(ARABIC) + len(ENGLISH) == len(made.vectors)
    for pool in made.pools:
        for text, lang in (("Shawkat harbour report", "en"), ("شوكت الميناء خبر", "ar")):
            assert set(made.legs.find(made.query(text, lang, 3), pool, 20).rows.tolist()) <= set(pool.rows)
