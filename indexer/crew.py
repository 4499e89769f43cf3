"""Who does the work of a build that can be shared out: this machine, or a cluster (see `indexer.ray_crew`).

Whoever does it, the outcome is the same. The catalogue, the cache and the generation are the build's own business.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from indexer.cache import Encode, encoded, encoded_words
from indexer.encoding import BATCH, encoding_threads
from indexer.files import SourceFile
from indexer.readers import ReadOptions
from indexer.settling import Made, Stale, make_here
from indexer.worker import Limits
from indexer.workers import Contents, reading
from search.model import PreparedModel
from search.settings import Device, Settings


class Crew(Protocol):
    """What a build has done for it.

    `encode` encodes passages and `encode_words` words; `batch` is how many passages are given at a time.
    """

    @property
    def batch(self) -> int: ...  # noqa: D102

    @property
    def encode(self) -> Encode: ...  # noqa: D102

    @property
    def encode_words(self) -> Encode: ...  # noqa: D102

    def reading(
        self, files: Sequence[tuple[SourceFile, ReadOptions]], limits: Limits, processes: int
    ) -> AbstractContextManager[Iterator[Contents]]:
        """Begin to read files; what comes back gives their contents in the order of the files."""
        ...

    def make(self, stale: Iterable[Stale]) -> Iterator[Made]:
        """Clean items, and perhaps cut them into passages, in their order."""
        ...

    def threads(self) -> AbstractContextManager[Executor]:
        """Threads that wait for what is encoded, or do it."""
        ...


class LocalCrew:
    """This process, and those that it starts."""

    batch = BATCH
    encode = staticmethod(encoded)
    encode_words = staticmethod(encoded_words)

    def __init__(self, device: Device) -> None:
        self._device = device

    def reading(
        self, files: Sequence[tuple[SourceFile, ReadOptions]], limits: Limits, processes: int
    ) -> AbstractContextManager[Iterator[Contents]]:
        """What `indexer.workers.reading` gives."""
        return reading(files, limits, processes=processes)

    def make(self, stale: Iterable[Stale]) -> Iterator[Made]:
        """What `indexer.settling.make_here` gives."""
        return make_here(stale)

    def threads(self) -> AbstractContextManager[Executor]:
        """What `indexer.encoding.encoding_threads` gives."""
        return encoding_threads(self._device)


@contextmanager
def hired(settings: Settings, model: PreparedModel) -> Iterator[Crew]:
    """Those who do the work of one build, as the settings want it. A cluster is not asked before it has work."""
    if settings.ray is None:
        yield LocalCrew(settings.device)
        return
    from indexer.ray_crew import RayCrew

    with RayCrew.of(settings, model) as crew:
        yield crew
