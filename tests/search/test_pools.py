from pathlib import Path

import numpy as np
import pytest

from search.pools import BACKGROUND_WEIGHT, Moments, read_pools, with_background, write_pools


@pytest.fixture
def vectors() -> np.ndarray:
    values = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


def test_standard_scores_are_those_of_all_the_pool_s_cosines(vectors: np.ndarray) -> None:
    """The moments give exactly what computing every cosine would."""
    query, passages = vectors[0], vectors[1:]
    moments = Moments(16)
    moments.add(passages[:100])
    moments.add(passages[100:])
    cosines = passages @ query
    expected = (cosines - cosines.mean()) / cosines.std()
    scores = moments.pool("ar", range(299)).standardise(query, cosines)
    np.testing.assert_allclose(scores, expected, atol=1e-3)


def test_the_background_counts_as_so_many_passages(vectors: np.ndarray) -> None:
    background, passages = vectors[:200], vectors[200:]
    moments = with_background(16, background)
    moments.add(passages)
    share = BACKGROUND_WEIGHT / (BACKGROUND_WEIGHT + 100)
    expected = share * background.mean(axis=0) + (1 - share) * passages.mean(axis=0)
    np.testing.assert_allclose(moments.pool("en", range(100)).mean, expected, atol=1e-6)


def test_a_pool_of_one_passage_has_finite_scores(vectors: np.ndarray) -> None:
    moments = Moments(16)
    moments.add(vectors[:1])
    assert np.isfinite(moments.pool("en", range(1)).standardise(vectors[5], vectors[:1] @ vectors[5])).all()


def test_saving_and_loading_give_the_same(vectors: np.ndarray, tmp_path: Path) -> None:
    moments = Moments(16)
    moments.add(vectors)
    pools = [moments.pool("ar", range(10)), moments.pool("en", range(10, 300))]
    write_pools(tmp_path / "pools.npz", pools)
    loaded = read_pools(tmp_path / "pools.npz")
    assert [(pool.lang, pool.rows) for pool in loaded] == [("ar", range(10)), ("en", range(10, 300))]
    np.testing.assert_array_equal(loaded[1].covariance, pools[1].covariance)
