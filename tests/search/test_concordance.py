import pytest

from search.concordance import Concordance, write_names
from search.postings import unpacked
from search.wordlist import Counts

ARABIC = ["زار وفد من القاهرة مصنعاً.", "وصل شوكت إلى القاهرة على متن طائرة من طراز JF-17."]
ENGLISH = [
    "Yesterday Haftar was received in Rawalpindi by the army chief.",
    "The exhibition opens in Cairo; Shawkat is expected in a JF-17.",
    "Officials in Cairo and Rawalpindi agreed on joint drills.",
    "Rain fell on the hills, and the army left in December 2024.",
]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Concordance:
    path = tmp_path_factory.mktemp("words") / "names.sqlite"
    write_names(path, {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=len(ARABIC))})
    return Concordance(path)


def test_words_are_found_by_their_beginning(words: Concordance) -> None:
    assert words.starting("ca", "en", 5) == [("cairo", 2)]
    assert words.starting("cairo", "en", 5) == []
    assert [word for word, _ in words.starting("ar", "en", 1)] == ["army"]


def test_words_are_counted(words: Concordance) -> None:
    assert words.pools == {"ar": range(2), "en": range(2, 6)}
    assert words.counts(["cairo", "army", "القاهره"], "en") == {"cairo": 2, "army": 2}
    assert words.counts(["cairo"], "de") == words.counts([], "en") == {}


def test_rows_come_with_the_words_that_are_there(words: Concordance) -> None:
    found = words.rows(["snow", "army", "rain"], "en")
    assert {word: rows.tolist() for word, rows in found.items()} == {"army": [2, 5], "rain": [5]}
    assert words.rows(["army"], "de") == words.rows([], "en") == {}


def test_rows_are_those_of_each_word_asked_for(words: Concordance) -> None:
    counted = words.counted(["القاهره", "شوكت"], "ar")
    standing = words.standing([counted["شوكت"], counted["القاهره"]], "ar")
    assert [rows.tolist() for rows in standing] == [[1], [0, 1]]


def test_what_is_written_large_is_likely_a_name(words: Concordance) -> None:
    counted = words.counted(["rawalpindi", "army"], "en")
    assert [(counts.large, counts.small) for counts in counted.values()] == [(0, 2), (2, 0)]
    assert counted["rawalpindi"].named() == 1
    assert 0.15 < counted["army"].named() < 0.25
    assert Counts().named(True) == Counts().named() == 1
    assert Counts().named(False) == 0.3


def test_words_of_the_other_script_come_by_their_sound(words: Concordance) -> None:
    assert words.sounding(["حفتر"], "en") == {"حفتر": {"haftar": "هافتار"}}
    assert words.sounding(["shawkat", "jf-17"], "ar") == {"shawkat": {"شوكت": "شوكت"}, "jf-17": {}}
    assert words.sounding(["haftar"], "en") == {"haftar": {}}


def test_all_of_it_can_be_read_to_be_kept_elsewhere(words: Concordance) -> None:
    found = {word: (counts, unpacked(packed).tolist()) for word, counts, packed in words.every_word("en")}
    assert list(found) == sorted(found)
    assert found["cairo"] == (words.counted(["cairo"], "en")["cairo"], [1, 2])
    sounds = {key: others for arabic, key, others in words.every_sound("ar") if arabic}
    assert {"شوكت": "شوكت"} in sounds.values()
    assert {"haftar": "هافتار"} in [others for arabic, _, others in words.every_sound("en") if not arabic]
