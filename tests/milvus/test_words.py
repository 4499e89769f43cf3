"""The words of passages in a Milvus beside those in a file."""

import json
from collections import Counter
from dataclasses import replace
from itertools import chain, product
from pathlib import Path

import pytest

from search.analysis import query_terms
from search.concordance import Concordance, write_names
from search.lexical import LexicalIndex, write_lexical
from search.milvus.connection import Connection
from search.milvus.entries import Entries
from search.milvus.lexical import MilvusLexical
from search.milvus.lexicon import Lexicon
from search.milvus.words import MilvusWords, word_records
from search.names import NamesIndex
from search.pools import read_pools
from search.settings import Settings
from search.store import current
from search.wordlist import Counts, WordList
from search.words import words
from tests.conftest import SEEDS
from tests.milvus.sending import entries

QUERIES = [json.loads(line) for line in (SEEDS / "queries.jsonl").read_text("utf-8").splitlines()]
TEXTS = {"ar": [(0, "وصلت السفينة إلى الميناء.")], "en": [(1, "The ship reached the harbour."), (2, "A ship sank.")]}
Both = tuple[Concordance, MilvusWords]


@pytest.fixture(scope="module")
def folder(seed_settings: Settings) -> Path:
    return current(seed_settings.folder)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """What is known of a few words, beside those of the seeds."""
    lexicon = Lexicon()
    for lang, found in TEXTS.items():
        for _, said in found:
            lexicon.add(said, lang)
    return lexicon


@pytest.fixture(scope="module")
def known(folder: Path, milvus: Connection, lexicon: Lexicon) -> Entries:
    return entries(milvus, chain(word_records(Concordance(folder / "names.sqlite")), lexicon.records()))


@pytest.fixture(scope="module")
def both(folder: Path, known: Entries) -> Both:
    local = Concordance(folder / "names.sqlite")
    return local, MilvusWords(known, local.pools)


def _placeless(counted: dict[str, Counts]) -> dict[str, Counts]:
    """Where rows are found is each list's own business."""
    return {word: replace(counts, place=-1) for word, counts in counted.items()}


def _rows(given: WordList, forms: list[str], lang: str) -> list[list[int]]:
    counted = given.counted(forms, lang)
    return [rows.tolist() for rows in given.standing([counted[form] for form in forms if form in counted], lang)]


def test_words_and_their_rows_are_those_of_the_file(both: Both) -> None:
    local, milvus = both
    for lang in ("ar", "en"):
        forms = sorted({word.form for query in QUERIES for word in words(query["text"])})
        assert _placeless(milvus.counted(forms, lang)) == _placeless(local.counted(forms, lang))
        assert _rows(milvus, forms, lang) == _rows(local, forms, lang)
        assert milvus.sounding(forms[:40], lang) == local.sounding(forms[:40], lang)
    assert milvus.counted(["the"], "de") == milvus.counted([], "en") == {}
    assert milvus.standing([], "de") == []


def test_sounds_come_in_the_same_order(both: Both) -> None:
    local, milvus = both
    for form, others in local.sounding(["haftar", "muhammad", "salim"], "ar").items():
        assert list(milvus.sounding([form], "ar")[form].items()) == list(others.items())


@pytest.mark.parametrize("prefix", ["a", "sh", "the", "harbour", "ا", "ال", "الم", "qqq", 'a"', "a%", "_", "\\", "f-"])
def test_words_are_found_by_their_beginning(both: Both, prefix: str) -> None:
    local, milvus = both
    for lang, limit in product(("ar", "en", "de"), (5, 3000)):
        assert milvus.starting(prefix, lang, limit) == local.starting(prefix, lang, limit)


def test_rows_of_words_are_those_of_the_file(both: Both) -> None:
    found, expected = (each.rows(["sea", "the", "qqq", "ship"], "en") for each in reversed(both))
    assert {form: rows.tolist() for form, rows in found.items()} == {
        form: rows.tolist() for form, rows in expected.items()
    }
    assert len(found) == 3


def test_names_are_heard_as_in_the_file(both: Both, folder: Path) -> None:
    pools = {pool.lang: pool for pool in read_pools(folder / "pools.npz")}
    local, milvus = map(NamesIndex, both)
    for query in QUERIES[::5]:
        lang, other = query["metadata"]["lang"], {"ar": "en", "en": "ar"}[query["metadata"]["lang"]]
        ours, theirs = (index.matches(query["text"], lang, pools[other]) for index in (milvus, local))
        assert dict(ours) == dict(theirs)


def test_what_is_longer_than_a_record_comes_back_whole(tmp_path: Path, lite: Connection) -> None:
    endless = "ميناء" * 150
    many = " ".join("ka" + "".join(letters) for letters in product("abcdefghijklmnop", repeat=3))
    sounding = " ".join("".join(letters) for letters in product(*[["ka", "ki", "ku", "kaa"]] * 6))
    texts = {
        "ar": [(0, f"{endless} كبير")],
        "en": [(1, many), (2, sounding), *((row, "market street") for row in range(3, 13_003))],
    }
    write_names(tmp_path / "names.sqlite", texts)
    local = Concordance(tmp_path / "names.sqlite")
    milvus = MilvusWords(entries(lite, word_records(local)), local.pools)
    assert _rows(milvus, ["market", "kaaaa"], "en") == _rows(local, ["market", "kaaaa"], "en")
    assert _placeless(milvus.counted([endless], "ar")) == _placeless(local.counted([endless], "ar")) != {}
    for prefix, limit in product(("k", "ka", "kaa"), (7, 3000, 5000)):
        assert milvus.starting(prefix, "en", limit) == local.starting(prefix, "en", limit)
    asked = ["كككككك", "ككك"]
    assert milvus.sounding(asked, "en") == local.sounding(asked, "en")


def test_without_sparse_vectors_words_are_known_and_no_passage_is_found(
    tmp_path: Path, milvus: Connection, known: Entries
) -> None:
    if milvus.has_sparse:
        pytest.skip("has sparse vectors: see test_lexical.py")
    write_lexical(tmp_path / "lexical", TEXTS)
    local = LexicalIndex(tmp_path / "lexical")
    index = MilvusLexical(milvus, "", known, {"ar": range(1), "en": range(1, 3)})
    asked = Counter(query_terms("the ship in the harbour", "en"))
    assert index.ceiling(asked, "en") == pytest.approx(local.ceiling(asked, "en"))
    assert index.rarity(asked, "en") == pytest.approx(local.rarity(asked, "en"))
    assert index.holds("السفينة")
    assert not index.holds("سفينتان")
    assert index.scores(asked, "en", 5) == {}
    assert index.scores_of(asked, "en", [1, 2]) == {1: 0.0, 2: 0.0}
    assert index.containing(["ship"], "en") == set()
    assert index.containing_any(["ship"], "en", 5) == []
