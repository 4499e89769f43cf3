"""One generation of an index, open for reading."""

from dataclasses import dataclass

from search.analysis import ANALYSIS_VERSION
from search.errors import MismatchError
from search.holdings import Holdings
from search.legs import Legs
from search.pools import Pool
from search.shift import Shift
from search.store import REBUILD, Manifest


def check_words(manifest: Manifest) -> None:
    """Raises `MismatchError` when the words of a generation were made by other rules than this version's."""
    if manifest.analysis != ANALYSIS_VERSION:
        raise MismatchError(
            f"The words in the generation {manifest.generation} were analysed by other rules than this version of Jisr "
            "has.",
            hint=REBUILD,
        )


@dataclass(frozen=True, slots=True)
class Generation:
    """The parts of one generation, wherever they are kept (see `search.backend`)."""

    manifest: Manifest
    catalogue: Holdings
    pools: list[Pool]
    shift: Shift
    legs: Legs
