"""All that the benchmark measured, part by part, and the JSON file that keeps every raw number.

A part may come from an earlier run than another: each has its own date, machine and command.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, cast

from bench.encoding import Encoding
from bench.graphs import Graphs
from bench.growth import Growth
from bench.indexing import Indexing
from bench.load import Load
from bench.machine import Machine
from bench.querying import Querying
from bench.reading import Reading
from bench.start import Start

Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[Figures]):
    """What one part of the benchmark gave, where and when."""

    machine: Machine
    command: str
    seconds: float
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The parts, None for one that was never measured."""

    indexing: Part[Indexing] | None = None
    querying: Part[Querying] | None = None
    growth: Part[Growth] | None = None
    million: Part[Growth] | None = None
    encoding: Part[Encoding] | None = None
    start: Part[Start] | None = None
    load: Part[Load] | None = None
    reading: Part[Reading] | None = None
    graphs: Part[Graphs] | None = None

    def write(self, path: Path) -> None:
        """Write the raw numbers to a JSON file that `read` understands."""
        from pydantic import TypeAdapter

        path.write_bytes(TypeAdapter(Results).dump_json(self, indent=1) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The results in a file, without the parts that another version of the benchmark wrote in another shape."""
        from pydantic import TypeAdapter, ValidationError

        try:
            written = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        read: dict[str, Any] = {}
        for part in fields(cls):
            try:
                kind: TypeAdapter[Any] = TypeAdapter(cast("Any", part.type))
                read[part.name] = kind.validate_python(written.get(part.name))
            except ValidationError:
                continue
        return cls(**read)
