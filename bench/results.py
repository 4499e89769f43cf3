"""All that one benchmark measured, and the JSON file that keeps every raw number."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.graphs import Graphs
from bench.latency import Latency
from bench.load import Load
from bench.machine import Machine
from bench.reading import Reading
from bench.sizes import Sizes
from bench.start import Start
from bench.throughput import Throughput


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The parts of one run. `graphs` may come from an earlier one and has a date and machine of its own."""

    command: str
    seconds: float
    machine: Machine
    throughput: Throughput
    reading: Reading
    start: Start
    latency: Latency
    load: Load
    sizes: Sizes
    graphs: Graphs | None

    def write(self, path: Path) -> None:
        """Write the raw numbers to a JSON file that `read` understands."""
        from pydantic import TypeAdapter

        path.write_bytes(TypeAdapter(Results).dump_json(self, indent=1) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The results in a file; None when there is no such file, or another version wrote it."""
        from pydantic import TypeAdapter, ValidationError

        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
