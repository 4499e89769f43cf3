"""The token codes of passages in a Milvus: text, since it has no field for bytes."""

from base64 import b64decode, b64encode
from collections.abc import Sequence

import numpy as np

from search.milvus.connection import Connection
from search.milvus.rows import by_row
from search.tokens import Codes, TokenCodes


class MilvusTokens:
    """The codes in a collection of passages, of so many bytes a token; a `search.backend.TokenStore`."""

    def __init__(self, connection: Connection, passages: str, token_bytes: int) -> None:
        self._connection = connection
        self._passages = passages
        self._token_bytes = token_bytes

    def at(self, rows: Sequence[int]) -> TokenCodes:
        """As `TokenStore.at`."""
        written = by_row(self._connection, self._passages, "tokens", np.array(rows, np.int64))
        return TokenCodes.of([self._read(text) for text in written], self._token_bytes)

    def _read(self, text: str) -> Codes:
        return np.frombuffer(b64decode(text), np.uint8).reshape(-1, self._token_bytes)


def written(codes: Codes) -> str:
    """The codes of a passage as `MilvusTokens` reads them."""
    return b64encode(codes.tobytes()).decode()
