"""JSON files that hold records in an array, or one record."""

import json

import pytest

from indexer.readers import MAX_WHOLE_BYTES, ReadOptions, Skip, SourceItem
from indexer.readers.json_ import read
from search.errors import SourceError
from tests.indexer import readers

WHEAT = {"title": "قمح", "text": "ارتفعت الأسعار أمس.", "id": 7}
CABLE = {"title": "Cable", "text": "The ship left.", "price": 1.5}
ITEMS = [
    SourceItem(title="قمح", text="ارتفعت الأسعار أمس.", record_id="7"),
    SourceItem(title="Cable", text="The ship left.", record_id="record 2"),
]


def items(source: object, encoding: str = "utf-8") -> list[SourceItem | Skip]:
    text = source if isinstance(source, str) else json.dumps(source, ensure_ascii=False, indent=1)
    return readers.items(read, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_an_array(encoding: str) -> None:
    assert items([WHEAT, CABLE], encoding) == ITEMS


def test_an_array_inside() -> None:
    assert items({"status": "ok", "total": 2, "tags": ["a"], "articles": [WHEAT, CABLE]}) == ITEMS
    assert items({"response": {"results": [WHEAT, CABLE]}}) == ITEMS


def test_one_record() -> None:
    assert items(WHEAT) == ITEMS[:1]
    assert items({**WHEAT, "metadata": {"lang": "ar"}, "tags": ["a", "b"]}) == [
        SourceItem(title="قمح", text="ارتفعت الأسعار أمس.", record_id="7", lang="ar")
    ]


def test_elements_that_are_no_records() -> None:
    assert items([WHEAT, 7, {"title": "no text"}]) == [
        ITEMS[0],
        Skip("record 2", "It is not a JSON object."),
        Skip("record 3", "The record has no text."),
    ]


def test_an_array_that_is_cut_short() -> None:
    found = items(json.dumps([WHEAT, CABLE], ensure_ascii=False)[:-10])
    assert found[0] == ITEMS[0]
    assert isinstance(found[1], Skip)
    assert found[1].place == "record 2"
    assert found[1].reason.startswith("From here on the file cannot be read as JSON: ")


@pytest.mark.parametrize("source", ["[]", "[1, 2]", "7", '"نص"', "", "{", "قمح", "[" * 100_000])
def test_other_json_and_none(source: str) -> None:
    with pytest.raises(SourceError, match="JSON"):
        items(source)


def test_values_that_are_too_large() -> None:
    with pytest.raises(SourceError, match="a value that is larger than 64 MiB"):
        items('[{"text": "' + "x" * (MAX_WHOLE_BYTES + 2**20))
    with pytest.raises(SourceError, match="The file is larger than 64 MiB"):
        items("{" + ('"text": "' + "x" * 2**16 + '", ') * 2**10 + '"id": 7}')


def test_one_long_line_and_a_map() -> None:
    records = [{"n": n, "headline": f"خبر {n}", "story": "متن " * 500} for n in range(2_000)]
    data = json.dumps(records, ensure_ascii=False).encode()
    found = readers.items(read, data, ReadOptions(columns={"id": "n"}))
    assert len(found) == 2_000
    assert found[-1] == SourceItem(title="خبر 1999", text=("متن " * 500).strip(), record_id="1999")
