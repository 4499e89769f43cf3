"""The lexical leg in a Milvus beside tantivy, on the same passages."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.allowed import AllowedRows
from search.analysis import grams, query_terms, surface
from search.catalogue import Catalogue
from search.lexical import LexicalIndex, write_lexical
from search.milvus.connection import Connection
from search.milvus.fields import TEXT_BYTES, number, sparse, text
from search.milvus.lexical import MilvusLexical
from search.milvus.lexicon import SURFACE, WORDS, Lexicon
from search.pools import read_pools
from search.settings import Settings
from search.store import current
from tests.conftest import SEEDS
from tests.milvus.sending import entries, sent

Texts = Mapping[str, list[tuple[int, str]]]

FIELDS = [number("row", key=True), text("lang", 64, partition=True), sparse(WORDS), text(SURFACE)]
ODD = [
    "The rate rose to 100%, a_b fell and c:\\temp was full.",
    'He said "the sea is calm" and left O\'Neil at the harbour.',
    "ارتفعت النسبة إلى 100٪ في الميناء القديم.",
    "?!",
]
QUERIES = [json.loads(line) for line in (SEEDS / "queries.jsonl").read_text("utf-8").splitlines()]
ASKED = [(query["text"], query["metadata"]["lang"]) for query in QUERIES[::8]]


@dataclass(frozen=True)
class Both:
    """The same passages in files and in a Milvus."""

    local: LexicalIndex
    milvus: MilvusLexical
    texts: Texts

    @classmethod
    def of(cls, texts: Texts, folder: Path, connection: Connection) -> "Both":
        write_lexical(folder, texts)
        lexicon = Lexicon()
        for lang, found in texts.items():
            for _, said in found:
                lexicon.add(said, lang)
        passages = sent(connection, FIELDS, _records(lexicon, texts))
        pools = {lang: range(found[0][0], found[-1][0] + 1) for lang, found in texts.items()}
        known = entries(connection, lexicon.records())
        return cls(LexicalIndex(folder), MilvusLexical(connection, passages, known, pools), texts)

    def rows(self, lang: str) -> list[int]:
        return [row for row, _ in self.texts[lang]]


def _records(lexicon: Lexicon, texts: Texts) -> Iterable[dict[str, object]]:
    return (
        {"row": row, "lang": lang, **lexicon.fields(said, lang)} for lang, found in texts.items() for row, said in found
    )


@pytest.fixture(scope="module")
def seeds(seed_settings: Settings, tmp_path_factory: pytest.TempPathFactory, lite: Connection) -> Both:
    folder = current(seed_settings.folder)
    catalogue = Catalogue(folder / "catalogue.sqlite")
    texts = {
        pool.lang: [(row, catalogue.inputs_at([row])[row]) for row in pool.rows]
        for pool in read_pools(folder / "pools.npz")
    }
    last = max(row for found in texts.values() for row, _ in found)
    texts["en"] += enumerate(ODD, start=last + 1)
    return Both.of(texts, tmp_path_factory.mktemp("seeds") / "lexical", lite)


@pytest.mark.parametrize(("query", "lang"), ASKED)
def test_passages_are_ranked_and_scored_as_in_files(seeds: Both, query: str, lang: str) -> None:
    terms, runs = Counter(query_terms(query, lang)), Counter(grams(query))
    ours, theirs = (index.scores(terms, lang, 500, grams=runs) for index in (seeds.milvus, seeds.local))
    assert ours == pytest.approx(theirs, abs=1e-4)
    assert list(ours) == list(theirs)
    assert seeds.milvus.scores(terms, lang, 7, grams=runs) == dict(list(ours.items())[:7])
    some = seeds.rows(lang)[::3]
    assert seeds.milvus.scores_of(terms, lang, some, grams=runs) == {row: ours.get(row, 0.0) for row in some}
    among = AllowedRows(np.array(some))
    assert seeds.milvus.scores(terms, lang, 500, grams=runs, among=among) == {
        row: score for row, score in ours.items() if row in some
    }


@pytest.mark.parametrize(("query", "lang"), ASKED)
def test_what_a_score_can_reach_is_the_same(seeds: Both, query: str, lang: str) -> None:
    terms, runs = Counter(query_terms(query, lang)), Counter(grams(query))
    assert seeds.milvus.ceiling(terms, lang, grams=runs) == pytest.approx(seeds.local.ceiling(terms, lang, grams=runs))
    assert seeds.milvus.rarity(terms, lang) == pytest.approx(seeds.local.rarity(terms, lang))
    assert seeds.milvus.rarity(terms, "de") == seeds.local.rarity(terms, "de")


def test_weights_of_words_count(seeds: Both) -> None:
    weighted = {"port": 0.3, "ship": 1.7, "sea": 0.0, "qqq": 5.0}
    theirs = seeds.local.scores(weighted, "en", 100)
    assert len(theirs) > 3
    assert seeds.milvus.scores(weighted, "en", 100) == pytest.approx(theirs, abs=1e-4)


def test_nothing_is_found_for_nothing(seeds: Both) -> None:
    row = seeds.rows("en")[-1]
    assert seeds.milvus.scores({}, "en", 5) == seeds.milvus.scores({"ship": 1.0}, "de", 5) == {}
    assert seeds.milvus.scores({"ship": 1.0}, "en", 0) == seeds.milvus.scores({"qqq": 1.0}, "en", 5) == {}
    assert seeds.milvus.scores_of({"ship": 1.0}, "en", []) == {}
    assert seeds.milvus.scores_of({"qqq": 1.0}, "en", [row]) == {row: 0.0}
    assert seeds.milvus.ceiling({}, "en") == 0
    assert seeds.milvus.containing(["?!"], "en") == set()
    assert seeds.milvus.containing_any([], "en", 5) == []


@pytest.mark.parametrize(
    "phrases",
    [
        ["the sea is calm"],
        ["sea is"],
        ['"sea is'],
        ["sea", "harbour"],
        ["sea", "بحر"],
        ["100%"],
        ["100_"],
        ["a_b"],
        ["a%b"],
        ["a b fell"],
        ["c:\\temp was"],
        ["\\"],
        ["O'Neil"],
        ["of the"],
        ["OF THE"],
        ["th"],
        ["%"],
    ],
)
def test_phrases_are_found_as_in_files(seeds: Both, phrases: list[str]) -> None:
    assert seeds.milvus.containing(phrases, "en") == seeds.local.containing(phrases, "en")
    assert seeds.milvus.containing(phrases, "ar") == seeds.local.containing(phrases, "ar")
    ours, theirs = (index.containing_any(phrases, "en", 500) for index in (seeds.milvus, seeds.local))
    assert set(ours) == set(theirs)
    assert len(seeds.milvus.containing_any(phrases, "en", 3)) == min(len(ours), 3)


def test_arabic_phrases_are_found(seeds: Both) -> None:
    found = seeds.milvus.containing(["الميناء القديم"], "en")
    assert found == seeds.local.containing(["الميناء القديم"], "en")
    assert found
    assert seeds.milvus.containing(["الْمِيناء القَديم"], "en") == found


def test_words_are_held_whichever_their_language(seeds: Both) -> None:
    for word in ("harbour", "Harbour", "O'Neil", "الميناء", "harbourr", "qqq", "a_b", "%"):
        assert seeds.milvus.holds(word) == seeds.local.holds(word), word
    assert seeds.milvus.holds("harbour")
    assert not seeds.milvus.holds("harbourr")


@given(st.text())
def test_what_a_phrase_is_made_of_has_no_meaning_in_a_pattern(said: str) -> None:
    assert not any(set(word) & set('%_\\" ') for word in surface(said))


def test_passages_of_all_lengths_are_scored_as_in_files(tmp_path: Path, lite: Connection) -> None:
    chance = random.Random(17)  # noqa: S311
    words = [f"w{number:b}".translate(str.maketrans("01", "ai")) for number in range(120)]
    lengths = [chance.choice([1, 2, 23, 24, 39, 40, 41, 42, 43, 57, 90, 200, 1500]) for _ in range(300)]
    passages = [(row, " ".join(chance.choices(words, k=length))) for row, length in enumerate(lengths)]
    both = Both.of({"en": passages}, tmp_path / "lengths", lite)
    for _ in range(10):
        query = " ".join(chance.choices(words, k=5))
        terms, runs = Counter(query_terms(query, "en")), Counter(grams(query))
        theirs = both.local.scores(terms, "en", 300, grams=runs)
        assert both.milvus.scores(terms, "en", 300, grams=runs) == pytest.approx(theirs, abs=1e-4)


def test_what_is_longer_than_a_field_is_cut_behind_a_word() -> None:
    lexicon, said = Lexicon(), "ميناء " * 10_000
    lexicon.add(said, "ar")
    kept = lexicon.fields(said, "ar")[SURFACE]
    assert TEXT_BYTES - 11 < len(kept.encode()) <= TEXT_BYTES
    assert kept == " " + "ميناء " * kept.count("ميناء")
