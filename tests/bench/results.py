"""Results as a run might give them, with figures that are easy to reckon with."""

from bench.disk import Disk
from bench.encoding import Encoding
from bench.growth import Growth, Size
from bench.indexing import Indexing, Turn
from bench.latency import Latency
from bench.machine import Machine
from bench.peak import Product
from bench.querying import Asked, Querying, Served
from bench.results import Figures, Part, Results
from bench.rivals import JISR, PLAIN
from bench.sample import Sample
from bench.start import Start

MIB = 2**20

_MACHINE = Machine(
    date="2026-11-22T12:00+00:00",
    cpu="Some processor",
    cores=2,
    instructions=("avx512_vnni",),
    memory_bytes=24 * 2**30,
    system="Linux x86_64",
    load=0.1,
    versions={"Python": "3.11.7"},
)


def part(figures: Figures) -> Part[Figures]:
    """A part with these figures."""
    return Part(machine=_MACHINE, command="python -m bench", seconds=60, figures=figures)


def results() -> Results:
    """A run: Jisr indexes six times as fast as the plain script, four times as fast as Chroma, and so on."""
    return Results(
        indexing=part(
            Indexing(
                files=46,
                passages=600,
                turns={JISR: turns(10, 20), PLAIN: turns(60, 120), "Chroma": turns(40, 80), "txtai": turns(80, 80)},
                versions={PLAIN: {"torch": "2.13.0"}},
                failed={"LanceDB": "No matching distribution found for lancedb==0.40.0"},
            )
        ),
        querying=part(
            Querying(
                passages=100_000,
                rivals={PLAIN: asked(30), "Chroma": asked(40), "txtai": asked(50)},
                failed={},
                build_s=100,
                build_peak_bytes=800 * MIB,
                disk_bytes=900 * MIB,
                all_legs=latency(20),
                dense=latency(8),
                server=Served(ready_s=1.0, query_ms=Sample((21, 22, 23)), peak_bytes=300 * MIB),
            )
        ),
        growth=part(growth(1_000, 10_000, 100_000)),
        million=part(growth(1_000_000)),
        encoding=part(
            Encoding(
                passages=10,
                tokens=1_000,
                operations=40_000_000,
                seconds=Sample((0.2, 0.1)),
                peaks=Sample((500e9, 500e9)),
                products=[Product(layer="feed-forward, in", tokens=128, rates=Sample((500e9, 500e9)))],
            )
        ),
        start=part(
            Start(
                search_s=Sample((0.5, 0.5)),
                help_s=Sample((0.2, 0.2)),
                serve_s=Sample((1.0, 1.0)),
                search_peak_bytes=Sample((200 * MIB,)),
                heavy_imports=(),
            )
        ),
    )


def turns(*seconds: float) -> list[Turn]:
    """Turns that took so long."""
    return [Turn(seconds=one, process_seconds=one + 5, peak_bytes=700 * MIB) for one in seconds]


def asked(median_ms: float) -> Asked:
    """An engine that answers so fast."""
    return Asked(
        build_s=20,
        build_peak_bytes=900 * MIB,
        disk_bytes=200 * MIB,
        open_s=0.5,
        query_ms=Sample((median_ms - 1, median_ms, median_ms + 1)),
        peak_bytes=1_000 * MIB,
        agreement=0.99,
    )


def latency(median_ms: float) -> Latency:
    """A searcher that answers so fast."""
    return Latency(query_ms=Sample((median_ms - 1, median_ms, median_ms + 1)), open_s=0.4, peak_bytes=250 * MIB)


def growth(*counts: int) -> Growth:
    """An index that grows in proportion to the passages, with queries that take as long whatever there is."""
    return Growth(
        sizes=[
            Size(
                passages=count,
                is_real=count == 1_000,
                late=count < 1_000_000,
                build_s=count / 1_000,
                build_peak_bytes=500 * MIB,
                disk=Disk(generation={"catalogue.sqlite": count * 4_096, "names.sqlite": 0}, cache=count * 10_240),
                all_legs=latency(20),
                dense=latency(8),
                recall=0.985 if count == 1_000_000 else None,
            )
            for count in counts
        ],
        model_bytes=90 * MIB,
        source_model_bytes=346 * MIB,
    )
