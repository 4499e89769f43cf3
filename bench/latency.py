"""Queries to a searcher that is open: text in, hits out.

Run as ``python -m bench.latency INDEX CACHE REPEATS`` it prints the milliseconds of each query; `measure_latency` does
that in a process of its own.
"""

import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import queries
from bench.processes import run_module
from bench.sample import Sample

HITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Times of single queries in milliseconds, one client, and the peak memory of the process that answered."""

    queries: int
    repeats: int
    query_ms: Sample
    peak_bytes: int


def measure_latency(index: Path, cache: Path, repeats: int) -> Latency:
    """Ask every seed query `repeats` times, after one round that does not count."""
    process = run_module("bench.latency", index, cache, str(repeats))
    times = process.json()
    return Latency(
        queries=len(times) // repeats, repeats=repeats, query_ms=Sample(tuple(times)), peak_bytes=process.peak_bytes
    )


def main(index: str, cache: str, repeats: str) -> None:
    """Print the milliseconds of each query, in a random order that is always the same."""
    from search.searcher import Searcher
    from search.settings import Settings

    searcher = Searcher.open(Settings.load(index=index, cache=cache))
    asked = queries()
    order = asked * int(repeats)
    random.Random(0).shuffle(order)  # noqa: S311
    times = []
    for text in asked + order:
        started = time.perf_counter()
        searcher.search(text, k=HITS)
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps(times[len(asked) :]))


if __name__ == "__main__":
    main(*sys.argv[1:])
