"""The index in a folder: a backend that needs nothing but files."""

import sqlite3
from pathlib import Path
from zipfile import BadZipFile

from search import store
from search.catalogue import Catalogue
from search.concordance import Concordance
from search.counterparts import Counterparts
from search.dictionary import Dictionary
from search.errors import DamagedIndexError, ExpiredError
from search.generation import Generation, check_words
from search.late import TokenShift
from search.legs import Legs
from search.lexical import LexicalIndex
from search.names import NamesIndex
from search.pools import read_pools
from search.shift import Shift
from search.tokens import TokenIndex
from search.vectors import VectorIndex
from search.vocabulary import Encode


class LocalBackend:
    """The index in a folder, as `search.store` lays it out; a `search.backend.Backend`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    server = None

    def current(self) -> str:
        """As `Backend.current`; also raises `DamagedIndexError` when CURRENT names a missing generation."""
        return store.current(self._folder).name

    def manifest(self, generation: str) -> store.Manifest:
        """As `Backend.manifest`."""
        return store.Manifest.read(self._folder_of(generation))

    def open(self, generation: str, encode_words: Encode) -> Generation:
        """As `Backend.open`."""
        return open_generation(self._folder_of(generation), encode_words)

    def _folder_of(self, generation: str) -> Path:
        folder = store.generations(self._folder).get(generation)
        if folder is None:
            raise ExpiredError.of(generation)
        return folder


def open_generation(folder: Path, encode_words: Encode) -> Generation:
    """The generation in a folder. `encode_words` gives the vectors of single words.

    Raises `DamagedIndexError` when a part of it is missing or cannot be read, `MismatchError` for another format.
    """
    manifest = store.Manifest.read(folder)
    check_words(manifest)
    try:
        return Generation(
            manifest,
            Catalogue(folder / "catalogue.sqlite"),
            read_pools(folder / "pools.npz"),
            Shift.load(folder / "shift.npz"),
            Legs(
                vectors=VectorIndex(folder / "vectors"),
                lexical=LexicalIndex(folder / "lexical"),
                dictionary=Dictionary.open(folder / "dictionary"),
                names=NamesIndex(Concordance(folder / "names.sqlite")),
                counterparts=Counterparts(folder / "counterparts.npy"),
                tokens=TokenIndex(folder) if manifest.late else None,
                token_shift=TokenShift.load(folder / "late.npz") if manifest.late else None,
                encode_words=encode_words,
            ),
        )
    except (OSError, EOFError, ValueError, KeyError, sqlite3.DatabaseError, BadZipFile) as error:
        raise DamagedIndexError(
            f"The generation in {folder} is incomplete or damaged: {error}.", hint=store.REBUILD
        ) from error
