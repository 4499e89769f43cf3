"""What the plan assumes where nothing was measured: each with what it means; change one, and the page follows."""

from dataclasses import dataclass, field, fields
from typing import Any


def _assumed(value: float, meaning: str) -> Any:
    return field(default=value, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """All of them, with the machine that sizes are told in."""

    machine_cores: int = _assumed(16, "cores of a machine")
    machine_memory_gib: float = _assumed(128, "memory of a machine, GiB")
    machine_disk_gib: float = _assumed(3500, "NVMe disk of a machine, GiB")
    usable: float = _assumed(0.7, "share of a machine's memory and disk that data may take; the rest is the system's")
    generations: int = _assumed(2, "generations that are loaded at once while a new one is published beside the old")
    segment_rows: int = _assumed(
        275_000,
        "passages in a full segment: 1 GiB (`dataCoord.segment.maxSize`) by 3.9 kB, at which Milvus reckons a record "
        "of this schema (it counts a long text as 256 bytes)",
    )
    node_width: int = _assumed(4, "cores of a node that work for one query at the same time")
    calls: int = _assumed(6, "calls to Milvus that a query makes one after the other")
    call_ms: float = _assumed(3, "what one call takes besides the search, ms; 2–8 were seen on one machine")
    busy: float = _assumed(0.6, "how busy nodes may be at the stated load; replicas are added until they are not more")
    replicas: int = _assumed(2, "replicas at the least, so that the loss of a machine stops nothing")
    queries_per_s: float = _assumed(50, "the stated load, queries a second")
    passages_per_document: float = _assumed(3, "as in the news articles of the measured sets")
    word_memory_bytes: float = _assumed(200, "what a word and its number take in the memory of a Python process, bytes")
    sent_mb_per_s: float = _assumed(20, "how fast records are sent to Milvus and flushed, MB a second")

    def table(self) -> list[tuple[str, str, str]]:
        """Name, value and meaning of each."""
        return [(f"`{one.name}`", f"{getattr(self, one.name):,}", one.metadata["meaning"]) for one in fields(self)]
