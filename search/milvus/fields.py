"""What a collection is made of, said without the words of a client library."""

from dataclasses import dataclass
from enum import StrEnum

TEXT_BYTES = 65_535
"""How long a text of a record may be in UTF-8."""


class Kind(StrEnum):
    """What a field holds: a whole number, a text, a vector of float32, or words' numbers with their weights."""

    NUMBER = "number"
    TEXT = "text"
    VECTOR = "vector"
    SPARSE = "sparse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the records of a collection.

    `size` is the most bytes that a text may have, or the dimensions of a vector. The records are told apart by the one
    that is `key`, and kept together by the one that is `partition`, if there is one; a text that is `sought` has an
    index, as has the key. A vector that is `exact` is compared with all others, else by way of a graph. All vectors
    are compared by inner product.
    """

    name: str
    kind: Kind
    size: int = 0
    key: bool = False
    partition: bool = False
    sought: bool = False
    exact: bool = True


def number(name: str, *, key: bool = False) -> Field:
    """A field of whole numbers of 64 bits."""
    return Field(name=name, kind=Kind.NUMBER, key=key)


def text(
    name: str, size: int = TEXT_BYTES, *, key: bool = False, partition: bool = False, sought: bool = False
) -> Field:
    """A field of texts of at most `size` bytes; never null."""
    return Field(name=name, kind=Kind.TEXT, size=size, key=key, partition=partition, sought=sought)


def vector(name: str, dim: int, *, exact: bool = True) -> Field:
    """A field of vectors ``(dim,)``."""
    return Field(name=name, kind=Kind.VECTOR, size=dim, exact=exact)


def sparse(name: str) -> Field:
    """A field of weights by number, each number below 2³² - 1. Only where `Connection.has_sparse`."""
    return Field(name=name, kind=Kind.SPARSE)


NOTHING = vector("nothing", 2)
"""What a collection without vectors has, since none may be without."""
