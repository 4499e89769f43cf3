"""A Milvus: its collections, their records, and what happens when it does not answer.

A call waits no longer than the timeout; reading is tried again within it. Writing waits longer, since a server may be
started anew in between, and undoes what may have arrived before it is tried again.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np

from search.encoder import Vectors
from search.errors import ExpiredError, StoreError, UnavailableError
from search.milvus.address import Address
from search.milvus.client import faults, indexes_of, open_client, schema_of
from search.milvus.expressions import LONGEST, Value, all_of, any_of, quoted
from search.milvus.faults import is_unloaded, told
from search.milvus.fields import NOTHING, Field, Kind
from search.milvus.outage import Outage

Given = TypeVar("Given")

MOST_AT_ONCE = 16_384
"""So many records a Milvus gives in one answer."""

_PAGE = 8192
_BATCH_BYTES = 8 << 20  # a server takes 64 MB
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 2.0
_POLL_S = 0.1
_SPARSE_SINCE = (2, 4)
_LEAST_EF, _MOST_EF = 512, 32_768


class Connection:
    """A Milvus, and one index in it by the name in `address`. May be used by several threads.

    `version` is the server's, as (2, 3, 5). Every call raises `UnavailableError` when the server cannot be reached or
    does not answer in `timeout_s` (writing: in `patience_s`), `ExpiredError` for a collection that is not there, and
    `StoreError` for what else it refuses.
    """

    def __init__(
        self, address: Address, *, token: str | None = None, timeout_s: float = 10.0, patience_s: float = 60.0
    ) -> None:
        self.address = address
        self._timeout_s = timeout_s
        self._patience_s = max(patience_s, timeout_s)
        self._outage = Outage()
        self._schemas: dict[str, tuple[str, bool]] = {}
        self._client = self._tried(lambda timeout: open_client(address.uri, token, timeout))
        self.version = tuple(map(int, re.findall(r"\d+", self._read("get_server_version"))[:3]))

    @property
    def has_sparse(self) -> bool:
        """Whether the server has sparse vectors."""
        return self.version >= _SPARSE_SINCE

    def close(self) -> None:
        """Give back what the connection holds. Milvus Lite goes on until its process ends."""
        self._client.close()

    def collections(self) -> list[str]:
        """The names of all collections in the server, also those of others."""
        return sorted(self._read("list_collections"))

    def create(self, collection: str, fields: Sequence[Field], *, partitions: int = 4) -> None:
        """Make a collection of records with these fields, exactly one of which is the key.

        What is put in is not to be changed, and readers need not see it at once: `finish` makes it readable. Records
        are in so many partitions by the field that is `partition`, if there is one.
        """
        if not any(field.kind is Kind.VECTOR for field in fields):
            fields = [*fields, NOTHING]
        in_parts = {"num_partitions": partitions} if any(field.partition for field in fields) else {}
        self._write(
            "create_collection", collection, schema=schema_of(fields), consistency_level="Eventually", **in_parts
        )
        self._write("create_index", collection, indexes_of(fields, inverted=self.has_sparse), sync=False)

    def insert(self, collection: str, records: Iterable[Mapping[str, Any]], key: str) -> int:
        """Put records in, which are told apart by the field `key`; return how many. None is put in twice."""
        _, is_without = self._schema(collection)
        filling = {NOTHING.name: [0.0] * NOTHING.size} if is_without else {}
        count = 0
        for batch in batches({**record, **filling} for record in records):
            self._put(collection, batch, key)
            count += len(batch)
        return count

    def finish(self, *collections: str) -> None:
        """Make what was put into collections durable, and readable by way of its indexes, however long that takes.

        Of several at once, since a server mostly waits for itself: seconds for each.
        """
        with ThreadPoolExecutor(len(collections)) as threads:
            list(threads.map(self._finish, collections))

    def _finish(self, collection: str) -> None:
        self._write("flush", collection)
        for name in self._read("list_indexes", collection):
            while (index := self._read("describe_index", collection, name)).get("pending_index_rows"):
                self._not_given_up(collection, index.get("state") != "Failed")
        self._write("load_collection", collection, _async=True)
        while (state := self._read("get_load_state", collection)["state"].name) != "Loaded":
            self._not_given_up(collection, state == "Loading")

    def _not_given_up(self, collection: str, is_going_on: bool) -> None:
        if not is_going_on:
            raise StoreError(
                f"The Milvus server at {self.address.server} gave up making {collection} readable.",
                hint="Has it enough memory and room on its disk? Its log may say more.",
            )
        time.sleep(_POLL_S)

    def select(
        self, collection: str, fields: Sequence[str], key: str, values: Sequence[Value], *, expression: str = ""
    ) -> list[dict[str, Any]]:
        """These fields of the records whose `key` is one of these values, in no particular order."""
        pieces = (values[at : at + LONGEST] for at in range(0, len(values), LONGEST))
        conditions = (all_of(any_of(key, piece), expression) for piece in pieces)
        return [record for condition in conditions for record in self.query(collection, fields, condition)]

    def query(
        self, collection: str, fields: Sequence[str], expression: str = "", *, limit: int | None = None
    ) -> list[dict[str, Any]]:
        """These fields of the records that meet a condition, all or at most `limit` of them, ascending by their key."""
        key, _ = self._schema(collection)
        named = {"output_fields": sorted({*fields, key})}
        records = self._read("query", collection, expression, limit=_PAGE, **named) if limit is None else []
        if limit is not None or len(records) == _PAGE:
            # In the order of their keys, lest they be any that meet the condition: a server looks through all for it.
            records = self._in_order(collection, key, expression, limit, named)
        records = sorted(records, key=itemgetter(key))
        return [{field: record[field] for field in fields} for record in records]

    def _in_order(
        self, collection: str, key: str, expression: str, limit: int | None, named: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        records, after = list[dict[str, Any]](), ""
        while limit is None or len(records) < limit:
            wanted = _PAGE if limit is None else min(_PAGE, limit - len(records))
            found = self._read("query", collection, all_of(expression, after), limit=wanted, iterator="True", **named)
            records += found
            if len(found) < wanted:
                break
            after = f"{key} > {quoted(found[-1][key])}"
        return records

    def count(self, collection: str, expression: str = "", *, latest: bool = False) -> int:
        """How many records meet a condition; with `latest`, surely with all that was put in, which takes longer."""
        consistency = {"consistency_level": "Strong"} if latest else {}
        found = self._read("query", collection, expression, output_fields=["count(*)"], **consistency)
        return int(found[0]["count(*)"])

    def nearest(
        self,
        collection: str,
        field: str,
        queries: Vectors | Sequence[Any],
        count: int,
        *,
        fields: Sequence[str],
        expression: str = "",
    ) -> list[list[tuple[dict[str, Any], float]]]:
        """For each query, the records that meet a condition and are nearest to it, and their inner products with it.

        The best `count` at the most, `MOST_AT_ONCE` of them, best first, with these `fields`. A query is a vector
        ``(dim,)`` or, for a sparse field, weights by number.
        """
        if not len(queries) or not count:
            return [[] for _ in queries]
        found = self._read(
            "search",
            collection,
            [query if isinstance(query, Mapping) else np.asarray(query, np.float32) for query in queries],
            filter=expression,
            anns_field=field,
            limit=min(count, MOST_AT_ONCE),
            output_fields=list(fields),
            search_params={"metric_type": "IP", "params": {"ef": min(max(_LEAST_EF, 4 * count), _MOST_EF)}},
        )
        return [[(dict(hit["entity"]), float(hit["distance"])) for hit in hits] for hits in found]

    def drop(self, collection: str) -> None:
        """Remove a collection, if it is there. No alias may name it."""
        with suppress(ExpiredError):
            self._write("drop_collection", collection)

    def named(self, alias: str) -> str | None:
        """The collection that an alias names, None where there is no such alias."""
        with suppress(ExpiredError):
            return str(self._read("describe_alias", alias)["collection_name"])
        return None

    def name(self, alias: str, collection: str) -> None:
        """Let an alias name this collection, from one moment to the next and whatever it named before."""

        def name(timeout: float) -> None:
            named = self._client.create_alias if self.named(alias) is None else self._client.alter_alias
            named(collection, alias, timeout=timeout)

        self._tried(name, self._patience_s)

    def unname(self, alias: str) -> None:
        """Remove an alias, if it is there."""
        with suppress(ExpiredError):
            self._write("drop_alias", alias)

    def _schema(self, collection: str) -> tuple[str, bool]:
        """The key of a collection, and whether it has no vectors."""
        if collection not in self._schemas:
            fields = self._read("describe_collection", collection)["fields"]
            key = next(field["name"] for field in fields if field.get("is_primary"))
            self._schemas[collection] = key, any(field["name"] == NOTHING.name for field in fields)
        return self._schemas[collection]

    def _put(self, collection: str, batch: list[dict[str, Any]], key: str) -> None:
        """Put a batch in, once: what of it may have arrived with an answer that did not is taken out before."""
        tried = False

        def put(timeout: float) -> None:
            nonlocal tried
            if tried:
                for at in range(0, len(batch), LONGEST):
                    these = any_of(key, [record[key] for record in batch[at : at + LONGEST]])
                    self._client.delete(collection, filter=these, timeout=timeout)
            tried = True
            # An answer that was lost is not waited for until there is no time to ask again.
            self._client.insert(collection, batch, timeout=min(timeout, self._patience_s / 3))

        self._tried(put, self._patience_s)

    def _read(self, method: str, *given: Any, **named: Any) -> Any:
        def read(timeout: float) -> Any:
            try:
                return getattr(self._client, method)(*given, timeout=timeout, **named)
            except faults() as error:
                if is_unloaded(error):  # Milvus Lite forgets with its process what was loaded
                    self._client.load_collection(given[0], timeout=timeout, _async=True)
                raise

        return self._outage.watched(lambda: self._tried(read))

    def _write(self, method: str, *given: Any, **named: Any) -> Any:
        return self._tried(
            lambda timeout: getattr(self._client, method)(*given, timeout=timeout, **named), self._patience_s
        )

    def _tried(self, call: Callable[[float], Given], within_s: float = 0.0) -> Given:
        """What a call gives that takes a timeout, tried again while the server cannot be reached."""
        within_s, errors = within_s or self._timeout_s, faults()
        until, pause = time.monotonic() + within_s, _FIRST_PAUSE_S
        while True:
            try:
                return call(max(until - time.monotonic(), _FIRST_PAUSE_S))
            except errors as error:
                failure = told(error, self.address, within_s)
                if not isinstance(failure, UnavailableError) or time.monotonic() + pause >= until:
                    raise failure from None
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)


def batches(records: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The records in lists, each of which a server takes at once."""
    batch: list[dict[str, Any]] = []
    size = 0
    for record in records:
        batch.append(record)
        size += sum(map(_size_bytes, record.values()))
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size_bytes(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Mapping):
        return 8 * len(value)
    return 4 * len(value) if isinstance(value, Sized) else 8
