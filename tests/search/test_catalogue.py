from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.cleaning import Removed
from indexer.draft import Draft
from indexer.duplicates import Group
from indexer.entries import Entry, Piece, StoredItem, document_id
from indexer.files import SourceFile
from indexer.furniture import Reason
from indexer.readers import SourceItem
from search.catalogue import Catalogue
from search.errors import NotFoundError
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles


def file_of(source: str) -> SourceFile:
    return SourceFile(Path("/news", source), source, 100, 1)


def item_of(source: str, text: str, record_id: str | None = None) -> StoredItem:
    item = SourceItem(text=text, record_id=record_id)
    return StoredItem(document_id(file_of(source).path, item), source, item)


SHIP_ITEM = item_of("ar/سفينة.txt", "شارك\n\nحررت قوة بحرية السفينة. Nour Star reached Jeddah.")
WHEAT_ITEM = item_of("en/briefs.jsonl", "Wheat rose.", "wheat")
SHIP = Document(
    doc_id=SHIP_ITEM.doc_id,
    title="تحرير سفينة «نور ستار»",
    lang="ar",
    date="2025-11-12",
    source=SHIP_ITEM.source,
    publisher="صحيفة المرفأ",
    author="هدى سالم",
    text="حررت قوة بحرية السفينة. Nour Star reached Jeddah.",
    page_starts=(0, 0, 24),
)
WHEAT = Document(
    doc_id=WHEAT_ITEM.doc_id,
    title="Wheat",
    lang="en",
    date=None,
    source=WHEAT_ITEM.source,
    record_id="wheat",
    text="Wheat rose.",
)
PASSAGES = [
    Passage(
        passage_id=f"{SHIP.doc_id}-0000", doc_id=SHIP.doc_id, lang="ar", text="حررت قوة بحرية السفينة.", start=0, end=23
    ),
    Passage(
        passage_id=f"{SHIP.doc_id}-0001",
        doc_id=SHIP.doc_id,
        lang="en",
        text="Nour Star reached Jeddah.",
        start=24,
        end=49,
    ),
    Passage(passage_id=f"{WHEAT.doc_id}-0000", doc_id=WHEAT.doc_id, lang="en", text="Wheat rose.", start=0, end=11),
]


def info(document: Document) -> DocumentInfo:
    return DocumentInfo(**{name: getattr(document, name) for name in DocumentInfo.__slots__})


def put(draft: Draft, document: Document, passages: Sequence[Passage] = ()) -> None:
    stored = {SHIP: SHIP_ITEM, WHEAT: WHEAT_ITEM}[document]
    draft.add(file_of(document.source), "digest", [stored.item])
    draft.settle(stored, Entry(document, (Removed("شارك", Reason.SHARE),)), b"")
    draft.cut(document, [Piece(passage, passage.text) for passage in passages])


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    path = tmp_path / "فهرس #1?.sqlite"  # nothing in the name is taken for part of a URI
    draft = Draft(path)
    for document in (SHIP, WHEAT):
        put(draft, document, [passage for passage in PASSAGES if passage.doc_id == document.doc_id])
    draft.number_passages()
    draft.finish()
    catalogue = Catalogue(path)
    yield catalogue
    catalogue.close()


def test_the_passages_stand_where_they_say() -> None:
    for passage in PASSAGES:
        document = {SHIP.doc_id: SHIP, WHEAT.doc_id: WHEAT}[passage.doc_id]
        assert document.text[passage.start : passage.end] == passage.text


def test_documents(catalogue: Catalogue) -> None:
    assert catalogue.document(SHIP.doc_id) == SHIP
    assert catalogue.document(WHEAT.doc_id) == WHEAT
    assert catalogue.documents([WHEAT.doc_id, SHIP.doc_id, "none"]) == {
        WHEAT.doc_id: info(WHEAT),
        SHIP.doc_id: info(SHIP),
    }
    assert catalogue.documents([]) == {}
    assert {document.doc_id for document in catalogue.all_documents()} == {WHEAT.doc_id, SHIP.doc_id}


def test_passages(catalogue: Catalogue) -> None:
    for passage in PASSAGES:
        assert catalogue.passage(passage.passage_id) == passage


def test_rows_are_in_runs_by_language_and_then_by_place(catalogue: Catalogue) -> None:
    assert catalogue.passages_at([0, 1, 2, 3]) == {0: PASSAGES[0], 1: PASSAGES[1], 2: PASSAGES[2]}
    assert catalogue.passages_at([2]) == {2: PASSAGES[2]}
    assert catalogue.passages_at([]) == {}
    assert catalogue.told_at([2, 9]) == {2: (PASSAGES[2], Shingles.of(PASSAGES[2].text))}


@pytest.mark.parametrize("unknown", ["", "5417a80b-0000", "' OR 1=1 --", "وثيقة"])
def test_a_document_that_is_not_there(catalogue: Catalogue, unknown: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        catalogue.document(unknown)
    assert repr(unknown) in caught.value.message
    assert "doc_id" in caught.value.hint


def test_a_passage_that_is_not_there(catalogue: Catalogue) -> None:
    with pytest.raises(NotFoundError, match="5417a80b-0002") as caught:
        catalogue.passage("5417a80b-0002")
    assert "passage_id" in caught.value.hint


def test_the_file_is_only_read(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.document(SHIP.doc_id)
    assert [path.name for path in tmp_path.iterdir()] == ["فهرس #1?.sqlite"]


def test_an_unfinished_catalogue_holds_nothing_yet(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "catalogue.sqlite")
    put(draft, SHIP)
    unfinished = Catalogue(tmp_path / "catalogue.sqlite")
    assert unfinished.all_documents() == []
    unfinished.close()
    draft.finish()
    finished = Catalogue(tmp_path / "catalogue.sqlite")
    assert finished.all_documents() == [info(SHIP)]
    finished.close()


def linked(tmp_path: Path, texts: dict[str, str], groups: Sequence[Group] = ()) -> tuple[Catalogue, dict[str, str]]:
    """A catalogue of files with these texts, and the ids of their documents."""
    draft = Draft(tmp_path / "catalogue.sqlite")
    ids = {}
    for source, text in texts.items():
        stored = item_of(source, text)
        draft.add(file_of(source), "digest", [stored.item])
        document = Document(doc_id=stored.doc_id, title=source, lang="en", date=None, source=source, text=text)
        draft.settle(stored, Entry(document), b"")
        ids[source] = stored.doc_id
    draft.mark_copies()
    draft.add_near_duplicates(
        Group(ids[group.leader], tuple((ids[member], likeness) for member, likeness in group.members))
        for group in groups
    )
    draft.finish()
    return Catalogue(tmp_path / "catalogue.sqlite"), ids


def test_copies_know_each_other(tmp_path: Path) -> None:
    catalogue, ids = linked(tmp_path, {"c": "Wheat rose.", "a": "Wheat  rose.", "b": "Wheat fell.", "d": "wheat rose."})
    found = catalogue.copies([*ids.values(), "none"])
    assert {doc_id: [copy.source for copy in copies] for doc_id, copies in found.items()} == {
        ids["a"]: ["c", "d"],
        ids["c"]: ["a", "d"],
        ids["d"]: ["a", "c"],
    }
    assert catalogue.copies([ids["b"]]) == catalogue.copies([]) == {}


def test_near_duplicates_know_their_leader_and_it_knows_them(tmp_path: Path) -> None:
    texts = {"a": "Wheat rose.", "b": "Wheat rose a bit.", "c": "Wheat rose a lot.", "d": "Oil fell."}
    catalogue, ids = linked(tmp_path, texts, [Group("a", (("c", 0.95), ("b", 0.85)))])
    found = catalogue.near_duplicates(list(ids.values()))
    assert {doc_id: [(other.source, likeness) for other, likeness in near] for doc_id, near in found.items()} == {
        ids["a"]: [("c", 0.95), ("b", 0.85)],
        ids["b"]: [("a", 0.85)],
        ids["c"]: [("a", 0.95)],
    }
    assert catalogue.near_duplicates([]) == {}


def test_pages() -> None:
    assert [SHIP.page_of(offset) for offset in (0, 23, 24, 48)] == [2, 2, 3, 3]
    assert WHEAT.page_of(3) is None
