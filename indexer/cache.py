"""Vectors of texts that were encoded before, so that each text is encoded once.

Content-addressed: the key is a hash of the encoder's fingerprint (model, pipeline, normaliser) and the text. Batches
are committed as they come, so a killed build loses one batch at most.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.encoder import Encoder, Vectors
from search.errors import DamagedIndexError


class CachedEncoder:
    """Encodes passages through a cache in one SQLite file, for one process at a time.

    Raises `DamagedIndexError` when there is such a file and it cannot be read.
    """

    def __init__(self, path: Path, encoder: Encoder) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._connection = sqlite3.connect(path)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as error:
            raise DamagedIndexError(
                f"The cache {path} cannot be read: {error}.", hint="Remove that file; the next build makes it anew."
            ) from error

    def missing(self, texts: Sequence[str]) -> list[str]:
        """The texts whose vectors are not in the cache, each once, in the order given."""
        return [text for text in dict.fromkeys(texts) if self._get(text) is None]

    def add(self, texts: Sequence[str]) -> None:
        """Encode these texts and keep their vectors."""
        vectors = self._encoder.encode_passages(texts)
        rows = [(self._key(text), vector.tobytes()) for text, vector in zip(texts, vectors, strict=True)]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that the cache holds, ``(n, dim)`` float32. Raises `KeyError` for one it does not."""
        found = np.empty((len(texts), self._encoder.dim), np.float32)
        for row, text in enumerate(texts):
            vector = self._get(text)
            if vector is None:
                raise KeyError(text)
            found[row] = np.frombuffer(vector, np.float32)
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _get(self, text: str) -> bytes | None:
        found = self._connection.execute("SELECT vector FROM vectors WHERE key = ?", (self._key(text),)).fetchone()
        return found[0] if found else None

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self._encoder.fingerprint}\0{text}".encode(), digest_size=16).digest()
