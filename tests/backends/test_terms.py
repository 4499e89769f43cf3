"""The dictionary's terms, their vectors, and the translations that are made of them."""

import numpy as np
import pytest

from search.dictionary import Dictionary, Terms
from search.shift import LANGUAGES
from search.vocabulary import Vocabulary
from tests.backends.conftest import Kept
from tests.backends.truth import Truth


def terms_of(kept: Kept, lang: str) -> Terms:
    """The terms of a language, behind the dictionary."""
    return kept.generation.legs.dictionary.terms[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_terms_are_there(kept: Kept, local: Kept, truth: Truth, lang: str) -> None:
    expected = Vocabulary.gather((truth.inputs[row] for row in truth.pools[lang]), lang)
    terms = terms_of(kept, lang)
    assert terms
    assert terms.rows == len(truth.pools[lang])
    assert terms.mean == pytest.approx(terms_of(local, lang).mean)
    rows = list(range(len(expected.terms)))
    found = sorted(terms.select("row", rows))
    assert [(term.row, term.term, term.passages) for term in found] == list(
        zip(rows, expected.terms, expected.counts, strict=True)
    )
    assert [term.spelling for term in found] == [forms[0] for forms in expected.spellings]
    assert sorted(terms.select("term", [*expected.terms, "nowhere", "' OR 1=1"])) == found
    assert terms.select("term", []) == terms.select("row", [len(rows)]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_vectors_of_terms_come_in_their_order(kept: Kept, local: Kept, lang: str) -> None:
    rows = [7, 0, 3, 7]
    assert terms_of(kept, lang).vectors(rows) == pytest.approx(terms_of(local, lang).vectors(rows), abs=1e-6)
    assert terms_of(kept, lang).vectors([]).shape == (0, terms_of(local, lang).mean.size)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_nearest_terms_are_found_with_their_cosines(kept: Kept, local: Kept, lang: str) -> None:
    every = len(terms_of(local, lang).select("row", range(30_000)))
    vectors = terms_of(local, lang).vectors(range(every))
    queries = terms_of(local, "ar" if lang == "en" else "en").vectors([5, 50, 500])
    rows, cosines = terms_of(kept, lang).nearest(queries, 20)
    assert rows.shape == cosines.shape == (3, 20)
    expected = -np.sort(-(queries @ vectors.T), axis=1)[:, :20]
    assert cosines == pytest.approx(expected, abs=1e-4)
    assert np.einsum("qd,qnd->qn", queries, vectors[rows]) == pytest.approx(expected, abs=1e-4)


QUERIES = [
    "the harbour master's plans",
    "JF-17 aircraft in Taiz",
    "ميناء المخا والقمح",
    "سعر الخبز في المدينة القديمة",
    "☕",
]


@pytest.mark.parametrize("query", QUERIES)
def test_words_are_translated_alike(kept: Kept, local: Kept, query: str) -> None:
    own, other = ("ar", "en") if query[0] > "\u0600" else ("en", "ar")

    def translated(of: Kept) -> list[tuple[str, list[str], list[float]]]:
        dictionary: Dictionary = of.generation.legs.dictionary
        return [
            (found.word, [word for word, _ in found.nearest], [*found.weights.values()])
            for found in dictionary.translate(query, own, other, of.generation.legs.encode_words)
        ]

    found, expected = translated(kept), translated(local)
    assert [(word, near) for word, near, _ in found] == [(word, near) for word, near, _ in expected]
    for (_, _, weights), (_, _, right) in zip(found, expected, strict=True):
        assert weights == pytest.approx(right, rel=1e-3)
