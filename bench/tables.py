"""Figures as they stand in the tables of a page in Markdown."""

from collections.abc import Iterable, Sequence

from bench.machine import Machine
from bench.sample import Sample


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a line for each row."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percentiles(sample: Sample, form: str = "{:.1f} ms") -> tuple[str, ...]:
    """The values that half, 95 % and 99 % of a sample are below."""
    return tuple(form.format(sample.percentile(percent)) for percent in (50, 95, 99))


def spread(values: Sequence[float], form: str, unit: float = 1) -> str:
    """The smallest and the largest value, in some unit."""
    low, high = (form.format(value / unit) for value in (min(values), max(values)))
    return low if low == high else f"{low}–{high}"


def size(count: float) -> str:
    """Bytes in KiB or MiB."""
    return f"{count / 2**20:,.1f} MiB" if count >= 2**20 else f"{count / 2**10:.1f} KiB"


def mib(count: float) -> str:
    """Bytes in MiB."""
    return f"{count / 2**20:,.0f} MiB"


def moment(machine: Machine) -> str:
    """When something was measured."""
    return machine.date.replace("T", " ").replace("+00:00", " UTC")
