"""Queries, side by side: text in, hits out, one client, each engine with its own encoder over the same vectors.

Jisr is asked before the others and after them.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx2

from bench.disk import measure_disk, size
from bench.engines.protocol import HITS, WARM_UP
from bench.latency import DENSE, Latency, measure_latency
from bench.processes import ProcessError, run_module
from bench.rivals import PLAIN, RIVALS, run_rival
from bench.sample import Sample
from bench.server import served
from bench.workshop import Built, Workshop
from search.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One engine: building from given vectors, the size of what it wrote, and its queries.

    `agreement` is the share of the plain script's hits, which are the exact ones, that it gives, too. `peak_bytes` is
    that of the process that answers.
    """

    build_s: float
    build_peak_bytes: int
    disk_bytes: int
    open_s: float
    query_ms: Sample
    peak_bytes: int
    agreement: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """`jisr serve`, over HTTP."""

    ready_s: float
    query_ms: Sample
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Querying:
    """All engines by name, and Jisr: as a library with all legs and with the dense one alone, and as a server."""

    passages: int
    rivals: dict[str, Asked]
    failed: dict[str, str]
    build_s: float
    build_peak_bytes: int
    disk_bytes: int
    all_legs: Latency
    dense: Latency
    server: Served

    def best(self, names: Iterable[str]) -> str | None:
        """The quickest of these by its median query, None when there is none."""
        measured = [name for name in names if name in self.rivals]
        return min(measured, key=lambda name: self.rivals[name].query_ms.median, default=None)


def measure_querying(workshop: Workshop, passages: int, names: Iterable[str] = RIVALS) -> Querying:
    """Ask the index of so many made-up passages, and have all engines named index and answer the same."""
    built = workshop.built(passages)
    workshop.say("asking Jisr")
    rounds = [_ask(built, workshop)]
    server = _serve(built, workshop)
    rivals, failed = _measure_rivals(built, workshop, names)
    rounds.append(_ask(built, workshop))
    return Querying(
        passages=passages,
        rivals=rivals,
        failed=failed,
        build_s=built.seconds,
        build_peak_bytes=built.peak_bytes,
        disk_bytes=measure_disk(built.index).index,
        all_legs=_joined([one for one, _ in rounds]),
        dense=_joined([one for _, one in rounds]),
        server=server,
    )


def _measure_rivals(built: Built, workshop: Workshop, names: Iterable[str]) -> tuple[dict[str, Asked], dict[str, str]]:
    rivals: dict[str, Asked] = {}
    failed: dict[str, str] = {}
    exact: list[list[int]] | None = None
    for name in names:
        workshop.say(f"asking {name}")
        try:
            rivals[name], hits = _measure_rival(name, built, workshop, exact)
        except ProcessError as error:
            failed[name] = str(error).strip().splitlines()[-1]
            continue
        if name == PLAIN:
            exact = hits
    return rivals, failed


def _measure_rival(
    name: str, built: Built, workshop: Workshop, exact: list[list[int]] | None
) -> tuple[Asked, list[list[int]]]:
    assert built.archive  # noqa: S101 - what others are compared over is made up
    index = workshop.folder / f"{name}-{built.passages}"
    indexed = run_rival(name, "index", index, workshop, texts=built.archive.texts, vectors=built.archive.vectors)
    asked = run_rival(name, "search", index, workshop)
    said = asked.last_json()
    found = Asked(
        build_s=indexed.last_json()["seconds"],
        build_peak_bytes=indexed.peak_bytes,
        disk_bytes=size(index),
        open_s=said["open_s"],
        query_ms=Sample(tuple(said["times_ms"])),
        peak_bytes=asked.peak_bytes,
        agreement=agreement(said["hits"], exact) if exact else None,
    )
    return found, said["hits"]


def agreement(hits: list[list[int]], exact: list[list[int]]) -> float:
    """The share of the exact hits of all queries that are among the hits."""
    common = sum(len(set(one) & set(other)) for one, other in zip(hits, exact, strict=True))
    return common / sum(map(len, exact))


def _ask(built: Built, workshop: Workshop) -> tuple[Latency, Latency]:
    return (
        measure_latency(built.index, workshop.cache, workshop.queries),
        measure_latency(built.index, workshop.cache, workshop.queries, DENSE),
    )


def _joined(rounds: list[Latency]) -> Latency:
    return Latency(
        query_ms=Sample(tuple(value for one in rounds for value in one.query_ms.values)),
        open_s=median(one.open_s for one in rounds),
        peak_bytes=max(one.peak_bytes for one in rounds),
    )


def _serve(built: Built, workshop: Workshop) -> Served:
    workshop.say("asking jisr serve")
    with served(Settings(index=built.index, cache=workshop.cache)) as server:
        # Asked by another process, which may grow as it likes: this one stays small.
        said = run_module("bench.querying", server.address, workshop.queries).json()
        return Served(ready_s=server.ready_s, query_ms=Sample(tuple(said)), peak_bytes=server.peak_bytes())


def main(address: str, queries: str) -> None:
    """Print the milliseconds of each query to a server."""
    times = []
    with httpx2.Client(base_url=address, timeout=60) as http:
        for text in json.loads(Path(queries).read_text("utf-8")):
            started = time.perf_counter()
            http.get("/api/v1/search", params={"q": text, "k": HITS}).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    print(json.dumps(times[WARM_UP:]))


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
