"""All that one evaluation measured, and the JSON file that keeps it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.machine import Machine
from search.evaluation import Figures, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one set fared with some of the legs.

    `report` is about the mixed list. `apart` goes by cell, too, but looks at the documents of one language alone: what
    the list would be if one had asked for that language.
    """

    report: Report
    apart: dict[str, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutcome:
    """How one set fared with all legs, and with the dense one alone."""

    name: str
    asks: str
    documents: int
    passages: int
    queries: int
    all_legs: Outcome
    dense: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """Some sets, some of their queries, with some of the legs and with or without counterparts: `outcomes` by set."""

    legs: list[str]
    counterparts: bool
    outcomes: dict[str, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The share of a set's queries for which an archive says that it has a good match."""

    queries: str
    archive: str
    asked: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LongDocuments:
    """One way to cut long documents: by cell, recall of the answer's sentence within `bench.longdocs.BUDGETS`."""

    joined_by: str
    cut: str
    passages: int
    mean_tokens: float
    recall: dict[str, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The parts of one run."""

    command: str
    seconds: float
    machine: Machine
    sets: list[SetOutcome]
    ablation_queries: int
    ablation: list[Ablation]
    answered: list[Answered]
    long_documents: list[LongDocuments]

    def write(self, path: Path) -> None:
        """Write the figures to a JSON file that `read` understands."""
        from pydantic import TypeAdapter

        path.write_bytes(TypeAdapter(Outcomes).dump_json(self, indent=1) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The outcomes in a file. Raises `FileNotFoundError`, and pydantic's `ValidationError` for another shape."""
        from pydantic import TypeAdapter

        return TypeAdapter(cls).validate_json(path.read_bytes())
