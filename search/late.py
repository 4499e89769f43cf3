"""Late interaction: a query and a passage are compared token by token, by what the model made of each token.

Token vectors are brought to neutral ground as whole texts are (see `search.shift`), by the mean token vector of each
language and role. Passages keep one bit a dimension: the signs after a rotation that spreads the information evenly
over all dimensions. Keeping the codes is the business of `search.tokens`, comparing them that of `search.maxsim`.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np

from search.encoder import Encoder, Ids, TokenVectors, Vectors, normalised
from search.model import PreparedModel
from search.progress import Progress, silent
from search.shift import Shift, keep, mean_vector, model_shift, offset_of, parallel_text, shift_between
from search.tokens import Codes, TokenCodes

LATE_DEPTH = 50
"""How many candidates of a pool are compared token by token."""

MAX_PASSAGE_BYTES = 8192

_SEED = 0
_FREQUENT_TOKENS = 50  # about so many are punctuation, prefixes and the commonest words
_SENTENCES = 8
"""How many sentences make a passage of the background: MaxSim grows with length, and passages are about so long."""


@dataclass(frozen=True, slots=True)
class TokenShift:
    """Per-language offsets of one model's token vectors, and the way to codes.

    `queries` and `passages` hold a float32 vector of shape ``(width,)`` by language; `background` holds, by language,
    the codes of passages made of the parallel text: a sample of what passages in general look like.
    """

    queries: dict[str, Vectors]
    passages: dict[str, Vectors]
    background: dict[str, TokenCodes]

    @property
    def token_bytes(self) -> int:
        """The length of one token's code."""
        return _bytes(next(iter(self.passages.values())).size)

    @property
    def fingerprint(self) -> str:
        """The same for shifts that give the same codes for the same token vectors."""
        digest = hashlib.sha256(f"{_SEED}:{MAX_PASSAGE_BYTES}".encode())
        for lang, offset in sorted(self.passages.items()):
            digest.update(lang.encode() + offset.tobytes())
        return digest.hexdigest()[:32]

    def query(self, text: TokenVectors, lang: str) -> Vectors:
        """A query's token vectors ``(n, width)`` without their language, rotated, and as long as they are telling.

        On average they are of length 1. A rare token tells more than a frequent one: its length goes by the logarithm
        of its number in the vocabulary, which is numbered from the most frequent token on.
        """
        neutral = normalised(text.tokens - offset_of(self.queries, lang))
        telling = np.log1p((text.ids + 1) / _FREQUENT_TOKENS)
        weighted = neutral * (telling / max(telling.mean(), 1e-9))[:, None] if len(telling) else neutral
        return np.asarray(weighted @ rotation(neutral.shape[1]), np.float32)

    def codes(self, text: TokenVectors, lang: str) -> Codes:
        """The codes of a passage's tokens, ``(n, token_bytes)``, in `MAX_PASSAGE_BYTES` at the most.

        Of a longer passage the most frequent tokens are left out, which say least.
        """
        tokens = text.tokens[self.kept(text.ids)]
        return np.packbits((tokens - offset_of(self.passages, lang)) @ rotation(text.tokens.shape[1]) > 0, axis=1)

    def kept(self, ids: Ids) -> Ids:
        """Which of a passage's tokens ``(n,)`` have a code, in order."""
        surplus = max(len(ids) - MAX_PASSAGE_BYTES // self.token_bytes, 0)
        return np.sort(np.argsort(ids, kind="stable")[surplus:])

    def background_of(self, lang: str) -> TokenCodes:
        """The background of a language; for one that was not estimated, all there is, in turn from each language."""
        if lang in self.background:
            return self.background[lang]
        turns = zip(*(codes.passages() for codes in self.background.values()), strict=False)
        return TokenCodes.of([codes for turn in turns for codes in turn], self.token_bytes)

    def save(self, path: Path) -> None:
        """Write all arrays to one ``.npz`` file."""
        arrays: dict[str, np.ndarray] = {}
        for lang in self.passages:
            arrays[f"queries/{lang}"] = self.queries[lang]
            arrays[f"passages/{lang}"] = self.passages[lang]
            arrays[f"codes/{lang}"] = self.background[lang].codes
            arrays[f"lengths/{lang}"] = self.background[lang].lengths
        np.savez(path, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path | BinaryIO) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            langs = [name.partition("/")[2] for name in arrays.files if name.startswith("passages/")]
            return cls(
                {lang: arrays[f"queries/{lang}"] for lang in langs},
                {lang: arrays[f"passages/{lang}"] for lang in langs},
                {lang: TokenCodes(arrays[f"codes/{lang}"], arrays[f"lengths/{lang}"]) for lang in langs},
            )


def estimate_tokens(encoder: Encoder, texts: dict[str, list[str]], *, progress: Progress = silent) -> TokenShift:
    """The token shift of a model from parallel texts, one list of sentences by language."""
    return estimate_both(encoder, texts, progress=progress)[1]


def estimate_both(
    encoder: Encoder, texts: dict[str, list[str]], *, progress: Progress = silent
) -> tuple[Shift, TokenShift]:
    """The shift and the token shift of a model from parallel texts, which are encoded once for both."""
    stage = "Estimating the language shift of tokens"
    queries, passages = {}, {}
    shift = TokenShift({}, {}, {})
    for step, (lang, sentences) in enumerate(texts.items()):
        progress(stage, step, len(texts))
        asked, told = encoder.encode_query_tokens(sentences), encoder.encode_passage_tokens(sentences)
        queries[lang], passages[lang] = (np.stack([text.vector for text in role]) for role in (asked, told))
        shift.queries[lang], shift.passages[lang] = _mean_token(asked), _mean_token(told)
        codes = [shift.codes(text, lang) for text in encoder.encode_passage_tokens(_passages(sentences))]
        shift.background[lang] = TokenCodes.of(codes, shift.token_bytes)
    progress(stage, len(texts), len(texts))
    return shift_between(queries, passages), shift


def model_token_shift(encoder: Encoder, path: Path, *, progress: Progress = silent) -> TokenShift:
    """The token shift kept at `path` in a model's folder; the first time, what its parallel text gives, kept there."""
    if not path.exists():
        keep(estimate_tokens(encoder, parallel_text(path.parent), progress=progress), path)
    return TokenShift.load(path)


def model_shifts(
    encoder: Encoder, model: PreparedModel, *, late: bool, progress: Progress = silent
) -> tuple[Shift, TokenShift | None]:
    """What `search.shift.model_shift` gives and, with `late`, what `model_token_shift` gives."""
    if late and not model.shift.exists() and not model.token_shift.exists():
        shift, token_shift = estimate_both(encoder, parallel_text(model.folder), progress=progress)
        keep(shift, model.shift)
        keep(token_shift, model.token_shift)
    return (
        model_shift(encoder, model.shift, progress=progress),
        model_token_shift(encoder, model.token_shift, progress=progress) if late else None,
    )


def standardised(candidates: Vectors, background: Vectors | None = None, *, typical: int | None = None) -> Vectors:
    """Scores ``(n,)`` of one pool's candidates as standard scores among the first `typical` of them, or among all; 0 is
    the average of those.

    Fewer than `LATE_DEPTH` are filled up with the first of the background's scores: few scores by themselves would not
    tell good from bad.
    """
    if not len(candidates):
        return candidates
    sample = candidates[:typical].astype(np.float64)
    if background is not None:
        sample = np.concatenate([sample, background[: max(LATE_DEPTH - len(sample), 0)]])
    return np.asarray((candidates - sample.mean()) / max(sample.std(), 1e-6), np.float32)


@cache
def rotation(width: int) -> Vectors:
    """A random orthogonal matrix ``(width, width)``, the same on every machine.

    The Q of a QR decomposition is random in every direction alike once R's diagonal is made positive (Mezzadri, "How
    to Generate Random Matrices from the Classical Compact Groups", 2007), which also leaves only one of them.
    """
    q, r = np.linalg.qr(np.random.RandomState(_SEED).standard_normal((width, width)))
    return np.asarray(q * np.sign(np.diagonal(r)), np.float32)


def _passages(sentences: list[str]) -> list[str]:
    """Sentences joined to passages, each half of which is half of the next one, too."""
    starts = range(0, max(len(sentences) - _SENTENCES // 2, 1), _SENTENCES // 2)
    return [" ".join(sentences[at : at + _SENTENCES]) for at in starts]


def _bytes(width: int) -> int:
    return -(-width // 8)


def _mean_token(texts: list[TokenVectors]) -> Vectors:
    return mean_vector(np.concatenate([text.tokens for text in texts]))
