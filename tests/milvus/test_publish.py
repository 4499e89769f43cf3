"""Generations sent to a Milvus: one after the other, killed on the way, and beside the indexes of others."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from search import store
from search.errors import BusyIndexError, ExpiredError, MissingIndexError, StoreError
from search.milvus.address import Address
from search.milvus.backend import MilvusBackend
from search.milvus.collections import Collections, Part, current
from search.milvus.connection import Connection
from search.milvus.fields import number
from search.milvus.publish import publish
from search.milvus.records import get
from search.store import Manifest

FIRST, SECOND, THIRD = (f"2025112{day}T080000.000000Z" for day in (1, 2, 3))


@pytest.fixture(scope="module")
def generations(little: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same documents as three generations."""
    built = store.current(little)
    folder = tmp_path_factory.mktemp("generations")
    made = {name: shutil.copytree(built, folder / name) for name in (FIRST, SECOND, THIRD)}
    for name, copied in made.items():
        replace(Manifest.read(copied), generation=name).write(copied)
    return made


@pytest.fixture
def connection(lite: Connection, name: str) -> Connection:
    """Milvus Lite, and an index of the test's own."""
    return Connection(Address(lite.address.uri, name))


def there(connection: Connection) -> set[str]:
    """The generations of which there is anything."""
    found = (Collections.read(connection.address.name, one) for one in connection.collections())
    return {one.generation for one in found if one}


def test_the_names_of_collections_tell_whose_they_are() -> None:
    own = Collections("a", FIRST)
    assert own.all()[0] == "a_20251121T080000_000000Z_passages"
    assert {Collections.read("a", name) for name in own.all()} == {own}
    assert own < Collections("a", SECOND)
    for other in ("a_b", "a_20251121T080000_000000Z", "A", "b"):
        assert not any(Collections.read("a", name) for name in Collections(other, FIRST).all())
        assert not any(Collections.read(other, name) for name in own.all())
    assert not any(Collections.read("a", name) for name in ("a", "a_", "a_notes", "a_20251121T080000_000000Z_notes"))


def test_a_generation_that_was_sent_is_current_and_whole(connection: Connection, generations: dict[str, Path]) -> None:
    backend = MilvusBackend(connection)
    with pytest.raises(MissingIndexError, match=str(connection.address)):
        backend.current()
    said: list[tuple[str, int, int]] = []
    assert publish(generations[FIRST], connection, progress=lambda *told: said.append(told))
    assert backend.current() == FIRST
    manifest = Manifest.read(generations[FIRST])
    assert backend.manifest(FIRST) == manifest
    assert {("Sending passages", manifest.passages, manifest.passages)} <= set(said)
    of = Collections(connection.address.name, FIRST)
    for file in ("pools.npz", "shift.npz", "late.npz"):
        assert get(connection, of[Part.RECORDS], file) == (generations[FIRST] / file).read_bytes()
    assert connection.count(of[Part.PASSAGES]) == manifest.passages
    assert connection.count(of[Part.DOCUMENTS]) == manifest.documents
    assert not publish(generations[FIRST], connection)


def test_the_generation_before_stays_and_those_before_that_go(
    connection: Connection, generations: dict[str, Path]
) -> None:
    backend = MilvusBackend(connection)
    for name in (FIRST, SECOND, THIRD):
        publish(generations[name], connection)
    assert (backend.current(), there(connection)) == (THIRD, {SECOND, THIRD})
    assert backend.manifest(SECOND).generation == SECOND
    with pytest.raises(ExpiredError):
        backend.manifest(FIRST)
    assert publish(generations[FIRST], connection)  # going back is no mistake
    assert (backend.current(), there(connection)) == (FIRST, {FIRST, THIRD})


def test_indexes_of_other_names_are_left_alone(connection: Connection, generations: dict[str, Path]) -> None:
    address = connection.address
    other = Connection(replace(address, name=f"{address.name}_b"))
    publish(generations[SECOND], other)
    connection.create(f"{address.name}_notes", [number("row", key=True)])
    for name in (FIRST, SECOND, THIRD):
        publish(generations[name], connection)
    assert (MilvusBackend(other).current(), there(other)) == (SECOND, {SECOND})
    assert f"{address.name}_notes" in connection.collections()


def test_an_alias_of_somebody_else_is_not_taken(connection: Connection, generations: dict[str, Path]) -> None:
    notes = f"{connection.address.name}_notes"
    connection.create(notes, [number("row", key=True)])
    connection.name(connection.address.name, notes)
    with pytest.raises(StoreError, match=notes):
        publish(generations[FIRST], connection)
    assert not there(connection)


def test_a_send_whose_collections_another_machine_removes_fails_and_changes_nothing(
    connection: Connection, generations: dict[str, Path]
) -> None:
    publish(generations[FIRST], connection)

    def interfere(stage: str, done: int, total: int) -> None:
        if stage == "Sending records" and not done:
            publish(generations[THIRD], connection)

    with pytest.raises(BusyIndexError, match="removed meanwhile"):
        publish(generations[SECOND], connection, progress=interfere)
    assert (current(connection), there(connection)) == (Collections(connection.address.name, THIRD), {FIRST, THIRD})


@pytest.mark.parametrize(
    ("step", "is_new"), [("passages", False), ("records", False), ("named", True)], ids=["first", "last", "named"]
)
def test_a_send_that_is_killed_leaves_the_old_or_the_new_one_and_the_next_heals_it(
    tmp_path: Path, generations: dict[str, Path], step: str, is_new: bool
) -> None:
    address = Address(str(tmp_path / "lite.db"), "killed")
    folders = map(str, generations.values())
    command = [sys.executable, "-m", "tests.milvus.halting", str(address), step, *folders]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout
        assert sender.stdout.readline() == "there\n"
        sender.kill()

    connection = Connection(address)
    backend = MilvusBackend(connection)
    expected = THIRD if is_new else SECOND
    assert backend.current() == expected
    manifest = backend.manifest(expected)
    assert connection.count(Collections("killed", expected)[Part.PASSAGES]) == manifest.passages
    assert THIRD in there(connection)
    assert publish(generations[THIRD], connection) is not is_new
    assert backend.current() == THIRD
    assert backend.manifest(THIRD) == Manifest.read(generations[THIRD])
    publish(generations[FIRST], connection)
    assert there(connection) == {FIRST, THIRD}
