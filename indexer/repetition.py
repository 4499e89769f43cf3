"""Lines that a site repeats: what the build counts, and from how many documents on a line is the site's own."""

import hashlib
import math
from collections.abc import Iterator, Mapping

from indexer.blocks import Block, blocks, words

_LABEL_CHARS = 40
_LABEL, _LINE, _PROSE = b"l", b"m", b"p"

HASH_BYTES = 9
"""The size of every line's hash."""


def line_hashes(text: str) -> set[bytes]:
    """A hash of each block's normal form. The build counts each once a document, over the documents of a site."""
    return {block_hash(block) for block in blocks(text)}


def packed_hashes(text: str) -> bytes:
    """The `line_hashes` of a text, one after the other."""
    return b"".join(sorted(line_hashes(text)))


def unpacked_hashes(packed: bytes) -> Iterator[bytes]:
    """What `packed_hashes` put together."""
    return (packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES))


def repeated_lines(counts: Mapping[bytes, int], documents: int) -> set[bytes]:
    """The hashes of furniture: those that enough of a site's `documents` have.

    Of a label of a few words √n documents are enough, of a longer line 2√n, of prose a third of all; and never fewer
    than 3, 4 and 6.
    """
    root = math.sqrt(documents)
    least = {_LABEL: max(3, root), _LINE: max(4, 2 * root), _PROSE: max(6, documents / 3)}
    return {found for found, count in counts.items() if count >= least[found[:1]]}


def block_hash(block: Block) -> bytes:
    """What sort of line it is, and a hash of its words. Numbers count in prose and where there is no word."""
    said = None if block.is_prose else words(block.text)
    sort = _PROSE if said is None else _LABEL if len(block.text) <= _LABEL_CHARS else _LINE
    normal = " ".join(said or block.text.split())
    return sort + hashlib.blake2b(normal.encode(errors="replace"), digest_size=HASH_BYTES - 1).digest()


def is_prose(found: bytes) -> bool:
    """Whether a hash is that of a sentence."""
    return found.startswith(_PROSE)
