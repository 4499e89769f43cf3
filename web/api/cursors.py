"""Cursors: where the next part of a list begins, and of which list, in one opaque word.

A cursor names the generation that the list comes from, so that its parts fit together while the index changes, and
holds a digest of what was asked, so that it cannot go on another list.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Self

from search.errors import QueryError
from search.searcher import Searcher
from web.requests import ListRequest

_DIGEST_BYTES = 9
_MAX_OFFSET = 2**31
_MAX_OFFSET = 2**31
_MAX_OFFSET = 2**31
_PAGING = {"k", "cursor", "facets", "explain", "highlight"}
"""What may change from one part of a list to the next."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list: what comes after the first `offset` in a generation."""

    generation: str
    offset: int
    digest: str

    @classmethod
    def of(cls, searcher: Searcher, asked: ListRequest, what: str) -> Self:
        """Where a request begins: at the beginning in the generation of the searcher, or where its cursor says.

        `what` tells lists of different routes apart. Raises `QueryError` for a cursor that is none, or that another
        request gave.
        """
        digest = _digest(asked, what)
        if not asked.cursor:
            return cls(searcher.generation, 0, digest)
        place = cls.read(asked.cursor)
        if place.digest != digest:
            raise QueryError(
                "The cursor belongs to another search.",
                hint="Repeat the query and the filters that gave it, or leave it out.",
            )
        return place

    @classmethod
    def read(cls, cursor: str) -> Self:
        """The place that `written` wrote. Raises `QueryError` for any other text."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            generation, offset, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if not (isinstance(generation, str) and type(offset) is int and isinstance(digest, str)):
                raise TypeError("a cursor has other parts")
            if not 0 <= offset <= _MAX_OFFSET:
                raise ValueError("no list is so long")
        except (binascii.Error, ValueError, TypeError):
            raise QueryError(
                f"{cursor!r} is no cursor.", hint="Give the next_cursor of an answer as it is, or leave it out."
            ) from None
        return cls(generation, offset, digest)

    def written(self) -> str:
        """The place as letters, digits, ``-`` and ``_``."""
        text = json.dumps([self.generation, self.offset, self.digest], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def after(self, count: int) -> Self:
        """The place so many further on."""
        return type(self)(self.generation, self.offset + count, self.digest)


def _digest(asked: ListRequest, what: str) -> str:
    text = f"{what}\n{asked.model_dump_json(exclude=_PAGING)}"
    return hashlib.blake2s(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
