"""How everything grows, as a part of the page."""

from collections.abc import Callable

from bench.growth import Growth, Size, exponent
from bench.results import Part
from bench.tables import mib, moment, size, table

_GROWING: tuple[tuple[str, Callable[[Size], float], Callable[[float], str]], ...] = (
    ("build, without encoding", lambda one: one.build_s, lambda value: f"{value:.1f} s"),
    ("— peak memory", lambda one: one.build_peak_bytes, mib),
    ("index on the disk", lambda one: one.disk.index, size),
    ("vector cache beside it", lambda one: one.disk.cache, size),
    ("query, all legs, p50", lambda one: one.all_legs.query_ms.percentile(50), lambda value: f"{value:.1f} ms"),
    ("— p95", lambda one: one.all_legs.query_ms.percentile(95), lambda value: f"{value:.1f} ms"),
    ("— p99", lambda one: one.all_legs.query_ms.percentile(99), lambda value: f"{value:.1f} ms"),
    ("query, dense leg alone, p50", lambda one: one.dense.query_ms.percentile(50), lambda value: f"{value:.1f} ms"),
    ("— p95", lambda one: one.dense.query_ms.percentile(95), lambda value: f"{value:.1f} ms"),
    ("— p99", lambda one: one.dense.query_ms.percentile(99), lambda value: f"{value:.1f} ms"),
    ("opening", lambda one: one.all_legs.open_s, lambda value: f"{value:.2f} s"),
    ("peak memory of a searcher", lambda one: one.all_legs.peak_bytes, mib),
)


def growth_table(part: Growth, million: Part[Growth] | None) -> str:
    """All sizes side by side, the power each figure grows with, and what the largest takes on the disk."""
    sizes = sorted([*part.sizes, *(million.figures.sizes if million else [])], key=lambda one: one.passages)
    rows = [
        (
            name,
            *(shown(value(one)) for one in sizes),
            _power(exponent([one.passages for one in sizes], [value(one) for one in sizes])),
        )
        for name, value, shown in _GROWING
    ]
    rows += [
        ("late interaction", *("yes" if one.late else "no" for one in sizes), ""),
        ("recall@10 of the vectors", *(f"{one.recall:.3f}" if one.recall else "exact" for one in sizes), ""),
    ]
    head = ("passages", *(f"{one.passages:,}" for one in sizes), "grows with")
    largest = sizes[-1]
    files = [
        (f"`{name}`", size(count), f"{count / largest.passages / 1024:.2f} KiB")
        for name, count in largest.disk.generation.items()
    ]
    later = (
        f"The largest was measured by itself: {moment(million.machine)}, `{million.command}`, "
        f"{million.seconds / 60:.0f} minutes, load before {million.machine.load:.1f}."
        if million
        else "A million passages take an hour or two by themselves: `python -m bench --only million`."
    )
    return f"""{table(head, rows)}

The power of the number of passages *n* that fits best is in the last column: *n¹* is in proportion, *n⁰* not at all.
About a thousand passages are real. Beyond, passages are **made up** ([bench/archive.py](../bench/archive.py)):
sentences of the real ones drawn at random with every eighth word another, and real vectors with noise (half the
difference of two others). Builds are whole, from files, with every vector in the cache; so encoding is told by itself,
below. {later}

What {largest.passages:,} passages take on the disk:

{table(("", "size", "a passage"), files)}

The model takes {size(part.model_bytes)} for searching, whatever the size, and {size(part.source_model_bytes)} in
sentence-transformers form, for torch."""


def _power(value: float | None) -> str:
    return "" if value is None else f"n^{value:.2f}"
