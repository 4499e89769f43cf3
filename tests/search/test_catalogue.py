from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.cleaning import Removed
from indexer.draft import Draft
from indexer.duplicates import Group
from indexer.entries import Entry, Piece, StoredItem, document_id
from indexer.files import SourceFile
from indexer.furniture import Reason
from indexer.readers import SourceItem
from search.catalogue import Catalogue
from search.errors import NotFoundError, QueryError
from search.filters import Filter
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
    draft.sources.add(file_of(document.source), "digest", [stored.item])
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
    assert catalogue.inputs_of([PASSAGES[2].passage_id, "none"])[2][0] == PASSAGES[2]
    assert catalogue.inputs_of([PASSAGES[2].passage_id, "none"])[2][1].endswith(PASSAGES[2].text)
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


DATED = {
    "ar/2024/a.txt": ("2024-03-18", "صحيفة المرفأ"),
    "ar/2024/b.txt": ("2024-03-31T22:10:00", "صحيفه المرفا"),
    "ar/2024.txt": ("2024-04", "Jisr Wire"),
    "ar-old/c.txt": ("2023", "JISR WIRE"),
    "en/d%_.txt": (None, None),
    "en/e.txt": ("2025-01-01", "Al-Marfa"),
}
DATED_ITEM = SourceItem(text="Wheat rose.")
DATED_IDS = [document_id(Path("/news", f"{number}.txt"), DATED_ITEM) for number in range(len(DATED))]


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Documents of one passage each, in the order of `DATED`; the first two and the last two tell the same."""
    path = tmp_path_factory.mktemp("dated") / "catalogue.sqlite"
    draft = Draft(path)
    for number, (source, (date, publisher)) in enumerate(DATED.items()):
        doc_id = DATED_IDS[number]
        document = replace(WHEAT, doc_id=doc_id, source=source, date=date, publisher=publisher)
        draft.sources.add(SourceFile(Path("/news", f"{number}.txt"), source, 100, number), "digest", [DATED_ITEM])
        draft.settle(StoredItem(doc_id, source, DATED_ITEM), Entry(document), b"")
        draft.cut(document, [Piece(replace(PASSAGES[2], passage_id=doc_id, doc_id=doc_id), "Wheat rose.")])
    draft.number_passages()
    pairs = [(0, 1, 0.9), (2, 2, 0.9), (5, 4, 0.7), (3, 5, 0.8)]
    draft.add_counterparts([(DATED_IDS[one], DATED_IDS[other], cosine) for one, other, cosine in pairs])
    draft.finish()
    catalogue = Catalogue(path)
    yield catalogue
    catalogue.close()


def _rows(catalogue: Catalogue, since: str = "", until: str = "", *sources: str) -> list[int]:
    chosen = Filter.of(since, until, sources)
    assert chosen
    found = catalogue.allowed(chosen).rows
    assert found.dtype == np.int64
    return list(map(int, found))


@pytest.mark.parametrize(
    ("since", "until", "rows"),
    [
        ("2024-03-18", "2024-03-18", [0]),
        ("2024-03", "2024-03", [0, 1]),
        ("2024-03-19", "2024-04-02", [1, 2]),
        ("2024-04-30", "", [2, 5]),
        ("", "2024-03-30", [0, 3]),
        ("2023-07", "2023-07", [3]),
        ("2000", "2025", [0, 1, 2, 3, 5]),
        ("2025-01-02", "", []),
        ("", "2022", []),
    ],
)
def test_documents_of_some_days(dated: Catalogue, since: str, until: str, rows: list[int]) -> None:
    """One that is dated by its month or year alone is there with any day of it, one without a date never."""
    assert _rows(dated, since, until) == rows


@pytest.mark.parametrize(
    ("sources", "rows"),
    [
        (["ar"], [0, 1, 2]),
        (["ar/"], [0, 1, 2]),
        (["./ar/2024"], [0, 1]),
        (["ar/2024.txt"], [2]),
        (["en/d%_.txt"], [4]),
        (["jisr wire"], [2, 3]),
        (["صحيفة المرفأ"], [0, 1]),
        (["صُحيفه المرفأ", "en"], [0, 1, 4, 5]),
        (["ar-old", "AL-MARFA"], [3, 5]),
    ],
)
def test_documents_of_some_sources(dated: Catalogue, sources: list[str], rows: list[int]) -> None:
    assert _rows(dated, "", "", *sources) == rows


def test_days_and_sources_together(dated: Catalogue) -> None:
    assert _rows(dated, "2024-03", "2024-03", "ar/2024/b.txt", "en") == [1]
    assert _rows(dated, "2024", "", "Jisr Wire") == [2]


@pytest.mark.parametrize("unknown", ["a", "ar/2", "EN", "en/d", "d%", "المرفأ", "' OR 1=1 --", "."])
def test_a_source_that_is_not_there(dated: Catalogue, unknown: str) -> None:
    with pytest.raises(QueryError) as caught:
        _rows(dated, "", "", "ar", unknown)
    assert repr(unknown) in caught.value.message
    assert "publisher" in caught.value.hint


def test_a_source_that_is_nearly_there_is_named(dated: Catalogue) -> None:
    with pytest.raises(QueryError) as caught:
        _rows(dated, "", "", "Al Marfa")
    assert caught.value.hint.endswith("Is it 'Al-Marfa'?")


def test_publishers_are_all_that_are_named(dated: Catalogue, catalogue: Catalogue) -> None:
    assert sorted(dated.publishers) == sorted({publisher for _, publisher in DATED.values() if publisher})
    assert catalogue.publishers == ["صحيفة المرفأ"]


def test_counterparts_are_known_from_either_side(dated: Catalogue) -> None:
    found = dated.counterparts(DATED_IDS)
    places = {
        DATED_IDS.index(doc_id): [DATED_IDS.index(other.doc_id) for other in others] for doc_id, others in found.items()
    }
    assert places == {0: [1], 1: [0], 3: [5], 4: [5], 5: [3, 4]}
    assert found[DATED_IDS[1]] == list(dated.documents([DATED_IDS[0]]).values())
    assert dated.counterparts(["none"]) == dated.counterparts([]) == {}


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
        draft.sources.add(file_of(source), "digest", [stored.item])
        document = Document(doc_id=stored.doc_id, title=source, lang="en", date=None, source=source, text=text)
        draft.settle(stored, Entry(document), b"")
        ids[source] = stored.doc_id
    for doc_id in ids.values():
        draft.follow_leader(doc_id)
    draft.add_near_duplicates(
        Group(ids[group.leader], tuple((ids[member], likeness) for member, likeness in group.members))
        for group in groups
    )
    draft.finish()
    return Catalogue(tmp_path / "catalogue.sqlite"), ids


def test_copies_know_each_other(tmp_path: Path) -> None:
    catalogue, ids = linked(
        tmp_path, {"c": "Wheat rose.", "a": "Wheat  rose.", "b": "Wheat fell.", "d": "Wheat\u00a0rose."}
    )
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
