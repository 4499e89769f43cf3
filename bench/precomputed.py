"""The cache of an index, filled with what no model made: so a build runs whole, with all but the encoding."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from indexer.cache import CachedEncoder
from search.encoder import Encoder, TokenVectors, Vectors, open_encoder
from search.late import TokenShift, model_token_shift
from search.model import prepare
from search.settings import Settings
from search.tokens import Codes

_NO_IDS = np.empty(0, np.int64)


class Precomputed:
    """The cache of `index` for the default model, with token codes if it is to have late interaction."""

    def __init__(self, index: Path, models: Path, *, late: bool) -> None:
        model = prepare(Settings(cache=models))
        encoder = open_encoder(model)
        shift = model_token_shift(encoder, model.token_shift) if late else None
        self.dim = encoder.dim
        self._token_bytes = shift.token_bytes if shift else 0
        self._given = _Given(encoder.fingerprint, encoder.dim)
        self._cache = CachedEncoder(
            index / "cache" / "vectors.sqlite", cast("Encoder", self._given), _as_given(shift) if shift else None
        )

    def add(self, texts: Sequence[str], lang: str, vectors: Vectors, codes: Sequence[bytes]) -> None:
        """Keep these vectors ``(n, dim)`` and token codes as those of passages."""
        self._given.vectors = dict(zip(texts, vectors, strict=True))
        self._given.codes = {
            text: np.frombuffer(code, np.uint8).reshape(-1, self._token_bytes)
            for text, code in zip(texts, codes, strict=bool(codes))
        }
        self._cache.add_passages(list(self._given.vectors), lang)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages that are there, ``(n, dim)``."""
        return self._cache.vectors(texts)

    def codes(self, texts: Sequence[str], lang: str) -> list[bytes]:
        """The token codes of passages that are there."""
        return self._cache.codes(texts, lang)

    def close(self) -> None:
        """Close the cache."""
        self._cache.close()


@dataclass(slots=True)
class _Given:
    """Stands in for an encoder: it knows the vectors and codes that it was given."""

    fingerprint: str
    dim: int
    vectors: dict[str, Vectors] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.vectors[text] for text in texts])

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(self.vectors[text], cast("Vectors", self.codes[text]), _NO_IDS) for text in texts]


class _GivenCodes(TokenShift):
    """A token shift whose texts come as codes."""

    def codes(self, text: TokenVectors, lang: str) -> Codes:  # noqa: ARG002
        return cast("Codes", text.tokens)


def _as_given(shift: TokenShift) -> Any:
    return _GivenCodes(shift.queries, shift.passages, shift.background)
