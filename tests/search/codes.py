"""Codes of passages that never were, for tests."""

import numpy as np

from search.tokens import Codes

WIDTH = 20
"""Not whole bytes: four bits of the last byte mean nothing."""


def made_up(lengths: list[int]) -> list[Codes]:
    """The codes ``(tokens, 3)`` of passages of these lengths, always the same."""
    signs = np.random.default_rng(7).standard_normal((sum(lengths), WIDTH)) > 0
    return np.split(np.packbits(signs, axis=1), np.cumsum(lengths)[:-1])
