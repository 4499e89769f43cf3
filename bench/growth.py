"""How everything grows with the number of passages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from bench.disk import Disk, measure_disk, model_bytes
from bench.latency import DENSE, Latency, measure_latency
from bench.workshop import REAL, Workshop
from search import store


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One archive.

    `build_s` is `jisr index` with all vectors in its cache, so without encoding, and `build_peak_bytes` the memory that
    it took. `recall` is recall@10 of the vector index against exact search, as the manifest has it; None when that says
    nothing, since the search is exact.
    """

    passages: int
    is_real: bool
    late: bool
    build_s: float
    build_peak_bytes: int
    disk: Disk
    all_legs: Latency
    dense: Latency
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """All sizes, from the smallest, and what the model takes on the disk, whatever the size.

    `model_bytes` is what a search reads of it, `source_model_bytes` its sentence-transformers form, for torch.
    """

    sizes: list[Size]
    model_bytes: int
    source_model_bytes: int


def measure_growth(workshop: Workshop, counts: Iterable[int]) -> Growth:
    """Build an index of each size, and ask it."""
    sizes = [_measure(workshop, count) for count in counts]
    read, source = model_bytes(workshop.model)
    return Growth(sizes=sizes, model_bytes=read, source_model_bytes=source)


def exponent(counts: Sequence[float], values: Sequence[float]) -> float | None:
    """The power of the number of passages that the values grow with: the slope of the line through their logarithms.

    By least squares; 1 is in proportion, 0 not at all. None for fewer than two sizes, or a value that is not positive.
    """
    if len(counts) < 2 or min(*counts, *values) <= 0:
        return None
    across, up = [log(count) for count in counts], [log(value) for value in values]
    mean_across, mean_up = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - mean_across) ** 2 for x in across)
    return sum((x - mean_across) * (y - mean_up) for x, y in zip(across, up, strict=True)) / spread if spread else None


def _measure(workshop: Workshop, count: int) -> Size:
    built = workshop.built(count)
    workshop.say(f"asking {count:,} passages")
    manifest = store.Manifest.read(store.current(built.index))
    return Size(
        passages=built.passages,
        is_real=count <= REAL,
        late=manifest.late,
        build_s=built.seconds,
        build_peak_bytes=built.peak_bytes,
        disk=measure_disk(built.index),
        all_legs=measure_latency(built.index, workshop.cache, workshop.queries),
        dense=measure_latency(built.index, workshop.cache, workshop.queries, DENSE),
        recall=getattr(manifest, "recall", {}).get("10"),
    )
