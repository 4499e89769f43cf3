from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.draft import Draft, Entry
from indexer.files import SourceFile
from indexer.readers import Skip
from search.catalogue import Catalogue
from search.errors import NotFoundError
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles

SHIP = Document(
    doc_id="5417",
    title="تحرير سفينة «نور ستار»",
    lang="ar",
    date="2025-11-12",
    source="ar/سفينة.txt",
    publisher="صحيفة المرفأ",
    text="حررت قوة بحرية السفينة. Nour Star reached Jeddah.",
)
WHEAT = Document(
    doc_id="3ea7", title="Wheat", lang="en", date=None, source="en/briefs.jsonl", record_id="wheat", text="Wheat rose."
)
PASSAGES = [
    Passage(passage_id="5417-0000", doc_id="5417", lang="ar", text="حررت قوة بحرية السفينة.", start=0, end=23),
    Passage(passage_id="5417-0001", doc_id="5417", lang="en", text="Nour Star reached Jeddah.", start=24, end=49),
    Passage(passage_id="3ea7-0000", doc_id="3ea7", lang="en", text="Wheat rose.", start=0, end=11),
]


def info(document: Document) -> DocumentInfo:
    return DocumentInfo(**{name: getattr(document, name) for name in DocumentInfo.__slots__})


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    path = tmp_path / "فهرس #1?.sqlite"  # nothing in the name is taken for part of a URI
    draft = Draft(path)
    for number, document in enumerate([SHIP, WHEAT]):
        passages = [passage for passage in PASSAGES if passage.doc_id == document.doc_id]
        file = SourceFile(Path("/news", document.source), document.source, 100, number)
        draft.add(file, "digest", [Entry(document, passages, [passage.text for passage in passages])], [])
    draft.number_passages()
    draft.finish()
    catalogue = Catalogue(path)
    yield catalogue
    catalogue.close()


def test_the_passages_stand_where_they_say() -> None:
    for passage in PASSAGES:
        document = {"5417": SHIP, "3ea7": WHEAT}[passage.doc_id]
        assert document.text[passage.start : passage.end] == passage.text


def test_documents(catalogue: Catalogue) -> None:
    assert catalogue.document("5417") == SHIP
    assert catalogue.document("3ea7") == WHEAT
    assert catalogue.documents(["3ea7", "5417", "none"]) == {"3ea7": info(WHEAT), "5417": info(SHIP)}
    assert catalogue.documents([]) == {}
    assert sorted(document.doc_id for document in catalogue.all_documents()) == ["3ea7", "5417"]


def test_passages(catalogue: Catalogue) -> None:
    for passage in PASSAGES:
        assert catalogue.passage(passage.passage_id) == passage


def test_rows_are_in_runs_by_language_and_then_by_place(catalogue: Catalogue) -> None:
    assert catalogue.passages_at([0, 1, 2, 3]) == {0: PASSAGES[0], 1: PASSAGES[1], 2: PASSAGES[2]}
    assert catalogue.passages_at([2]) == {2: PASSAGES[2]}
    assert catalogue.passages_at([]) == {}
    assert catalogue.told_at([2, 9]) == {2: (PASSAGES[2], Shingles.of(PASSAGES[2].text))}


@pytest.mark.parametrize("unknown", ["", "5417-0000", "' OR 1=1 --", "وثيقة"])
def test_a_document_that_is_not_there(catalogue: Catalogue, unknown: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        catalogue.document(unknown)
    assert repr(unknown) in caught.value.message
    assert "doc_id" in caught.value.hint


def test_a_passage_that_is_not_there(catalogue: Catalogue) -> None:
    with pytest.raises(NotFoundError, match="5417-0002") as caught:
        catalogue.passage("5417-0002")
    assert "passage_id" in caught.value.hint


def test_the_file_is_only_read(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.document("5417")
    assert [path.name for path in tmp_path.iterdir()] == ["فهرس #1?.sqlite"]


def test_an_unfinished_catalogue_holds_nothing_yet(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "catalogue.sqlite")
    draft.add(SourceFile(Path("/news/a.txt"), "a.txt", 1, 1), "digest", [Entry(SHIP, [], [])], [Skip("line 2", "Bad.")])
    unfinished = Catalogue(tmp_path / "catalogue.sqlite")
    assert unfinished.all_documents() == []
    unfinished.close()
    draft.finish()
    finished = Catalogue(tmp_path / "catalogue.sqlite")
    assert finished.all_documents() == [info(SHIP)]
    finished.close()
