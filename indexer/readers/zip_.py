"""Zip archives: each member through the reader for what it is, within limits, nothing unpacked under its own name."""

import lzma
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from indexer.archives import MAX_RATIO, Budget, inflates_too_much, open_zip
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.members import Names, inside, read_member
from search.errors import SourceError

_DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_UTF8_NAME = 0x800  # APPNOTE 4.4.4: bit 11, and bit 0
_ENCRYPTED = 0x1
_IN_MEMORY_BYTES = 2**24
_BLOCK_BYTES = 2**20
# What Arabic Windows packs names in: most programs in windows-1256, Explorer in the code page of DOS.
_NAME_ENCODINGS = ("utf-8", "windows-1256", "cp720")


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The items of all members, `record_id` with the member's path first; hidden members are passed over.

    A member that is protected, damaged or not read makes a skip. Raises `SourceError` for an archive that cannot be
    opened. What is beyond the limits of `indexer.archives` is left out, and a skip says from where on.
    """
    within, budget = inside(options)
    names = Names()
    with open_zip(stream) as archive:
        for member in archive.infolist():
            path = _path(member)
            if member.is_dir() or _is_hidden(path):
                continue
            yield from _member(archive, member, names.distinct(path), within)
            if budget.spent:
                return


def _member(archive: ZipFile, member: ZipInfo, name: str, options: ReadOptions) -> Iterator[SourceItem | Skip]:
    try:
        with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
            _unpack(archive, member, file, options.budget or Budget())
            yield from read_member(cast("BinaryIO", file), name, options)
    except SourceError as error:
        yield Skip(name, error.message)


def _unpack(archive: ZipFile, member: ZipInfo, file: IO[bytes], budget: Budget) -> None:
    """Inflate a member into a file. Raises `SourceError` when it cannot be, or would take too much."""
    budget.take_member()
    if member.flag_bits & _ENCRYPTED:
        raise SourceError("It needs a password.", hint="Unpack the archive with its password, and index the folder.")
    try:
        with archive.open(member) as packed:
            while block := packed.read(_BLOCK_BYTES):
                budget.take_bytes(len(block))
                file.write(block)
                if inflates_too_much(member, file.tell()):
                    raise SourceError(
                        f"It unpacks to more than {MAX_RATIO:,} times its size.", hint="No document does: leave it out."
                    )
    except NotImplementedError as error:
        raise SourceError(
            f"It is packed in a way that is not known here: {error}.", hint="Unpack the archive, and index the folder."
        ) from error
    except _DAMAGE as error:
        raise SourceError(f"It cannot be unpacked: {error}.", hint="Copy or download the archive again.") from error


def _path(member: ZipInfo) -> str:
    """The member's name as it was meant: `zipfile` reads all that are not marked as UTF-8 in the code page of DOS."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        name = _meant(name.encode("cp437")) or name
    return name.replace("\\", "/")


def _meant(raw: bytes) -> str | None:
    """The name in the first encoding that makes it Arabic, or else in UTF-8; None where it is neither."""
    decoded = [name for encoding in _NAME_ENCODINGS if (name := _decoded(raw, encoding)) is not None]
    arabic = (name for name in decoded if all(character < "\x80" or _is_arabic(character) for character in name))
    return next(arabic, None) or _decoded(raw, "utf-8")


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_arabic(character: str) -> bool:
    return "\u060c" <= character <= "\u0652"


def _is_hidden(path: str) -> bool:
    """Whether the member is one that file managers hide, or what macOS adds to the archives that it makes."""
    return any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in path.split("/"))
