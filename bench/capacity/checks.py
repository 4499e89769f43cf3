"""The laws put to the test: what they say of the largest that was measured, from the smaller ones alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.capacity.figures import Reading
from bench.capacity.laws import Heaps, Line, Logarithm
from bench.capacity.model import Model, drawn, local_figures
from bench.capacity.queues import closed, erlang_c, poisson, served
from bench.tables import mib

_SERVERS, _BUSY = 8, 0.8
_QUERIES = 300_000
_SEED = 20261122


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A figure as a law has it, and as it was measured; `shown` writes either."""

    what: str
    law: str
    predicted: float
    measured: float
    form: str = "{:,.1f}"

    @property
    def error(self) -> float:
        """How far off, as a share of what was measured; above 0 is too much."""
        return self.predicted / self.measured - 1

    def row(self) -> tuple[str, ...]:
        """As a line of a table."""
        shown = (
            (mib(value) if self.form == "MiB" else self.form.format(value)) for value in (self.predicted, self.measured)
        )
        return (self.what, self.law, *shown, f"{self.error:+.0%}")


def checks(model: Model) -> list[Check]:
    """All of them."""
    return [*_local(model), *_graphs(model), *_products(model), *_words(model), *_load(model), _queue()]


def _local(model: Model) -> Iterator[Check]:
    *known, largest = model.sizes
    known = known[-2:]
    counts = [one.passages for one in known]
    forms = {"build, without encoding": "{:,.0f} s"} | {
        f"query, all legs, p{percent}": "{:,.1f} ms" for percent in (50, 95)
    }
    for name, measured in local_figures(largest).items():
        line = Line.through(counts, [local_figures(one)[name] for one in known])
        law = f"line through {counts[0]:,} and {counts[1]:,}"
        yield Check(
            what=f"{name}, {largest.passages:,} passages",
            law=law,
            predicted=line.at(largest.passages),
            measured=measured,
            form=forms.get(name, "MiB"),
        )


def _graphs(model: Model) -> Iterator[Check]:
    *known, largest = model.graphs.sizes
    counts = [one.vectors for one in known]
    asked = Logarithm.through(counts, [one.query_ms.median for one in known])
    scanned = Line.through(counts, [one.scan_ms.median for one in known])
    added = Logarithm.through(counts, [one.build_core_s / one.vectors for one in known])
    whose = f"{largest.vectors:,} vectors"
    for what, law, predicted, measured, form in (
        ("search in an HNSW graph", "logarithm", asked.at(largest.vectors), largest.query_ms.median, "{:,.2f} ms"),
        ("scan of all vectors", "line", scanned.at(largest.vectors), largest.scan_ms.median, "{:,.2f} ms"),
        (
            "building an HNSW graph",
            "logarithm for each vector",
            added.at(largest.vectors) * largest.vectors,
            largest.build_core_s,
            "{:,.0f} core-s",
        ),
    ):
        yield Check(what=f"{what}, {whose}", law=law, predicted=predicted, measured=measured, form=form)


def _products(model: Model) -> Iterator[Check]:
    *known, largest = model.products.sizes
    counts = [one.passages for one in known]
    yield Check(
        what=f"product with the words of {largest.passages:,} passages",
        law="line",
        predicted=Line.through(counts, [one.mean_ms for one in known]).at(largest.passages),
        measured=largest.mean_ms,
        form="{:,.2f} ms",
    )


def _words(model: Model) -> Iterator[Check]:
    for kind, by_lang in model.texts.vocabulary.items():
        for lang, reading in by_lang.items():
            yield Check(
                what=f"different {kind}, {lang}, {reading.words[-1]:,} in all",
                law="Heaps, through a quarter of the text",
                predicted=_through_quarter(reading).at(reading.words[-1]),
                measured=reading.different[-1],
                form="{:,.0f}",
            )


def _through_quarter(reading: Reading) -> Heaps:
    quarter = len(reading.words) - 2  # points lie at halves of halves
    half = quarter // 2
    return Heaps.through(reading.words[half:quarter], reading.different[half:quarter])


def _load(model: Model) -> Iterator[Check]:
    """The measured server with its clients, simulated from the times of single queries."""
    part = model.results.load
    if not part:
        return
    load, cores = part.figures, part.machine.cores
    latency, per_s = closed(load.clients, drawn(model.own_ms), cores)
    law = f"{load.clients} clients, {cores} servers"
    spent = load.query_ms
    for percent in (50, 95):
        yield Check(
            what=f"`jisr serve` under load, p{percent}",
            law=law,
            predicted=latency.percentile(percent),
            measured=spent.percentile(percent),
            form="{:,.0f} ms",
        )
    yield Check(
        what="— answers a second",
        law=law,
        predicted=per_s,
        measured=load.requests / load.seconds,
        form="{:,.0f}",
    )


def _queue() -> Check:
    """The simulation against the formula, for the queue that has one."""
    return Check(
        what=f"mean wait in an M/M/{_SERVERS} queue, {_BUSY:.0%} busy",
        law="simulated; beside it Erlang C",
        predicted=simulated_wait(_SERVERS, _BUSY, _QUERIES),
        measured=erlang_c(_SERVERS, _SERVERS * _BUSY) / (_SERVERS * (1 - _BUSY)),
        form="{:.3f} of a service",
    )


def simulated_wait(servers: int, busy: float, queries: int) -> float:
    """The mean wait of queries with exponential service times of 1 on average."""
    chance = Random(_SEED)  # noqa: S311
    arrivals = poisson(chance, queries, servers * busy * 1000)
    services = [chance.expovariate(1) for _ in arrivals]
    ends = served(arrivals, services, servers)
    waits = [end - start - took for end, start, took in zip(ends, arrivals, services, strict=True)]
    return sum(waits) / queries
