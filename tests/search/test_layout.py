"""Places on the map: the same each time, near what tells of the same, the two languages mixed."""

from pathlib import Path

import numpy as np
import pytest

from search import store
from search.encoder import Vectors, normalised
from search.layout import Positions, clusters, lay_out
from search.pools import Pool, read_pools
from search.settings import Settings
from search.vectors import Rows, VectorIndex, write_vectors

DIM = 16


def neighbours(places: Positions, count: int = 10) -> Rows:
    """The `count` other places nearest to each, by brute force."""
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :count].astype(np.int64)


def other_language(places: Positions, pools: list[Pool]) -> float:
    """The share of the ten nearest of a place that are in another language than it."""
    langs = np.concatenate([np.full(len(pool.rows), number) for number, pool in enumerate(pools)])
    return float((langs[neighbours(places)] != langs[:, None]).mean())


@pytest.fixture(scope="module")
def seeds(seed_settings: Settings) -> tuple[VectorIndex, list[Pool]]:
    generation = store.current(seed_settings.folder)
    return VectorIndex(generation / "vectors"), read_pools(generation / "pools.npz")


def made(tmp_path: Path, vectors: Vectors) -> tuple[VectorIndex, list[Pool]]:
    """An index of these vectors, all in one pool that is centred already."""
    write_vectors(tmp_path / "v", [normalised(vectors)], [range(len(vectors))], DIM)
    mean = np.zeros(DIM, np.float32)
    return VectorIndex(tmp_path / "v"), [Pool("en", range(len(vectors)), mean, np.eye(DIM, dtype=np.float32))]


def test_the_languages_of_the_seeds_are_mixed_and_two_islands_would_be_seen(
    seeds: tuple[VectorIndex, list[Pool]],
) -> None:
    vectors, pools = seeds
    layout = lay_out(vectors, pools)
    assert layout.positions.shape == (vectors.count, 2)
    assert layout.positions.min() == 0
    assert layout.positions.max() == 1
    # 0.5 where languages make no difference at all. What changes vectors by 1e-5, such as another processor, changes
    # the picture: of 90 such pictures, that with least had 0.38.
    assert other_language(layout.positions, pools) > 0.3
    at_home = [Pool(pool.lang, pool.rows, np.zeros_like(pool.mean), pool.covariance) for pool in pools]
    assert other_language(lay_out(vectors, at_home).positions, pools) < 0.2


def test_the_same_passages_get_the_same_places(seeds: tuple[VectorIndex, list[Pool]]) -> None:
    assert np.array_equal(lay_out(*seeds).positions, lay_out(*seeds).positions)


def test_what_is_not_in_the_sample_stands_with_its_like(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    topics = random.normal(size=(4, DIM))
    topic_of = np.arange(200) % 4
    vectors = (topics[topic_of] + 0.2 * random.normal(size=(200, DIM))).astype(np.float32)
    index, pools = made(tmp_path, vectors)
    layout = lay_out(index, pools, size=57)
    assert len(layout.sample) == 57
    assert {int(row) % 4 for row in layout.sample} == {0, 1, 2, 3}
    assert (topic_of[neighbours(layout.positions, 5)] == topic_of[:, None]).mean() > 0.98


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9])
def test_few_passages_have_a_map_too(tmp_path: Path, count: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(count, DIM)).astype(np.float32)
    layout = lay_out(*made(tmp_path, vectors))
    assert layout.positions.shape == (count, 2)
    assert ((layout.positions >= 0) & (layout.positions <= 1)).all()
    assert len(np.unique(layout.positions, axis=0)) == count


def test_passages_that_are_all_alike_stand_in_one_place(tmp_path: Path) -> None:
    layout = lay_out(*made(tmp_path, np.ones((3, DIM), np.float32)))
    assert (layout.positions == 0.5).all()


def test_clusters_are_what_lies_together() -> None:
    places = np.array([[0, 0], [0.1, 0], [1, 1], [0.9, 1]], np.float32)
    left, also_left, right, also_right = clusters(places, 2)
    assert left == also_left
    assert right == also_right
    assert left != right
