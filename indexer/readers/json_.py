"""JSON files of records: an array of objects, alone or as a field of an object, or one object by itself."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import ijson  # type: ignore[import-untyped]

from indexer.lines import TextLines
from indexer.readers import MAX_WHOLE_BYTES, Health, ReadOptions, Skip, SourceItem, whole
from indexer.readers.fields import Record, flat, items
from search.errors import SourceError

_MAX_DEPTH = 100  # ijson's memory grows with the square of it, and its time with that of a value's length
_BLOCK_BYTES = 2**20

_HINT = "Write one record a line (JSONL), or an array of objects."


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item an element of the first array of objects, or the object that the file is.

    Raises `SourceError` as `fields.items` does, for JSON that holds no object, and for values that are too large.
    """
    encoding = TextLines.of(stream).encoding
    yield Health(encoding=encoding)
    with _utf8(stream, encoding) as source:
        array = _array(source)
    if not array:
        stream.seek(0)
        whole(stream)  # one record, which has to be in memory
    with _utf8(stream, encoding) as source:
        yield from items(_records(source, array), options)


def _records(source: "_Utf8", array: str) -> Iterator[Record | Skip]:
    number = 0
    try:
        for number, found in enumerate(ijson.items(ijson.parse(_events(source)), array), start=1):
            place = f"record {number}"
            yield (place, flat(found)) if isinstance(found, dict) else Skip(place, "It is not a JSON object.")
    except ijson.JSONError as error:
        yield Skip(f"record {number + 1}", f"From here on the file cannot be read as JSON: {_line(error)}")


def _array(source: "_Utf8") -> str:
    """Where the records are, as ijson names it: the elements of the first array that has objects, or the whole."""
    try:
        for prefix, event, _ in ijson.parse(_events(source)):
            if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                return str(prefix)
            if event == "end_map" and not prefix:
                return ""
    except ijson.JSONError as error:
        raise SourceError(f"The file is not JSON: {_line(error)}", hint=_HINT) from error
    raise SourceError("The file holds no JSON object.", hint=_HINT)


def _events(source: "_Utf8") -> Iterator[tuple[str, object]]:
    depth = 0
    for event, value in ijson.basic_parse(source, use_float=True, buf_size=_BLOCK_BYTES):
        source.unfinished_bytes = 0
        depth += event.startswith("start_") - event.startswith("end_")
        if depth > _MAX_DEPTH:
            raise ijson.JSONError(f"It is nested more than {_MAX_DEPTH} deep.")
        yield event, value


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


class _Utf8:
    """A text file as one in UTF-8, which is all that ijson reads, that ends where a single value takes too much."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.unfinished_bytes = 0

    def read(self, size: int) -> bytes:
        block = self._text.read(size).removeprefix("\ufeff").encode()
        self.unfinished_bytes += len(block)
        if self.unfinished_bytes > MAX_WHOLE_BYTES:
            raise SourceError(f"It holds a value that is larger than {MAX_WHOLE_BYTES // 2**20} MiB.", hint=_HINT)
        return block


@contextmanager
def _utf8(stream: BinaryIO, encoding: str) -> Iterator[_Utf8]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="ignore")
    try:
        yield _Utf8(text)
    finally:
        text.detach()
