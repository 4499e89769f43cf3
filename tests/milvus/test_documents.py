import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search.milvus.days import NEVER
from search.milvus.documents import FIELDS, KEY_BYTES, document_records, keyed_records
from search.milvus.fields import TEXT_BYTES, Kind
from tests.milvus import archive


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    archive.write(path)
    return path


def test_a_record_of_each_document_in_the_order_of_sources(catalogue: Path) -> None:
    records = list(document_records(catalogue))
    assert [record["source"] for record in records] == sorted(archive.SOURCES)
    assert [record["place"] for record in records] == list(range(len(archive.TOLD)))
    for record in records:
        assert set(record) == {field.name for field in FIELDS}
        for field in FIELDS:
            assert isinstance(record[field.name], str if field.kind is Kind.TEXT else int)


def test_a_copy_has_what_its_leader_is_filtered_by(catalogue: Path) -> None:
    records = {record["doc_id"]: record for record in document_records(catalogue)}
    leader, copy = records[archive.IDS[0]], records[archive.IDS[1]]
    for name in ("source", "publisher", "first_day", "last_day"):
        assert copy[f"leader_{name}"] == leader[name]
        assert copy[name] != leader[name]
    assert (copy["copy_of"], leader["copy_of"]) == (leader["doc_id"], "")
    assert (leader["leader_source"], leader["leader_publisher"]) == ("", "")
    assert (leader["leader_first_day"], leader["leader_last_day"]) == NEVER


def test_a_title_that_is_none_is_cut(catalogue: Path) -> None:
    with closing(sqlite3.connect(catalogue)) as connection, connection:
        connection.execute("UPDATE documents SET title = ?", ("ب" * TEXT_BYTES,))
    assert {record["title"] for record in document_records(catalogue)} == {"ب" * (TEXT_BYTES // 2)}


def test_no_key_is_said_twice(catalogue: Path) -> None:
    records = list(keyed_records(catalogue))
    keys = [record["key"] for record in records]
    assert len(set(keys)) == len(keys)
    assert max(len(key) for key in keys) <= KEY_BYTES
    assert {key.split("/")[0] for key in keys} == {"doc", "link", "all"}
    values = {record["key"]: record["value"].split(" ", 1)[1] for record in records if record["key"].endswith("/0")}
    assert json.loads(values["all/tallies/language/0"])[""] == {"ar": 9, "en": 8, "fr": 1}
    linked = json.loads(values[f"link/counterparts/{archive.IDS[2]}/0"])
    assert sorted(map(tuple, linked)) == sorted(pair for pair in archive.PAIRS if archive.IDS[2] in pair)
