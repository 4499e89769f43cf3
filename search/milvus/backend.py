"""An index in a Milvus: a backend for archives that outgrow one machine."""

import logging
from io import BytesIO
from typing import Self
from zipfile import BadZipFile

from search.backend import Server
from search.dictionary import Dictionary
from search.errors import DamagedIndexError, MissingIndexError, UnavailableError
from search.fusion import Leg
from search.generation import Generation, check_words
from search.late import TokenShift
from search.legs import Legs
from search.milvus.address import Address
from search.milvus.collections import Collections, Part, current
from search.milvus.connection import Connection
from search.milvus.counterparts import MilvusCounterparts
from search.milvus.entries import Entries
from search.milvus.holdings import MilvusHoldings
from search.milvus.lexical import MilvusLexical
from search.milvus.records import get
from search.milvus.terms import MilvusTerms
from search.milvus.tokens import MilvusTokens
from search.milvus.vectors import MilvusVectors
from search.milvus.words import MilvusWords
from search.names import NamesIndex
from search.pools import read_pools
from search.settings import Settings
from search.shift import Shift
from search.store import MANIFEST, REBUILD, Manifest
from search.vocabulary import SCRIPTS, Encode

log = logging.getLogger(__name__)

_OF_WORDS = (Leg.LEXICAL, Leg.DICTIONARY)


def connected(settings: Settings) -> Connection:
    """A connection to the server of the index, which is one at an address. Raises `StoreError`."""
    assert isinstance(settings.index, Address)  # noqa: S101
    return Connection(settings.index, token=settings.milvus_token, timeout_s=settings.timeout)


def server_of(connection: Connection) -> Server:
    """What is at the other end."""
    version = ".".join(map(str, connection.version))
    return Server("Milvus", version, () if connection.has_sparse else _OF_WORDS)


class MilvusBackend:
    """An index in a Milvus, as `search.milvus.publish` lays it out; a `search.backend.Backend`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._was_away = False
        self.server = server_of(connection)
        if self.server.absent:
            log.warning(
                "%s %s has no sparse vectors: %s are absent. Milvus has them from 2.4 on.",
                self.server.name,
                self.server.version,
                " and ".join(f"the {leg} leg" for leg in self.server.absent),
            )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The backend of the index at the address that the settings name. Raises as `connected` does."""
        return cls(connected(settings))

    def current(self) -> str:
        """As `Backend.current`. After an outage not before its collections answer, which takes longer than its name."""
        try:
            live = current(self._connection)
            for collection in live.all() if live and self._was_away else []:
                self._connection.query(collection, (), limit=1)
        except UnavailableError:
            self._was_away = True
            raise
        self._was_away = False
        if live is None:
            raise MissingIndexError(
                f"There is no index at {self._connection.address}.",
                hint=f"Build one: jisr index --index {self._connection.address} PATH",
            )
        return live.generation

    def manifest(self, generation: str) -> Manifest:
        """As `Backend.manifest`."""
        of = self._collections(generation)
        return Manifest.parse(get(self._connection, of[Part.RECORDS], MANIFEST), str(self._connection.address))

    def open(self, generation: str, encode_words: Encode) -> Generation:
        """As `Backend.open`."""
        manifest = self.manifest(generation)
        check_words(manifest)
        of = self._collections(generation)
        try:
            return self._opened(of, manifest, encode_words)
        except (EOFError, ValueError, KeyError, BadZipFile) as error:
            raise DamagedIndexError(
                f"The generation {generation} at {self._connection.address} is incomplete or damaged: {error}.",
                hint=REBUILD,
            ) from error

    def _opened(self, of: Collections, manifest: Manifest, encode_words: Encode) -> Generation:
        connection, passages, records = self._connection, of[Part.PASSAGES], of[Part.RECORDS]
        pools = read_pools(self._file(of, "pools.npz"))
        rows = {pool.lang: pool.rows for pool in pools}
        entries = Entries(connection, records)
        token_shift = TokenShift.load(self._file(of, "late.npz")) if manifest.late else None
        return Generation(
            manifest,
            MilvusHoldings(connection, passages=passages, documents=of[Part.DOCUMENTS], records=records),
            pools,
            Shift.load(self._file(of, "shift.npz")),
            Legs(
                vectors=MilvusVectors(connection, passages, rows, manifest.dim),
                lexical=MilvusLexical(connection, passages, entries, rows),
                dictionary=self._dictionary(of),
                names=NamesIndex(MilvusWords(entries, rows)),
                counterparts=MilvusCounterparts(connection, passages),
                tokens=MilvusTokens(connection, passages, token_shift.token_bytes) if token_shift else None,
                token_shift=token_shift,
                encode_words=encode_words,
                absent=frozenset(self.server.absent),
            ),
        )

    def _dictionary(self, of: Collections) -> Dictionary:
        about = {lang: self._file(of, f"dictionary/{lang}") for lang in SCRIPTS}
        return Dictionary(
            {lang: MilvusTerms(self._connection, of[Part.TERMS], lang, told.read()) for lang, told in about.items()}
        )

    def _file(self, of: Collections, name: str) -> BytesIO:
        return BytesIO(get(self._connection, of[Part.RECORDS], name))

    def _collections(self, generation: str) -> Collections:
        return Collections(self._connection.address.name, generation)
