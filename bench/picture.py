"""The figures as one picture, docs/performance.svg, drawn by matplotlib in an environment of its own."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.environments import environment
from bench.growth import Size
from bench.indexing import Indexing
from bench.processes import run_module
from bench.querying import Querying
from bench.results import Results
from bench.rivals import JISR

_ALL, _DENSE = f"{JISR}, all legs", f"{JISR}, dense leg alone"


def draw(results: Results, path: Path) -> None:
    """Write an SVG of what was measured; nothing where there is nothing to show. Raises `ProcessError`."""
    if found := list(panels(results)):
        run_module("bench.engines.picture", path.absolute(), python=environment("picture"), given=found)


def panels(results: Results) -> Iterator[dict[str, Any]]:
    """The panels, as `bench.engines.picture` understands them."""
    if results.indexing:
        yield _indexing(results.indexing.figures)
    if results.querying:
        yield _querying(results.querying.figures)
    sizes = [size for part in (results.growth, results.million) if part for size in part.figures.sizes if size.passages]
    if len(sizes) > 1:
        yield from _growth(sorted(sizes, key=lambda size: size.passages))


def _indexing(part: Indexing) -> dict[str, Any]:
    return {
        "kind": "bars",
        "title": "Indexing, passages a second",
        "values": {name: median(part.rates(name)) for name in part.turns},
        "ours": [JISR],
        "form": "{:.1f}",
    }


def _querying(part: Querying) -> dict[str, Any]:
    ours = {_ALL: part.all_legs.query_ms.median, _DENSE: part.dense.query_ms.median}
    return {
        "kind": "bars",
        "title": f"A query over {part.passages:,} passages, median in ms",
        "values": ours | {name: asked.query_ms.median for name, asked in part.rivals.items()},
        "ours": list(ours),
        "form": "{:.0f} ms",
    }


def _growth(sizes: list[Size]) -> Iterator[dict[str, Any]]:
    across = {"kind": "lines", "across": [size.passages for size in sizes]}
    yield across | {
        "title": "A query, as passages grow",
        "unit": "ms",
        "values": {
            f"{legs}, p{percent}": [
                (size.all_legs if legs == "all legs" else size.dense).query_ms.percentile(percent) for size in sizes
            ]
            for legs in ("all legs", "dense leg alone")
            for percent in (50, 95)
        },
    }
    yield across | {
        "title": "Room, as passages grow",
        "unit": "MiB",
        "values": {
            "index on the disk": [size.disk.index / 2**20 for size in sizes],
            "memory of a searcher": [size.all_legs.peak_bytes / 2**20 for size in sizes],
            "memory of a build": [size.build_peak_bytes / 2**20 for size in sizes],
        },
    }
