"""The laws by which figures grow with the number of passages, each fitted by least squares, and what they predict."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Self


@dataclass(frozen=True, slots=True)
class Line:
    """``start + slope · x``."""

    start: float
    slope: float

    @classmethod
    def through(cls, xs: Sequence[float], ys: Sequence[float]) -> Self:
        """The line nearest to the points, of which at least two differ in x."""
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((x - mean_x) ** 2 for x in xs)
        slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
        return cls(mean_y - slope * mean_x, slope)

    def at(self, x: float) -> float:
        """The value there."""
        return self.start + self.slope * x


@dataclass(frozen=True, slots=True)
class Logarithm:
    """``start + slope · ln x``: what a search in a graph of *x* vectors takes, and what one more vector takes to add.

    Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small
    World graphs" (2018), section 4.2.
    """

    line: Line

    @classmethod
    def through(cls, xs: Sequence[float], ys: Sequence[float]) -> Self:
        """The curve nearest to the points."""
        return cls(Line.through([log(x) for x in xs], ys))

    def at(self, x: float) -> float:
        """The value there."""
        return self.line.at(log(x))


@dataclass(frozen=True, slots=True)
class Heaps:
    """``k · words ** beta`` different words among so many (Heaps, 1978; Herdan, 1960)."""

    k: float
    beta: float

    @classmethod
    def through(cls, words: Sequence[float], different: Sequence[float]) -> Self:
        """The law nearest to the points in logarithms."""
        line = Line.through([log(count) for count in words], [log(count) for count in different])
        return cls(exp(line.start), line.slope)

    def at(self, words: float) -> float:
        """How many different words there are among so many."""
        return float(self.k * words**self.beta)
