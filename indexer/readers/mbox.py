"""Mailboxes in the mbox format, read a message at a time; `mailbox.mbox` of the standard library wants a path."""

import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO

from indexer.readers import MAX_WHOLE_BYTES, Health, ReadOptions, Skip, SourceItem, eml
from indexer.readers.members import within

_LINE_BYTES = 2**16
# RFC 4155, and what Thunderbird and Google write: no line of prose that begins with From has a time and a year.
_FROM = re.compile(rb"From .*\d\d:\d\d.*\d{4}")
_ESCAPED = re.compile(rb">+From ")


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The items of each message, `record_id` beginning with ``message 17``; one that is broken is skipped by itself."""
    for number, message in enumerate(_messages(stream), start=1):
        place = f"message {number}"
        if message is None:
            yield Skip(place, f"It is larger than {MAX_WHOLE_BYTES // 2**20} MiB.")
        else:
            yield from within(place, eml.read(BytesIO(message), options))


def _messages(stream: BinaryIO) -> Iterator[bytes | None]:
    """The bytes of each message, None for one that is too large to be held."""
    message: bytearray | None = bytearray()
    begun = False
    for line in iter(partial(stream.readline, _LINE_BYTES), b""):
        if line.startswith(b"From ") and _FROM.match(line):
            if begun:
                yield bytes(message) if message is not None else None
            message, begun = bytearray(), True
        elif message is not None:
            begun = begun or not line.isspace()
            message += line[1:] if line.startswith(b">") and _ESCAPED.match(line) else line
            if len(message) > MAX_WHOLE_BYTES:
                message = None
    if begun:
        yield bytes(message) if message is not None else None
