"""How two backends with the same index answer the same queries."""

from dataclasses import dataclass

from bench.sample import Sample
from search.legs import ALL_LEGS

SAME = 0.99
"""Of so many queries the first ten hits must be the same."""

FLOORS = {"xquad-split": (0.92, 0.97), "xquad": (0.91, 0.0), "xquad-r": (0.78, 0.0), "ntrex-news": (0.885, 0.95)}
"""What nDCG@10 of a set, and Success@20 of its worst cell, must be with all legs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One set of queries, asked with these `legs` of the index in its folder and in a Milvus.

    Pairs have a figure of either, in this order. `same` is the share of queries with the same first ten passages in the
    same order, `same_documents` that with the same documents there; `score_difference` is the largest between two hits
    of one rank. `local_ms` and `milvus_ms` are the times of each query, the two asked in turn.
    """

    name: str
    passages: int
    queries: int
    legs: list[str]
    same: float
    same_documents: float
    score_difference: float
    ndcg_at_10: tuple[float, float]
    worst_success_at_20: tuple[float, float]
    local_ms: Sample
    milvus_ms: Sample

    @property
    def slower(self) -> float:
        """How many times as long as in the folder a query takes in the Milvus, in the middle."""
        return self.milvus_ms.median / self.local_ms.median

    @property
    def passes(self) -> bool:
        """Whether the two agree as they must, and with all legs are as good as they must be."""
        ndcg, worst = FLOORS.get(self.name, (0.0, 0.0))
        is_good = self.ndcg_at_10[1] >= ndcg and self.worst_success_at_20[1] >= worst
        return self.same >= SAME and (is_good or len(self.legs) < len(ALL_LEGS))

    def __str__(self) -> str:
        local, milvus = (f"{times.median:.0f}/{times.percentile(95):.0f}" for times in (self.local_ms, self.milvus_ms))
        return (
            f"{self.name:14} {self.queries:4} queries: the same ten {self.same:.1%}, documents "
            f"{self.same_documents:.1%}, scores within {self.score_difference:.1e}; "
            f"nDCG@10 {self.ndcg_at_10[0]:.4f} and {self.ndcg_at_10[1]:.4f}, "
            f"worst cell {self.worst_success_at_20[0]:.3f} and {self.worst_success_at_20[1]:.3f}; "
            f"p50/p95 {local} and {milvus} ms, {self.slower:.1f} times{'' if self.passes else '; NOT AS IT MUST BE'}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """Agreements of a folder and a server, `server` being its kind and version."""

    server: str
    sets: list[Agreement]
