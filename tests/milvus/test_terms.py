"""The dictionary's terms in a Milvus beside those in files."""

import json
from pathlib import Path

import numpy as np
import pytest

from search.dictionary import Dictionary, TermFiles, model_means, weights, write_dictionary
from search.encoder import Encoder
from search.milvus.connection import Connection
from search.milvus.terms import MilvusTerms, about_terms, term_fields, term_records
from search.model import PreparedModel
from search.settings import Settings
from search.store import current
from search.vocabulary import SCRIPTS, Vocabulary, WordEncoder
from tests.conftest import SEEDS
from tests.milvus.sending import sent

QUERIES = [json.loads(line) for line in (SEEDS / "queries.jsonl").read_text("utf-8").splitlines()]
DIM = 384
Both = tuple[dict[str, TermFiles], dict[str, MilvusTerms]]


@pytest.fixture(scope="module")
def both(seed_settings: Settings, milvus: Connection) -> Both:
    return _both(current(seed_settings.folder) / "dictionary", milvus)


def _both(folder: Path, connection: Connection) -> Both:
    collection = sent(connection, term_fields(DIM), term_records(folder))
    milvus = {lang: MilvusTerms(connection, collection, lang, about) for lang, about in about_terms(folder).items()}
    return {lang: TermFiles(folder, lang) for lang in SCRIPTS}, milvus


@pytest.fixture(scope="module")
def encode(encoder: Encoder) -> WordEncoder:
    return WordEncoder(encoder)


@pytest.mark.parametrize("lang", SCRIPTS)
def test_terms_are_those_of_the_files(both: Both, lang: str) -> None:
    local, milvus = (terms[lang] for terms in both)
    assert bool(milvus) == bool(local) is True
    assert milvus.rows == local.rows
    np.testing.assert_array_equal(milvus.mean, local.mean)
    rows = [7, 0, 10**6, 30]
    assert sorted(milvus.select("row", rows)) == sorted(local.select("row", rows))
    terms = [term.term for term in local.select("row", range(50))]
    assert sorted(milvus.select("term", [*terms, "qqq", '"'])) == sorted(local.select("term", terms))
    assert milvus.select("term", []) == milvus.select("row", []) == []
    np.testing.assert_allclose(milvus.vectors([30, 0, 30]), local.vectors([30, 0, 30]), atol=1e-7)


@pytest.mark.parametrize("lang", SCRIPTS)
def test_the_nearest_are_those_of_the_files(both: Both, lang: str) -> None:
    local, milvus = (terms[lang] for terms in both)
    queries = local.vectors(range(0, 60, 3))
    found, cosines = milvus.nearest(queries, 20)
    expected, near = local.nearest(queries, 20)
    np.testing.assert_allclose(cosines, near, atol=1e-5)
    assert np.mean(found == expected) > 0.99  # but for ties


def test_words_are_translated_as_by_the_files(both: Both, encode: WordEncoder) -> None:
    local, milvus = Dictionary(both[0]), Dictionary(both[1])
    for query in QUERIES[::5]:
        lang, other = query["metadata"]["lang"], {"ar": "en", "en": "ar"}[query["metadata"]["lang"]]
        text = query["text"]
        ours, theirs = (weights(text, lang, book.translate(text, lang, other, encode)) for book in (milvus, local))
        assert ours == pytest.approx(theirs, abs=1e-5)
        asked = text.split()
        np.testing.assert_allclose(
            milvus.likeness(asked, lang, asked, lang, encode),
            local.likeness(asked, lang, asked, lang, encode),
            atol=1e-5,
        )


def test_where_there_are_few_terms_or_none_nothing_stands_for_the_others(
    tmp_path: Path, model: PreparedModel, encoder: Encoder, encode: WordEncoder, lite: Connection
) -> None:
    few = Vocabulary.gather(["The ship left the harbour at dawn."], "en")
    means = model_means(encoder.encode_words, model.word_means)
    write_dictionary(tmp_path / "dictionary", {"en": few}, means, encode)
    local, milvus = _both(tmp_path / "dictionary", lite)
    queries = local["en"].vectors([0, 1])
    for lang in SCRIPTS:
        assert bool(milvus[lang]) == bool(local[lang])
        assert milvus[lang].vectors([]).shape == (0, DIM)
        np.testing.assert_array_equal(
            np.sort(milvus[lang].nearest(queries, 9)[0]), np.sort(local[lang].nearest(queries, 9)[0])
        )
