"""The vectors of a generation: all of them there, and the nearest found as comparing all by NumPy finds them."""

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.encoder import Vectors, normalised
from search.filters import Filter
from tests.backends.conftest import Kept
from tests.backends.truth import Truth, nearest

DEPTHS = (1, 10, 100, 1000)


@pytest.fixture(scope="module")
def queries(truth: Truth) -> Vectors:
    """A passage of each language, and directions that no passage has."""
    random = np.random.default_rng(4).normal(size=(3, truth.vectors.shape[1])).astype(np.float32)
    return np.concatenate([truth.vectors[[rows.start for rows in truth.pools.values()]], normalised(random)])


def test_all_vectors_are_there(kept: Kept, truth: Truth) -> None:
    vectors = kept.generation.legs.vectors
    assert (vectors.count, vectors.dim) == truth.vectors.shape
    assert vectors.at(range(vectors.count)) == pytest.approx(truth.vectors, abs=1e-6)
    assert vectors.at(range(3, 3)).shape == vectors.at(np.empty(0, np.int64)).shape == (0, vectors.dim)
    rows = np.array([5, 0, truth.pools["en"].stop - 1, 5])
    assert vectors.at(rows) == pytest.approx(truth.vectors[rows], abs=1e-6)


def test_the_nearest_of_a_pool_are_found_with_their_cosines(kept: Kept, truth: Truth, queries: Vectors) -> None:
    for pool in truth.pools.values():
        for query in queries:
            _, cosines = nearest(query, truth.vectors, pool, max(DEPTHS))
            for depth in DEPTHS:
                rows, found = kept.generation.legs.vectors.search(query, pool, depth)
                assert len(set(rows.tolist()) & set(pool)) == len(rows) == min(depth, len(pool))
                # Which of two stands first that differ by less than rounding does is nobody's business.
                assert truth.vectors[rows] @ query == pytest.approx(cosines[:depth], abs=1e-6)
                assert found == pytest.approx(cosines[:depth], abs=1e-5)


@pytest.mark.parametrize("step", [1, 7, 100])
def test_the_nearest_of_some_rows_are_found(kept: Kept, truth: Truth, queries: Vectors, step: int) -> None:
    for pool in truth.pools.values():
        among = AllowedRows(np.array(pool[::step], np.int64))
        rows, found = kept.generation.legs.vectors.search(queries[0], pool, 10, among=among)
        expected, cosines = nearest(queries[0], truth.vectors, pool[::step], 10)
        assert rows.tolist() == expected
        assert found == pytest.approx(cosines, abs=1e-5)


def test_the_nearest_that_a_filter_lets_through_are_found(kept: Kept, truth: Truth, queries: Vectors) -> None:
    chosen = Filter.of("2024", "2025-06", ["The Harbor Ledger", "ar", "desk.jsonl"])
    assert chosen
    allowed = kept.generation.catalogue.allowed(chosen)
    passing = truth.rows_passing(chosen)
    for pool in truth.pools.values():
        rows, _ = kept.generation.legs.vectors.search(queries[0], pool, 200, among=allowed.within(pool))
        expected, _ = nearest(queries[0], truth.vectors, [row for row in passing if row in pool], 200)
        assert rows.tolist() == expected


def test_where_nothing_may_be_found_nothing_is(kept: Kept, truth: Truth, queries: Vectors) -> None:
    vectors = kept.generation.legs.vectors
    for among in (AllowedRows(np.empty(0, np.int64)), None):
        rows, cosines = vectors.search(queries[0], range(4, 4) if among is None else truth.pools["ar"], 5, among=among)
        assert (len(rows), len(cosines)) == (0, 0)


def test_cosines_come_in_the_order_of_the_rows(kept: Kept, truth: Truth, queries: Vectors) -> None:
    rows = [*reversed(truth.pools["en"]), 0, 3]
    found = kept.generation.legs.vectors.cosines(queries[-1], rows)
    assert found == pytest.approx(truth.vectors[rows] @ queries[-1], abs=1e-5)
    assert kept.generation.legs.vectors.cosines(queries[-1], []).tolist() == []
