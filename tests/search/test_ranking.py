"""Ranking over hand-made vectors, against the same arithmetic in NumPy."""

import numpy as np
import pytest

from search.names import NamesIndex, write_names
from search.pools import Moments, Pool
from search.ranking import NAMES_WEIGHT, EncodedQuery, rank
from search.vectors import VectorIndex, write_vectors

DIM = 8
TEXTS = {"ar": ["شوكت"] + ["خبر"] * 59, "en": ["news"] * 40}


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Arabic rows 0–59 close together, English rows 60–99 spread out: cosines of the two do not compare."""
    random = np.random.default_rng(11)
    arabic = random.normal(size=(60, DIM)) * 0.3 + np.eye(DIM)[0]
    english = random.normal(size=(40, DIM))
    values = np.concatenate([arabic, english]).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def pools(vectors: np.ndarray) -> list[Pool]:
    pools = []
    for lang, rows in (("ar", range(60)), ("en", range(60, 100))):
        moments = Moments(DIM)
        moments.add(vectors[rows.start : rows.stop])
        pools.append(moments.pool(lang, rows))
    return pools


@pytest.fixture(scope="module")
def index(vectors: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    path = tmp_path_factory.mktemp("ranking") / "vectors.faiss"
    write_vectors(path, [vectors], DIM)
    return VectorIndex(path)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NamesIndex:
    path = tmp_path_factory.mktemp("ranking") / "names.sqlite"
    write_names(path, {"ar": enumerate(TEXTS["ar"]), "en": enumerate(TEXTS["en"], start=60)})
    return NamesIndex(path)


def _expected(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    cosines = vectors @ query
    parts = [cosines[:60], cosines[60:]]
    return np.concatenate([(part - part.mean()) / part.std() for part in parts])


def test_the_list_is_ordered_by_standard_scores(
    vectors: np.ndarray, pools: list[Pool], index: VectorIndex, names: NamesIndex
) -> None:
    query = EncodedQuery("rain", "en", vectors[70])
    expected = _expected(vectors, query.vector)
    ranked = rank(query, pools, index, names, k=100)
    assert [candidate.row for candidate in ranked] == list(np.argsort(-expected))
    np.testing.assert_allclose([c.score for c in ranked], np.sort(expected)[::-1], atol=1e-3)


def test_neither_language_is_pushed_out(
    vectors: np.ndarray, pools: list[Pool], index: VectorIndex, names: NamesIndex
) -> None:
    """By plain cosine, an Arabic query here has no English row in its first ten."""
    query = vectors[5]
    assert (np.argsort(-(vectors @ query))[:10] < 60).all()
    ranked = rank(EncodedQuery("خبر", "ar", query), pools, index, names, k=10)
    assert any(candidate.row >= 60 for candidate in ranked)


def test_a_shared_name_adds_its_worth_across_languages_only(
    vectors: np.ndarray, pools: list[Pool], index: VectorIndex, names: NamesIndex
) -> None:
    def score_of_row_0(text: str, lang: str) -> float:
        ranked = rank(EncodedQuery(text, lang, vectors[70]), pools, index, names, k=100)
        return next(candidate.score for candidate in ranked if candidate.row == 0)

    plain = score_of_row_0("rain", "en")
    assert score_of_row_0("Shawkat", "en") > plain + NAMES_WEIGHT * 0.99
    assert score_of_row_0("شوكت", "ar") == pytest.approx(plain)


def test_one_pool_alone_can_be_ranked(
    vectors: np.ndarray, pools: list[Pool], index: VectorIndex, names: NamesIndex
) -> None:
    ranked = rank(EncodedQuery("rain", "en", vectors[70]), pools[1:], index, names, k=5)
    assert len(ranked) == 5
    assert all(candidate.row >= 60 for candidate in ranked)
