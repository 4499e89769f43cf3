import numpy as np
import pytest

from search.allowed import AllowedRows
from search.milvus.allowed import MilvusAllowed, condition
from search.milvus.connection import Connection


@pytest.fixture
def allowed(milvus: Connection, seed_passages: str) -> MilvusAllowed:
    return MilvusAllowed(milvus, seed_passages, "row < 5 or row >= 20 and row < 30")


def test_passages_are_those_that_meet_the_expression(allowed: MilvusAllowed) -> None:
    assert len(allowed) == 15
    assert allowed.rows.tolist() == [*range(5), *range(20, 30)]
    inside = allowed.within(range(3, 22))
    assert len(inside) == 4
    assert inside.rows.tolist() == [3, 4, 20, 21]
    assert len(inside.within(range(5, 20))) == 0
    assert inside.within(range(5, 20)).rows.tolist() == []


def test_a_mask_tells_of_each_row(allowed: MilvusAllowed) -> None:
    rows = np.array([29, 5, 0, 29, 1_000_000])
    assert allowed.mask(rows).tolist() == [True, False, True, True, False]
    assert allowed.within(range(10)).mask(rows).tolist() == [False, False, True, False, False]
    assert allowed.mask(rows[:0]).tolist() == []


def test_whatever_is_allowed_is_a_condition(allowed: MilvusAllowed, milvus: Connection, seed_passages: str) -> None:
    assert condition(None) == ""
    assert condition(allowed) == allowed.expression
    for rows in ([3, 1, 4], []):
        listed = AllowedRows(np.array(sorted(rows), np.int64))
        assert MilvusAllowed(milvus, seed_passages, condition(listed)).rows.tolist() == sorted(rows)
