import math
import os
import shutil
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.analysis import grams, query_terms, terms
from search.errors import DamagedIndexError
from search.lexical import GRAM_WEIGHT, LexicalIndex, write_lexical

ARABIC = [
    "افتتحت المكتبة الوطنية قاعة جديدة للمخطوطات القديمة.",
    "قرأ الطالب كتاباً عن الملاحة في البحر الأحمر.",
    "في هذا البيت كتب الشاعر أجمل قصائده، وكتاب الأغاني على طاولته.",
    "هبطت طائرة JF-17 Thunder في المطار بعد رحلة قصيرة.",
]
ENGLISH = [
    "The national library opened a new hall for old manuscripts.",
    "A library, a library, and again a library: the town has three.",
    "The lighthouse keeper wrote letters to his sister every winter.",
    "Thunder rolled over the bay while the lighthouse stayed dark.",
    "Farmers sold dates and olives in the old market.",
]
FIRST_ENGLISH = len(ARABIC)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generation") / "lexical"
    write_lexical(folder, {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=FIRST_ENGLISH), "fr": enumerate([])})
    return folder


@pytest.fixture(scope="module")
def index(written: Path) -> LexicalIndex:
    return LexicalIndex(written)


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copytree(written, tmp_path / "lexical"))


def _bm25(query: list[str], passages: list[list[str]], number: int) -> float:
    average = sum(map(len, passages)) / len(passages)
    score = 0.0
    for word, count in Counter(query).items():
        holding = sum(word in passage for passage in passages)
        idf = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        frequency = passages[number].count(word)
        length = len(passages[number]) / average
        score += count * idf * 2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length))
    return score


def test_scores_are_bm25_of_terms_and_of_grams(index: LexicalIndex) -> None:
    query = "the old library and its lighthouse"
    stems, runs = query_terms(query, "en"), grams(query)
    found = index.scores(Counter(stems), "en", 10, grams=Counter(runs))
    by_terms, by_grams = [terms(text, "en") for text in ENGLISH], [grams(text) for text in ENGLISH]
    expected = {
        FIRST_ENGLISH + number: _bm25(stems, by_terms, number) + GRAM_WEIGHT * _bm25(runs, by_grams, number)
        for number in range(len(ENGLISH))
    }
    # tantivy keeps a passage's length in one byte: exact up to 40 words, in steps above.
    assert found == pytest.approx(expected, rel=0.02)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_weight_counts_like_a_repetition(index: LexicalIndex) -> None:
    once, twice = index.scores({"librari": 1.0}, "en", 5), index.scores({"librari": 2.0}, "en", 5)
    assert twice == pytest.approx({row: 2 * score for row, score in once.items()})
    assert index.scores({"librari": 0.0}, "en", 5) == {}


def test_an_inflected_arabic_word_finds_its_other_forms(index: LexicalIndex) -> None:
    query = "مخطوطات بالمكتبة"
    assert list(index.scores(Counter(terms(query, "ar")), "ar", 10)) == [0]


def test_only_the_best_are_given(index: LexicalIndex) -> None:
    assert list(index.scores({"librari": 1.0}, "en", 1)) == [FIRST_ENGLISH + 1]
    assert index.scores({"librari": 1.0}, "en", 0) == {}


def test_a_pool_knows_nothing_of_the_other(index: LexicalIndex) -> None:
    assert list(index.scores({"thunder": 1.0}, "ar", 10)) == [3]
    assert list(index.scores({"thunder": 1.0}, "en", 10)) == [FIRST_ENGLISH + 3]


def test_given_rows_get_the_scores_that_a_search_gives_them(index: LexicalIndex) -> None:
    stems, runs = Counter(["librari", "old", "lighthous"]), Counter(grams("library"))
    found = index.scores(stems, "en", 10, grams=runs)
    rows = [FIRST_ENGLISH + number for number in (3, 0, 2)]
    some = index.scores_of(stems, "en", rows, grams=runs)
    assert some == pytest.approx({row: found[row] for row in rows})
    assert list(some) == rows
    assert index.scores_of({"olive": 1.0, "librari": 1.0}, "en", rows)[FIRST_ENGLISH + 3] == 0.0
    assert index.scores_of({}, "en", rows) == dict.fromkeys(rows, 0.0)
    assert index.scores_of(stems, "en", []) == {}


def test_few_rows_and_many_are_sought_in_two_ways_with_one_result(tmp_path: Path) -> None:
    birds = ("gull", "heron", "tern", "gull gull heron")
    write_lexical(tmp_path / "lexical", {"en": ((row, f"{birds[row % 4]} {row % 7}") for row in range(1200))})
    index = LexicalIndex(tmp_path / "lexical")
    terms = {"gull": 1.0, "heron": 2.0}
    many = index.scores_of(terms, "en", range(1200))
    few = [index.scores_of(terms, "en", range(start, start + 200)) for start in range(0, 1200, 200)]
    assert many == {row: score for part in few for row, score in part.items()}
    assert many == pytest.approx(dict.fromkeys(range(1200), 0.0) | index.scores(terms, "en", 1200))
    assert sum(score > 0 for score in many.values()) == 900


@pytest.mark.parametrize("count", [1, 8, 20, 150, 400])
def test_the_best_of_some_rows_are_the_best_of_all_without_the_others(tmp_path: Path, count: int) -> None:
    random = np.random.default_rng(count)
    texts = [" ".join(random.choice(["gull", "crane", "heron", "tern", "wall"], 6)) for _ in range(400)]
    write_lexical(tmp_path / "lexical", {"en": enumerate(texts, start=7)})
    index = LexicalIndex(tmp_path / "lexical")
    among = np.sort(random.choice(400, count, replace=False)) + 7
    for depth in (1, 5, 400):
        every = index.scores({"gull": 1.0, "heron": 2.0}, "en", 400, grams={"tern": 1.0})
        kept = {row: score for row, score in every.items() if row in among}
        found = index.scores({"gull": 1.0, "heron": 2.0}, "en", depth, grams={"tern": 1.0}, among=AllowedRows(among))
        assert list(found) == list(kept)[:depth]
        assert found == pytest.approx({row: kept[row] for row in found})
    assert index.scores({"gull": 1.0}, "en", 5, among=AllowedRows(np.empty(0, np.int64))) == {}
    assert index.scores({"gull": 1.0}, "sw", 5, among=AllowedRows(among)) == {}


def test_rows_that_are_best_in_nothing_are_found_all_the_same(tmp_path: Path) -> None:
    """More than half may be found, but all of them far below those that may not."""
    texts = ["gull gull gull"] * 190 + ["a gull on a long wall by the old harbour"] * 200
    write_lexical(tmp_path / "lexical", {"en": enumerate(texts)})
    allowed = AllowedRows(np.arange(190, 390))
    assert list(LexicalIndex(tmp_path / "lexical").scores({"gull": 1.0}, "en", 5, among=allowed)) == [*range(190, 195)]


@pytest.mark.parametrize(
    ("phrases", "rows"),
    [
        (["كتاب"], set()),
        (["كتب"], {2}),
        (["كتاباً"], {1}),
        (["وكتاب الأغاني"], {2}),
        (["وَكِتاب الاغاني"], {2}),
        (["الأغاني وكتاب"], set()),
        (["JF-17"], {3}),
        (["jf 17 thunder"], {3}),
        (["كتب الشاعر", "أجمل قصائده"], {2}),
        (["كتب الشاعر", "البحر الأحمر"], set()),
        (["…"], set()),
        ([], set()),
    ],
)
def test_a_phrase_is_found_in_exactly_its_form(index: LexicalIndex, phrases: list[str], rows: set[int]) -> None:
    assert index.containing(phrases, "ar") == rows


@pytest.mark.parametrize("text", ['old AND "hall', "terms:old^9", "row:[0 TO 9]", "old*", "*", "-old +hall", "(mar"])
def test_query_syntax_has_no_meaning(index: LexicalIndex, text: str) -> None:
    assert index.scores({text: 1.0}, "en", 5) == {}
    assert index.containing([text], "en") == ({FIRST_ENGLISH, FIRST_ENGLISH + 4} if text == "old*" else set())


def test_any_of_several_phrases_may_be_held(index: LexicalIndex) -> None:
    assert set(index.containing_any(["a library", "lighthouse keeper", "no such"], "en", 10)) == {5, 6}
    assert len(index.containing_any(["library", "lighthouse"], "en", 2)) == 2
    assert index.containing_any(["?", ""], "en", 10) == index.containing_any(["library"], "de", 10) == []


def test_a_word_is_held_whichever_the_language(index: LexicalIndex) -> None:
    assert all(map(index.holds, ("lighthouse", "Thunder", "المكتبه", "JF-17")))
    assert not any(map(index.holds, ("lighthouses", "كتبة", "JF-18")))


def test_rare_words_weigh_more_than_common_ones(index: LexicalIndex) -> None:
    rarity = index.rarity(["librari", "farmer", "zeppelin"], "en")
    assert rarity == pytest.approx({"librari": math.log(2.4), "farmer": math.log(4), "zeppelin": math.log(12)})


def test_no_score_reaches_the_ceiling(index: LexicalIndex) -> None:
    stems, runs = Counter(["librari", "old"]), Counter(grams("library old"))
    best = next(iter(index.scores(stems, "en", 1, grams=runs).values()))
    assert 0.3 * index.ceiling(stems, "en", grams=runs) < best < index.ceiling(stems, "en", grams=runs)
    assert index.ceiling({"old": 1.0}, "en") == pytest.approx(2.2 * index.rarity(["old"], "en")["old"])


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_an_empty_pool_has_nothing(index: LexicalIndex, lang: str) -> None:
    assert index.scores({"library": 1.0}, lang, 5) == {}
    assert index.containing(["library"], lang) == set()
    assert index.scores_of({"library": 1.0}, lang, [7]) == {7: 0.0}


def test_two_builds_answer_alike(tmp_path: Path) -> None:
    texts = [f"The {word} stands by the old harbour wall." for word in ("gull", "crane", "heron", "gull") * 30]
    answers = []
    for name in ("one", "two"):
        write_lexical(tmp_path / name, {"en": enumerate(texts)})
        answers.append(list(LexicalIndex(tmp_path / name).scores({"gull": 1.0}, "en", 7).items()))
    assert answers[0] == answers[1]
    assert [row for row, _ in answers[0]] == [0, 3, 4, 7, 8, 11, 12]


def test_an_open_index_outlives_its_folder(folder: Path) -> None:
    index = LexicalIndex(folder)
    shutil.rmtree(folder)
    assert index.containing(["old market"], "en") == {FIRST_ENGLISH + 4}
    assert list(index.scores({"market": 1.0}, "en", 5)) == [FIRST_ENGLISH + 4]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_index_may_be_read_where_nothing_may_be_written(folder: Path) -> None:
    for path in (folder / "en").iterdir():
        path.chmod(0o444)
    (folder / "en").chmod(0o555)
    try:
        assert LexicalIndex(folder).containing(["old market"], "en") == {FIRST_ENGLISH + 4}
    finally:
        (folder / "en").chmod(0o755)


def test_a_missing_folder_is_a_damaged_index(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError):
        LexicalIndex(tmp_path / "nothing")


@pytest.mark.parametrize("pattern", ["meta.json", "*.idx", "*.term", "*.fast", "*.fieldnorm", "*.store"])
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_damaged_file_is_told_when_the_index_is_opened(folder: Path, pattern: str, is_cut: bool) -> None:
    (file,) = (folder / "ar").glob(pattern)
    if is_cut:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.unlink()
    with pytest.raises(DamagedIndexError, match="lexical"):
        LexicalIndex(folder)


def test_missing_positions_are_told_when_a_phrase_is_asked_for(folder: Path) -> None:
    next((folder / "ar").glob("*.pos")).unlink()
    with pytest.raises(DamagedIndexError):
        LexicalIndex(folder).containing(["كتب الشاعر"], "ar")


def test_several_threads_may_search(index: LexicalIndex) -> None:
    expected = index.scores({"librari": 1.0, "old": 1.0}, "en", 5)
    found: list[bool] = []

    def search() -> None:
        found.extend(index.scores({"librari": 1.0, "old": 1.0}, "en", 5) == expected for _ in range(200))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 800
