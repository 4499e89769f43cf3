"""The plan for scale: its laws, its queues, what it counts, and that the page is made of nothing else."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from math import log

import pytest

from bench.capacity.assumptions import Assumptions
from bench.capacity.checks import simulated_wait
from bench.capacity.cost import Prices
from bench.capacity.figures import Graph, Measured, Products, ProductSize, Reading, Records, Scale, Texts, VectorGraphs
from bench.capacity.graphs import measure_graphs
from bench.capacity.laws import Heaps, Line, Logarithm
from bench.capacity.model import GIB, Model, steady
from bench.capacity.page import page
from bench.capacity.plan import plans
from bench.capacity.queues import Cluster, closed, erlang_c, latencies, served
from bench.capacity.sparse import measure_products
from bench.capacity.texts import base64_bytes, measure_texts
from bench.capacity.written import PAGE, page_as_kept
from bench.sample import Sample
from search import store
from search.settings import Settings
from tests.bench.results import part, results


def test_laws_give_back_what_they_were_drawn_from() -> None:
    counts = [1_000, 10_000, 100_000]
    assert Line.through(counts, [3.0 + 2 * count for count in counts]).at(10**6) == pytest.approx(2_000_003)
    assert Logarithm.through(counts, [1 + 0.5 * log(count) for count in counts]).at(10**6) == pytest.approx(
        1 + 0.5 * log(10**6)
    )
    assert Heaps.through(counts, [30 * count**0.5 for count in counts]).at(10**8) == pytest.approx(300_000)


def test_the_formula_of_erlang_has_its_textbook_values() -> None:
    assert erlang_c(1, 0.5) == pytest.approx(0.5)  # with one server, the share of time it is busy
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(3, 2.0) == pytest.approx(4 / 9)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.5), (4, 0.6), (8, 0.8)])
def test_a_simulated_queue_waits_as_long_as_the_formula_says(servers: int, busy: float) -> None:
    expected = erlang_c(servers, servers * busy) / (servers * (1 - busy))
    assert simulated_wait(servers, busy, 300_000) == pytest.approx(expected, rel=0.04)


def test_queries_are_served_in_order_by_whoever_is_free() -> None:
    assert served([0, 1, 2, 3], [10, 2, 2, 1], servers=2) == [10, 3, 5, 6]


def test_clients_that_ask_again_at_once_share_the_servers() -> None:
    latency, per_s = closed(4, lambda chance: 10, servers=2)
    assert latency.values[-1] == 20
    assert per_s == pytest.approx(200)


def _cluster(shares: int, replicas: int = 2) -> Cluster:
    return Cluster(
        front=8,
        front_ms=lambda chance: 5,
        shares=shares,
        replicas=replicas,
        lanes=4,
        node_ms=lambda chance: chance.expovariate(1 / 10),
        calls=lambda chance: 2,
    )


def test_a_query_waits_for_the_slowest_share() -> None:
    """The mean of the slowest of n exponential times is the n-th harmonic number of their mean."""
    found = latencies(_cluster(shares=16), 1, queries=20_000)
    harmonic = sum(1 / share for share in range(1, 17))
    assert sum(found.values) / len(found.values) == pytest.approx(5 + 2 + 10 * harmonic, rel=0.03)


def test_more_load_takes_longer_and_more_replicas_take_it_back() -> None:
    busy = latencies(_cluster(shares=4), 700).percentile(95)
    assert latencies(_cluster(shares=4), 70).percentile(95) < busy
    assert latencies(_cluster(shares=4, replicas=4), 700).percentile(95) < busy


def test_a_simulation_is_the_same_each_time() -> None:
    assert latencies(_cluster(shares=3), 100) == latencies(_cluster(shares=3), 100)


def test_what_is_paid_once_in_a_process_is_no_querys_own_time() -> None:
    assert steady(Sample((5.0, 6.0, 400.0, 7.0, 20.0))) == Sample((5.0, 6.0, 7.0, 20.0))


def _scale(milvus: list[Measured] | None = None) -> Scale:
    """Figures that are easy to reckon with: a passage has 1,500 bytes in memory and 8,500 mapped."""
    reading = Reading(
        passages=[1, 2, 4, 8, 16, 32], words=[100, 200, 400, 800, 1600, 3200], different=[20, 28, 40, 57, 80, 113]
    )
    texts = Texts(
        indexes=["seeds"],
        documents=50,
        passages=100,
        collections={
            "passages": Records(
                passages=100,
                records=100,
                fields={"vector": 1000, "terms": 100, "grams": 300, "tokens": 5000, "text": 3600},
            ),
            "documents": Records(passages=100, records=50, fields={"strings": 90}),
            "records: texts of documents": Records(passages=100, records=50, fields={"value": 600}),
            "terms": Records(passages=100, records=500, fields={"vector": 1000}),
        },
        vocabulary={kind: {"ar": reading, "en": reading} for kind in ("terms", "grams", "names")},
        word_bytes={"terms": 30, "grams": 30, "names": 100},
        meta_bytes=1000,
    )
    graphs = VectorGraphs(
        index="seeds",
        dim=250,
        ef=512,
        sizes=[
            Graph(
                vectors=count,
                build_core_s=count / 1000,
                graph_bytes=100,
                query_ms=Sample((1.0,)),
                scan_ms=Sample((count / 1000,)),
                recall=1,
            )
            for count in (1_000, 10_000, 100_000)
        ],
    )
    products = Products(
        index="seeds",
        sizes=[
            ProductSize(passages=count, query_words=30, postings=count, query_ms=Sample((2 + count * 1e-6,)))
            for count in (1_000, 10_000, 100_000)
        ],
    )
    return Scale(
        texts=part(texts), graphs=part(graphs), products=part(products), milvus=part(milvus) if milvus else None
    )


@pytest.fixture
def model() -> Model:
    return Model(results(), _scale())


def test_machines_hold_the_generations_that_are_loaded_at_once(model: Model) -> None:
    whole, _, mapped, disk = model.layouts
    assert (whole.memory, mapped.memory, mapped.disk, disk.disk) == (10_100, 1_500, 8_600, 10_100)
    usable = 128 * GIB * 0.7 / 2
    assert model.shares(10**9, mapped) == -(-1_500 * 10**9 // usable)
    once = replace(model, assumed=Assumptions(generations=1))
    assert once.shares(10**9, mapped) == pytest.approx(model.shares(10**9, mapped) / 2, abs=1)


def test_a_share_is_searched_segment_by_segment(model: Model) -> None:
    """In these figures a graph takes one millisecond whatever its size, and a passage's words one nanosecond."""
    assert model.node_core_ms(2_200_000, shares=1) == pytest.approx(2 * 4 + 2.2)
    assert model.node_core_ms(2_200_000, shares=4) == pytest.approx(2 * 1 + 2.2 / 4)


def test_replicas_are_added_until_they_are_not_too_busy(model: Model) -> None:
    quiet, loud = (
        replace(model, assumed=Assumptions(queries_per_s=rate)).nodes(10**8, shares=10) for rate in (1, 2_000)
    )
    assert quiet.replicas == 2
    answered = 16 * 0.6 * 1000 / loud.node_core_ms
    assert (loud.replicas - 1) * answered < 2_000 <= loud.replicas * answered


def test_the_store_holds_all_records_and_the_indexes(model: Model) -> None:
    found = model.collections(10**6)
    assert found["passages"] == 10**10
    assert found["documents"] == pytest.approx(10**6 / 3 * 90)
    assert found["terms"] == 2 * 100_000 * 1000
    assert found["records: texts"] == 10**6 * 300
    assert model.stored(10**6) == pytest.approx(sum(found.values()) + 10**6 * (1000 + 100 + 400))


def test_costs_follow_from_the_prices_given(model: Model) -> None:
    plan = plans(model)[0]
    prices = Prices(machine_hour=2, stored_gb_month=0.5, core_hour=3)
    assert prices.month(plan) == plan.nodes.machines * 730 * 2 + plan.stored_bytes / 1e9 * 0.5
    assert prices.build(plan) == plan.build.encoding_core_h * 3


def test_figures_of_milvus_are_shown_once_they_are_measured(model: Model) -> None:
    assert "Not measured yet" in page(model)
    measured = page(Model(results(), _scale([Measured(what="a call", value="2.5 ms", how="200,000 passages")])))
    assert "Not measured yet" not in measured
    assert "| a call | 2.5 ms | 200,000 passages |" in measured


def test_what_was_not_measured_is_missed() -> None:
    with pytest.raises(ValueError, match="texts was not measured"):
        page(Model(results(), Scale()))


def test_the_page_in_the_docs_follows_from_the_figures_beside_it() -> None:
    assert PAGE.read_text("utf-8") == page_as_kept()


def test_fields_are_counted_as_they_are_kept(seed_settings: Settings) -> None:
    counted = measure_texts([seed_settings.folder])
    folder = store.current(seed_settings.folder)
    with closing(sqlite3.connect(f"{(folder / 'catalogue.sqlite').as_uri()}?mode=ro", uri=True)) as connection:
        passages, text, shingles = connection.execute(
            "SELECT count(*), sum(length(CAST(text AS BLOB))), sum((length(shingles) + 2) / 3 * 4) FROM passages"
        ).fetchone()
    fields = counted.collections["passages"].fields
    assert counted.passages == passages
    assert fields["vector"] == 384 * 4
    assert fields["text"] == pytest.approx(text / passages, abs=0.1)
    assert fields["shingles"] == pytest.approx(shingles / passages, abs=0.1)
    assert fields["tokens"] > 4000
    assert counted.vocabulary["terms"]["ar"].different[-1] < counted.vocabulary["terms"]["ar"].words[-1]


def test_base64_is_longer_by_a_third() -> None:
    assert [base64_bytes(count) for count in (0, 1, 3, 4, 300)] == [0, 4, 4, 8, 400]


def test_graphs_are_measured_beside_the_scan(seed_settings: Settings) -> None:
    found = measure_graphs(seed_settings.folder, [50, 100])
    assert [one.vectors for one in found.sizes] == [50, 100]
    assert all(one.recall == 1 for one in found.sizes)  # ef is larger than the graph
    assert all(32 * 4 <= one.graph_bytes < 1000 for one in found.sizes)


def test_products_find_the_words_of_queries(seed_settings: Settings) -> None:
    found = measure_products(seed_settings.folder, [50, 100])
    assert [one.passages for one in found.sizes] == [50, 100]
    assert 1 < found.sizes[0].query_words < found.sizes[1].query_words  # more passages have more of them
    assert found.sizes[0].postings < found.sizes[1].postings < 100 * found.sizes[1].query_words
