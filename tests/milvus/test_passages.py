from base64 import b64decode

import pytest

from search import store
from search.catalogue import Catalogue
from search.holdings import PASSAGE
from search.milvus.connection import Connection
from search.milvus.days import days_of
from search.milvus.fields import Field, sparse
from search.milvus.passages import EXACT_ROWS, fields, passage_records
from search.settings import Settings


@pytest.fixture(scope="module")
def catalogue(seed_settings: Settings) -> Catalogue:
    return Catalogue(store.current(seed_settings.folder) / "catalogue.sqlite")


def test_a_passage_is_what_the_catalogue_says_of_it(
    milvus: Connection, seed_passages: str, catalogue: Catalogue
) -> None:
    names = ("row", *PASSAGE, "input", "shingles")
    kept = milvus.query(seed_passages, names)
    known = {record["row"]: record for record in catalogue.select(names, "passages", "row", range(len(kept)))}
    assert [record["row"] for record in kept] == sorted(known)
    for record in kept:
        record["shingles"] = b64decode(record["shingles"])
        record["page"] = None if record["page"] == -1 else record["page"]
        assert record == known[record["row"]]


def test_a_passage_has_what_its_document_is_filtered_by(
    milvus: Connection, seed_passages: str, catalogue: Catalogue
) -> None:
    kept = milvus.query(seed_passages, ("doc_id", "source", "publisher", "first_day", "last_day"))
    documents = catalogue.documents([record["doc_id"] for record in kept])
    for record in kept:
        document = documents[record["doc_id"]]
        assert (record["source"], record["publisher"]) == (document.source, document.publisher or "")
        assert (record["first_day"], record["last_day"]) == days_of(document.date)


def test_further_fields_are_those_that_are_given(seed_settings: Settings, lite: Connection, name: str) -> None:
    folder = store.current(seed_settings.folder)
    manifest = store.Manifest.read(folder)

    def extra(row: int, lang: str, told: str) -> dict[str, dict[int, float]]:
        return {"terms": {row: 1.0, 2**31: float(len(told)), 2**32 - 2: float(lang == "ar")}}

    lite.create(name, [*fields(manifest.dim, manifest.passages), sparse("terms")])
    assert lite.insert(name, passage_records(folder, extra), "row") == manifest.passages
    lite.finish(name)
    [[(record, product)]] = lite.nearest(name, "terms", [{5: 1.0}], 3, fields=["row", "input", "terms"])
    assert (record["row"], product) == (5, 1.0)
    assert record["terms"][2**31] == len(record["input"])
    lite.drop(name)


def test_many_vectors_are_found_by_way_of_a_graph() -> None:
    def vector_of(count: int) -> Field:
        return next(field for field in fields(384, count) if field.name == "vector")

    assert vector_of(EXACT_ROWS).exact
    assert not vector_of(EXACT_ROWS + 1).exact
    assert vector_of(1).size == 384
