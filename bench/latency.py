"""Queries to a searcher that is open: text in, hits out, all different, so that no cache knows any of them.

Run as ``python -m bench.latency INDEX CACHE QUERIES.json LEGS`` it prints the milliseconds of each query;
`measure_latency` does that in a process of its own.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.engines.protocol import HITS, WARM_UP
from bench.processes import run_module
from bench.sample import Sample

ALL, DENSE = "all", "dense"
"""Which legs speak: all, or the dense one alone, which is what other engines have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Times of single queries in milliseconds, one client, and the peak memory of the process that answered."""

    query_ms: Sample
    open_s: float
    peak_bytes: int


def measure_latency(index: Path, cache: Path, queries: Path, legs: str = ALL) -> Latency:
    """Ask all queries of a JSON list but the first, which warm up."""
    process = run_module("bench.latency", index, cache, queries, legs)
    said = process.last_json()
    return Latency(query_ms=Sample(tuple(said["times_ms"])), open_s=said["open_s"], peak_bytes=process.peak_bytes)


def main(index: str, cache: str, queries: str, legs: str) -> None:
    """Print the milliseconds of each query."""
    from search.fusion import Leg
    from search.legs import ALL_LEGS
    from search.searcher import Options, Searcher
    from search.settings import Settings

    asked = json.loads(Path(queries).read_text("utf-8"))
    if legs == DENSE:
        options = Options(k=HITS, legs=frozenset({Leg.DENSE}), names=False, collapse=False, counterparts=False)
    else:
        options = Options(k=HITS, legs=ALL_LEGS)
    started = time.perf_counter()
    searcher = Searcher.open(Settings.load(index=index, cache=cache))
    opened = time.perf_counter() - started
    times = []
    for text in asked:
        started = time.perf_counter()
        searcher.answer(text, options)
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"open_s": opened, "times_ms": times[WARM_UP:]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
