import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.catalogue import Catalogue, open_finished
from search.errors import NotFoundError, QueryError
from search.filters import Facet, Filter
from search.holdings import DOCUMENT, PASSAGE, Holdings
from search.milvus.connection import Connection
from search.milvus.days import days_of
from search.milvus.documents import FIELDS, KEY_BYTES, NO_PAGE, document_records, keyed_records
from search.milvus.fields import Field, number, text
from search.milvus.holdings import MilvusHoldings
from search.settings import Settings
from search.store import current
from tests.milvus import archive

COLUMNS = {
    "passages": (*PASSAGE, "row", "input", "shingles"),
    "documents": (*DOCUMENT, "copy_of"),
    "near_duplicates": ("doc_id", "leader_id", "likeness"),
    "counterparts": ("doc_id", "other_id", "cosine"),
}
KEYS = {
    "passages": ("row", "passage_id", "doc_id"),
    "documents": ("doc_id", "copy_of"),
    "near_duplicates": ("doc_id", "leader_id"),
    "counterparts": ("doc_id", "other_id"),
}
ODD = ['"', "'", "\\", "\\\\", '" or true or "', "%", "\n", "لا شيء", "", "🌊"]

NAMES = st.sampled_from([*archive.SOURCES, *archive.PUBLISHERS, *archive.FOLDERS])
DAYS = st.sampled_from(["", "2020", "2021", "2021-12", "2022", "2022-07", "2022-07-31", "2024", "2024-02-29", "2025"])

# Of what a Milvus has of passages, all that a catalogue can tell.
PASSAGES = (
    number("row", key=True),
    *(text(name) for name in ("passage_id", "doc_id", "lang", "text", "input", "shingles", "source", "publisher")),
    *(number(name) for name in ("start", "end", "page", "first_day", "last_day")),
)
RECORDS = (text("key", KEY_BYTES, key=True), text("value"))


class Counting(MilvusHoldings):
    """As if to read one record took as long as to count any number."""

    count_worth = 1


@dataclass(frozen=True)
class Both:
    """What is asked of the one is asked of the other."""

    path: Path
    local: Catalogue
    milvus: MilvusHoldings
    names: dict[str, str]

    @classmethod
    def of(cls, path: Path, connection: Connection) -> Self:
        """The catalogue in a file, and sent to a Milvus."""
        names = {part: f"t{uuid4().hex}_{part}" for part in ("passages", "documents", "records")}
        records = (passage_records(path), document_records(path), keyed_records(path))
        with ThreadPoolExecutor() as threads:  # which mostly wait
            list(threads.map(partial(_send, connection), names.values(), (PASSAGES, FIELDS, RECORDS), records))
        return cls(path, Catalogue(path), MilvusHoldings(connection, **names), names)


def _send(connection: Connection, collection: str, fields: Sequence[Field], records: Iterable[dict[str, Any]]) -> None:
    connection.create(collection, fields)
    connection.insert(collection, records, next(field.name for field in fields if field.key))
    connection.finish(collection)


def passage_records(path: Path) -> Iterator[dict[str, Any]]:
    with closing(Catalogue(path)) as local:
        infos = {info.doc_id: info for info in local.all_documents()}
        for record in local.select(COLUMNS["passages"], "passages", "doc_id", list(infos)):
            info = infos[record["doc_id"]]
            first_day, last_day = days_of(info.date)
            yield record | {
                "page": NO_PAGE if record["page"] is None else record["page"],
                "shingles": base64.b64encode(record["shingles"]).decode(),
                "source": info.source,
                "publisher": info.publisher or "",
                "first_day": first_day,
                "last_day": last_day,
            }


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "catalogue.sqlite"
    archive.write(path)
    return path


@pytest.fixture(scope="module")
def both(catalogue: Path, lite: Connection) -> Iterator[Both]:
    """The archive, in a file and in Milvus Lite."""
    both = Both.of(catalogue, lite)
    yield both
    both.local.close()


@pytest.fixture(scope="module")
def served(catalogue: Path, server: Connection) -> Iterator[Both]:
    """The archive, in a file and in the real server."""
    both = Both.of(catalogue, server)
    yield both
    both.local.close()


@pytest.fixture(scope="module")
def seeds(seed_settings: Settings, lite: Connection) -> Iterator[Both]:
    """The seeds, in a file and in Milvus Lite."""
    both = Both.of(current(seed_settings.folder) / "catalogue.sqlite", lite)
    yield both
    both.local.close()


def ordered(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=repr)


def check_select(both: Both, table: str, key: str) -> int:
    """All that there is of a table by this key, and nothing for what is none there; return how much that is."""
    with closing(open_finished(both.path)) as connection:
        known = connection.execute(f"SELECT DISTINCT {key} FROM {table} WHERE {key} IS NOT NULL").fetchall()
    values = [value for (value,) in known] + ([-1, 10**6] if key == "row" else ODD)
    columns = COLUMNS[table]
    expected = both.local.select(columns, table, key, values)
    assert ordered(both.milvus.select(columns, table, key, values * 2)) == ordered(expected)
    assert both.milvus.select(columns, table, key, []) == []
    for column in columns:
        found = both.milvus.select((column,), table, key, values)
        assert ordered(found) == ordered(both.local.select((column,), table, key, values))
    return len(expected)


@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in KEYS.items() for key in keys])
def test_every_column_by_every_key(both: Both, table: str, key: str) -> None:
    assert check_select(both, table, key) > 1


def test_what_is_made_of_the_columns(both: Both) -> None:
    ids = [*archive.IDS, "none"]
    for ask in (
        lambda holdings: holdings.documents(ids),
        lambda holdings: holdings.copies(ids),
        lambda holdings: holdings.near_duplicates(ids),
        lambda holdings: holdings.counterparts(ids),
        lambda holdings: holdings.told_at(range(40)),
        lambda holdings: holdings.inputs_of([f"{doc_id}-0000" for doc_id in ids]),
        lambda holdings: [holdings.document(doc_id) for doc_id in archive.IDS],
        lambda holdings: [holdings.passages(doc_id) for doc_id in archive.IDS],
        lambda holdings: holdings.rows_of(ids).tolist(),
        lambda holdings: holdings.publishers,
        lambda holdings: sorted(holdings.all_documents(), key=lambda info: info.doc_id),
    ):
        expected = ask(both.local)
        assert expected
        assert ask(both.milvus) == expected


@pytest.mark.parametrize("unknown", [*ODD, "5417a80b-0000"])
def test_what_is_not_there(both: Both, unknown: str) -> None:
    for ask in (both.milvus.document, both.milvus.passage, both.milvus.row_of, both.milvus.passages):
        with pytest.raises(NotFoundError):
            ask(unknown)


@pytest.mark.parametrize("folder", [*archive.SOURCES, *ODD, "ar", "ar/2024", "a", "en/100%", "en/back", "أخبار/٢٠٢٤"])
def test_folders(both: Both, folder: str) -> None:
    assert both.milvus.has_inside(folder) == both.local.has_inside(folder)


def told(ask: Callable[..., Any], *given: object) -> Any:
    """What it gives, or what it says when it refuses."""
    try:
        return ask(*given)
    except QueryError as error:
        return error.message, error.hint


def rows(holdings: Holdings, chosen: Filter) -> list[int]:
    return list(map(int, holdings.allowed(chosen).rows))


def check_filter(both: Both, chosen: Filter | None, lang: str | None = None) -> None:
    if chosen:
        assert told(rows, both.milvus, chosen) == told(rows, both.local, chosen)
    for facet in Facet:
        assert told(both.milvus.tally, facet, chosen, lang) == told(both.local.tally, facet, chosen, lang)
    for part in (slice(0, 3), slice(2, 50), slice(40, 50)):
        assert told(both.milvus.listed, chosen, lang, part) == told(both.local.listed, chosen, lang, part)


@pytest.mark.parametrize("lang", [None, "ar", "fr", "xx"])
def test_without_a_filter(both: Both, lang: str | None) -> None:
    check_filter(both, None, lang)


@pytest.mark.parametrize("source", [*archive.SOURCES, *archive.PUBLISHERS, *archive.FOLDERS, *ODD])
def test_one_source(both: Both, source: str) -> None:
    check_filter(both, Filter.of(None, None, [source]))


@settings(max_examples=60)
@given(st.lists(NAMES, max_size=3), st.tuples(DAYS, DAYS), st.sampled_from([None, "ar", "en"]))
def test_any_filter(both: Both, sources: list[str], days: tuple[str, str], lang: str | None) -> None:
    since, until = sorted(days)
    check_filter(both, Filter.of(since, until, sources), lang)


@pytest.mark.parametrize("doc_id", [*archive.IDS, *ODD])
@pytest.mark.parametrize("sources", [[], ["en"]])
def test_one_document(both: Both, doc_id: str, sources: list[str]) -> None:
    check_filter(both, Filter.of(None, None, sources, doc_id=doc_id))


def test_a_passage_is_let_through_for_the_sake_of_a_copy(both: Both) -> None:
    """The first document is another one's, which is in none of these folders, but this one has its passages."""
    leader, copy = archive.IDS[9], archive.IDS[10]
    its_rows = both.milvus.rows_of([leader]).tolist()
    chosen = Filter.of("2025", "2025", ["en/100%"])
    assert both.milvus.copies([copy])
    assert chosen
    assert its_rows
    assert rows(both.milvus, chosen) == its_rows


@pytest.mark.parametrize(
    ("since", "until", "sources", "lang"),
    [
        ("", "", [], None),
        ("", "", [], "en"),
        ("2021", "2022", [], None),
        ("", "", archive.SOURCES, None),
        ("", "", ["en", "Al-Marfa"], "en"),
    ],
)
def test_what_is_many_is_counted(
    lite: Connection, both: Both, since: str, until: str, sources: list[str], lang: str | None
) -> None:
    """And what is found by counting is what is read."""
    chosen = Filter.of(since, until, sources)
    counting = Counting(lite, **both.names)
    check_filter(replace(both, milvus=counting), chosen, lang)
    total, infos = both.local.listed(chosen, lang, slice(0, 100))
    for at in range(total + 1):
        assert counting.listed(chosen, lang, slice(at, at + 2)) == (total, infos[at : at + 2])


def test_a_filter_is_remembered(both: Both) -> None:
    chosen = Filter.of("2022", "2024", ["en"])
    assert chosen
    assert both.milvus.allowed(chosen) is both.milvus.allowed(chosen)


class Counted(Connection):
    """A connection that counts how often it asks."""

    asked = 0

    def query(self, *given: Any, **named: Any) -> list[dict[str, Any]]:
        """As `Connection.query`."""
        self.asked += 1
        return super().query(*given, **named)

    def count(self, *given: Any, **named: Any) -> int:
        """As `Connection.count`."""
        self.asked += 1
        return super().count(*given, **named)


def test_a_page_of_hits_takes_few_round_trips(lite: Connection, both: Both) -> None:
    """What `search.answering` asks of a page, whatever it holds; what it was told before it does not ask for."""
    counted = Counted(lite.address)
    holdings = MilvusHoldings(counted, **both.names)

    def trips(ask: Callable[[Any], Any], of: Sequence[Any]) -> int:
        before = counted.asked
        assert ask(of)
        return counted.asked - before

    ids = archive.IDS
    assert trips(holdings.told_at, range(20)) == 1
    assert trips(holdings.documents, ids) == 1
    assert trips(holdings.copies, ids) == 1
    assert trips(holdings.counterparts, ids) == 1
    assert trips(holdings.near_duplicates, ids) == 1
    assert trips(holdings.documents, ids[3:9]) == 0
    assert trips(holdings.document, archive.IDS[3]) == 1
    assert trips(holdings.document, archive.IDS[7]) == 2  # a long one
    counted.close()


def test_a_page_of_a_long_list_takes_few_round_trips(lite: Connection, both: Both) -> None:
    """Half of what is left is left aside by each counting."""
    counted = Counted(lite.address)
    holdings = Counting(counted, **both.names)
    (total, infos) = holdings.listed(None, "en", slice(5, 6))
    assert total > 5
    assert len(infos) == 1
    assert counted.asked <= 5  # those of the language, all, two halves, and the document
    counted.close()


def test_the_server(served: Both) -> None:
    """What Milvus Lite is asked above, a server is asked, too."""
    for table, keys in KEYS.items():
        for key in keys:
            assert check_select(served, table, key) > 1
    for source in [*archive.SOURCES, *archive.PUBLISHERS, *archive.FOLDERS, *ODD]:
        check_filter(served, Filter.of("2021-12", "2024-03-20", [source]))
    for lang in (None, "ar", "xx"):
        check_filter(served, None, lang)


def test_the_seeds(seeds: Both) -> None:
    for table, keys in KEYS.items():
        for key in keys:
            check_select(seeds, table, key)
    sources = sorted({info.source.split("/")[0] for info in seeds.local.all_documents()})
    for source in [*sources, *seeds.local.publishers]:
        check_filter(seeds, Filter.of("2024", None, [source]))
    for lang in (None, "ar", "en"):
        check_filter(seeds, None, lang)
