"""How far a search must reach, by places of which every number is known."""

from pathlib import Path

import numpy as np

from search.encoder import normalised
from search.matrix import Matrix, write_matrix
from search.recall import DEPTH, MAX_REACH, Reach, needed, places, sample_queries


def test_places_among_candidates() -> None:
    candidates = np.array([40, 7, 12, 3])
    assert places(np.array([12, 40, 5, 99]), candidates).tolist() == [2, 0, 4, 4]


def test_what_stands_in_front_needs_no_further_reach() -> None:
    assert needed(np.tile(np.arange(DEPTH), (5, 1))) == Reach(1, {10: 1.0, DEPTH: 1.0})


def test_the_reach_is_the_least_that_finds_nearly_all() -> None:
    stand = np.tile(np.arange(DEPTH), (4, 1))
    stand[:, -2:] = 3 * DEPTH  # two in a hundred are the first of the fourth hundred
    assert needed(stand) == Reach(4, {10: 1.0, DEPTH: 1.0})
    stand[:, -2:] = [3 * DEPTH - 1, 9 * DEPTH]  # one in a hundred may be missed
    assert needed(stand) == Reach(3, {10: 1.0, DEPTH: 0.99})


def test_the_very_nearest_weigh_more() -> None:
    stand = np.tile(np.arange(DEPTH), (10, 1))
    stand[0, 0] = 5 * DEPTH  # one in a thousand of all, but one in a hundred of the first ten
    assert needed(stand) == Reach(6, {10: 1.0, DEPTH: 1.0})


def test_what_is_out_of_reach_is_told() -> None:
    missing = np.full((5, DEPTH), MAX_REACH * DEPTH)
    assert needed(missing) == Reach(MAX_REACH, {10: 0.0, DEPTH: 0.0})


def test_two_pools_get_what_the_harder_one_needs() -> None:
    easy, hard = Reach(2, {10: 1.0, DEPTH: 0.991}), Reach(5, {10: 0.997, DEPTH: 0.993})
    assert easy.worse_of(hard) == Reach(5, {10: 0.997, DEPTH: 0.991})


def test_sample_queries_are_about_as_near_as_real_ones_and_always_the_same(tmp_path: Path) -> None:
    vectors = normalised(np.random.default_rng(2).normal(size=(300, 64)).astype(np.float32))
    write_matrix(tmp_path / "m.npy", [vectors], vectors.shape, coarse=False)
    queries = sample_queries(Matrix(tmp_path / "m.npy"))
    nearest = (queries @ vectors.T).max(axis=1)
    assert queries.shape == (200, 64)
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    assert 0.6 < np.median(nearest) < 0.8
    np.testing.assert_array_equal(queries, sample_queries(Matrix(tmp_path / "m.npy")))
