"""Speed, memory and size, beside what people use today: measured on the machine at hand, in parts.

    python -m bench                     all parts but million and graphs, in about half an hour
    python -m bench --only start,load   these parts; the page keeps what earlier runs measured of the others
    python -m bench --only million      a million passages: an hour or two, and 15 GB of disk for as long

Each part is written to the page as soon as it is measured.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.encoding import measure_encoding
from bench.graphs import Graphs, compare_graphs
from bench.growth import measure_growth
from bench.indexing import measure_indexing
from bench.load import Load, measure_load
from bench.machine import Machine
from bench.picture import draw
from bench.processes import ProcessError
from bench.querying import measure_querying
from bench.reading import measure_reading
from bench.report import page, tables
from bench.results import Part, Results
from bench.rivals import PLAIN, RIVALS
from bench.start import measure_start
from bench.workshop import Workshop
from search.settings import Settings

_DOCS = Path(__file__).parents[1] / "docs"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    """How much is measured."""

    copies: int
    turns: int
    rounds: int
    encoded: int
    rivals: tuple[str, ...]
    asked: int
    sizes: tuple[int, ...]
    starts: int
    graph_passages: int
    load_clients: int
    load_seconds: float
    load_rebuilds: int


_FULL = _Effort(
    copies=4,
    turns=2,
    rounds=7,
    encoded=96,
    rivals=tuple(RIVALS),
    asked=100_000,
    sizes=(1_000, 10_000, 100_000),
    starts=9,
    graph_passages=64,
    load_clients=32,
    load_seconds=60,
    load_rebuilds=5,
)
_QUICK = _Effort(
    copies=1,
    turns=1,
    rounds=1,
    encoded=16,
    rivals=(PLAIN,),
    asked=1_500,
    sizes=(1_000, 1_500),
    starts=2,
    graph_passages=16,
    load_clients=4,
    load_seconds=6,
    load_rebuilds=1,
)


def main() -> int:
    """Run the benchmark; the exit code is 1 when a part of it failed."""
    options = _options()
    folder = options.out or (None if options.quick else _DOCS)
    results = Results.read(folder / "performance.json") if folder else Results()
    effort = _QUICK if options.quick else _FULL
    failed = False
    with tempfile.TemporaryDirectory(prefix="jisr-bench-") as name:
        workshop = Workshop(Path(name), Settings.load().cache, _say, few=options.quick)
        for part in options.only:
            try:
                results = replace(results, **{part: _measured(part, workshop, effort)})
            except ProcessError as error:
                failed = True
                _say(f"{part} failed: {error}")
                continue
            if folder:
                _write(results, folder)
    print(tables(results))
    return int(failed)


def _options() -> argparse.Namespace:
    usual = [name for name in _PARTS if name not in _BY_THEMSELVES]
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a smoke run of a minute or two; prints, writes nothing")
    parser.add_argument("--only", type=_names, default=usual, metavar="PART,…", help=f"some of: {', '.join(_PARTS)}")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write instead of docs/")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in _PARTS:
            raise argparse.ArgumentTypeError(f"there is no part {name!r}; choose from {', '.join(_PARTS)}")
    return names


def _measured(name: str, workshop: Workshop, effort: _Effort) -> Part[Any]:
    machine = Machine.here()
    _say(name)
    started = time.monotonic()
    figures = _PARTS[name](workshop, effort)
    return Part(
        machine=machine,
        command=" ".join(["python -m bench", *sys.argv[1:]]),
        seconds=time.monotonic() - started,
        figures=figures,
    )


def _load(workshop: Workshop, effort: _Effort) -> Load:
    return measure_load(
        Settings(index=workshop.folder / "load", cache=workshop.cache),
        clients=effort.load_clients,
        seconds=effort.load_seconds,
        rebuilds=effort.load_rebuilds,
    )


def _graphs(workshop: Workshop, effort: _Effort) -> Graphs:
    """Compare the graphs on passages spread evenly over the seeds."""
    inputs = workshop.inputs
    sample = inputs[:: max(1, len(inputs) // effort.graph_passages)][: effort.graph_passages]
    texts = workshop.folder / "sample.json"
    texts.write_text(json.dumps(sample, ensure_ascii=False), "utf-8")
    return compare_graphs(workshop.cache, texts, effort.rounds)


_PARTS: Mapping[str, Callable[[Workshop, _Effort], Any]] = {
    "start": lambda shop, effort: measure_start(shop.index_of_seeds(1), shop.cache, effort.starts),
    "encoding": lambda shop, effort: measure_encoding(shop, effort.encoded, effort.rounds),
    "reading": lambda shop, effort: measure_reading(shop.model, shop.inputs, effort.turns),
    "indexing": lambda shop, effort: measure_indexing(shop, effort.copies, effort.turns, effort.rivals),
    "growth": lambda shop, effort: measure_growth(shop, effort.sizes),
    "querying": lambda shop, effort: measure_querying(shop, effort.asked, effort.rivals),
    "load": _load,
    "million": lambda shop, _: measure_growth(shop, [_MILLION]),
    "graphs": _graphs,
}
_BY_THEMSELVES = ("million", "graphs")


def _write(results: Results, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    results.write(folder / "performance.json")
    (folder / "PERFORMANCE.md").write_text(page(results), "utf-8")
    draw(results, folder / "performance.svg")
    _say(f"written to {folder}")


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
