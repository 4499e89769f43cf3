"""The command: run every part of the benchmark, print the tables, and write the page and the raw numbers."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import encoder_inputs, write_corpus
from bench.graphs import Graphs, compare_graphs
from bench.latency import measure_latency
from bench.load import measure_load
from bench.machine import Machine
from bench.processes import ProcessError, run_jisr
from bench.reading import measure_reading
from bench.report import page, tables
from bench.results import Results
from bench.sizes import measure_sizes
from bench.start import measure_start
from bench.throughput import measure_throughput
from search.model import prepare
from search.settings import Settings

_DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    """How much is measured."""

    copies: int
    turns: int
    starts: int
    repeats: int
    graph_passages: int
    graph_rounds: int
    load_clients: int
    load_seconds: float
    load_rebuilds: int


_FULL = _Effort(
    copies=4,
    turns=3,
    starts=9,
    repeats=10,
    graph_passages=64,
    graph_rounds=11,
    load_clients=32,
    load_seconds=60,
    load_rebuilds=5,
)
_QUICK = _Effort(
    copies=1,
    turns=1,
    starts=3,
    repeats=2,
    graph_passages=16,
    graph_rounds=1,
    load_clients=4,
    load_seconds=6,
    load_rebuilds=1,
)


def main() -> int:
    """Run the benchmark; the exit code is 1 when a part of it failed."""
    options = _options()
    folder = options.out or (None if options.quick else _DOCS)
    earlier = Results.read(folder / "performance.json") if folder else None
    try:
        results = _measure(_QUICK if options.quick else _FULL, graphs=options.graphs, earlier=earlier)
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    print(tables(results))
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        results.write(folder / "performance.json")
        (folder / "PERFORMANCE.md").write_text(page(results), "utf-8")
        _say(f"written to {folder}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run in under a minute; prints, writes nothing")
    parser.add_argument("--graphs", action="store_true", help="also compare ways to export the model (minutes more)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write instead of docs/")
    return parser.parse_args()


def _measure(effort: _Effort, *, graphs: bool, earlier: Results | None) -> Results:
    machine = Machine.here()
    started = time.monotonic()
    cache = Settings.load().cache
    _say("preparing the model")
    run_jisr("model", cache=cache)
    model = prepare(Settings(cache=cache))
    with tempfile.TemporaryDirectory(prefix="jisr-bench-") as name:
        folder = Path(name)
        write_corpus(folder / "corpus", effort.copies)
        _say("indexing, in turn with the plain script")
        throughput = measure_throughput(folder / "corpus", model, cache, folder, effort.turns)
        index = folder / "jisr-0"
        _say("reading")
        reading = measure_reading(model, encoder_inputs(index), effort.turns)
        _say("cold starts")
        start = measure_start(index, cache, effort.starts)
        _say("query latency")
        latency = measure_latency(index, cache, effort.repeats)
        _say("load")
        load = measure_load(
            Settings(index=folder / "load", cache=cache),
            clients=effort.load_clients,
            seconds=effort.load_seconds,
            rebuilds=effort.load_rebuilds,
        )
        sizes = measure_sizes(index, model)
        compared = earlier.graphs if earlier else None
        if graphs:
            _say("graphs")
            compared = _compare(index, cache, folder, effort)
    return Results(
        command=" ".join(["python -m bench", *sys.argv[1:]]),
        seconds=time.monotonic() - started,
        machine=machine,
        throughput=throughput,
        reading=reading,
        start=start,
        latency=latency,
        load=load,
        sizes=sizes,
        graphs=compared,
    )


def _compare(index: Path, cache: Path, folder: Path, effort: _Effort) -> Graphs:
    """Compare the graphs on passages spread evenly over the index."""
    inputs = encoder_inputs(index)
    sample = inputs[:: max(1, len(inputs) // effort.graph_passages)][: effort.graph_passages]
    (folder / "sample.json").write_text(json.dumps(sample, ensure_ascii=False), "utf-8")
    return compare_graphs(cache, folder / "sample.json", effort.graph_rounds)


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
