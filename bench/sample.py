"""Measured values of one kind, and what is said of them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Sample:
    """Values in the order they were measured; never empty when asked for a figure."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return self.percentile(50)

    @property
    def lowest(self) -> float:
        """The smallest value."""
        return min(self.values)

    @property
    def highest(self) -> float:
        """The largest value."""
        return max(self.values)

    def percentile(self, percent: float) -> float:
        """The value below which `percent` of the values lie, interpolated linearly between neighbours."""
        return float(np.percentile(self.values, percent))
