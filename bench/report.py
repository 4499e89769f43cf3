"""Results as the page docs/PERFORMANCE.md: what was measured, how, and what was hoped for."""

from collections.abc import Iterable, Sequence
from statistics import median

from bench.graphs import Graph, Graphs
from bench.latency import HITS, Latency
from bench.load import Load
from bench.machine import Machine
from bench.plain import BATCH_SIZE
from bench.reading import Reading
from bench.results import Results
from bench.sample import Sample
from bench.sizes import Sizes
from bench.start import Start
from bench.throughput import Throughput, Turn

THROUGHPUT_RATIO = 2.5
SEARCH_START_S = 1.5
READING_RATIO = 20

_HEAD = """# Performance

Written by `make bench`; do not edit. The raw numbers are in [performance.json](performance.json)."""

_READING = """## How to read this

All figures come from one run on one machine, except where another date is given. Seconds and passages a second differ
from machine to machine, and on a shared machine from minute to minute: the **ratios** are what carries over. What is
compared takes turns (A B A B …), a ratio is taken turn by turn, and the median is reported with the range beside it.
KiB and MiB are 2¹⁰ and 2²⁰ bytes. Memory is the peak resident size of a whole process, libraries and mapped files
included."""


def page(results: Results) -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD, tables(results), _READING]
    return "\n\n".join(parts) + "\n"


def tables(results: Results) -> str:
    """All figures, without the words around them."""
    parts = [
        _goals(results),
        _throughput(results.throughput),
        _read(results.reading),
        _start(results.start),
        _latency(results.latency, results.throughput.passages),
        _load(results.load),
        _memory(results),
        _sizes(results.sizes, results.throughput.passages),
        _graphs(results.graphs),
        _machine(results.machine, results.command, results.seconds),
    ]
    return "\n\n".join(parts)


def _goals(results: Results) -> str:
    ratio = median(results.throughput.ratios)
    start = results.start.search_s.median
    heavy = ", ".join(results.start.heavy_imports)
    rows = [
        (
            "Index throughput, from files, against sentence-transformers + FAISS",
            f"**{ratio:.1f} ×**",
            f"≥ {THROUGHPUT_RATIO} ×",
            _verdict(ratio >= THROUGHPUT_RATIO),
        ),
        (
            "`jisr search` from a cold start",
            f"**{start:.2f} s**",
            f"< {SEARCH_START_S} s",
            _verdict(start < SEARCH_START_S),
        ),
        ("`jisr search` imports torch", f"**{heavy or 'no'}**", "no", _verdict(not heavy)),
    ]
    return _table(("", "measured", "goal", ""), rows)


def _verdict(met: bool) -> str:
    return "met" if met else "missed"


def _throughput(part: Throughput) -> str:
    rows = [_throughput_row("Jisr, int8 on ONNX Runtime", part, part.jisr)]
    name = f"sentence-transformers on torch ({part.plain_weights.removeprefix('torch.')}) + FAISS"
    rows.append(_throughput_row(name, part, part.plain))
    ratios = part.ratios
    return f"""## Index throughput

{_table(("", "passages/s", "range", "whole process", "peak memory"), rows)}

Jisr is **{median(ratios):.1f} ×** as fast (turn by turn: {_listed(ratios)}).

{part.passages:,} passages, {part.tokens / part.passages:.0f} tokens each on average, from {part.files} files: the
seed documents, each copy with its number in every title and text. The title is encoded with each passage, so all differ
and the vector cache, empty at the start, never helps. Jisr's time is that of `indexer.build.build`, from opening the
model to the published index: reading, splitting, encoding, names, writing. The plain script
([bench/plain.py](../bench/plain.py)) is given the same passages ready-made, with the same prompt, encodes them in
batches of {BATCH_SIZE} sorted by length, and its clock starts when torch is imported and the model loaded. The model of
both was prepared before."""


def _throughput_row(name: str, part: Throughput, turns: Sequence[Turn]) -> tuple[str, ...]:
    rates = part.rates(turns)
    return (
        name,
        f"{part.rate(turns):.1f}",
        f"{min(rates):.1f}–{max(rates):.1f}",
        f"{median(turn.process_seconds for turn in turns):.1f} s",
        _mib(max(turn.peak_bytes for turn in turns)),
    )


def _read(part: Reading) -> str:
    rows = [
        (
            f"`{rate.ending}`",
            str(rate.files),
            f"{rate.chars_per_s / 1000:,.0f}",
            f"**{part.times_the_encoder(rate):.1f} ×**",
        )
        for rate in part.formats
    ]
    return f"""## Reading

{_table(("", "files", "1,000 characters/s", "times the encoder"), rows)}

Reading, cleaning and counting lines in one process, as a build does it, of the seed documents and of the PDFs of the
tests; the encoder, with all cores, takes {median(part.encoder) / 1000:,.0f} thousand characters a second of the same
corpus' passages. The goal is {READING_RATIO} ×."""


def _start(part: Start) -> str:
    rows = [
        (f"`{name}`", *_seconds(times))
        for name, times in (("jisr search", part.search_s), ("jisr --help", part.help_s))
    ]
    heavy = ", ".join(part.heavy_imports) or "none of torch, transformers, sentence-transformers"
    return f"""## Cold start

{_table(("", "median", "p95", "range", "runs"), rows)}

From starting the process to its end, each search with another query; the files are in the system's file cache. Of the
heavy packages a search imports: {heavy} (by `python -X importtime`)."""


def _seconds(sample: Sample) -> tuple[str, ...]:
    return (
        f"{sample.median:.2f} s",
        f"{sample.percentile(95):.2f} s",
        f"{sample.lowest:.2f}–{sample.highest:.2f} s",
        str(len(sample.values)),
    )


def _latency(part: Latency, passages: int) -> str:
    figures = [f"{part.query_ms.percentile(percent):.1f} ms" for percent in (50, 95, 99)]
    return f"""## Query latency

{_table(("", "p50", "p95", "p99"), [("text in → hits out", *figures)])}

One client, a searcher that is open, the {HITS} best of {passages:,} passages; {part.queries} seed queries in both
languages, {part.repeats} times each in random order, after one round that does not count."""


def _load(part: Load) -> str:
    figures = [f"{part.query_ms.percentile(percent):,.0f} ms" for percent in (50, 95, 99)]
    rate = f"{part.requests / part.seconds:.0f} a second"
    faults = f"{len(part.errors)} errors, {len(part.torn)} torn answers"
    return f"""## Under load

{_table(("", "p50", "p95", "p99", "answers", "faults"), [("request → answer", *figures, rate, faults)])}

{part.clients} clients, each with one request after the other, for {part.seconds:.0f} s, on the machine of the server.
Meanwhile {part.generations - 1} new builds of the index are made and published there. An answer is torn when its hits
are not all of the build that it names."""


def _memory(results: Results) -> str:
    rows = [
        (
            f"`jisr index`, {results.throughput.passages:,} passages",
            [turn.peak_bytes for turn in results.throughput.jisr],
        ),
        ("`jisr search`", results.start.search_peak_bytes.values),
        ("a searcher that stays open", [results.latency.peak_bytes]),
        ("the plain script, indexing", [turn.peak_bytes for turn in results.throughput.plain]),
    ]
    return f"""## Peak memory

{_table(("", "peak"), [(name, _mib(max(peaks))) for name, peaks in rows])}"""


def _sizes(part: Sizes, passages: int) -> str:
    grows = {
        f"index of {passages:,} passages": sum(part.generation.values()),
        **{f"— `{name}`": size for name, size in part.generation.items()},
        "vector cache beside it": part.cache,
    }
    rows = [(name, _size(size), f"{size / passages / 1024:.1f} KiB") for name, size in grows.items()]
    rows.append(("model: int8 graph and tokenizer", _size(part.model), ""))
    rows.append(("model in sentence-transformers form, for torch", _size(part.source_model), ""))
    return f"""## On the disk

{_table(("", "size", "a passage"), rows)}

`pools.npz` and `shift.npz` do not grow with the passages."""


def _graphs(part: Graphs | None) -> str:
    if part is None:
        return "## Graphs\n\nNot measured: run `python -m bench --graphs`."
    prepared = next(graph for graph in part.graphs if graph.exporter == "as prepared")
    rows = [_graph_row(graph, prepared) for graph in part.graphs]
    head = ("exporter", "attention", "passages/s", "to the prepared", "middle half", "mean cosine", "lowest cosine")
    notes = "".join(f"\n\nLeft out: {note}." for note in part.skipped)
    machine = part.machine
    return f"""## Graphs

{_table(head, rows)}

The default model exported by torch's two exporters, with attention in its plain form (eager) and its fused one
(sdpa), each quantised to int8 like the prepared model and run by Jisr's engine over {part.passages} passages, in turn,
{len(prepared.rates)} times; the middle half of the ratios is given too. Cosines are to full precision on torch. The
prepared model is one of the graphs once more: how far it stands from its twin is what the machine's noise amounts to.
This decides how `search/model.py` exports. Measured {_day(machine.date)} on {machine.cpu}, {machine.cores} cores, with
`python -m bench --graphs`.{notes}"""


def _graph_row(graph: Graph, prepared: Graph) -> tuple[str, ...]:
    ratios = Sample(tuple(a / b for a, b in zip(graph.rates, prepared.rates, strict=True)))
    return (
        graph.exporter,
        graph.attention if graph is not prepared else "",
        f"{graph.rate:.1f}",
        f"{ratios.median:.2f} ×",
        f"{ratios.percentile(25):.2f}–{ratios.percentile(75):.2f}",
        f"{graph.mean_cosine:.4f}",
        f"{graph.lowest_cosine:.4f}",
    )


def _machine(machine: Machine, command: str, seconds: float) -> str:
    rows = [
        ("date", machine.date.replace("T", " ").replace("+00:00", " UTC")),
        ("command", f"`{command}` ({seconds / 60:.1f} minutes)"),
        (
            "processor",
            f"{machine.cpu}, {machine.cores} cores ({', '.join(machine.instructions) or 'no int8 instructions'})",
        ),
        ("memory", f"{machine.memory_bytes / 2**30:.0f} GiB"),
        ("system", machine.system),
        ("load before the run", f"{machine.load:.2f}"),
        ("versions", ", ".join(f"{name} {number}" for name, number in machine.versions.items())),
    ]
    return f"""## Machine

{_table(("", ""), rows)}"""


def _day(date: str) -> str:
    return date.partition("T")[0]


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def _size(size: float) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size / 2**10:.1f} KiB"


def _mib(size: float) -> str:
    return f"{size / 2**20:,.0f} MiB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
