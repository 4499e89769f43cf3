"""The tables of the page."""

from bench.agreement import Backends
from bench.capacity.checks import checks
from bench.capacity.cost import HOURS
from bench.capacity.model import Model, Nodes, local_figures
from bench.capacity.plan import MAPPED, SIZES, Plan, amount, span
from bench.capacity.queues import latencies
from bench.results import Part
from bench.sample import Sample
from bench.tables import moment, table
from search.vocabulary import MAX_TERMS

_LOADS = (65, 80)
"""Queries a second, beyond the stated load."""

_SMALLER = (1, 2, 4, 8)


def plan(model: Model, made: tuple[Plan, ...]) -> str:
    """All sizes side by side, each a column."""
    rows = [
        ("documents", *(f"{one.documents:,.0f}" for one in made)),
        ("memory of a copy", *(amount(one.memory_bytes) for one in made)),
        ("disk of a copy", *(amount(one.disk_bytes) for one in made)),
        ("shares × replicas", *(f"{one.nodes.shares} × {one.nodes.replicas}" for one in made)),
        ("machines, with those of Jisr", *(f"**{one.nodes.machines}**" for one in made)),
        ("object store, generations kept", *(f"{one.stored_gb:,.0f} GB" for one in made)),
        ("latency p50", *(_ms(one.latency, 50) for one in made)),
        ("— p95", *(_ms(one.latency, 95) for one in made)),
        ("how busy the machines of Milvus are", *(f"{_busy(model, one.nodes):.0%}" for one in made)),
        ("encoding, once", *(f"{one.build.encoding_core_h:,.0f} core-h" for one in made)),
        ("machine-hours a month", *(f"{one.nodes.machines * HOURS:,}" for one in made)),
    ]
    return table(("passages", *(_power(one.passages) for one in made)), rows)


def fields(model: Model) -> str:
    """What a record of `passages` is made of."""
    found = model.texts.collections["passages"]
    whole = found.record_bytes
    rows = [
        (name, f"{value:,.0f}", f"{value / whole:.0%}")
        for name, value in sorted(found.fields.items(), key=lambda item: -item[1])
    ]
    return table(("field of `passages`", "bytes", ""), [*rows, ("**all**", f"**{whole:,.0f}**", "")])


def collections(model: Model) -> str:
    """What the collections take, by size."""
    by_size = [model.collections(passages) for passages in SIZES]
    rows = [(name, *(amount(one[name]) for one in by_size)) for name in by_size[0]]
    stored = ("**in the object store**, with the indexes", *(amount(model.stored(passages)) for passages in SIZES))
    return table(("collection of one generation", *map(_power, SIZES)), [*rows, stored])


def laws(model: Model) -> str:
    """What grows by which law, and where its numbers are from."""
    betas = [
        f"{kind} {model.heaps(kind, 'ar').beta:.2f} ar, {model.heaps(kind, 'en').beta:.2f} en"
        for kind in model.texts.vocabulary
    ]
    line = model.graph_ms.line
    sizes = ", ".join(f"{one.vectors:,}" for one in model.graphs.sizes)
    graph = f"{model.graph_bytes:.0f} bytes a vector beside it (M = 16: 32 neighbours of 4 bytes, and upper levels)"
    search = f"{line.start:.2f} + {line.slope:.3f} · ln *n* ms on one core, for *n* vectors and ef = {model.graphs.ef}"
    local_ns = f"locally, with tantivy: {model.local_words_ms * 1e6:.0f}"
    words = f"{model.words_ms * 1e6:.0f} ns a passage of the share on one core ({local_ns})"
    products = ", ".join(f"{one.passages:,}" for one in model.products.sizes)
    rows = [
        ("vectors, token vectors, text, sparse vectors", "in proportion to passages", "the table above"),
        ("rows of words (names)", "in proportion to passages", "`names.sqlite` of two local indexes"),
        ("dictionary", f"at most {MAX_TERMS:,} terms a language", "`search.vocabulary.MAX_TERMS`"),
        ("different words", f"Heaps, *k* · words^β, with β: {'; '.join(betas)}", "the larger half of the real text"),
        ("HNSW graph", graph, f"FAISS, {sizes} vectors"),
        ("search in one graph", search, "the same"),
        (
            "search over a share",
            "in proportion to its segments: **the logarithm holds within a segment only**",
            f"segments of {model.assumed.segment_rows:,}",
        ),
        ("matching words", words, f"posting lists with NumPy, {products} passages"),
        ("many shares", "the slowest answers", "simulated"),
        ("local index, build, workspace", "a line through the two largest", "PERFORMANCE.md"),
    ]
    return table(("what", "law", "numbers from"), rows)


def local(model: Model) -> str:
    """A local index: the largest that was measured, and beyond."""
    largest = model.sizes[-1]
    kinds = {"build": lambda value: span(value / 3600), "query": lambda value: f"{value:,.0f} ms"}
    rows = []
    for name, measured in local_figures(largest).items():
        form = amount if name == "memory of a build" else kinds.get(name.partition(",")[0], amount)
        beyond = ("bounded", "bounded") if name == "memory of a build" else None
        rows.append((name, form(measured), *(beyond or (form(model.local(size, name)) for size in (10**6, 10**7)))))
    return table(("one machine, a local index", f"{largest.passages:,}, measured", "10⁶", "10⁷"), rows)


def checked(model: Model) -> str:
    """Predicted beside measured."""
    return table(("", "law", "predicted", "measured", "error"), [one.row() for one in checks(model)])


def layouts(model: Model) -> str:
    """Bytes of a passage and machines of a copy, by layout."""
    rows = [
        (one.name, f"{one.memory:,.0f}", f"{one.disk:,.0f}", *(str(model.shares(size, one)) for size in SIZES))
        for one in model.layouts
    ]
    return table(("", "bytes of a passage in memory", "mapped from disk", *map(_power, SIZES)), rows)


def loads(model: Model, made: tuple[Plan, ...]) -> str:
    """Latency of the planned machines at several loads."""
    rows = []
    for one in made:
        found = [
            latencies(model.cluster(one.nodes), load) if _holds(model, one.nodes, load) else None for load in _LOADS
        ]
        rows.append((_power(one.passages), *(_pair(sample) for sample in (one.latency, *found))))
    shown = (f"{load:.0f} queries/s" for load in (model.assumed.queries_per_s, *_LOADS))
    return table(("p50 / p95 of the planned machines", *shown), rows)


def smaller(model: Model) -> str:
    """Latency and machines at 10⁸ passages, with more and smaller shares."""
    least = model.shares(10**8, model.layouts[MAPPED])
    rows = []
    for times in _SMALLER:
        nodes = model.nodes(10**8, least * times)
        found = latencies(model.cluster(nodes), model.assumed.queries_per_s)
        rows.append(
            (
                f"{nodes.shares} × {nodes.replicas}",
                f"{10**8 / nodes.shares:,.0f}",
                f"{nodes.node_core_ms:.0f} ms",
                _ms(found, 50),
                _ms(found, 95),
                f"{nodes.machines}",
            )
        )
    return table(("shares × replicas", "passages a share", "core time a query", "p50", "p95", "machines"), rows)


def builds(made: tuple[Plan, ...]) -> str:
    """The parts of a whole build."""
    rows = [
        (
            _power(one.passages),
            f"{one.build.encoding_core_h:,.0f} core-h",
            f"{span(one.build.encoding_h)} on {one.build.cores:,}",
            span(one.build.coordinator_h),
            span(one.build.sending_h),
            f"{one.build.graphs_core_h:,.0f} core-h",
            amount(one.build.workspace_bytes),
        )
        for one in made
    ]
    head = ("passages", "encoding", "with n cores of Ray", "coordinator", "sending", "graphs in Milvus", "workspace")
    return table(head, rows)


def milvus(model: Model) -> str:
    """What was measured of a real server, if it was."""
    part = model.scale.milvus
    if not part:
        return (
            "Not measured yet: no figure of this page is of a Milvus server but the time of a call, which is assumed."
        )
    rows = [(one.what, one.value, one.how) for one in part.figures]
    return f"{table(('', 'measured', 'how'), rows)}\n\n*{_when(part)}*"


def agreements(model: Model) -> str:
    """How test sets are answered from a Milvus beside the folder that it was filled from, if that was measured."""
    return "\n\n".join(
        f"{_told(part.figures)}\n\n*{part.figures.server}; {_when(part)}*" for part in model.scale.backends
    )


def _told(backends: Backends) -> str:
    rows = [
        (
            one.name,
            f"{one.passages:,}",
            f"{one.queries:,}",
            f"{one.same:.1%}",
            f"{one.score_difference:.1e}",
            *(f"{figure:.3f}" for figure in one.ndcg_at_10),
            *(f"{times.median:.0f} / {times.percentile(95):.0f} ms" for times in (one.local_ms, one.milvus_ms)),
            f"{one.slower:.1f}",
        )
        for one in backends.sets
    ]
    head = (
        "set",
        "passages",
        "queries",
        "the same ten",
        "scores differ by",
        "nDCG@10",
        "in Milvus",
        "p50 / p95",
        "in Milvus",
        "times",
    )
    return table(head, rows)


def moments(model: Model) -> str:
    """When and where the figures of this page were measured."""
    parts = [model.scale.texts, model.scale.graphs, model.scale.products]
    return " ".join(_when(part) for part in parts if part)


def assumed(model: Model) -> str:
    """All assumptions."""
    return table(("assumption", "value", "meaning"), model.assumed.table())


def _when(part: Part) -> str:  # type: ignore[type-arg]
    machine = part.machine
    return (
        f"{moment(machine)}, `{part.command}`, {machine.cores} cores of {machine.cpu}, load before {machine.load:.1f}."
    )


def _busy(model: Model, nodes: Nodes) -> float:
    return model.assumed.queries_per_s * nodes.node_core_ms / 1000 / nodes.replicas / model.assumed.machine_cores


def _holds(model: Model, nodes: Nodes, load: float) -> bool:
    return load * nodes.node_core_ms / 1000 < nodes.replicas * model.assumed.machine_cores


def _pair(sample: Sample | None) -> str:
    return "more than they can do" if sample is None else f"{_ms(sample, 50)} / {_ms(sample, 95)}"


def _ms(sample: Sample, percent: float) -> str:
    return f"{sample.percentile(percent):,.0f} ms"


def _power(count: int) -> str:
    return "10" + str(len(str(count)) - 1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
