"""One generation of an index, open for reading: its parts, checked and put together."""

import sqlite3
from pathlib import Path
from zipfile import BadZipFile

from search import store
from search.analysis import ANALYSIS_VERSION
from search.catalogue import Catalogue
from search.counterparts import Counterparts
from search.dictionary import Dictionary
from search.errors import DamagedIndexError, MismatchError
from search.late import TokenShift
from search.legs import Legs
from search.lexical import LexicalIndex
from search.names import NamesIndex
from search.pools import Pool, read_pools
from search.shift import Shift
from search.tokens import TokenIndex
from search.vectors import VectorIndex
from search.vocabulary import Encode


class Generation:
    """One generation, open for reading. `encode_words` gives the vectors of single words.

    Raises `DamagedIndexError` when a part of it is missing or cannot be read, `MismatchError` for another format.
    """

    def __init__(self, folder: Path, encode_words: Encode) -> None:
        self.manifest = store.Manifest.read(folder)
        if self.manifest.analysis != ANALYSIS_VERSION:
            raise MismatchError(
                f"The words in {folder} were analysed by other rules than this version of Jisr has.", hint=store.REBUILD
            )
        try:
            self.catalogue = Catalogue(folder / "catalogue.sqlite")
            self.pools: list[Pool] = read_pools(folder / "pools.npz")
            self.shift = Shift.load(folder / "shift.npz")
            self.token_shift = TokenShift.load(folder / "late.npz") if self.manifest.late else None
            self.legs = Legs(
                vectors=VectorIndex(folder / "vectors"),
                lexical=LexicalIndex(folder / "lexical"),
                dictionary=Dictionary(folder / "dictionary"),
                names=NamesIndex(folder / "names.sqlite"),
                counterparts=Counterparts(folder / "counterparts.npy"),
                tokens=TokenIndex(folder) if self.manifest.late else None,
                token_shift=self.token_shift,
                encode_words=encode_words,
            )
        except (OSError, EOFError, ValueError, KeyError, sqlite3.DatabaseError, BadZipFile) as error:
            raise DamagedIndexError(
                f"The generation in {folder} is incomplete or damaged: {error}.", hint=store.REBUILD
            ) from error
