import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import DamagedIndexError
from search.milvus.connection import Connection
from search.milvus.fields import TEXT_BYTES, text
from search.milvus.values import all_values, fitting, read_values, value_records

ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@settings(max_examples=30)
@given(ANYTHING, st.text(max_size=3), st.sampled_from(["", "a", "ب", "🌊", "\\", "\x00"]))
def test_a_value_is_what_its_parts_make(value: Any, before: str, padding: str) -> None:
    whole = [before, padding * 20_000, value]
    records = list(value_records("key", whole))
    assert [record["key"] for record in records] == [f"key/{number}" for number in range(len(records))]
    assert all(len(record["value"].encode()) <= TEXT_BYTES for record in records)
    count, first = records[0]["value"].split(" ", 1)
    assert int(count) == len(records)
    assert json.loads(first + "".join(record["value"] for record in records[1:])) == whole


def test_values_are_read_as_they_were(lite: Connection, name: str) -> None:
    values = {
        "short": [1, None, "«جسر» \\ \" ' \x00 \n"],
        "long": "سفينة 🌊 " * 20_000,
        "empty": "",
        "other/short": {"a": 0.1},
    }
    lite.create(name, [text("key", 512, key=True), text("value")])
    lite.insert(name, (record for key in values for record in value_records(key, values[key])), "key")
    lite.finish(name)
    assert read_values(lite, name, [*values, "none", 'no"ne']) == values
    assert read_values(lite, name, []) == {}
    assert all_values(lite, name, ["empty", "long"]) == {key: values[key] for key in ("empty", "long")}
    with pytest.raises(DamagedIndexError, match="none"):
        all_values(lite, name, ["short", "none"])


def test_a_value_without_one_of_its_parts(lite: Connection, name: str) -> None:
    lite.create(name, [text("key", 512, key=True), text("value")])
    records = value_records("long", "سفينة 🌊 " * 20_000)
    lite.insert(name, (record for record in records if record["key"] != "long/2"), "key")
    lite.finish(name)
    with pytest.raises(DamagedIndexError, match="long/2"):
        read_values(lite, name, ["long"])


@pytest.mark.parametrize(
    ("told", "kept"), [("", 0), ("short", 5), ("a" * 70_000, 65_535), ("a" + "ب" * 40_000, 32_768)]
)
def test_as_much_as_fits(told: str, kept: int) -> None:
    assert fitting(told) == told[:kept]
