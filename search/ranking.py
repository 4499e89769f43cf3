"""From candidates of each language's pool to one list.

A hit's score is its standard score, how many standard deviations its cosine to the query lies above the average of
its own language's passages, plus the rarity of the names that it shares with the query across the two scripts. That
makes the languages comparable, so the list needs no quota: a language with nothing to say stays below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search.encoder import Vectors
from search.names import NamesIndex
from search.pools import Pool
from search.vectors import VectorIndex

MIN_DEPTH = 100
"""How many candidates each leg gives at least."""

NAMES_WEIGHT = 0.75
"""What a name that one passage alone has is worth, in standard deviations (see docs/EVALUATION.md)."""


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as ranking needs it: its text, its language, and its neutral vector ``(dim,)``."""

    text: str
    lang: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with its score; higher is better."""

    row: int
    score: float


def rank(
    query: EncodedQuery, pools: Sequence[Pool], vectors: VectorIndex, names: NamesIndex, *, k: int
) -> list[Candidate]:
    """The best `k` candidates of all pools, best first, ties by row."""
    depth = max(k, MIN_DEPTH)
    candidates = []
    for pool in pools:
        shared = names.scores(query.text, query.lang, pool) if pool.lang != query.lang else {}
        rows, cosines = vectors.search(query.vector, pool.rows, depth)
        named = sorted(shared.keys() - set(rows.tolist()), key=lambda row: (-shared[row], row))[:depth]
        candidates += _scored(query, pool, rows.tolist(), cosines, shared)
        candidates += _scored(query, pool, named, vectors.cosines(query.vector, named), shared)
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.row))[:k]


def _scored(
    query: EncodedQuery, pool: Pool, rows: list[int], cosines: Vectors, shared: dict[int, float]
) -> list[Candidate]:
    scores = pool.standardise(query.vector, cosines)
    return [
        Candidate(row, float(score) + NAMES_WEIGHT * shared.get(row, 0.0))
        for row, score in zip(rows, scores, strict=True)
    ]
