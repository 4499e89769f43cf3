"""The codes of passages' tokens, and which passages of the two languages say the same: as the files have them."""

import numpy as np
import pytest

from search import store
from search.settings import Settings
from tests.backends.conftest import Kept
from tests.backends.truth import Truth


def test_the_codes_of_passages_come_in_their_order(kept: Kept, archive: Settings, truth: Truth) -> None:
    folder = store.current(archive.folder) / "tokens"
    codes, lengths = np.load(folder / "codes.npy"), np.load(folder / "lengths.npy")
    ends = np.cumsum(lengths)
    tokens = kept.generation.legs.tokens
    assert tokens
    for rows in ([*range(len(truth.passages))], [9, 0, 9, len(truth.passages) - 1]):
        found = tokens.at(rows)
        assert found.lengths.tolist() == lengths[rows].tolist()
        for row, own in zip(rows, found.passages(), strict=True):
            assert np.array_equal(own, codes[ends[row] - lengths[row] : ends[row]])
    assert tokens.at([]).lengths.tolist() == []


def test_what_centres_tokens_is_there(kept: Kept, local: Kept) -> None:
    found, expected = kept.generation.legs.token_shift, local.generation.legs.token_shift
    assert found
    assert expected
    for lang in ("ar", "en"):
        one, other = found.background_of(lang), expected.background_of(lang)
        assert np.array_equal(one.codes, other.codes)
        assert np.array_equal(one.lengths, other.lengths)


def test_counterparts_of_passages_come_in_their_order(kept: Kept, archive: Settings, truth: Truth) -> None:
    expected = np.load(store.current(archive.folder) / "counterparts.npy")
    counterparts = kept.generation.legs.counterparts
    assert (expected >= 0).any()
    rows = np.arange(len(truth.passages))[::-1]
    found = counterparts.of(rows)
    assert found.dtype == np.int64
    assert np.array_equal(found, expected[rows])
    assert counterparts.of(np.array([4, 4, 0])).tolist() == expected[[4, 4, 0]].tolist()
    assert counterparts.of(np.empty(0, np.int64)).tolist() == []


def test_pools_and_shift_are_those_of_the_files(kept: Kept, local: Kept) -> None:
    assert [(pool.lang, pool.rows) for pool in kept.generation.pools] == [
        (pool.lang, pool.rows) for pool in local.generation.pools
    ]
    for one, other in zip(kept.generation.pools, local.generation.pools, strict=True):
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.covariance, other.covariance)
    vector = local.generation.legs.vectors.at(range(1))[0]
    for lang in ("ar", "en", "fr"):
        found = kept.generation.shift.neutral_query(vector, lang)
        assert found == pytest.approx(local.generation.shift.neutral_query(vector, lang))
    assert kept.generation.manifest == local.generation.manifest
