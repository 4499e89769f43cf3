import numpy as np

from search import store
from search.milvus.connection import Connection
from search.milvus.tokens import MilvusTokens
from search.settings import Settings
from search.tokens import TokenIndex


def test_codes_are_those_of_the_folder(milvus: Connection, seed_passages: str, seed_settings: Settings) -> None:
    local = TokenIndex(store.current(seed_settings.folder))
    rows = [7, 2, 2, 30]
    expected = local.at(rows)
    assert len(expected.codes)
    tokens = MilvusTokens(milvus, seed_passages, expected.codes.shape[1])
    found = tokens.at(rows)
    assert np.array_equal(found.codes, expected.codes)
    assert np.array_equal(found.lengths, expected.lengths)
    assert tokens.at([]).codes.shape == (0, expected.codes.shape[1])
