"""How far the sentences of a passage stay with one topic, told by vectors of the sentences.

What the vectors are made of is the encoder's business, and where to cut is that of `indexer.passages`.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors, normalised


@runtime_checkable
class GistEncoder(Protocol):
    """An encoder that can also tell roughly, at next to no cost, what texts are about."""

    def gists(self, texts: Sequence[str]) -> Vectors | None:
        """Vectors ``(n, width)`` of any length, to be compared with one another only; None when the model has none."""
        ...


class Topics:
    """The sentences of one document, by what each says that its surroundings as a whole do not.

    Sentences that stand close together are alike in language, style and subject, so the mean of those within `reach`
    tokens is taken away first. After that, sentences of one topic point the same way, and the sum of their vectors is
    long; sentences of several topics cancel each other out.
    """

    def __init__(self, vectors: Vectors, tokens: Sequence[int], reach: float) -> None:
        """`vectors` ``(n, width)`` and `tokens` are those of the n sentences in order."""
        weights = np.asarray(tokens, np.float64)
        self._tokens = _running(weights)
        directions = normalised(vectors)
        own = normalised(directions - self._surroundings(directions, reach))
        self._sums = _running(own * weights[:, None])

    def drift(self, first: int, end: int) -> npt.NDArray[np.float64]:
        """How many tokens' worth of text cancels out in a passage, from 0 (one topic) to all of its tokens.

        One value for each passage that ends before sentence `end` and starts with sentence `first`, `first` + 1, …
        """
        lengths = np.linalg.norm(self._sums[end] - self._sums[first:end], axis=1)
        return np.asarray(np.maximum(self._tokens[end] - self._tokens[first:end] - lengths, 0), np.float64)

    def _surroundings(self, directions: Vectors, reach: float) -> Vectors:
        """For each sentence the mean of those whose middle is at most `reach` tokens from its own."""
        middles = (self._tokens[:-1] + self._tokens[1:]) / 2
        first, end = np.searchsorted(middles, middles - reach), np.searchsorted(middles, middles + reach, side="right")
        sums = _running(directions)
        return np.asarray((sums[end] - sums[first]) / (end - first)[:, None], np.float32)


def _running(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Sums of the first 0, 1, … rows."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0, dtype=np.float64)])
