"""The one module that imports pymilvus, and not before an index in a Milvus is opened: what is peculiar to it."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from search.errors import StoreError
from search.milvus.fields import Field, Kind

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient
    from pymilvus.milvus_client import IndexParams

_LOGGERS = ("pymilvus", "pymilvus.milvus_client", "pymilvus.bulk_writer", "milvus_lite")
_AT_MOST_A_SECOND = {"grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1000}
"""How long gRPC waits until it tries to connect again; by itself up to two minutes, while the server is back."""

_OPENING = threading.Lock()
"""The library lets one thread connect at a time, and the others wait for it as long as it takes; here they do not."""

_LEAST_S = 0.05
_GRAPH = {"M": 16, "efConstruction": 200}


def open_client(uri: str, token: str | None, timeout_s: float) -> "MilvusClient":
    """A client of the server at `uri`. Raises what `faults` has."""
    from pymilvus import MilvusClient

    for name in _LOGGERS:  # every error is raised, too, and then told in our words
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    until = time.monotonic() + timeout_s
    if not _OPENING.acquire(timeout=timeout_s):
        raise TimeoutError
    try:
        client = MilvusClient(
            uri,
            token=token or "",
            timeout=max(until - time.monotonic(), _LEAST_S),
            dedicated=True,
            grpc_options=_AT_MOST_A_SECOND,
        )
    finally:
        _OPENING.release()
    # What it does by itself when a call fails: it repeats what may have arrived, and all threads wait in a queue for
    # one of them after the other to connect anew, each as long as the timeout. gRPC connects anew without that.
    client._handler._on_rpc_error = _raised
    return client


def faults() -> tuple[type[Exception], ...]:
    """The errors of the library, and `TimeoutError`. Raises `StoreError` where that is not installed."""
    try:
        from grpc import RpcError
        from pymilvus import MilvusException
    except ImportError:
        raise StoreError(
            "An index in a Milvus needs the package pymilvus.", hint="Install it: pip install 'jisr[milvus]'"
        ) from None
    return MilvusException, RpcError, TimeoutError


def schema_of(fields: Sequence[Field]) -> "CollectionSchema":
    """The fields of a collection."""
    from pymilvus import CollectionSchema, DataType

    types = {
        Kind.NUMBER: DataType.INT64,
        Kind.TEXT: DataType.VARCHAR,
        Kind.VECTOR: DataType.FLOAT_VECTOR,
        Kind.SPARSE: DataType.SPARSE_FLOAT_VECTOR,
    }
    sizes = {Kind.TEXT: "max_length", Kind.VECTOR: "dim"}
    schema = CollectionSchema([], check_fields=False)
    for field in fields:
        size = {sizes[field.kind]: field.size} if field.kind in sizes else {}
        schema.add_field(field.name, types[field.kind], is_primary=field.key, is_partition_key=field.partition, **size)
    return schema


def indexes_of(fields: Sequence[Field], *, inverted: bool) -> "IndexParams":
    """The indexes of a collection; of texts that are looked up an `inverted` one where the server has it."""
    from pymilvus.milvus_client import IndexParams

    indexes = IndexParams()
    for field in fields:
        if index := _index_of(field, inverted=inverted):
            indexes.add_index(field.name, **index)
    return indexes


def _index_of(field: Field, *, inverted: bool) -> dict[str, Any]:
    if field.kind is Kind.SPARSE:
        return {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "IP"}
    if field.kind is Kind.VECTOR:
        return {"metric_type": "IP"} | (
            {"index_type": "FLAT"} if field.exact else {"index_type": "HNSW", "params": _GRAPH}
        )
    if field.kind is Kind.TEXT and field.sought:
        return {"index_type": "INVERTED" if inverted else "Trie"}
    return {}


def _raised(error: Exception) -> bool:
    """Pass on that there was no answer; an answer that says so is no business of gRPC."""
    if type(error).__module__.startswith("grpc"):
        raise error
    return False
