"""Which documents hold the same text, or nearly: fingerprints, and MinHash signatures that are compared in groups.

A signature is kept in the catalogue, so its rule is fixed and has a version. The grouping here is for one language;
the same story in the other one is found by meaning, elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from search.arabic import encoder_form, lexical_form

if TYPE_CHECKING:
    from datasketch import MinHash  # type: ignore[import-untyped]

SIGNATURE_VERSION = 1
"""Part of every key of a stored fingerprint or signature, with `NORMALISER_VERSION`: raise it when a rule changes."""

SIGNATURE_BYTES = 512
"""The size of every signature: 128 values of 32 bits, little-endian."""

SAME_STORY = 0.8
"""Two texts that share so much of their runs of three words are one story, taken over and touched up."""

_VALUES = SIGNATURE_BYTES // 4
_SHINGLE_WORDS = 3
# Of two signatures alike by J one of the 21 bands is the same with probability 1 - (1 - J⁶)²¹: 0.998 at 0.8, 0.93 at
# 0.7, 0.28 at 0.5, 0.001 at 0.2.
_BAND_VALUES = 6
_WORD = re.compile(r"\w+")

Signatures = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Group:
    """Near-duplicates: the `leader`'s id, and of each other member the id and how alike the leader it is, best first.

    Likeness is the estimated Jaccard similarity, 0–1, with a standard error of 0.035 at 0.8.
    """

    leader: str
    members: tuple[tuple[str, float], ...]


def fingerprint(text: str) -> bytes:
    """16 bytes that are the same for texts that differ at most in what the encoder never sees, and in white space."""
    return hashlib.blake2b(" ".join(encoder_form(text).text.split()).encode(), digest_size=16).digest()


def signature(text: str) -> bytes:
    """The MinHash of a text's runs of three words, `SIGNATURE_BYTES` long, the same in every process.

    Words are those of the `lexical_form`, so that marks, spelling variants, digits and case make no difference. Rule:
    Broder, "On the resemblance and containment of documents" (1997), with datasketch's `affine32` permutations over
    SHA-1.
    """
    words = _WORD.findall(lexical_form(text).text)
    runs = {" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(max(1, len(words) - _SHINGLE_WORDS + 1))}
    minhash = _empty().copy()
    if words:
        minhash.update_batch([run.encode() for run in runs])
    values: Signatures = minhash.hashvalues
    return values.astype("<u4").tobytes()


@cache
def _empty() -> MinHash:
    from datasketch import MinHash  # 0.4 s to import, since it brings scipy's integration

    return MinHash(num_perm=_VALUES, seed=1, scheme="affine32")


def near_duplicates(signatures: Iterable[tuple[str, bytes]], *, likeness: float = SAME_STORY) -> list[Group]:
    """The groups, of two documents and more, among documents given by their ids and signatures, by the leader's id.

    Each member is alike its leader by `likeness` at least, not only alike another member: a chain of small changes
    ends where it has led too far. As Jaccard distance is a metric, two members are never less alike than
    2 × `likeness` - 1. The documents with the most company in the bands lead, and the smaller id among equals, so that
    the order of the input makes no difference. A document is in one group at most. Those without words are in none.

    Below a `likeness` of 0.7 many pairs are missed. Raises `ValueError` for a signature of another size.
    """
    copies: dict[bytes, list[str]] = {}
    for doc_id, values in sorted(signatures):
        if len(values) != SIGNATURE_BYTES:
            raise ValueError(f"a signature of {len(values)} bytes, not {SIGNATURE_BYTES}")
        copies.setdefault(values, []).append(doc_id)
    copies.pop(b"\xff" * SIGNATURE_BYTES, None)
    ids = list(copies.values())
    groups = [_group(ids, *star) for star in _stars(_matrix(copies), likeness)]
    return sorted((group for group in groups if group.members), key=lambda group: group.leader)


def _matrix(signatures: Iterable[bytes]) -> Signatures:
    return np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, _VALUES).astype(np.uint32, copy=False)


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows by what they hold in one band: `buckets` has each row's, `rows` those of bucket b from `starts[b]` on."""

    buckets: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    def sharing(self, row: int) -> npt.NDArray[np.int64]:
        """The rows in the same bucket, itself among them."""
        bucket = self.buckets[row]
        return self.rows[self.starts[bucket] : self.starts[bucket + 1]]

    def sizes(self) -> npt.NDArray[np.int64]:
        """How many rows are in the bucket of each."""
        return np.diff(self.starts)[self.buckets]


def _band(values: Signatures) -> _Band:
    whole = np.ascontiguousarray(values).view(np.dtype((np.void, values.shape[1] * values.itemsize))).ravel()
    _, buckets, sizes = np.unique(whole, return_inverse=True, return_counts=True)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return _Band(buckets, np.argsort(buckets, kind="stable"), starts)


def _stars(matrix: Signatures, likeness: float) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """Each row that leads, and the rows alike it with their likeness, so that every row comes once."""
    bands = [_band(matrix[:, at : at + _BAND_VALUES]) for at in range(0, _VALUES - _BAND_VALUES + 1, _BAND_VALUES)]
    company = np.sum([band.sizes() - 1 for band in bands], axis=0)
    free = np.ones(len(matrix), dtype=bool)
    for row in np.argsort(-company, kind="stable"):
        if not free[row]:
            continue
        free[row] = False
        shared = np.concatenate([band.sharing(row) for band in bands]) if company[row] else np.empty(0, dtype=int)
        near = np.unique(shared[free[shared]])
        alike = np.mean(matrix[near] == matrix[row], axis=1)
        enough = alike >= likeness
        free[near[enough]] = False
        yield int(row), list(zip(near[enough].tolist(), alike[enough].tolist(), strict=True))


def _group(ids: list[list[str]], leader: int, members: list[tuple[int, float]]) -> Group:
    alike = [(doc_id, 1.0) for doc_id in ids[leader][1:]]
    alike += [(doc_id, share) for row, share in members for doc_id in ids[row]]
    return Group(ids[leader][0], tuple(sorted(alike, key=lambda member: (-member[1], member[0]))))
