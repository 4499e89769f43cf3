from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.draft import Draft, Entry
from indexer.files import SourceFile
from indexer.readers import Skip
from search.catalogue import Catalogue
from search.errors import NotFoundError, QueryError
from search.filters import Filter
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


DATED = {
    "ar/2024/a.txt": ("2024-03-18", "صحيفة المرفأ"),
    "ar/2024/b.txt": ("2024-03-31T22:10:00", "صحيفه المرفا"),
    "ar/2024.txt": ("2024-04", "Jisr Wire"),
    "ar-old/c.txt": ("2023", "JISR WIRE"),
    "en/d%_.txt": (None, None),
    "en/e.txt": ("2025-01-01", "Al-Marfa"),
}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Documents of one passage each, in the order of `DATED`; the first two and the last two tell the same."""
    path = tmp_path_factory.mktemp("dated") / "catalogue.sqlite"
    draft = Draft(path)
    for number, (source, (date, publisher)) in enumerate(DATED.items()):
        document = replace(WHEAT, doc_id=str(number), source=source, date=date, publisher=publisher)
        passage = replace(PASSAGES[2], passage_id=str(number), doc_id=str(number))
        file = SourceFile(Path("/news", f"{number}.txt"), source, 100, number)
        draft.add(file, "digest", [Entry(document, [passage], [passage.text])], [])
    draft.number_passages()
    draft.add_counterparts([("0", "1", 0.9), ("2", "2", 0.9), ("5", "4", 0.7), ("3", "5", 0.8)])
    draft.finish()
    catalogue = Catalogue(path)
    yield catalogue
    catalogue.close()


def _rows(catalogue: Catalogue, since: str = "", until: str = "", *sources: str) -> list[int]:
    chosen = Filter.of(since, until, sources)
    assert chosen
    found = catalogue.rows(chosen)
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
    found = dated.counterparts(list(map(str, range(len(DATED)))))
    assert {doc_id: [other.doc_id for other in others] for doc_id, others in found.items()} == {
        "0": ["1"],
        "1": ["0"],
        "3": ["5"],
        "4": ["5"],
        "5": ["3", "4"],
    }
    assert found["1"] == [dated.documents(["0"])["0"]]
    assert dated.counterparts(["none"]) == dated.counterparts([]) == {}


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
