"""Sending a finished generation to a Milvus: beside the one that answers, whose alias it then takes in one step.

Killed at any moment, the alias names the old generation or the new one, and that one is whole; what a send that was
killed has left there is removed by the next.

Two sends to one name at a time would remove each other's unfinished collections. On one machine they take turns: who
sends holds the lock of the folder where the index is built (`search.store.building`). Machines do not: an index is to
be built on one of them. Of two that send, one finds its collections gone and fails, and what is current stays whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from search.errors import BusyIndexError, ExpiredError, StoreError
from search.milvus.collections import Collections, Part, current
from search.milvus.connection import Connection
from search.milvus.contents import Content, contents
from search.progress import Progress, silent
from search.store import Manifest

_TOLD_EVERY = 500


def publish(folder: Path, connection: Connection, *, progress: Progress = silent) -> bool:
    """Make the generation in a folder the one that is current at an address; False when it is that already.

    The one that was current stays until the next is sent, for who still reads it. Raises `StoreError`, and
    `BusyIndexError` where another machine sends to the same address.
    """
    manifest, live = Manifest.read(folder), current(connection)
    new = Collections(connection.address.name, manifest.generation)
    if new == live:
        return False
    there = _there(connection)
    before = max((one for one in there if live and one < live), default=None)
    _keep({live, before}, connection)
    try:
        finishing = []
        with ThreadPoolExecutor(len(Part)) as threads:  # a server takes seconds for each, and idles meanwhile
            for content in contents(folder, manifest, has_sparse=connection.has_sparse):
                sent = _fill(new[content.part], content, connection, progress)
                finishing.append(threads.submit(_finish, new[content.part], content, sent, connection))
        for one in finishing:
            one.result()
        connection.name(new.name, new[Part.PASSAGES])
    except ExpiredError as error:
        raise BusyIndexError(
            f"What was being sent to {connection.address} was removed meanwhile.",
            hint="Does another machine send to it, too? Give each index a name of its own.",
        ) from error
    _keep({new, live}, connection)
    return True


def _fill(collection: str, content: Content, connection: Connection, progress: Progress) -> int:
    """Make a collection of some content; returns how many records were sent."""
    connection.create(collection, content.fields)
    return connection.insert(collection, _counted(content, progress), content.key)


def _finish(collection: str, content: Content, sent: int, connection: Connection) -> None:
    """Make a collection readable, and see that all that was sent is there."""
    connection.finish(collection)
    found = connection.count(collection, latest=True)
    if not sent == found == (sent if content.count is None else content.count):
        raise StoreError(
            f"Of {content.count or sent:,} {content.part}, {found:,} are at {connection.address} after they were sent.",
            hint="Send it again: jisr index PATH. If that does not help, look into the server's log.",
        )


def _counted(content: Content, progress: Progress) -> Iterator[Mapping[str, Any]]:
    """The records, and word of how many were sent."""
    stage, total, sent = f"Sending {content.part}", content.count or 0, 0
    for record in content.records:
        if sent % _TOLD_EVERY == 0:
            progress(stage, sent, total)
        yield record
        sent += 1
    progress(stage, sent, total)


def _there(connection: Connection) -> set[Collections]:
    """The generations of the index of which there is anything."""
    name = connection.address.name
    return {found for one in connection.collections() if (found := Collections.read(name, one))}


def _keep(kept: Iterable[Collections | None], connection: Connection) -> None:
    """Remove all other generations of the index."""
    for generation in _there(connection) - {*kept}:
        for collection in generation.all():
            connection.drop(collection)
