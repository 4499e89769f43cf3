"""The passages of one language as a whole, and what a score means among them.

Cosines of two pools are not comparable: one language's passages lie closer together than the other's. So a score is
told in standard deviations above what the pool gives this query on average. Both follow from the pool's first two
moments, exactly and for any query: the mean of ``q·p`` is ``q·μ`` and its variance ``qᵀΣq``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors

BACKGROUND_WEIGHT = 30
"""How many passages the background counts for: what steadies the moments of a small pool (see docs/EVALUATION.md)."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One language's rows with the mean ``(dim,)`` and covariance ``(dim, dim)`` of its neutral vectors, float32."""

    lang: str
    rows: range
    mean: Vectors
    covariance: Vectors

    def standardise(self, query: Vectors, cosines: Vectors) -> Vectors:
        """Cosines to a neutral query ``(dim,)`` as standard scores, 0 being the pool's average; any real number."""
        deviation = np.sqrt(max(float(query @ self.covariance @ query), 1e-12))
        return np.asarray((cosines - query @ self.mean) / deviation, np.float32)


class Moments:
    """Gathers the moments of vectors that come in blocks."""

    def __init__(self, dim: int) -> None:
        self._count = 0.0
        self._sum = np.zeros(dim)
        self._products = np.zeros((dim, dim))

    def add(self, block: Vectors, *, weight: float = 1.0) -> None:
        """Count in a block ``(n, dim)``, each vector as `weight` vectors."""
        values = block.astype(np.float64)
        self._count += weight * len(values)
        self._sum += weight * values.sum(axis=0)
        self._products += weight * values.T @ values

    def pool(self, lang: str, rows: range) -> Pool:
        """The pool with these moments."""
        mean = self._sum / max(self._count, 1.0)
        covariance = self._products / max(self._count, 1.0) - np.outer(mean, mean)
        return Pool(lang, rows, mean.astype(np.float32), covariance.astype(np.float32))


def with_background(dim: int, background: Vectors) -> Moments:
    """Moments that start from a background sample ``(n, dim)``, counted as `BACKGROUND_WEIGHT` passages in all."""
    moments = Moments(dim)
    moments.add(background, weight=BACKGROUND_WEIGHT / len(background))
    return moments


def write_pools(path: Path, pools: Iterable[Pool]) -> None:
    """Write pools to one ``.npz`` file."""
    arrays: dict[str, npt.NDArray[np.float32] | npt.NDArray[np.int64]] = {}
    for pool in pools:
        arrays[f"{pool.lang}/rows"] = np.array([pool.rows.start, pool.rows.stop], np.int64)
        arrays[f"{pool.lang}/mean"] = pool.mean
        arrays[f"{pool.lang}/covariance"] = pool.covariance
    np.savez(path, allow_pickle=False, **arrays)


def read_pools(path: Path | BinaryIO) -> list[Pool]:
    """Read what `write_pools` wrote."""
    with np.load(path) as arrays:
        langs = [name.partition("/")[0] for name in arrays.files if name.endswith("/rows")]
        return [
            Pool(
                lang,
                range(*map(int, arrays[f"{lang}/rows"])),
                arrays[f"{lang}/mean"],
                arrays[f"{lang}/covariance"],
            )
            for lang in langs
        ]
