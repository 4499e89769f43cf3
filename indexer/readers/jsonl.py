"""JSON lines: a document a line, as BEIR's `corpus.jsonl` has them, of files of any size."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from indexer.lines import MAX_LINE_CHARS, TextLines
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.fields import Record, flat, items


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item a line; a line that holds no document is skipped by itself. Raises `SourceError` as `fields.items`."""
    lines = TextLines.of(stream)
    yield Health(encoding=lines.encoding)
    yield from items(_records(lines), options)


def _records(lines: TextLines) -> Iterator[Record | Skip]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _record(line, f"line {number}")


def _record(line: str, place: str) -> Record | Skip:
    if len(line) > MAX_LINE_CHARS:
        return Skip(place, f"The line is longer than {MAX_LINE_CHARS:,} characters.")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Skip(place, f"The line is not JSON: {error}")
    return (place, flat(found)) if isinstance(found, dict) else Skip(place, "The line is not a JSON object.")
