"""What the collections of an index are called: four for each generation, and an alias that names the one to read.

NAME                                     alias of the passages of the generation that is current
NAME_20251122T173000_123456Z_passages    and _documents, _terms, _records
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from search.errors import StoreError
from search.milvus.connection import Connection

_GENERATION = re.compile(r"\d{8}T\d{6}\.\d{6}Z")


class Part(StrEnum):
    """One of a generation's collections. Each that can be found holds passages, documents, terms or records by key."""

    PASSAGES = "passages"
    DOCUMENTS = "documents"
    TERMS = "terms"
    RECORDS = "records"


@dataclass(frozen=True, slots=True, order=True)
class Collections:
    """The collections of a generation of the index of this name; those of a later generation are greater."""

    name: str
    generation: str

    @classmethod
    def read(cls, name: str, collection: str) -> Self | None:
        """What a collection belongs to, None for one that is not of the index of this name.

        Every name tells its index: those of ``a_b`` are not taken for some of ``a``.
        """
        marked, _, part = collection.removeprefix(f"{name}_").rpartition("_")
        generation = marked.replace("_", ".")
        if part not in set(Part) or not _GENERATION.fullmatch(generation):
            return None
        found = cls(name, generation)
        return found if found[Part(part)] == collection else None

    def __getitem__(self, part: Part) -> str:
        """The name of one of them."""
        return f"{self.name}_{self.generation.replace('.', '_')}_{part}"

    def all(self) -> list[str]:
        """The names of all of them."""
        return [self[part] for part in Part]


def current(connection: Connection) -> Collections | None:
    """The generation that the index's alias names, None where there is no such alias.

    Raises `StoreError` when it names what is no generation.
    """
    name = connection.address.name
    collection = connection.named(name)
    if collection is None:
        return None
    found = Collections.read(name, collection)
    if found is None:
        raise StoreError(
            f"{connection.address} names the collection {collection}, which is no index of ours.",
            hint="Choose another name for the index.",
        )
    return found
