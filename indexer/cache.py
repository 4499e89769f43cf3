"""What the model made of texts that were encoded before, so that each text is encoded once.

Content-addressed: the key is a hash of the encoder's fingerprint (model, pipeline, normaliser) and the text; for token
codes, of the token shift and the language, too. Batches are committed as they come, so a killed build loses those that
were not finished.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from search.encoder import Encoder, Vectors
from search.errors import DamagedIndexError
from search.late import TokenShift

_PATIENCE_S = 60  # while another build writes words

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;  -- a power cut may take the last batches with it, and nothing else
CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (key BLOB PRIMARY KEY, codes BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts with their vectors ``(n, dim)`` and, if a token shift is given, the bytes of their token codes."""

    texts: Sequence[str]
    vectors: Vectors
    codes: Sequence[bytes] = ()


Encode = Callable[[Encoder, Sequence[str], str, TokenShift | None], Iterable[Encoded]]
"""Encodes texts in a language, given the token shift that they are kept with; in parts and in any order."""


def encoded(encoder: Encoder, texts: Sequence[str], lang: str, token_shift: TokenShift | None) -> Iterator[Encoded]:
    """What an encoder makes of passages in a language."""
    if token_shift is None:
        yield Encoded(texts, encoder.encode_passages(texts))
        return
    found = encoder.encode_passage_tokens(texts)
    codes = [token_shift.codes(tokens, lang).tobytes() for tokens in found]
    yield Encoded(texts, np.stack([tokens.vector for tokens in found]), codes)


def encoded_words(encoder: Encoder, texts: Sequence[str], *_: object) -> Iterator[Encoded]:
    """What an encoder makes of single words."""
    yield Encoded(texts, encoder.encode_words(texts))


class CachedEncoder:
    """Encodes passages, or words, through a cache in one SQLite file. May be used by several threads.

    With a `token_shift`, passages are kept with their token codes (see `search.late`). What is missing `encode` makes.

    Raises `DamagedIndexError` when there is such a file and it cannot be read.
    """

    def __init__(
        self, path: Path, encoder: Encoder, token_shift: TokenShift | None = None, *, encode: Encode = encoded
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._encode = encode
        self._token_shift = token_shift
        self._lock = Lock()
        self._connection = sqlite3.connect(path, timeout=_PATIENCE_S, check_same_thread=False)
        try:
            self._connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise DamagedIndexError(
                f"The cache {path} cannot be read: {error}.", hint="Remove that file; the next build makes it anew."
            ) from error

    def missing(self, texts: Sequence[str]) -> list[str]:
        """The texts whose vectors are not in the cache, each once, in the order given."""
        return [text for text in dict.fromkeys(texts) if self._get("vector", "vectors", self._key(text)) is None]

    def missing_passages(self, texts: Sequence[str], lang: str) -> list[str]:
        """The texts of passages in a language that are not in the cache with all that is kept of them."""
        missing = set(self.missing(texts))
        if self._token_shift:
            missing |= {text for text in texts if self._get("codes", "tokens", self._token_key(text, lang)) is None}
        return [text for text in dict.fromkeys(texts) if text in missing]

    def add(self, texts: Sequence[str]) -> None:
        """Encode these texts and keep their vectors."""
        for part in self._encode(self._encoder, texts, "", None):
            self._keep(part)

    def add_passages(self, texts: Sequence[str], lang: str) -> None:
        """Encode passages in a language and keep their vectors and, with a token shift, their token codes."""
        for part in self._encode(self._encoder, texts, lang, self._token_shift):
            self._keep(part, lang)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, ``(n, dim)`` float32; those that were not in the cache are so now."""
        self.add(self.missing(texts))
        return self.vectors(texts)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that the cache holds, ``(n, dim)`` float32. Raises `KeyError` for one it does not."""
        found = np.empty((len(texts), self._encoder.dim), np.float32)
        for row, text in enumerate(texts):
            vector = self._get("vector", "vectors", self._key(text))
            if vector is None:
                raise KeyError(text)
            found[row] = np.frombuffer(vector, np.float32)
        return found

    def codes(self, texts: Sequence[str], lang: str) -> list[bytes]:
        """The bytes of the token codes of passages that the cache holds. Raises `KeyError` for one it does not."""
        found = []
        for text in texts:
            codes = self._get("codes", "tokens", self._token_key(text, lang))
            if codes is None:
                raise KeyError(text)
            found.append(codes)
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _keep(self, part: Encoded, lang: str = "") -> None:
        rows = [(self._key(text), vector.tobytes()) for text, vector in zip(part.texts, part.vectors, strict=True)]
        coded = zip(part.texts, part.codes, strict=True) if part.codes else ()
        codes = [(self._token_key(text, lang), code) for text, code in coded]
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?)", codes)
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _get(self, column: str, table: str, key: bytes) -> bytes | None:
        with self._lock:
            found = self._connection.execute(f"SELECT {column} FROM {table} WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def _key(self, text: str) -> bytes:
        return _digest(self._encoder.fingerprint, text)

    def _token_key(self, text: str, lang: str) -> bytes:
        shift = self._token_shift.fingerprint if self._token_shift else ""
        return _digest(self._encoder.fingerprint, shift, lang, text)


def adopt(path: Path, other: Path) -> None:
    """Take what another cache holds into the one at `path`, which is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
        connection.executescript(_SCHEMA)
        connection.execute("ATTACH ? AS other", (str(other),))
        with connection:
            for table in ("vectors", "tokens"):
                connection.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM other.{table}")


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()
