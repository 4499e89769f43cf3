"""Documents and passages, filters and counts: as plain Python finds them, looking at the documents one by one."""

from collections import Counter

import pytest

from search.errors import NotFoundError, QueryError
from search.facets import source_of
from search.filters import Facet, Filter, same_name
from search.holdings import INFO, PASSAGE
from search.records import Document
from search.shingles import Shingles
from tests.backends.archive import FOLDER
from tests.backends.conftest import Kept
from tests.backends.truth import Truth, page_starts

HOSTILE = [
    "nowhere",
    "",
    "'",
    '"',
    "\\",
    "%",
    "_",
    "x' OR '1'='1",
    'x" or doc_id != "',
    "{x}",
    "\u0000",
    "☕",
    "ه" * 600,
]
"""What no id is, whatever a database reads in it."""


def test_every_document_is_there(kept: Kept, truth: Truth) -> None:
    expected = {doc_id: truth.info(doc_id) for doc_id in truth.documents}
    catalogue = kept.generation.catalogue
    assert {info.doc_id: info for info in catalogue.all_documents()} == expected
    assert catalogue.documents([*expected, *HOSTILE, *expected]) == expected
    assert catalogue.documents([]) == catalogue.documents(HOSTILE) == {}


def test_documents_come_with_their_texts(kept: Kept, truth: Truth) -> None:
    for doc_id, record in truth.documents.items():
        info = {name: record[name] for name in INFO}
        expected = Document(**info, text=record["text"], page_starts=page_starts(record))
        assert kept.generation.catalogue.document(doc_id) == expected
    with pytest.raises(NotFoundError, match="no document 'nowhere'"):
        kept.generation.catalogue.document("nowhere")


def test_every_passage_is_there(kept: Kept, truth: Truth) -> None:
    catalogue, rows = kept.generation.catalogue, list(range(len(truth.passages)))
    assert catalogue.passages_at(rows) == dict(enumerate(truth.passages))
    assert catalogue.inputs_at(rows) == dict(enumerate(truth.inputs))
    ids = [passage.passage_id for passage in truth.passages]
    told = {row: (passage, truth.inputs[row]) for row, passage in enumerate(truth.passages)}
    assert catalogue.inputs_of([*ids, *HOSTILE]) == told
    assert catalogue.rows_of_passages([*HOSTILE, *ids]) == {id_: row for row, id_ in enumerate(ids)}
    assert not catalogue.passages_at([])
    assert not catalogue.inputs_of(HOSTILE)
    assert not catalogue.rows_of_passages([])
    assert (catalogue.passage(ids[3]), catalogue.row_of(ids[3])) == (truth.passages[3], 3)
    with pytest.raises(NotFoundError, match="no passage"):
        catalogue.passage('x" or row == 3')
    with pytest.raises(NotFoundError, match="no passage"):
        catalogue.row_of("")


def test_what_passages_say_is_there(kept: Kept, local: Kept, truth: Truth) -> None:
    rows = list(range(len(truth.passages)))
    expected = local.generation.catalogue.told_at(rows)
    assert kept.generation.catalogue.told_at(rows) == expected
    assert all(isinstance(says, Shingles) for _, says in expected.values())


def test_passages_of_documents_come_in_the_order_of_the_text(kept: Kept, truth: Truth) -> None:
    catalogue = kept.generation.catalogue
    for doc_id, record in truth.documents.items():
        holder = record["copy_of"] or doc_id
        rows = [row for row, passage in enumerate(truth.passages) if passage.doc_id == holder]
        expected = sorted((truth.passages[row] for row in rows), key=lambda passage: passage.start)
        assert catalogue.passages(doc_id) == expected
        assert catalogue.rows_of([doc_id]).tolist() == rows
    copies = [doc_id for doc_id, record in truth.documents.items() if record["copy_of"]]
    assert len(copies) == 2
    assert catalogue.rows_of([*truth.documents, *HOSTILE]).tolist() == list(range(len(truth.passages)))
    assert catalogue.rows_of([]).tolist() == []
    with pytest.raises(NotFoundError):
        catalogue.passages("nowhere")


def test_columns_are_selected_by_any_key(kept: Kept, truth: Truth) -> None:
    """A value that is given twice gives its records once."""
    catalogue = kept.generation.catalogue
    leaders = sorted({record["copy_of"] for record in truth.documents.values() if record["copy_of"]})
    copies = catalogue.select(("doc_id", "copy_of"), "documents", "copy_of", leaders * 2)
    assert {record["doc_id"]: record["copy_of"] for record in copies} == {
        doc_id: record["copy_of"] for doc_id, record in truth.documents.items() if record["copy_of"]
    }
    assert len(copies) == 2
    passages = catalogue.select(PASSAGE, "passages", "row", [3, 3, 1])
    assert sorted(record["start"] for record in passages) == sorted(truth.passages[row].start for row in (1, 3))


def test_titles_are_told_each_once(kept: Kept, truth: Truth) -> None:
    rows = list(range(len(truth.passages)))
    holders = {passage.doc_id for passage in truth.passages}
    expected = sorted({truth.documents[doc_id]["title"] for doc_id in holders})
    assert kept.generation.catalogue.titles_at(rows) == expected
    assert kept.generation.catalogue.titles_at([]) == []


def test_copies_know_each_other(kept: Kept, truth: Truth) -> None:
    found = kept.generation.catalogue.copies([*truth.documents])
    expected = {doc_id: truth.copies(doc_id) for doc_id in truth.documents if truth.copies(doc_id)}
    assert {doc_id: {info.doc_id for info in infos} for doc_id, infos in found.items()} == expected
    assert len(expected) == 3
    assert all(infos == sorted(infos, key=lambda info: (info.source, info.doc_id)) for infos in found.values())


def test_near_duplicates_and_counterparts_are_known_from_both_sides(kept: Kept, truth: Truth) -> None:
    catalogue = kept.generation.catalogue
    near = catalogue.near_duplicates([*truth.documents])
    assert {(doc_id, info.doc_id): likeness for doc_id, others in near.items() for info, likeness in others} == {
        pair: pytest.approx(likeness) for one, other, likeness in truth.near for pair in ((one, other), (other, one))
    }
    assert near
    told = catalogue.counterparts([*truth.documents])
    assert {(doc_id, info.doc_id) for doc_id, others in told.items() for info in others} == {
        pair for one, other, _ in truth.links for pair in ((one, other), (other, one))
    }
    one, other, likeness = truth.near[0]
    ((info, found),) = catalogue.near_duplicates([one])[one]
    assert info == truth.info(other)
    assert found == pytest.approx(likeness)
    assert not catalogue.near_duplicates(HOSTILE)
    assert not catalogue.counterparts([])


FILTERS = [
    Filter.of("2024", None, []),
    Filter.of(None, "2024", []),
    Filter.of("2024-04-15", "2024-04-15", []),
    Filter.of("2024-02-29", "2024-02-29", []),
    Filter.of("2023-01", "2023-02", []),
    Filter.of("2024-12-31", "2025-01-01", []),
    Filter.of(None, "1999-12-31", []),
    Filter.of("2099", None, []),
    Filter.of(None, None, ["ar"]),
    Filter.of(None, None, ["en/", "ar/haftar-rawalpindi-visit.md"]),
    Filter.of(None, None, ["The harbor ledger"]),
    Filter.of(None, None, ["صحيفة المرفأ"]),
    Filter.of(None, None, ["صحيفه المرفا", "☕"]),
    Filter.of(None, None, ['O\'NEIL & SONS "DAILY"']),
    Filter.of(None, None, ["A\\B_%"]),
    Filter.of(None, None, [FOLDER]),
    Filter.of(None, None, [f"{FOLDER}/back\\slash.txt", "quay.pptx"]),
    Filter.of(None, None, ["أخبار الموانئ"]),
    Filter.of("2024", "2024", ["desk.jsonl", "The Harbor Ledger"]),
    Filter.of("2025", "2025", ["ar", "The Harbor Ledger", FOLDER]),
]


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda chosen: f"{chosen.days} {'+'.join(chosen.sources)}")
def test_a_filter_lets_through_what_it_says(kept: Kept, truth: Truth, chosen: Filter) -> None:
    catalogue = kept.generation.catalogue
    allowed, expected = catalogue.allowed(chosen), truth.rows_passing(chosen)
    assert allowed.rows.tolist() == expected
    assert len(allowed) == len(expected)
    every = catalogue.rows_of([*truth.documents])
    assert every[allowed.mask(every)].tolist() == expected
    assert allowed.mask(every[::-7]).tolist() == [row in expected for row in every[::-7].tolist()]
    assert allowed.mask(every[:0]).tolist() == []
    for pool in truth.pools.values():
        within = allowed.within(pool)
        assert within.rows.tolist() == [row for row in expected if row in pool]
        assert len(within) == len(within.rows)
        assert within.mask(every).tolist() == [row in expected and row in pool for row in every.tolist()]
    _agree_on_counts(kept, truth, chosen)


def test_one_document_may_be_chosen(kept: Kept, truth: Truth) -> None:
    """A copy stands for the document that it is a copy of, and its own date is what is looked at."""
    catalogue = kept.generation.catalogue
    copies = [doc_id for doc_id, record in truth.documents.items() if record["copy_of"]]
    for doc_id in [*list(truth.documents)[:5], *copies]:
        chosen = Filter.of(None, None, [], doc_id=doc_id)
        assert chosen
        assert catalogue.allowed(chosen).rows.tolist() == truth.rows_passing(chosen)
        dated = Filter.of("2024-03-18", "2024-03-18", [], doc_id=doc_id)
        assert dated
        assert catalogue.allowed(dated).rows.tolist() == truth.rows_passing(dated)
    for doc_id in ("nowhere", "' OR 1=1 --", '" or row >= 0 or "" == "'):
        with pytest.raises(QueryError, match="There is no document"):
            catalogue.allowed(Filter(None, (), doc_id))


@pytest.mark.parametrize(
    "source", ["nowhere", "%", "_esk.jsonl", "desk", "a", "' OR 1=1 --", '" or "" == "', "ar/briefs", "\\"]
)
def test_a_source_that_is_not_there_is_told(kept: Kept, source: str) -> None:
    chosen = Filter(None, (source,))
    for ask in (
        lambda: kept.generation.catalogue.allowed(chosen),
        lambda: kept.generation.catalogue.tally(Facet.YEAR, chosen, None),
        lambda: kept.generation.catalogue.listed(chosen, None, slice(0, 5)),
    ):
        with pytest.raises(QueryError, match="Nothing in the index is of the source"):
            ask()


def test_a_source_that_is_misspelt_is_told_with_what_may_be_meant(kept: Kept) -> None:
    with pytest.raises(QueryError) as raised:
        kept.generation.catalogue.allowed(Filter(None, ("The Harbour Ledger",)))
    assert raised.value.hint.endswith("Is it 'The Harbor Ledger'?")


def test_without_a_filter_all_is_counted_and_listed(kept: Kept, truth: Truth) -> None:
    _agree_on_counts(kept, truth, None)


def test_publishers_stand_in_order(kept: Kept, truth: Truth) -> None:
    counts = Counter(record["publisher"] for record in truth.documents.values() if record["publisher"] is not None)
    expected = sorted(counts, key=lambda publisher: (-counts[publisher], publisher))
    assert kept.generation.catalogue.publishers == expected
    assert len({same_name(publisher) for publisher in expected}) < len(expected)


@pytest.mark.parametrize("folder", [FOLDER, f"{FOLDER}/back\\slash.txt", "ar", "desk.jsonl", "أخبار الموانئ"])
def test_folders_and_files_are_known(kept: Kept, folder: str) -> None:
    assert kept.generation.catalogue.has_inside(folder)
    assert not kept.generation.catalogue.has_inside(folder[:-1])
    assert not kept.generation.catalogue.has_inside(f"{folder}x")


def _agree_on_counts(kept: Kept, truth: Truth, chosen: Filter | None) -> None:
    catalogue = kept.generation.catalogue
    passing = truth.passing(chosen) if chosen else set(truth.documents)
    for lang in (None, "ar", "fr", "sw"):
        infos = [truth.info(doc_id) for doc_id in passing]
        infos = [info for info in infos if lang in (None, info.lang)]
        values = {
            Facet.LANGUAGE: [info.lang for info in infos],
            Facet.SOURCE: [source_of(info.publisher, info.source) for info in infos],
            Facet.YEAR: [info.date[:4] for info in infos if info.date],
        }
        for facet in Facet:
            assert catalogue.tally(facet, chosen, lang) == Counter(values[facet])
        total, listed = catalogue.listed(chosen, lang, slice(0, 1000))
        assert total == len(infos)
        assert {info.doc_id: info for info in listed} == {info.doc_id: info for info in infos}
        assert [info.source for info in listed] == sorted(info.source for info in infos)
        for part in (slice(0, 3), slice(3, 7), slice(total, total + 5)):
            assert catalogue.listed(chosen, lang, part) == (total, listed[part])
