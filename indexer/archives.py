"""Zip files opened with care: what all readers of them, documents in zip form included, hold to.

Python's `zipfile` never inflates more of a member than the archive's list says that it holds, so a list that lies about
sizes costs a member and no memory. Whoever unpacks members still counts what really came out.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from search.errors import SourceError

MAX_MEMBERS = 100_000
"""A container and all containers inside it hold at most so many members."""

MAX_UNPACKED_BYTES = 2**32
"""A container and all containers inside it unpack to at most so many bytes: 4 GiB."""

MAX_DEPTH = 3
"""So many containers may lie in one another, the outermost one counted."""

MAX_RATIO = 1_000
RATIO_FREE_BYTES = 10 * 2**20
"""Beyond so many bytes a member may be at most `MAX_RATIO` times what it takes up packed. Deflate reaches 1,032."""

_MAX_LIST_BYTES = 2**25  # what 100,000 members with long Arabic paths take
_END = b"PK\5\6"
_END64_LOCATOR = b"PK\6\7"


@dataclass(slots=True)
class Budget:
    """What is left of the limits of a container, shared by all that lies in it, and whether it is `spent`."""

    members: int = MAX_MEMBERS
    unpacked_bytes: int = MAX_UNPACKED_BYTES
    spent: bool = False

    def take_member(self) -> None:
        """Count one more member. Raises `SourceError` when there are too many."""
        self.members -= 1
        if self.members < 0:
            self._end(f"more than {MAX_MEMBERS:,} members")

    def take_bytes(self, count: int) -> None:
        """Count so many more bytes that were unpacked. Raises `SourceError` when there are too many."""
        self.unpacked_bytes -= count
        if self.unpacked_bytes < 0:
            self._end(f"more than {MAX_UNPACKED_BYTES // 2**30} GiB when unpacked")

    def _end(self, what: str) -> None:
        self.spent = True
        raise SourceError(
            f"It is left out, and so is all that follows: the whole holds {what}.",
            hint="Unpack it, and index the folder.",
        )


def open_zip(stream: BinaryIO) -> ZipFile:
    """The archive, its list of members read. Raises `SourceError` for one that is damaged or lists too much."""
    if _list_bytes(stream) > _MAX_LIST_BYTES:
        raise SourceError(
            f"The archive's list of members alone takes more than {_MAX_LIST_BYTES // 2**20} MiB.",
            hint="Unpack it, and index the folder.",
        )
    try:
        stream.seek(0)
        return ZipFile(stream)
    except (BadZipFile, NotImplementedError, ValueError, OverflowError, OSError, struct.error) as error:
        raise SourceError(
            "The file begins as a zip archive and has no list of its members: it is cut short or damaged.",
            hint="Copy or download it again.",
        ) from error


def inflates_too_much(member: ZipInfo, unpacked_bytes: int) -> bool:
    """Whether so many bytes are more than an honest member of this packed size unpacks to."""
    return unpacked_bytes > max(RATIO_FREE_BYTES, MAX_RATIO * member.compress_size)


def _list_bytes(stream: BinaryIO) -> int:
    """The size of the archive's central directory as its end says, 0 where there is no end.

    PKWARE APPNOTE 4.3.14 to 4.3.16. Asked before `ZipFile` is, which reads the whole list into memory.
    """
    size = stream.seek(0, 2)
    tail_start = max(0, size - 2**16 - 22)
    stream.seek(tail_start)
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        return 0
    (listed,) = struct.unpack_from("<L", tail, end + 12)
    if listed != 0xFFFFFFFF or tail[end - 20 : end - 16] != _END64_LOCATOR:
        return int(listed)
    (end64,) = struct.unpack_from("<Q", tail, end - 12)
    stream.seek(min(end64, size))
    record = stream.read(48)
    return int(struct.unpack_from("<Q", record, 40)[0]) if len(record) == 48 else 0
