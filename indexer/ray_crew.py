"""The crew of a build on a Ray cluster: each kind of work cut into tasks, and what comes of them put in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager, redirect_stdout
from io import StringIO
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Self, TypeVar

from indexer.cache import Encoded
from indexer.cluster import LOCAL, Cluster
from indexer.encoding import BATCH, threads_beside
from indexer.errands import Encode, EncodeWords, Make, NodeModel, Part, Read
from indexer.files import SourceFile, file_digest
from indexer.readers import ReadOptions
from indexer.reading import read_items
from indexer.settling import Made, Stale
from indexer.worker import Found, Limits, Reading, state_of
from indexer.workers import Contents
from search.encoder import Encoder
from search.errors import ClusterError
from search.late import TokenShift
from search.model import PreparedModel
from search.settings import Device, Settings

_BUNDLE_BYTES = 2**24  # of files for a task, which starts a process for them
_LEAST_FILE_BYTES = 2**18  # no more than 64 files
_BUNDLE_CHARS = 2**17  # of items for a task
_LEAST_ITEM_CHARS = 2**9
_WAVE = 128  # tasks of items at a time: what they hold is in memory
_TEXTS = 2048
_WAVES = 3  # of texts at a time, so that no core waits for the last of one

_Thing = TypeVar("_Thing")


class RayCrew:
    """The nodes of a cluster."""

    batch = _TEXTS

    def __init__(self, cluster: Cluster, model: NodeModel) -> None:
        self._cluster = cluster
        self._model = model
        self._gpus = int(model.device is Device.CUDA)

    @classmethod
    @contextmanager
    def of(cls, settings: Settings, model: PreparedModel) -> Iterator[Self]:
        """The cluster that the settings name, until the work is done."""
        address = settings.ray or LOCAL
        cluster = Cluster(address)
        folder = settings.cache if address == LOCAL else None  # elsewhere each node knows its own
        with redirect_stdout(StringIO()), closing(cluster):  # Ray tells of lost nodes there, at length
            yield cls(cluster, NodeModel.of(model, settings.device, folder))

    @contextmanager
    def reading(
        self,
        files: Sequence[tuple[SourceFile, ReadOptions]],
        limits: Limits,
        processes: int,  # noqa: ARG002 (as many as the cluster has cores)
        *,
        read: Reading = read_items,
    ) -> Iterator[Iterator[Contents]]:
        """Read files on all nodes, which have to see them under the same paths; contents come in the files' order.

        Raises `ClusterError` for a node that does not see a file as this machine does.
        """
        numbered = ((number, file, options) for number, (file, options) in enumerate(files))
        tasks = list(_bundles(numbered, _BUNDLE_BYTES, lambda one: max(one[1].size, _LEAST_FILE_BYTES)))
        yield self._contents(files, self._cluster.spread(Read(limits, read), tasks, in_order=True))

    def _contents(self, files: Sequence[tuple[SourceFile, ReadOptions]], parts: Iterator[Part]) -> Iterator[Contents]:
        for number, own in groupby(parts, attrgetter("number")):
            first = next(own)
            file, options = files[number]
            yield Contents(_as_seen_here(file, first), options, first.digest, _found(first, own))  # noqa: B031

    def make(self, stale: Iterable[Stale]) -> Iterator[Made]:
        """Clean items and cut them, in their order."""
        bundles = _bundles(stale, _BUNDLE_CHARS, lambda one: max(len(one.stored.item.text), _LEAST_ITEM_CHARS))
        while wave := list(islice(bundles, _WAVE)):
            made = self._cluster.spread(Make(self._model), wave, in_order=True, gpus=self._gpus)
            asked = deque(chain.from_iterable(wave))
            for entry, pieces in made:
                yield Made(asked.popleft().stored, entry, pieces)

    def encode(self, _: Encoder, texts: Sequence[str], lang: str, token_shift: TokenShift | None) -> Iterator[Encoded]:
        """Encode passages, in parts as they come."""
        return self._encoded(Encode.of(self._model, lang, token_shift), texts)

    def encode_words(self, _: Encoder, texts: Sequence[str], *_others: object) -> Iterator[Encoded]:
        """Encode words, in parts as they come."""
        return self._encoded(EncodeWords(self._model), texts)

    def _encoded(self, errand: Encode | EncodeWords, texts: Sequence[str]) -> Iterator[Encoded]:
        tasks = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return self._cluster.spread(errand, tasks, in_order=False, gpus=self._gpus)

    @contextmanager
    def threads(self) -> Iterator[Executor]:
        """Threads that wait for the cluster. When the build fails, nothing more is waited for."""
        with threads_beside(_WAVES) as pool:
            try:
                yield pool
            except BaseException:
                self._cluster.give_up()
                raise


def _bundles(things: Iterable[_Thing], most: int, weight: Callable[[_Thing], int]) -> Iterator[list[_Thing]]:
    """Lists of things that weigh no more than `most` together, in their order; what is heavier is alone."""
    bundle: list[_Thing] = []
    room = most
    for thing in things:
        room -= weight(thing)
        if bundle and room < 0:
            yield bundle
            bundle, room = [], most - weight(thing)
        bundle.append(thing)
    if bundle:
        yield bundle


def _found(first: Part, others: Iterable[Part]) -> Iterator[Found]:
    for part in chain([first], others):
        yield from part.found


def _as_seen_here(file: SourceFile, part: Part) -> SourceFile:
    """The file in the state in which a node read it. Raises `ClusterError` when the node sees another one, or none.

    Times of change may differ between machines: a file that has not changed here since it was found is told by digest.
    """
    is_as_found = part.file == file and part.digest
    if is_as_found or state_of(file.path) != (file.size, file.mtime_ns):
        return part.file
    if file_digest(file.path) != part.digest:
        raise ClusterError(
            f"The node {part.node} does not see {file.path} as this machine does.",
            hint="Mount the folder under the same path on all nodes, and run the same command again.",
        )
    return file
