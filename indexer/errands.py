"""What the nodes of a cluster are asked to do: functions that run there, with all that they need to know.

Each takes a task and gives what comes of it, part by part, always the same for the same task: whoever loses a node does
its tasks again elsewhere. Knows nothing of the cluster (see `indexer.cluster`).
"""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

from indexer.cache import Encoded, encoded, encoded_words
from indexer.entries import Entry, Piece, pieces
from indexer.files import SourceFile
from indexer.passages import Splitter
from indexer.readers import ReadOptions
from indexer.reading import read_items
from indexer.settling import Stale
from indexer.worker import Found, Limits, Reading, chunks
from indexer.workers import reading
from search.encoder import Encoder, fingerprint, open_encoder
from search.errors import ClusterError
from search.late import TokenShift
from search.model import PreparedModel, prepare
from search.settings import Device, Settings


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a file holds: which of all files it is, its state and digest, and the node that read it."""

    number: int
    file: SourceFile
    digest: str
    node: str
    found: list[Found]


@dataclass(frozen=True, slots=True)
class Read:
    """Reads files, each with its number and options, in a process of their own on the node."""

    limits: Limits
    read: Reading = read_items

    def __call__(self, files: Sequence[tuple[int, SourceFile, ReadOptions]]) -> Iterator[Part]:
        """The parts of all files in their order, at least one of each."""
        asked = [(file, options) for _, file, options in files]
        with reading(asked, self.limits, read=self.read, processes=1) as contents:
            for (number, _, _), one in zip(files, contents, strict=True):
                empty = True
                for chunk in chunks(one.found):
                    yield Part(number, one.file, one.digest, socket.gethostname(), chunk)
                    empty = False
                if empty:
                    yield Part(number, one.file, one.digest, socket.gethostname(), [])


@dataclass(frozen=True, slots=True)
class NodeModel:
    """A model that each node keeps in its own cache, or in `cache` if that is named; prepared there the first time."""

    name: str
    fingerprint: str
    device: Device
    cache: Path | None

    @classmethod
    def of(cls, model: PreparedModel, device: Device, folder: Path | None) -> Self:
        """The model that this machine uses."""
        return cls(model.name, fingerprint(model), device, folder)

    def encoder(self) -> Encoder:
        """The model's engine on one core, opened once in a process.

        Raises `ModelError`, and `ClusterError` when the node has another model of that name.
        """
        return _encoder(self)


@cache
def _encoder(model: NodeModel) -> Encoder:
    prepared = prepare(Settings.load(cache=model.cache), model.name)
    if fingerprint(prepared) != model.fingerprint:
        raise ClusterError(
            f"The model {model.name} of the node {socket.gethostname()} is not that of this machine.",
            hint="Install the same version of Jisr on all nodes; the folder of a model has to hold the same on all.",
        )
    return open_encoder(prepared, model.device, threads=1)


@dataclass(frozen=True, slots=True)
class Make:
    """Cleans items and cuts them into passages."""

    model: NodeModel

    def __call__(self, stale: Sequence[Stale]) -> Iterator[tuple[Entry | None, list[Piece]]]:
        """Document and passages of each item."""
        splitter = Splitter(self.model.encoder())
        for one in stale:
            entry = one.cleaned()
            yield entry, list(pieces(entry.document, one.stored.item.title, splitter)) if entry else []


@dataclass(frozen=True, slots=True)
class Encode:
    """Encodes passages in a language, with their token codes if there is a shift."""

    model: NodeModel
    lang: str
    token_shift: TokenShift | None

    @classmethod
    def of(cls, model: NodeModel, lang: str, token_shift: TokenShift | None) -> Self:
        """The errand with as much of a shift as passages need."""
        return cls(model, lang, token_shift and replace(token_shift, queries={}, background={}))

    def __call__(self, texts: Sequence[str]) -> Iterator[Encoded]:
        """All texts at once."""
        yield from encoded(self.model.encoder(), texts, self.lang, self.token_shift)


@dataclass(frozen=True, slots=True)
class EncodeWords:
    """Encodes words."""

    model: NodeModel

    def __call__(self, texts: Sequence[str]) -> Iterator[Encoded]:
        """All texts at once."""
        yield from encoded_words(self.model.encoder(), texts)
