import math
from pathlib import Path

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.concordance import Concordance, write_names
from search.names import NamesIndex
from search.pools import Pool

ARABIC = [
    "زار وفد من القاهرة مصنعاً للمدرعات في تاكسيلا.",
    "وصل شوكت إلى القاهرة يوم الأحد على متن طائرة من طراز JF-17.",
    "القاهرة تستضيف المعرض في ديسمبر ٢٠٢٤.",
    "استقبل الوزير عبدالفتاح خليفة حفتر، ورحّب بحفتر أعضاء المجلس.",
]
ENGLISH = [
    "Yesterday Haftar was received in Rawalpindi by the army chief.",
    "The exhibition opens in Cairo; Shawkat is expected in a JF-17.",
    "Officials in Cairo and Rawalpindi agreed on joint drills.",
    "Rain fell on the hills, and the army left in December 2024.",
]


@pytest.fixture
def names(tmp_path: Path) -> NamesIndex:
    write_names(tmp_path / "names.sqlite", {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=len(ARABIC))})
    return NamesIndex(Concordance(tmp_path / "names.sqlite"))


def _pool(lang: str, rows: range) -> Pool:
    return Pool(lang, rows, np.zeros(2, np.float32), np.eye(2, dtype=np.float32))


ARABIC_POOL = _pool("ar", range(4))
ENGLISH_POOL = _pool("en", range(4, 8))


def _variants(names: NamesIndex, query: str, lang: str) -> dict[int, set[tuple[str, str]]]:
    pool = ENGLISH_POOL if lang == "ar" else ARABIC_POOL
    return {row: set(match.variants) for row, match in names.matches(query, lang, pool).items()}


def test_a_name_brings_the_rows_that_hold_it_and_how_it_is_written_there(names: NamesIndex) -> None:
    assert _variants(names, "Shawkat", "en") == {1: {("shawkat", "شوكت")}}
    assert _variants(names, "شوكت", "ar") == {5: {("شوكت", "shawkat")}}


def test_a_name_is_found_behind_proclitics_on_either_side(names: NamesIndex) -> None:
    assert _variants(names, "وبحفتر", "ar") == {4: {("وبحفتر", "haftar")}}
    assert _variants(names, "Haftar", "en").keys() == {3}


def test_a_name_in_several_words_or_one(names: NamesIndex) -> None:
    for query in ("Abdel Fattah", "Abdelfattah", "Abd el-Fattah"):
        matches = names.matches(query, "en", ARABIC_POOL)
        assert max(matches, key=lambda row: matches[row].score) == 3


def test_designations_and_numbers_match_as_they_are(names: NamesIndex) -> None:
    assert ("jf-17", "jf-17") in _variants(names, "JF-17", "en")[1]
    assert ("jf-17", "jf-17") in _variants(names, "طائرة JF-١٧", "ar")[5]
    assert _variants(names, "٢٠٢٤", "ar") == {7: {("2024", "2024")}}


def test_a_name_is_worth_more_the_rarer_it_is(names: NamesIndex) -> None:
    assert names.matches("Shawkat", "en", ARABIC_POOL)[1].score > 0.8
    matches = names.matches("راولبندي", "ar", ENGLISH_POOL)
    assert {row: match.score for row, match in matches.items()} == pytest.approx(
        dict.fromkeys((4, 6), math.log(4 / 2) / math.log(4))
    )


def test_a_name_in_every_passage_is_worth_nothing(tmp_path: Path) -> None:
    write_names(tmp_path / "names.sqlite", {"en": enumerate(["Haftar spoke.", "Haftar left."])})
    assert NamesIndex(Concordance(tmp_path / "names.sqlite")).matches("حفتر", "ar", _pool("en", range(2))) == {}


def test_a_word_that_the_corpus_writes_small_is_no_name(tmp_path: Path) -> None:
    lines = [f"Rain fell on the hills of {place}." for place in ("Sana", "Aden", "Taiz", "Ibb", "Marib")]
    write_names(tmp_path / "names.sqlite", {"en": enumerate(lines)})
    index = NamesIndex(Concordance(tmp_path / "names.sqlite"))
    alike = index.alike(["هيلز", "مارب"], "en")
    assert {asked: [word for word, _, _ in heard] for asked, heard in alike.items()} == {"هيلز": [], "مارب": ["marib"]}
    assert index.alike(["مارب"], "de") == {"مارب": []}


def test_words_alike_come_with_similarity_and_rows(names: NamesIndex) -> None:
    assert names.alike(["cairo"], "en") == {"cairo": [("cairo", 1.0, 2)]}
    (word, similarity, rows), *_ = names.alike(["haftar"], "ar")["haftar"]
    assert (word, similarity > 0.9, rows) == ("حفتر", True, 1)


def test_words_that_sound_like_nothing_there_score_nothing(names: NamesIndex) -> None:
    assert names.matches("قانون الضرائب الجديد", "ar", ENGLISH_POOL) == {}
    assert names.matches("!؟", "ar", ENGLISH_POOL) == {}


def test_quotes_and_operators_of_the_query_are_text(names: NamesIndex) -> None:
    assert _variants(names, '"Shawkat" OR NEAR("x", 3) *', "en").keys() == {1}


def test_the_language_of_the_query_may_have_no_passages(tmp_path: Path) -> None:
    write_names(tmp_path / "names.sqlite", {"ar": enumerate(ARABIC)})
    assert NamesIndex(Concordance(tmp_path / "names.sqlite")).matches("Shawkat", "en", ARABIC_POOL).keys() == {1}


def test_rows_are_looked_at_together_as_they_are_one_by_one(names: NamesIndex) -> None:
    matches = names.matches("Haftar met Shawkat in Qahira", "en", ARABIC_POOL)
    rows = np.arange(5)
    assert list(matches) == [0, 1, 2, 3]
    assert matches.scores_of(rows).tolist() == [matches[row].score for row in range(4)] + [0.0]
    assert matches.variants_of(rows) == {row: match.variants for row, match in matches.items() if match.variants}
    best = sorted(matches, key=lambda row: (-matches[row].score, row))
    assert matches.best(10).tolist() == best
    assert matches.best(2, among=AllowedRows(np.array([0, 2, 3]))).tolist() == [row for row in best if row != 1][:2]
    assert 4 not in matches
    with pytest.raises(KeyError):
        matches[4]
