"""What each token means by itself: the model's input embeddings, before the model has read anything.

A gist costs no pass of the model, so it serves where all of a corpus is looked at and a rough likeness is enough. The
weights lie in a safetensors file (https://github.com/huggingface/safetensors, "Format"), which is mapped into memory:
only the rows of tokens that occur are read.
"""

import json
import re
from collections.abc import Sequence
from mmap import MADV_DONTNEED, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

_TABLE = re.compile(r"word_embeddings|embed_tokens|tok_embeddings|\bwte\b|\bshared\b")
_TYPES: dict[str, npt.DTypeLike] = {"F32": "<f4", "F16": "<f2"}
_COMMON = 1000


def read_embeddings(folder: Path) -> npt.NDArray[np.floating] | None:
    """The embedding of each token id, ``(vocabulary, width)``, of the model in `folder`; None when it has no table."""
    for path in sorted(folder.rglob("*.safetensors")):
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            tensors = json.loads(file.read(length))
        for name, tensor in tensors.items():
            if _TABLE.search(name) and tensor.get("dtype") in _TYPES and len(tensor["shape"]) == 2:
                at = 8 + length + tensor["data_offsets"][0]
                rows, width = tensor["shape"]
                return np.memmap(path, _TYPES[tensor["dtype"]], "r", at, (rows, width))
    return None


def gists(table: npt.NDArray[np.floating], ids: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
    """A vector for each list of token ids, ``(n, width)``, of any length: their embeddings, the rarer the heavier.

    The weights are those of Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017:
    ``a / (a + p)``. Vocabularies number their tokens from the most frequent on, so by Zipf's law ``p`` is taken as
    proportional to one over the number.
    """
    found = np.zeros((len(ids), table.shape[1]), np.float32)
    for row, numbers in enumerate(ids):
        at = np.asarray(numbers, np.int64)
        found[row] = (at / (at + _COMMON)).astype(np.float32) @ table[at].astype(np.float32)
    if isinstance(table.base, mmap):  # the system maps what lies around each row, too: soon all would be in memory
        table.base.madvise(MADV_DONTNEED)
    return found
