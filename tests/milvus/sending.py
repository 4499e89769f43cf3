"""Collections made by hand, where a test wants one part of an index and not all that a generation is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from search.milvus.connection import Connection
from search.milvus.documents import KEY_BYTES
from search.milvus.entries import KEY, VALUE, Entries
from search.milvus.fields import Field, text


def sent(connection: Connection, fields: Sequence[Field], records: Iterable[Mapping[str, Any]]) -> str:
    """Make a collection of these records, the first field being the key; return its name, which no other has."""
    collection = f"t{uuid4().hex}"
    connection.create(collection, fields)
    connection.insert(collection, records, fields[0].name)
    connection.finish(collection)
    return collection


def entries(connection: Connection, records: Iterable[Mapping[str, Any]]) -> Entries:
    """Texts by key in a collection of their own."""
    return Entries(connection, sent(connection, [text(KEY, KEY_BYTES, key=True), text(VALUE)], records))
