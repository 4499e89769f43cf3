"""What is known of words in a Milvus, found by keys: short texts as they are, and longer things by `values`."""

import hashlib
from collections.abc import Collection
from typing import Any

from search.milvus.connection import Connection
from search.milvus.expressions import quoted
from search.milvus.values import read_values

KEY, VALUE = "key", "value"

_LONGEST_KEY_BYTES = 480  # a key may have 512, and that of a value goes on with the number of its part
_LAST = "\U0010ffff"


def entry_key(kind: str, *parts: str) -> str:
    """The key of what is known of something, ``kind/part/part``; a digest stands for what is too long."""
    key = "/".join((kind, *parts))
    if len(key.encode()) <= _LONGEST_KEY_BYTES:
        return key
    return f"long/{kind}/{hashlib.sha256(key.encode()).hexdigest()}"


def record(key: str, text: str) -> dict[str, str]:
    """The record of a text that fits into one."""
    return {KEY: key, VALUE: text}


class Entries:
    """Reading access to the collection of records. May be used by several threads."""

    def __init__(self, connection: Connection, collection: str) -> None:
        self._connection = connection
        self._collection = collection

    def texts(self, keys: Collection[str]) -> dict[str, str]:
        """The texts with these keys, those that are there."""
        found = self._connection.select(self._collection, (KEY, VALUE), KEY, list(keys)) if keys else []
        return {each[KEY]: each[VALUE] for each in found}

    def values(self, keys: Collection[str]) -> dict[str, Any]:
        """What `search.milvus.values` keeps with these keys, those that are there."""
        return read_values(self._connection, self._collection, list(keys))

    def continuing(self, key: str) -> dict[str, str]:
        """The texts whose keys go on from this one."""
        where = f"{KEY} > {quoted(key)} and {KEY} < {quoted(key + _LAST)}"
        found = self._connection.query(self._collection, (KEY, VALUE), where)
        return {each[KEY]: each[VALUE] for each in found}
