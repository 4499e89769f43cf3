"""The parts of a generation, made from a draft by a tiny encoder, and what resuming them spares."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.assembly import Assembly
from indexer.cache import CachedEncoder
from indexer.draft import Draft
from indexer.encoding import Encoding, encoding_threads
from search.concordance import Concordance
from search.dictionary import Dictionary
from search.encoder import Vectors, normalised
from search.late import TokenShift
from search.lexical import LexicalIndex
from search.names import NamesIndex
from search.pools import read_pools
from search.progress import silent
from search.settings import Device
from search.shift import Shift
from search.tokens import TokenCodes, TokenIndex
from search.vectors import VectorIndex
from tests.indexer.stories import BREAD, SHIP, Story, file, put
from tests.indexer.words import WordEncoder

POOLS = {"ar": range(2), "en": range(2, 3), "fr": range(3, 4)}
INPUTS = ["Title\nسعر الخبز.", "Title\nوصلت السفينة.", "Title\nThe ship is here.", "Title\nLe pain."]
LANGS = ["ar", "ar", "en", "fr"]
MEANS = {lang: np.zeros(WordEncoder.dim, np.float32) for lang in ("ar", "en")}


def _offset(value: float, width: int) -> dict[str, Vectors]:
    return {lang: np.full(width, value, np.float32) for lang in ("ar", "en")}


def _shift() -> Shift:
    background = {lang: WordEncoder().encode_passages([f"{lang} {number}" for number in range(5)]) for lang in "ae"}
    return Shift(_offset(0.1, 8), _offset(0.2, 8), {"ar": background["a"], "en": background["e"]})


def _token_shift() -> TokenShift:
    codes = TokenCodes.of([np.zeros((2, 2), np.uint8)], 2)
    return TokenShift(_offset(0.1, 16), _offset(0.2, 16), {"ar": codes, "en": codes})


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Draft]:
    draft = Draft(tmp_path / "catalogue.sqlite")
    for name, record in (("a.txt", BREAD), ("b.txt", SHIP)):
        put(draft, file(name), record)
    assert draft.number_passages() == POOLS
    yield draft
    draft.finish()


@pytest.fixture
def cache(tmp_path: Path, encoder: WordEncoder) -> Iterator[CachedEncoder]:
    with closing(CachedEncoder(tmp_path / "cache" / "vectors.sqlite", encoder, _token_shift())) as cache:
        yield cache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "generation"
    folder.mkdir()
    return folder


@pytest.fixture
def threads() -> Iterator[Executor]:
    with encoding_threads(Device.CPU) as threads:
        yield threads


def encode(assembly: Assembly, threads: Executor, cache: CachedEncoder) -> int:
    """Encode all passages into a cache; how many were new to it."""
    encoding = Encoding(threads, cache, 1000)
    assembly.encode(encoding)
    encoding.finish("Encoding", silent)
    return encoding.encoded


def test_what_the_cache_lacks_is_encoded(
    draft: Draft, threads: Executor, cache: CachedEncoder, encoder: WordEncoder, folder: Path
) -> None:
    cache.add_passages(INPUTS[:1], "ar")
    cache.add(INPUTS[1:2])  # its vector, not its codes
    assembly = Assembly(draft, POOLS, folder)
    assert encode(assembly, threads, cache) == 3
    assert sorted(encoder.encoded[2:]) == sorted(INPUTS[1:])
    assert encode(assembly, threads, cache) == 0


def test_a_text_in_two_languages_has_codes_of_each(
    tmp_path: Path, threads: Executor, cache: CachedEncoder, folder: Path
) -> None:
    draft = Draft(tmp_path / "same.sqlite")
    put(draft, file("a.txt"), Story("nato", (("ar", "NATO 2025"), ("en", "NATO 2025"))))
    assembly = Assembly(draft, draft.number_passages(), folder)
    encode(assembly, threads, cache)
    assembly.write_tokens(cache, _token_shift())
    draft.finish()
    (text,) = WordEncoder().encode_passage_tokens(["Title\nNATO 2025"])
    for row, lang in enumerate(("ar", "en")):
        (codes,) = TokenIndex(folder).at([row]).passages()
        np.testing.assert_array_equal(codes, _token_shift().codes(text, lang))


def test_vectors_and_pools_are_neutral_and_in_the_order_of_rows(
    draft: Draft, threads: Executor, cache: CachedEncoder, folder: Path
) -> None:
    assembly = Assembly(draft, POOLS, folder)
    encode(assembly, threads, cache)
    assembly.write_vectors(cache, _shift(), WordEncoder.dim)
    raw = WordEncoder().encode_passages(INPUTS)
    expected = normalised(raw - np.float32(0.2))
    query = expected[2]
    np.testing.assert_allclose(
        VectorIndex(folder / "vectors").cosines(query, [0, 1, 2, 3]), expected @ query, atol=1e-6
    )
    assert {pool.lang: pool.rows for pool in read_pools(folder / "pools.npz")} == POOLS
    np.testing.assert_array_equal(Shift.load(folder / "shift.npz").passages["ar"], _shift().passages["ar"])


def test_token_codes_are_those_of_each_row(draft: Draft, threads: Executor, cache: CachedEncoder, folder: Path) -> None:
    assembly = Assembly(draft, POOLS, folder)
    encode(assembly, threads, cache)
    assembly.write_tokens(cache, _token_shift())
    found = TokenIndex(folder).at(range(4)).passages()
    for text, lang, codes in zip(WordEncoder().encode_passage_tokens(INPUTS), LANGS, found, strict=True):
        np.testing.assert_array_equal(codes, _token_shift().codes(text, lang))
    assert TokenShift.load(folder / "late.npz").fingerprint == _token_shift().fingerprint


def test_words_are_found_by_each_part(draft: Draft, cache: CachedEncoder, folder: Path) -> None:
    assembly = Assembly(draft, POOLS, folder)
    assembly.write_words(2**24, silent)
    lexical = LexicalIndex(folder / "lexical")
    assert lexical.containing(["Title"], "ar") == {0, 1}  # titles are part of what is matched
    assert [lexical.containing(["pain"], lang) for lang in ("fr", "en")] == [{3}, set()]
    names = NamesIndex(Concordance(folder / "names.sqlite"))
    assert names.alike(["ship"], "en")["ship"][0] == ("ship", 1.0, 1)
    assert names.alike(["title"], "en") == {"title": []}  # and not of what names are taken from

    vocabularies = assembly.vocabularies()
    cache.add([form for vocabulary in vocabularies.values() for form in vocabulary.forms()])
    assembly.write_dictionary(vocabularies, MEANS, cache)
    (translation, *_) = Dictionary.open(folder / "dictionary").translate("ship", "en", "ar", WordEncoder().encode_words)
    assert translation.word == "ship"


def test_a_draft_without_passages_has_all_parts(
    tmp_path: Path, threads: Executor, cache: CachedEncoder, folder: Path
) -> None:
    draft = Draft(tmp_path / "empty.sqlite")
    assembly = Assembly(draft, draft.number_passages(), folder)
    assert encode(assembly, threads, cache) == 0
    assembly.write_vectors(cache, _shift(), WordEncoder.dim)
    assembly.write_words(2**24, silent)
    assembly.write_dictionary(assembly.vocabularies(), MEANS, cache)
    assembly.write_tokens(cache, _token_shift())
    draft.finish()
    assert read_pools(folder / "pools.npz") == []
    assert LexicalIndex(folder / "lexical").containing(["ship"], "en") == set()
    assert Dictionary.open(folder / "dictionary").translate("ship", "en", "ar", WordEncoder().encode_words) == []
    assert len(TokenIndex(folder).at([]).lengths) == 0
    assert NamesIndex(Concordance(folder / "names.sqlite")).alike(["ship"], "en") == {"ship": []}
