"""What of the memory that a build may take each part of it gets."""

import resource
from dataclasses import dataclass
from pathlib import Path

from search.errors import SettingError
from search.threads import CORES

_MIB = 2**20
_READER_BYTES = 100 * _MIB
"""What a process that reads files takes for itself, and what it must have beside that for a file."""
_FILE_BYTES = 64 * _MIB
_ENCODING_BYTES = 320 * _MIB
"""What runs of the model and all small things take together: 300 MiB were measured with 10,000 documents."""
_LEAST_HEAP_BYTES = 16 * _MIB  # tantivy refuses less than 15,000,000
_BYTES_A_CHARACTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many processes read files, how much memory each may take for one, and what waits and what is gathered.

    `waiting_chars` is how much text waits to be encoded, `heap_bytes` what the lexical index is written in.
    """

    readers: int
    file_bytes: int
    waiting_chars: int
    heap_bytes: int


PLENTY = Shares(readers=CORES, file_bytes=2**31, waiting_chars=2**24, heap_bytes=200_000_000)
"""Without a limit: about twenty thousand passages may wait."""


def share_out(limit_bytes: int, taken_bytes: int) -> Shares:
    """The shares under a limit, of which the process that encodes has so much already, with its model open.

    Raises `SettingError` for a limit that cannot be kept.
    """
    room = limit_bytes - taken_bytes
    least = max(_READER_BYTES + _FILE_BYTES, _ENCODING_BYTES + 2 * _LEAST_HEAP_BYTES)
    if room < least:
        needed = -(-(taken_bytes + least) // _MIB)
        raise SettingError(
            f"A build cannot keep to {limit_bytes // _MIB:,} MiB: with this model it takes {needed:,} MiB at least.",
            hint=f"Allow it more: --max-memory {needed}MiB",
        )
    readers = min(PLENTY.readers, room // (_READER_BYTES + _FILE_BYTES))
    spare = room - _ENCODING_BYTES
    return Shares(
        readers=readers,
        file_bytes=min(room // readers - _READER_BYTES, PLENTY.file_bytes),
        waiting_chars=min(spare // 8 // _BYTES_A_CHARACTER, PLENTY.waiting_chars),
        heap_bytes=min(spare // 2, PLENTY.heap_bytes),
    )


def resident_bytes() -> int:
    """How much memory this process has now: the second figure of statm, see proc(5)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
