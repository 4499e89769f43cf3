"""JSON values of any length, found by a key: in the collection of records, in parts that a field holds.

The parts of KEY are KEY/0, KEY/1 and so on. The first begins with how many there are.
"""

import json
from collections.abc import Container, Iterator, Sequence
from typing import Any

from search.errors import DamagedIndexError
from search.milvus.connection import Connection
from search.milvus.fields import TEXT_BYTES
from search.store import REBUILD

_COUNT_BYTES = 16  # room for how many parts there are


def value_records(key: str, value: Any) -> Iterator[dict[str, str]]:
    """The records of a value that JSON can tell."""
    parts = list(_cut(json.dumps(value, ensure_ascii=False, separators=(",", ":")), TEXT_BYTES - _COUNT_BYTES))
    for number, part in enumerate(parts):
        yield {"key": f"{key}/{number}", "value": part if number else f"{len(parts)} {part}"}


def read_values(connection: Connection, collection: str, keys: Sequence[str]) -> dict[str, Any]:
    """The values of those of these keys that there are, in one round trip, or two where any has several parts.

    Raises `DamagedIndexError` when a part is missing.
    """
    firsts = _read(connection, collection, [f"{key}/0" for key in keys])
    begun = {key: firsts[f"{key}/0"].split(" ", 1) for key in keys if f"{key}/0" in firsts}
    others = {key: [f"{key}/{number}" for number in range(1, int(count))] for key, (count, _) in begun.items()}
    names = [name for of_key in others.values() for name in of_key]
    more = _read(connection, collection, names)
    _check(collection, names, more)
    return {key: json.loads("".join([first, *map(more.__getitem__, others[key])])) for key, (_, first) in begun.items()}


def all_values(connection: Connection, collection: str, keys: Sequence[str]) -> dict[str, Any]:
    """The values of these keys. Raises `DamagedIndexError` when one is missing."""
    found = read_values(connection, collection, keys)
    _check(collection, keys, found)
    return found


def fitting(text: str) -> str:
    """As much of a text as a field holds."""
    return next(_cut(text, TEXT_BYTES), "")


def _cut(text: str, size: int) -> Iterator[str]:
    """A text in pieces of at most so many bytes."""
    data, start = text.encode(), 0
    while start < len(data):
        piece = data[start : start + size].decode(errors="ignore")  # but the whole characters
        yield piece
        start += len(piece.encode())


def _read(connection: Connection, collection: str, keys: Sequence[str]) -> dict[str, str]:
    found = connection.select(collection, ("key", "value"), "key", keys) if keys else []
    return {record["key"]: record["value"] for record in found}


def _check(collection: str, keys: Sequence[str], found: Container[str]) -> None:
    for key in keys:
        if key not in found:
            raise DamagedIndexError(f"The collection {collection} has no record {key}.", hint=REBUILD)
