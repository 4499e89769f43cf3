"""Files of a generation, small and read as a whole, among the records of a Milvus."""

import base64
from collections.abc import Iterator

from search.milvus.connection import Connection
from search.milvus.fields import text
from search.milvus.values import all_values, value_records

KEY_BYTES = 512
FIELDS = (text("key", KEY_BYTES, key=True), text("value"))
"""Of the collection of records."""


def put(name: str, content: bytes) -> Iterator[dict[str, str]]:
    """The records that keep a file of this name."""
    return value_records(f"file/{name}", base64.b64encode(content).decode())


def get(connection: Connection, records: str, name: str) -> bytes:
    """A file that was put into a collection. Raises `DamagedIndexError` when it is not there."""
    key = f"file/{name}"
    return base64.b64decode(all_values(connection, records, [key])[key])
