"""Where passages stand on a map: a place in two dimensions for each, near those that tell of the same.

t-SNE (van der Maaten and Hinton, 2008) by openTSNE (Poličar, Stražar and Zupan, 2024) over a sample; every other
passage stands among those of the sample that are nearest to it. Each pool is centred on its own mean first: what the
shift leaves of a language would part the map in two. On the seeds, of the ten neighbours of a passage 7 % were in the
other language without that, and 47 % with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.allowed import Rows
from search.backend import VectorStore
from search.encoder import Vectors, normalised
from search.pools import Pool
from search.vectors import nearest

SAMPLE = 2000
"""How many passages are laid out at the most: the time grows with them, and so does a page that shows them."""

Positions = npt.NDArray[np.float32]

_PERPLEXITY = 30.0
_ITERATIONS = 250  # as many as go before them with exaggeration; 500 kept no more neighbours
_FEWEST = 8  # below that there are no neighbourhoods, and t-SNE has nothing to go by
_GUIDES = 5
_BLOCK_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of every row, ``(count, 2)``, each 0–1, and the `sample` of rows laid out."""

    positions: Positions
    sample: Rows


def lay_out(vectors: VectorStore, pools: Sequence[Pool], size: int = SAMPLE) -> Layout:
    """Lay out the passages of a generation by a sample of this size. The same passages always get the same places."""
    if not vectors.count:
        return Layout(np.empty((0, 2), np.float32), np.empty(0, np.int64))
    # Evenly spaced rows give each pool its share, and long documents theirs.
    sample = np.unique(np.linspace(0, vectors.count - 1, min(size, vectors.count)).round().astype(np.int64))
    chosen = np.empty((len(sample), vectors.dim), np.float32)
    for pool in pools:
        inside = (sample >= pool.rows.start) & (sample < pool.rows.stop)
        chosen[inside] = _centred(vectors.at(sample[inside]), pool)
    places = _in_unit_square(_embedded(chosen))
    positions = np.empty((vectors.count, 2), np.float32)
    for pool in pools:
        for start in range(pool.rows.start, pool.rows.stop, _BLOCK_ROWS):
            rows = range(start, min(start + _BLOCK_ROWS, pool.rows.stop))
            positions[rows.start : rows.stop] = _among(_centred(vectors.at(rows), pool), chosen, places)
    positions[sample] = places
    return Layout(positions, sample)


def clusters(places: Positions, count: int) -> npt.NDArray[np.int64]:
    """To which of `count` regions, from 0, each of the places ``(n, 2)`` belongs: k-means, the same each time."""
    from sklearn.cluster import KMeans  # type: ignore[import-untyped]

    return np.asarray(KMeans(count, n_init=1, random_state=0).fit_predict(places), np.int64)


def _centred(vectors: Vectors, pool: Pool) -> Vectors:
    return normalised(vectors - pool.mean)


def _embedded(vectors: Vectors) -> npt.NDArray[np.float64]:
    """t-SNE ``(n, 2)``, or the two principal components of very few vectors."""
    if len(vectors) < _FEWEST:
        left, sizes, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
        return np.pad(left * sizes, ((0, 0), (0, 2)))[:, :2].astype(np.float64)
    from openTSNE import TSNE  # type: ignore[import-untyped]

    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    tsne = TSNE(perplexity=perplexity, metric="cosine", neighbors="exact", n_iter=_ITERATIONS, n_jobs=1, random_state=0)
    return np.asarray(tsne.fit(vectors), np.float64)


def _in_unit_square(places: npt.NDArray[np.float64]) -> Positions:
    low, high = places.min(axis=0), places.max(axis=0)
    spread = high - low > 1e-9
    return np.asarray(np.where(spread, (places - low) / np.where(spread, high - low, 1), 0.5), np.float32)


def _among(vectors: Vectors, chosen: Vectors, places: Positions) -> Positions:
    """A place for each vector in the midst of those that `chosen` has nearest to it: the median, for one may be far."""
    guides, _ = nearest(vectors, chosen, min(_GUIDES, len(chosen)))
    return np.asarray(np.median(places[guides], axis=1), np.float32)
