"""What a build goes on from: the generation before it, or nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.known import KnownFile, known_files, known_options
from indexer.options import OptionsByRoot
from search import store
from search.errors import MissingIndexError


@dataclass(frozen=True, slots=True)
class Basis:
    """A generation's folder and manifest, None for a new index; the files that it knows, and how they are read."""

    folder: Path | None
    manifest: store.Manifest | None
    known: list[KnownFile]
    options: OptionsByRoot

    @classmethod
    def nothing(cls) -> Self:
        """That of a new index."""
        return cls(None, None, [], {})

    @classmethod
    def current(cls, index: Path) -> Self:
        """The current generation. Raises `StoreError` when there is none, or when it cannot be continued."""
        folder = store.current(index)
        catalogue = folder / "catalogue.sqlite"
        return cls(folder, store.Manifest.read(folder), known_files(catalogue), known_options(catalogue))

    @classmethod
    def current_if_any(cls, index: Path) -> Self:
        """The current generation, or `nothing`. Raises `StoreError` when it cannot be continued."""
        try:
            return cls.current(index)
        except MissingIndexError:
            return cls.nothing()

    @property
    def catalogue(self) -> Path | None:
        """The catalogue of the generation."""
        return self.folder / "catalogue.sqlite" if self.folder else None
