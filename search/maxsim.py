"""How well passages answer a query, token by token: MaxSim over the codes of `search.tokens`.

MaxSim (Khattab & Zaharia, "ColBERT", 2020, arXiv:2004.12832) takes for each token of the query the passage token that
is most like it; here the mean of these, not the sum. It is taken over all of a passage, and over the one of its
neighbourhoods where it is greatest: what stands together in one place tells more than what is strewn about. Both count
alike (see docs/EVALUATION.md).
"""

from dataclasses import dataclass
from functools import reduce
from typing import Self

import numpy as np

from search.encoder import Vectors, normalised
from search.tokens import Codes, Counts, TokenCodes

_PIECE = 8
_PIECES = 3
WINDOW = _PIECES * _PIECE
"""How many tokens are a neighbourhood, about a clause; one begins at every eighth token of a passage."""

_AT_ONCE = 8
"""Passages that are compared in one go: as many as the processor's cache holds unpacked."""

_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)
"""The bits of each byte ``(256, 8)``."""


def maxsim(query: Vectors, passages: TokenCodes) -> Vectors:
    """How well each passage answers a query, ``(n,)`` float32, between -1 and 1.

    `query` ``(tokens, width)`` is what `search.late.TokenShift.query` gives, a passage token is the vector of its
    signs, of length 1. A query or a passage without tokens scores 0.
    """
    scores = np.zeros(len(passages.lengths), np.float32)
    filled = np.flatnonzero(passages.lengths)
    if len(query) and len(filled):
        pieces = _Pieces.of(passages, filled)
        best = pieces.best(query, passages.codes)
        anywhere = np.maximum.reduceat(best, pieces.first).mean(axis=1)
        scores[filled] = (anywhere + pieces.nearby(best, anywhere)) / 2
    return scores


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Passages, none of them empty, cut in pieces of `_PIECE` tokens.

    Of each passage, `starts` and `ends` ``(n,)`` say where it lies in the codes, `first` which of all pieces is its
    first one, and `counts` how many are its own.
    """

    starts: Counts
    ends: Counts
    first: Counts
    counts: Counts

    @classmethod
    def of(cls, passages: TokenCodes, rows: Counts) -> Self:
        """These of some passages."""
        ends = np.cumsum(passages.lengths)[rows]
        counts = -(-passages.lengths[rows] // _PIECE)
        return cls(ends - passages.lengths[rows], ends, np.cumsum(counts) - counts, counts)

    def best(self, query: Vectors, codes: Codes) -> Vectors:
        """The best cosine in each piece to each token of the query, ``(pieces, tokens)``."""
        # Signs are 2 * bits - 1, so the bits can be multiplied as they are and what is constant be added at the end.
        scaled = query / np.sqrt(query.shape[1])
        weights = np.zeros((codes.shape[1] * 8, len(query)), np.float32)
        weights[: query.shape[1]] = 2 * scaled.T
        begins = np.repeat(self.starts - _PIECE * self.first, self.counts) + _PIECE * np.arange(self.counts.sum())
        best = np.empty((len(begins), len(query)), np.float32)
        blocks = [slice(at, at + _AT_ONCE) for at in range(0, len(self.starts), _AT_ONCE)]
        # One piece of memory for all blocks: to be given a new one takes longer than to fill it.
        longest = max(self.ends[block][-1] - self.starts[block][0] for block in blocks)
        unpacked = np.empty((longest, len(weights)), np.float32)
        for block in blocks:
            start = self.starts[block][0]
            held = codes[start : self.ends[block][-1]]
            bits = unpacked[: len(held)]
            np.take(_BITS, held, axis=0, out=bits.reshape(*held.shape, 8), mode="clip")
            here = slice(self.first[block][0], self.first[block][-1] + self.counts[block][-1])
            np.maximum.reduceat(bits @ weights, begins[here] - start, out=best[here])
        return np.asarray(best - scaled.sum(axis=1))

    def nearby(self, best: Vectors, anywhere: Vectors) -> Vectors:
        """The greatest mean that a neighbourhood of each passage has, ``(n,)``; of short ones that over all of it."""
        found = anywhere.copy()
        many = self.counts > _PIECES
        if many.any():
            means = reduce(np.maximum, (best[at : len(best) - _PIECES + 1 + at] for at in range(_PIECES))).mean(axis=1)
            ends = self.first + self.counts - _PIECES + 1  # of the neighbourhoods that lie wholly in the passage
            between = np.stack([self.first, ends], axis=1)[many].ravel()
            found[many] = np.maximum.reduceat(np.append(means, -np.inf), between)[::2]
        return found


def token_cosines(codes: Codes, query: Vectors) -> Vectors:
    """How alike each token of a passage and each of a query are, ``(passage tokens, query tokens)``, -1 to 1.

    `query` ``(tokens, width)`` are vectors of any length, a passage token is the vector of its signs, as in `maxsim`.
    """
    scaled = normalised(query) / np.sqrt(query.shape[1])
    bits = np.unpackbits(codes, axis=1, count=query.shape[1]).astype(np.float32)
    return np.asarray(bits @ (2 * scaled.T) - scaled.sum(axis=1), np.float32)
