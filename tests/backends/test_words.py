"""Words of passages, in the form of `search.words`: counted, by their beginnings, where they stand, how they sound."""

from collections import Counter

import pytest

from search.sounds import sound_keys
from search.words import is_arabic, words
from tests.backends.conftest import Kept
from tests.backends.truth import Truth

LANGS = ("ar", "en", "fr", "sw")


def test_the_rows_of_each_language_are_known(kept: Kept, truth: Truth) -> None:
    assert kept.generation.legs.names.words.pools == truth.pools
    assert {pool.lang: pool.rows for pool in kept.generation.pools} == truth.pools


@pytest.mark.parametrize("lang", LANGS)
def test_all_words_are_counted_as_they_are_written(kept: Kept, truth: Truth, lang: str) -> None:
    standing = truth.standing(lang)
    large, small = Counter[str](), Counter[str]()
    for row in truth.pools.get(lang, ()):
        for word in words(truth.passages[row].text):
            large[word.form] += word.named is True
            small[word.form] += word.named is False
    found = kept.generation.legs.names.words.counted([*standing, "nowhere", "x' OR '1'='1", "%"], lang)
    assert {form: (each.rows, each.large, each.small) for form, each in found.items()} == {
        form: (len(rows), large[form], small[form]) for form, rows in standing.items()
    }
    assert kept.generation.legs.names.words.counted([], lang) == {}


@pytest.mark.parametrize("lang", LANGS)
def test_each_word_stands_where_it_is_written(kept: Kept, truth: Truth, lang: str) -> None:
    expected = truth.standing(lang)
    found = kept.generation.legs.names.words.rows([*expected, "nowhere"], lang)
    assert {form: rows.tolist() for form, rows in found.items()} == expected


def test_rows_come_in_the_order_of_the_words_asked_for(kept: Kept, truth: Truth) -> None:
    word_list, expected = kept.generation.legs.names.words, truth.standing("en")
    counted = word_list.counted(["harbour", "footbridge"], "en")
    asked = [counted["harbour"], counted["footbridge"], counted["harbour"]]
    assert [rows.tolist() for rows in word_list.standing(asked, "en")] == [
        expected[form] for form in ("harbour", "footbridge", "harbour")
    ]


@pytest.mark.parametrize(
    ("prefix", "lang"),
    [
        ("har", "en"),
        ("المي", "ar"),
        ("م", "ar"),
        ("jf-", "en"),
        ("bo", "fr"),
        ("t", "en"),
        ("%", "en"),
        ("x' or", "en"),
        ("_", "en"),
        ("har", "sw"),
        ("harbour", "en"),
        ("\\", "en"),
    ],
)
def test_words_go_on_from_a_beginning_the_most_frequent_first(kept: Kept, truth: Truth, prefix: str, lang: str) -> None:
    counts = {
        form: len(rows) for form, rows in truth.standing(lang).items() if form.startswith(prefix) and form != prefix
    }
    expected = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for limit in (1, 5, 3000):
        assert [tuple(pair) for pair in kept.generation.legs.names.words.starting(prefix, lang, limit)] == expected[
            :limit
        ]


@pytest.mark.parametrize(
    ("form", "lang"),
    [
        ("haftar", "ar"),
        ("حفتر", "en"),
        ("الغنوشي", "en"),
        ("ghannouchi", "ar"),
        ("القحطاني", "en"),
        ("دوبوا", "en"),
        ("taiz", "ar"),
    ],
)
def test_words_that_may_be_names_come_by_their_sound(
    kept: Kept, local: Kept, truth: Truth, form: str, lang: str
) -> None:
    sounding = kept.generation.legs.names.words.sounding
    (found,) = sounding([form], lang).values()
    assert list(found.items()) == list(local.generation.legs.names.words.sounding([form], lang)[form].items())
    assert found
    keys = set(sound_keys(form))
    assert all(is_arabic(other) != is_arabic(form) and keys.intersection(sound_keys(other)) for other in found)
    assert set(found) <= set(truth.standing(lang))


def test_what_has_no_sound_sounds_like_nothing(kept: Kept) -> None:
    assert kept.generation.legs.names.words.sounding(["haftar", "jf-17"], "sw") == {"haftar": {}, "jf-17": {}}
    assert kept.generation.legs.names.words.sounding([], "en") == {}
