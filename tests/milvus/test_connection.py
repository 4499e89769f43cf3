import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from search.encoder import Vectors
from search.errors import ExpiredError, StoreError, UnavailableError
from search.milvus.address import Address
from search.milvus.connection import MOST_AT_ONCE, Connection, batches
from search.milvus.expressions import within
from search.milvus.fields import number, sparse, text, vector
from tests.milvus.gate import Gate, gate_to
from tests.milvus.server import TOKEN

DIM = 8
PLACES = [
    "وزارة التربية والتعليم",
    'كتاب "الأيام" لطه حسين',
    "archive/o'brien/it's.txt",
    r'C:\تقارير\2024\"نهائي".docx',
    "سطر أول\nسطر ثانٍ",
    "ends in a backslash\\",
    '" or key != "',
    "100%_sure",
    "\u200fمن اليمين\u200e",
    "\t\r\x01",
    "😀",
]


GRAPH = np.random.default_rng(9).standard_normal((3000, DIM)).astype(np.float32)


def _fill(milvus: Connection, collection: str, count: int) -> Vectors:
    """Make a collection of this many records; return their vectors."""
    vectors = np.random.default_rng(7).standard_normal((count, DIM)).astype(np.float32)
    fields = [number("row", key=True), text("lang", 8, partition=True), text("place", sought=True)]
    milvus.create(collection, [*fields, vector("vector", DIM)])
    records = (
        {
            "row": row,
            "lang": "ar" if row % 2 else "en",
            "place": PLACES[row] if row < len(PLACES) else f"file {row}",
            "vector": vectors[row],
        }
        for row in range(count)
    )
    assert milvus.insert(collection, records, "row") == count
    return vectors


@pytest.fixture(scope="module")
def filled(milvus: Connection) -> Iterator[tuple[str, Vectors]]:
    """A collection of more records than fit into one answer, and their vectors. Beside it are others of short names."""
    own = f"of_{uuid4().hex}"
    vectors = _fill(milvus, own, MOST_AT_ONCE + 1000)
    milvus.create(f"{own}_texts", [text("key", 512, key=True), text("value")])
    texts = [{"key": place, "value": place[::-1]} for place in PLACES]
    assert milvus.insert(f"{own}_texts", texts, "key") == len(PLACES)
    milvus.create(f"{own}_graph", [number("row", key=True), vector("vector", DIM, exact=False)])
    milvus.insert(f"{own}_graph", ({"row": row, "vector": each} for row, each in enumerate(GRAPH)), "row")
    milvus.create(f"{own}_news", [text("key", 64, key=True), number("row")])
    collections = [own, *(f"{own}_{name}" for name in ("texts", "graph", "news"))]
    milvus.finish(*collections)
    yield own, vectors
    for collection in collections:
        milvus.drop(collection)


def test_all_records_are_given_however_many(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled
    rows = [record["row"] for record in milvus.query(collection, ["row"])]
    assert rows == list(range(len(vectors)))
    arabic = milvus.query(collection, ["lang", "row"], 'lang == "ar"')
    assert [record["row"] for record in arabic] == rows[1::2]
    assert {record["lang"] for record in arabic} == {"ar"}
    assert milvus.query(collection, ["row"], within("row", range(30, 90)), limit=2) == [{"row": 30}, {"row": 31}]
    assert milvus.query(collection, ["row"], "row < 0") == []


def test_records_are_counted(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled
    assert milvus.count(collection) == milvus.count(collection, latest=True) == len(vectors)
    assert milvus.count(collection, within("row", range(10, 20))) == 10


def test_values_are_found_as_they_are(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, _ = filled
    for row, place in enumerate(PLACES):
        assert milvus.select(collection, ["row", "place"], "place", [place]) == [{"row": row, "place": place}]
    found = milvus.select(collection, ["place"], "place", [*PLACES, "not there"])
    assert sorted(record["place"] for record in found) == sorted(PLACES)
    assert milvus.select(collection, ["place"], "place", []) == []


def test_many_values_are_found(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled
    rows = list(range(0, len(vectors), 3))
    assert [record["row"] for record in milvus.select(collection, ["row"], "row", rows)] == rows


def test_vectors_come_back_as_they_were(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled
    found = milvus.select(collection, ["row", "vector"], "row", [5, 17_000, 3])
    for record in found:
        assert np.array_equal(np.array(record["vector"], np.float32), vectors[record["row"]])
    assert len(found) == 3


def test_the_nearest_are_those_of_all(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled
    queries = np.random.default_rng(8).standard_normal((2, DIM)).astype(np.float32)
    found = milvus.nearest(collection, "vector", queries, 50, fields=["row", "lang"], expression='lang == "ar"')
    for query, hits in zip(queries, found, strict=True):
        products = vectors @ query
        products[::2] = -np.inf
        assert [record["row"] for record, _ in hits] == np.argsort(-products)[:50].tolist()
        assert [product for _, product in hits] == pytest.approx(np.sort(products)[::-1][:50], abs=1e-5)
        assert {record["lang"] for record, _ in hits} == {"ar"}
    assert milvus.nearest(collection, "vector", queries[:1], 5, fields=["row"], expression="row < 0") == [[]]
    assert milvus.nearest(collection, "vector", [], 5, fields=["row"]) == []
    assert len(milvus.nearest(collection, "vector", queries[:1], 100_000, fields=[])[0]) == MOST_AT_ONCE


def test_several_threads_may_ask_at_once(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    collection, vectors = filled

    def ask(row: int) -> tuple[int, int]:
        [[(record, _)]] = milvus.nearest(collection, "vector", vectors[row : row + 1] * 9, 1, fields=["row"])
        [selected] = milvus.select(collection, ["row"], "row", [row])
        return int(selected["row"]), int(np.argmax(vectors @ vectors[row]) == record["row"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(64))) == [(row, 1) for row in range(64)]


def test_weights_by_number_are_compared(lite: Connection, name: str) -> None:
    lite.create(name, [number("row", key=True), sparse("terms")])
    weights = [{1: 0.5, 2**32 - 2: 1.0}, {1: 2.0}, {7: 1.0}]
    lite.insert(name, ({"row": row, "terms": terms} for row, terms in enumerate(weights)), "row")
    lite.finish(name)
    [hits] = lite.nearest(name, "terms", [{1: 1.0, 2**32 - 2: 3.0}], 5, fields=["row"])
    assert [(record["row"], product) for record, product in hits] == [(0, 3.5), (1, 2.0)]


def test_a_collection_needs_no_vectors(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    texts = f"{filled[0]}_texts"
    assert sorted(record["key"] for record in milvus.query(texts, ["key"])) == sorted(PLACES)
    assert milvus.select(texts, ["value"], "key", [PLACES[2]]) == [{"value": PLACES[2][::-1]}]


def test_what_is_dropped_is_gone(milvus: Connection, name: str) -> None:
    milvus.create(name, [number("row", key=True)])
    assert name in milvus.collections()
    milvus.drop(name)
    milvus.drop(name)
    assert name not in milvus.collections()
    with pytest.raises(ExpiredError):
        milvus.query(name, ["row"])


def test_batches_are_no_longer_than_a_server_takes() -> None:
    records = [{"row": row, "text": "ك" * 30_000, "vector": np.zeros(384, np.float32)} for row in range(600)]
    found = list(batches(records))
    assert [record for batch in found for record in batch] == records
    assert {len(batch) for batch in found[:-1]} == {137}  # of 61,544 bytes each, just above 8 MiB
    assert list(batches([])) == []


def test_an_alias_names_one_collection_after_the_other(milvus: Connection, name: str) -> None:
    for each in ("first", "second"):
        milvus.create(f"{name}_{each}", [number("row", key=True)])
    assert milvus.named(name) is None
    for each in ("first", "second", "second"):
        milvus.name(name, f"{name}_{each}")
        assert milvus.named(name) == f"{name}_{each}"
    milvus.drop(f"{name}_first")
    milvus.unname(name)
    milvus.unname(name)
    assert milvus.named(name) is None
    assert {each for each in milvus.collections() if each.startswith(name)} == {f"{name}_second"}


def test_a_graph_finds_nearly_all_of_the_nearest(milvus: Connection, filled: tuple[str, Vectors]) -> None:
    [hits] = milvus.nearest(f"{filled[0]}_graph", "vector", GRAPH[:1], 50, fields=["row"])
    nearest = np.argsort(-(GRAPH @ GRAPH[0]))[:50]
    assert len({record["row"] for record, _ in hits} & set(nearest.tolist())) >= 45


def test_who_may_not_enter_is_told_so_and_no_token_is_repeated(
    server_uri: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for token in ("root:open-sesame", None):
        with pytest.raises(StoreError, match="does not let us in") as caught:
            Connection(Address(server_uri, "tests"), token=token, timeout_s=5.0)
        assert "JISR_MILVUS_TOKEN" in caught.value.hint
        assert "sesame" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.hint}"
    connection = Connection(Address(server_uri, "tests"), token=TOKEN)
    with pytest.raises(StoreError, match="refuses: "):
        connection.create("no name", [number("row", key=True)])
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")
    assert TOKEN not in f"{connection!r} {vars(connection)}"


@contextmanager
def _silent() -> Iterator[str]:
    """The address of a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_told() -> None:
    with _silent() as uri:
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="does not answer") as caught:
            Connection(Address(uri, "tests"), timeout_s=1.0)
        assert time.monotonic() - begun < 2.5
    assert "JISR_TIMEOUT" in caught.value.hint


def test_nobody_waits_for_who_else_would_connect() -> None:
    with _silent() as uri, ThreadPoolExecutor(6) as threads:
        begun = time.monotonic()
        _all_fail([threads.submit(Connection, Address(uri, "tests"), timeout_s=1.0) for _ in range(6)])
        assert time.monotonic() - begun < 2.5


def test_no_call_takes_longer_than_the_timeout(gate: Gate) -> None:
    connection = _through(gate, timeout_s=1.0)
    gate.stall()
    begun = time.monotonic()
    with ThreadPoolExecutor(6) as threads:
        _all_fail([threads.submit(connection.collections) for _ in range(6)])
    assert time.monotonic() - begun < 2.5


@pytest.fixture
def gate(server_uri: str) -> Iterator[Gate]:
    with gate_to(server_uri) as gate:
        yield gate


def _all_fail(calls: Iterable[Future[Any]]) -> None:
    for call in calls:
        with pytest.raises(UnavailableError):
            call.result()


def _through(gate: Gate, timeout_s: float = 10.0) -> Connection:
    return Connection(Address(gate.uri, "tests"), token=TOKEN, timeout_s=timeout_s)


def test_it_heals_when_the_server_is_back(gate: Gate) -> None:
    connection = _through(gate, timeout_s=1.0)
    gate.shut()
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        _all_fail([threads.submit(connection.collections) for _ in range(16)])
    assert time.monotonic() - begun < 4.0  # two rounds of eight
    gate.open()
    until = time.monotonic() + 5.0
    while True:
        try:
            connection.collections()
            break
        except UnavailableError:
            assert time.monotonic() < until


def test_reading_is_tried_again(gate: Gate) -> None:
    connection = _through(gate)
    gate.shut()
    threading.Timer(0.5, gate.open).start()
    assert connection.collections() == connection.collections()


@pytest.mark.parametrize("milvus", ["server"], indirect=True)
def test_what_arrived_without_an_answer_is_not_there_twice(
    gate: Gate, milvus: Connection, filled: tuple[str, Vectors]
) -> None:
    news = f"{filled[0]}_news"
    connection = _through(gate)
    assert connection.insert(news, [{"key": "قبل", "row": 0}], "key") == 1
    gate.swallow()
    records = [{"key": f'سجل "{row}"', "row": row} for row in range(1, 100)]
    assert connection.insert(news, records, "key") == 99
    assert gate.swallowed_bytes
    assert milvus.count(news, latest=True) == 100
    assert sorted(record["row"] for record in milvus.query(news, ["row"])) == list(range(100))


def test_a_folder_of_milvus_lite_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Milvus Lite cannot open") as caught:
        Connection(Address(str(tmp_path / "missing" / "lite.db"), "tests"))
    assert "must be there" in caught.value.hint
