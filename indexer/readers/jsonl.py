"""JSON lines: a document a line, as BEIR's `corpus.jsonl` has them."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from indexer.readers.metadata import first


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item a line; a line that holds no document is skipped by itself."""
    text, encoding = decode(whole(stream))
    yield Health(encoding=encoding)
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        item = _item(line, number)
        record_id = item.record_id if isinstance(item, SourceItem) else None
        if record_id in seen:
            item = Skip(f"line {number}", f"The id {record_id!r} stands in an earlier line, too.")
        if record_id is not None:
            seen.add(record_id)
        yield item


def _item(line: str, number: int) -> SourceItem | Skip:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Skip(f"line {number}", f"The line is not JSON: {error}")
    if not isinstance(record, dict):
        return Skip(f"line {number}", "The line is not a JSON object.")
    body = first(record, "text", "body", "content")
    if body is None:
        return Skip(f"line {number}", "The record has no text.")
    metadata = record.get("metadata")
    said = {name: value for name, value in record.items() if value}
    about = {**metadata, **said} if isinstance(metadata, dict) else said
    return SourceItem(
        text=body,
        title=first(about, "title", "headline") or "",
        lang=first(about, "lang", "language"),
        date=parse_date(about.get("date") or about.get("published")),
        publisher=first(about, "source", "publisher"),
        record_id=first(record, "_id", "id") or f"line {number}",
    )
