"""Results as the page docs/PERFORMANCE.md: what was hoped for, what was measured, and how."""

from collections.abc import Callable
from statistics import median
from typing import Any

from bench.encoding import Encoding
from bench.engines.protocol import HITS, WARM_UP
from bench.goals import goals
from bench.graphs import Graph, Graphs
from bench.growth_table import growth_table
from bench.indexing import Indexing
from bench.latency import Latency
from bench.load import Load
from bench.querying import Asked, Querying
from bench.reading import Reading
from bench.results import Part, Results
from bench.rivals import JISR, RIVALS
from bench.sample import Sample
from bench.start import Start
from bench.tables import mib, moment, percentiles, size, spread, table

READING_RATIO = 20

_HEAD = """# Performance

Written by `make bench`; do not edit. The raw numbers are in [performance.json](performance.json)."""

_PICTURE = "![The same figures as a picture](performance.svg)"

_READING = """## How to read this

Each part says when and where it was measured; figures of one part come from one run. Seconds differ from machine to
machine, and on a shared machine from minute to minute: the **ratios** are what carries over. What is compared takes
turns (A B C … A B C …), a ratio is taken turn by turn, and the median is reported with the range beside it. KiB, MiB
and GiB are 2¹⁰, 2²⁰ and 2³⁰ bytes. Memory is the peak resident size of a whole process, libraries and mapped files
included."""


def page(results: Results) -> str:
    """The whole page, in Markdown."""
    head, *others = _parts(results)
    return "\n\n".join([_HEAD, head, _PICTURE, *others, _READING]) + "\n"


def tables(results: Results) -> str:
    """All figures, without the words around them."""
    return "\n\n".join(_parts(results))


def _parts(results: Results) -> list[str]:
    return [
        _goals(results),
        _section("Index throughput", "indexing", results.indexing, _indexing),
        _section("Query latency, side by side", "querying", results.querying, _querying),
        _section("Growth", "growth", results.growth, lambda part: growth_table(part, results.million)),
        _section("Encoding", "encoding", results.encoding, _encoding),
        _section("Cold start", "start", results.start, _start),
        _section("Under load", "load", results.load, _load),
        _section("Reading", "reading", results.reading, _reading),
        _section("Graphs", "graphs", results.graphs, _graphs),
        _machine(results),
    ]


def _section(title: str, name: str, part: Part[Any] | None, body: Callable[[Any], str]) -> str:
    if part is None:
        return f"## {title}\n\nNot measured: run `python -m bench --only {name}`."
    machine = part.machine
    return f"""## {title}

{body(part.figures)}

*{moment(machine)}, `{part.command}`, {part.seconds / 60:.1f} minutes, {machine.cores} cores, load before
{machine.load:.1f}.*"""


def _goals(results: Results) -> str:
    rows = [(goal.what, goal.against, goal.measured, goal.wanted, goal.verdict) for goal in goals(results)]
    return table(("", "against", "measured", "goal", ""), rows)


def _indexing(part: Indexing) -> str:
    encoders = {name: rival.encoder for name, rival in RIVALS.items()} | {JISR: "ONNX Runtime, int8"}
    rows = [
        (
            name,
            encoders.get(name, ""),
            f"{median(part.rates(name)):.1f}",
            spread(part.rates(name), "{:.1f}"),
            "" if name == JISR else f"**{median(part.ratios(name)):.1f} ×** ({spread(part.ratios(name), '{:.1f}')})",
            f"{median(turn.process_seconds for turn in turns):.0f} s",
            mib(max(turn.peak_bytes for turn in turns)),
        )
        for name, turns in part.turns.items()
    ]
    head = ("", "model runs on", "passages/s", "range", "Jisr is faster by", "whole process", "peak memory")
    return f"""{table(head, rows)}{_failed(part.failed)}

{part.passages:,} passages from {part.files} files: the seed documents, each copy with its number in every title and
text, so that all differ, and Jisr has forgotten all words, so that no cache helps. All run the same model with the
same prompts. Jisr's time is that of `indexer.build.build`, from opening the model to the published index: reading,
splitting, encoding, token vectors, names, dictionary, writing. The others ([bench/engines](../bench/engines)) are given
the same passages ready-made, in environments of their own; their clocks start when libraries are imported and the model
is loaded. Each has all cores, its default batch size and cosine. Versions: {_versions(part.versions)}."""


def _querying(part: Querying) -> str:
    own = [
        _asked_row(f"{JISR}, all legs", part, part.all_legs),
        _asked_row(f"{JISR}, dense leg alone", part, part.dense),
        (
            "`jisr serve`, over HTTP",
            *percentiles(part.server.query_ms),
            "",
            mib(part.server.peak_bytes),
            "",
            "",
            f"{part.server.ready_s:.1f} s",
            "",
        ),
    ]
    rows = [*own, *(_rival_row(name, asked, part) for name, asked in part.rivals.items())]
    head = ("", "p50", "p95", "p99", "Jisr faster, p50", "peak memory", "build", "on the disk", "open", "exact hits")
    return f"""{table(head, rows)}{_failed(part.failed)}

{part.passages:,} passages, one client, text in → the {HITS} best out with their texts, each engine running the model on
the query itself; {len(part.dense.query_ms.values) // 2} queries, all different, after {WARM_UP} that do not count. The
others have one leg, the dense one; Jisr's answer is made by five, and is asked before the others and after them. The
passages are made up (see below), and all are given the same vectors ready-made: *build* is without encoding, and for
Jisr from files, with all that its other legs need. *Exact hits* are those of exact search that an engine gives, too;
Jisr ranks otherwise on purpose, so it has none to show. Memory is that of the process that answers. Qdrant's local
mode writes each point to the disk by itself, which takes minutes here, so it is filled in memory, when it is opened."""


def _asked_row(name: str, part: Querying, latency: Latency) -> tuple[str, ...]:
    return (
        name,
        *percentiles(latency.query_ms),
        "",
        mib(latency.peak_bytes),
        f"{part.build_s:.0f} s",
        size(part.disk_bytes),
        f"{latency.open_s:.1f} s",
        "",
    )


def _rival_row(name: str, asked: Asked, part: Querying) -> tuple[str, ...]:
    ratio = asked.query_ms.median / part.all_legs.query_ms.median
    return (
        name,
        *percentiles(asked.query_ms),
        f"**{ratio:.1f} ×**",
        mib(asked.peak_bytes),
        f"{asked.build_s:.0f} s",
        size(asked.disk_bytes),
        f"{asked.open_s:.1f} s",
        "" if asked.agreement is None else f"{asked.agreement:.0%}",
    )


def _encoding(part: Encoding) -> str:
    rows = [
        (
            product.layer,
            f"{product.tokens}",
            f"{product.rates.median / 1e9:,.0f}",
            spread(product.rates.values, "{:,.0f}", 1e9),
        )
        for product in part.products
    ]
    done = part.tokens * part.operations / part.seconds.median
    return f"""The encoder does **{part.passages_per_s:.1f} passages/s** of {part.tokens / part.passages:.0f} tokens
each on average ({part.tokens / part.seconds.median:,.0f} tokens/s), on all cores, tokenizing included: that is
{done / 1e9:,.0f} · 10⁹ int8 operations a second in the model's linear layers ({part.operations / 1e6:.1f} million a
token). Plain products of the same shapes reach {part.peaks.median / 1e9:,.0f} · 10⁹: the encoder has
**{part.shares.median:.0%}** of that ({spread(part.shares.values, "{:.0%}")}, in turn, {len(part.peaks.values)} rounds).

{table(("product", "tokens", "10⁹ operations/s", "range"), rows)}

Products are `MatMulInteger` of ONNX Runtime, on all cores; of each layer the best length counts, and layers as they
share in the model's work. Attention itself, normalising and quantising count as no work of the encoder's."""


def _start(part: Start) -> str:
    rows = [
        (f"`{name}`", *_seconds(times))
        for name, times in (
            ("jisr search", part.search_s),
            ("jisr --help", part.help_s),
            ("jisr serve, until it answers", part.serve_s),
        )
    ]
    heavy = ", ".join(part.heavy_imports) or "none of torch, transformers, sentence-transformers"
    return f"""{table(("", "median", "p95", "range", "runs"), rows)}

From starting the process, each search with another query; the files are in the system's file cache. A search's memory
is {mib(part.search_peak_bytes.highest)} at its peak. Of the heavy packages it imports: {heavy} (by `python -X
importtime`)."""


def _seconds(sample: Sample) -> tuple[str, ...]:
    return (
        f"{sample.median:.2f} s",
        f"{sample.percentile(95):.2f} s",
        spread(sample.values, "{:.2f}") + " s",
        str(len(sample.values)),
    )


def _load(part: Load) -> str:
    rate = f"{part.requests / part.seconds:.0f} a second"
    faults = f"{len(part.errors)} errors, {len(part.torn)} torn answers"
    head = ("", "p50", "p95", "p99", "answers", "faults")
    return f"""{table(head, [("request → answer", *percentiles(part.query_ms, "{:,.0f} ms"), rate, faults)])}

{part.clients} clients, each with one request after the other, for {part.seconds:.0f} s, on the machine of the server.
Meanwhile {part.generations - 1} new builds of the index are made and published there. An answer is torn when its hits
are not all of the build that it names."""


def _reading(part: Reading) -> str:
    rows = [
        (
            f"`{rate.ending}`",
            str(rate.files),
            f"{rate.chars_per_s / 1000:,.0f}",
            f"**{part.times_the_encoder(rate):.1f} ×**",
        )
        for rate in part.formats
    ]
    return f"""{table(("", "files", "1,000 characters/s", "times the encoder"), rows)}

Reading, cleaning and counting lines in one process, as a build does it, of the seed documents and of the PDFs of the
tests; the encoder, with all cores, takes {median(part.encoder) / 1000:,.0f} thousand characters a second of the same
corpus' passages. The goal is {READING_RATIO} ×."""


def _graphs(part: Graphs) -> str:
    prepared = part.graphs[0]
    rows = [_graph_row(graph, prepared) for graph in part.graphs]
    head = ("graph", "size", "passages/s", "to the prepared", "middle half", "mean cosine", "lowest cosine")
    return f"""{table(head, rows)}

The default model's graph in other forms, each run by Jisr's engine over {part.passages} passages, in turn,
{len(prepared.rates)} times; the middle half of the ratios is given too. Cosines are to full precision on torch. The
prepared graph is there twice: how far it stands from its twin is what the machine's noise amounts to. This decides how
`search/quantisation.py` makes a graph."""


def _graph_row(graph: Graph, prepared: Graph) -> tuple[str, ...]:
    ratios = Sample(tuple(a / b for a, b in zip(graph.rates, prepared.rates, strict=True)))
    return (
        graph.name,
        size(graph.size_bytes),
        f"{graph.rate:.1f}",
        f"{ratios.median:.2f} ×",
        f"{ratios.percentile(25):.2f}–{ratios.percentile(75):.2f}",
        f"{graph.mean_cosine:.4f}",
        f"{graph.lowest_cosine:.4f}",
    )


def _machine(results: Results) -> str:
    """The machine of the newest part."""
    machines = [part.machine for part in (results.indexing, results.growth, results.encoding, results.start) if part]
    if not machines:
        return "## Machine\n\nNothing was measured."
    machine = max(machines, key=lambda one: one.date)
    rows = [
        (
            "processor",
            f"{machine.cpu}, {machine.cores} cores ({', '.join(machine.instructions) or 'no int8 instructions'})",
        ),
        ("memory", f"{machine.memory_bytes / 2**30:.0f} GiB"),
        ("system", machine.system),
        ("Jisr's versions", _listed(machine.versions)),
    ]
    return f"## Machine\n\n{table(('', ''), rows)}"


def _versions(versions: dict[str, dict[str, str]]) -> str:
    return "; ".join(f"{name}: {_listed(found)}" for name, found in versions.items())


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _failed(failed: dict[str, str]) -> str:
    return "".join(f"\n\n{name} could not be measured: {reason}" for name, reason in failed.items())
