"""One generation of an index, open for reading."""

from dataclasses import dataclass

from search.holdings import Holdings
from search.legs import Legs
from search.pools import Pool
from search.shift import Shift
from search.store import Manifest


@dataclass(frozen=True, slots=True)
class Generation:
    """The parts of one generation, wherever they are kept (see `search.backend`)."""

    manifest: Manifest
    catalogue: Holdings
    pools: list[Pool]
    shift: Shift
    legs: Legs
