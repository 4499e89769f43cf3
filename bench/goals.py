"""What was hoped for, and whether it was reached: computed from the figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench.indexing import Indexing
from bench.querying import Querying
from bench.results import Results
from bench.rivals import DATABASES, PLAIN

INDEX_RATIO = 5.0
INDEX_RATIO_DATABASES = 3.0
QUERY_RATIO = 3.0
PEAK_SHARE = 0.5
SERVE_SHARE = 0.25
MILLION_P95_MS = 25.0
MILLION_RECALL = 0.98
MILLION_BYTES = 1.5 * 2**30
SEARCH_START_S = 0.6
HELP_S = 0.15
SERVE_READY_S = 1.5

_DENSE = "— by the dense leg alone, all that other engines have"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: what was measured, against what, and what was wanted, in words; `met` is None when not measured."""

    what: str
    against: str
    measured: str
    wanted: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """Met, missed or not measured."""
        return {True: "met", False: "**missed**", None: "not measured"}[self.met]


def goals(results: Results) -> list[Goal]:
    """All goals, in the order of the page."""
    return [
        *_indexing(results.indexing.figures if results.indexing else None),
        *_querying(results.querying.figures if results.querying else None),
        _encoding(results),
        *_million(results),
        *_start(results),
    ]


def _at_least(what: str, against: str, value: float | None, wanted: float, form: str) -> Goal:
    return _goal(what, against, value, f"≥ {form.format(wanted)}", form, met=value is not None and value >= wanted)


def _at_most(what: str, against: str, value: float | None, wanted: float, form: str) -> Goal:
    return _goal(what, against, value, f"≤ {form.format(wanted)}", form, met=value is not None and value <= wanted)


def _goal(what: str, against: str, value: float | None, wanted: str, form: str, *, met: bool) -> Goal:
    if value is None:
        return Goal(what, against, "", wanted, None)
    return Goal(what, against, form.format(value), wanted, met)


def _indexing(part: Indexing | None) -> Iterator[Goal]:
    best = part.best(DATABASES) if part else None
    for against, name, wanted in (
        (PLAIN, PLAIN, INDEX_RATIO),
        (f"the best of {', '.join(DATABASES)}" + (f": {best}" if best else ""), best, INDEX_RATIO_DATABASES),
    ):
        ratio = median(part.ratios(name)) if part and name in part.turns else None
        yield _at_least("index throughput, Jisr's end to end from files", against, ratio, wanted, "{:.1f} ×")


def _querying(part: Querying | None) -> Iterator[Goal]:
    best = part.best(DATABASES) if part else None
    named = "the best of those" + (f": {best}" if best else "")
    count = f"{part.passages:,}" if part else "100,000"
    for what, legs in (
        (f"query, text in → hits out, p50 at {count} passages", part.all_legs if part else None),
        (_DENSE, part.dense if part else None),
    ):
        ratio = part.rivals[best].query_ms.median / legs.query_ms.median if part and legs and best else None
        yield _at_least(what, named, ratio, QUERY_RATIO, "{:.1f} ×")
    share = part.server.peak_bytes / part.rivals[PLAIN].peak_bytes if part and PLAIN in part.rivals else None
    yield _at_most(f"peak memory of `jisr serve` at {count} passages", PLAIN, share, SERVE_SHARE, "{:.0%}")


def _encoding(results: Results) -> Goal:
    share = results.encoding.figures.shares.median if results.encoding else None
    return _at_least("encode throughput", "the machine's int8 products of the same shapes", share, PEAK_SHARE, "{:.0%}")


def _million(results: Results) -> Iterator[Goal]:
    size = results.million.figures.sizes[-1] if results.million else None
    count = f"{size.passages:,}" if size else "1,000,000"
    recall = (1.0 if size.recall is None else size.recall) if size else None  # exact search misses nothing
    yield _at_least(f"vectors of {count} passages, recall@10", "exact search", recall, MILLION_RECALL, "{:.3f}")
    for what, legs in (
        (f"query at {count} passages", size.all_legs if size else None),
        (_DENSE, size.dense if size else None),
    ):
        p95 = legs.query_ms.percentile(95) if legs else None
        yield _at_most(f"{what}, p95", "", p95, MILLION_P95_MS, "{:.0f} ms")
        gib = legs.peak_bytes / 2**30 if legs else None
        yield _at_most(f"{what}, peak memory", "", gib, MILLION_BYTES / 2**30, "{:.2f} GiB")


def _start(results: Results) -> Iterator[Goal]:
    part = results.start.figures if results.start else None
    yield _at_most("`jisr search` from cold", "", part.search_s.median if part else None, SEARCH_START_S, "{:.2f} s")
    yield _at_most("`jisr --help`", "", part.help_s.median if part else None, HELP_S, "{:.2f} s")
    yield _at_most("`jisr serve` ready", "", part.serve_s.median if part else None, SERVE_READY_S, "{:.2f} s")
    heavy = ", ".join(part.heavy_imports) or "nothing" if part else ""
    yield Goal(
        "`jisr search` imports of torch and transformers", "", heavy, "nothing", heavy == "nothing" if part else None
    )
