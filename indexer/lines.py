"""Text files of any size, a line at a time."""

import codecs
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from indexer.decoding import decode
from search.errors import SourceError

MAX_LINE_CHARS = 2**26
"""Of a longer line only its first part comes, of one character more than this."""

_LOG = logging.getLogger(__name__)

_HEAD_BYTES = 2**16
_BLOCK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class TextLines:
    r"""The lines of a file that can be sought in. `encoding` is that of the file as a whole, told from a part of it.

    A line in UTF-8 is read as such in any file, and one that is not is decided by itself where the file as a whole is:
    files that were put together out of others often are in both. Lines end in "\n", the last one perhaps not.
    """

    stream: BinaryIO
    encoding: str

    @classmethod
    def of(cls, stream: BinaryIO) -> "TextLines":
        """The lines of a file from its start. Raises `SourceError` for what is not text."""
        stream.seek(0)
        head = stream.read(_HEAD_BYTES)
        return cls(stream, _encoding(head if _is_wide(head) else _beyond_ascii(stream, head)))

    def __iter__(self) -> Iterator[str]:
        self.stream.seek(0)
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        text = io.TextIOWrapper(
            self.stream,
            encoding=self.encoding if wide else "utf-8",
            errors="replace" if wide else "surrogateescape",
        )
        try:
            first = True
            while line := text.readline(MAX_LINE_CHARS + 1):
                unfinished = len(line) > MAX_LINE_CHARS
                yield self._mended(line.removeprefix("\ufeff") if first else line)
                first = False
                while unfinished and not line.endswith("\n"):
                    line = text.readline(_BLOCK_BYTES) or "\n"
        finally:
            text.detach()

    def _mended(self, line: str) -> str:
        """The line with the bytes that are no UTF-8, which it holds as lone surrogates, read as what they are."""
        if line.isascii():
            return line
        try:
            line.encode()
        except UnicodeEncodeError:
            return self._decoded(line.encode("utf-8", "surrogateescape"))
        return line

    def _decoded(self, line: bytes) -> str:
        try:
            if self.encoding != "utf-8":
                return line.decode(self.encoding)
        except UnicodeDecodeError:
            pass
        try:
            return decode(line)[0]
        except SourceError:
            _LOG.warning("left out bytes of a line whose encoding cannot be told")
            return line.decode("utf-8", "ignore")


def _encoding(beginning: bytes) -> str:
    beginning = _whole_characters(beginning)
    try:
        return decode(beginning)[1]
    except SourceError:
        if _is_wide(beginning):  # perhaps it ends in half of a pair
            return decode(beginning[:-2])[1]
        strays = (line for line in beginning.splitlines(keepends=True) if not _is_utf8(line))
        return decode(b"".join(strays))[1]


def _whole_characters(beginning: bytes) -> bytes:
    """The beginning of a file without the first bytes of a character of UTF-8 that it ends in."""
    try:
        return beginning[: codecs.utf_8_decode(beginning, "strict", False)[1]]
    except UnicodeDecodeError:
        return beginning


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_wide(head: bytes) -> bool:
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or b"\0" in head


def _beyond_ascii(stream: BinaryIO, head: bytes) -> bytes:
    """The head of a file, and more of it where it is not in ASCII."""
    sample = head
    while len(sample) < _BLOCK_BYTES and (block := stream.read(_BLOCK_BYTES)):
        if not block.isascii():
            sample += block
    return sample
