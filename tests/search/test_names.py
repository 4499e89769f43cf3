import math
from pathlib import Path

import numpy as np
import pytest

from search.names import ABSENT_FACTOR, NamesIndex, write_names
from search.pools import Pool

ARABIC = [
    "زار وفد من القاهرة مصنعاً للمدرعات في تاكسيلا.",
    "وصل شوكت إلى القاهرة يوم الأحد.",
    "القاهرة تستضيف المعرض في ديسمبر.",
]
ENGLISH = [
    "Haftar was received in Rawalpindi by the army chief.",
    "The exhibition opens in Cairo; Shawkat is expected.",
    "Cairo and Rawalpindi agreed on joint drills.",
    "Rain fell on the hills.",
]


@pytest.fixture
def names(tmp_path: Path) -> NamesIndex:
    texts = {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=len(ARABIC))}
    write_names(tmp_path / "names.sqlite", texts)
    return NamesIndex(tmp_path / "names.sqlite")


def _pool(lang: str, rows: range) -> Pool:
    return Pool(lang, rows, np.zeros(2, np.float32), np.eye(2, dtype=np.float32))


ARABIC_POOL = _pool("ar", range(3))
ENGLISH_POOL = _pool("en", range(3, 7))


def test_a_name_is_worth_more_the_rarer_it_is(names: NamesIndex) -> None:
    scores = names.scores("لقاء شوكت في راولبندي", "ar", ENGLISH_POOL)
    one_of_four = math.log(4 / 1) / math.log(4)
    two_of_four = math.log(4 / 2) / math.log(4)
    # شوكت stands in Arabic passages, too; راولبندي does not.
    assert scores == pytest.approx({3: ABSENT_FACTOR * two_of_four, 4: one_of_four, 5: ABSENT_FACTOR * two_of_four})


def test_names_are_found_in_the_other_direction(names: NamesIndex) -> None:
    assert names.scores("Shawkat", "en", ARABIC_POOL) == pytest.approx({1: 1.0})


def test_a_name_in_every_passage_is_worth_nothing(tmp_path: Path) -> None:
    write_names(tmp_path / "names.sqlite", {"en": enumerate(["Haftar spoke.", "Haftar left."])})
    index = NamesIndex(tmp_path / "names.sqlite")
    assert index.scores("حفتر", "ar", _pool("en", range(2))) == {0: 0.0, 1: 0.0}


def test_words_that_sound_like_nothing_there_score_nothing(names: NamesIndex) -> None:
    assert names.scores("قانون الضرائب الجديد", "ar", ENGLISH_POOL) == {}
    assert names.scores("2025 !؟", "ar", ENGLISH_POOL) == {}


def test_quotes_and_operators_of_the_query_are_text(names: NamesIndex) -> None:
    assert names.scores('"Shawkat" OR NEAR("x", 3) *', "en", ARABIC_POOL) == pytest.approx({1: 1.0})
