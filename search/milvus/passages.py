"""What a Milvus keeps of the passages of a generation, read off its folder: vector, text, and what a filter goes by."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from search.catalogue import open_finished
from search.holdings import PASSAGE
from search.matrix import Matrix
from search.milvus.days import days_of
from search.milvus.documents import KEY_BYTES, NO_PAGE
from search.milvus.fields import Field, number, text, vector
from search.milvus.tokens import written
from search.milvus.values import fitting
from search.tokens import TokenIndex

EXACT_ROWS = 100_000
"""Up to so many passages, each search compares all vectors of a pool."""

Extra = Callable[[int, str, str], Mapping[str, Any]]
"""Further fields of a passage, by its row, its language and its input."""

_OF_DOCUMENT = ("source", "publisher", "date")
_COLUMNS = ("row", *PASSAGE, "input", "shingles")
_BLOCK_ROWS = 512


def fields(dim: int, count: int) -> tuple[Field, ...]:
    """The fields of `count` passages whose vectors have this length."""
    return (
        number("row", key=True),
        text("lang", 32, partition=True),
        vector("vector", dim, exact=count <= EXACT_ROWS),
        text("passage_id", KEY_BYTES, sought=True),
        text("doc_id", KEY_BYTES, sought=True),
        *(number(name) for name in ("start", "end", "page", "counterpart", "first_day", "last_day")),
        *(text(name) for name in ("text", "input", "shingles", "tokens", "source", "publisher")),
    )


def passage_records(folder: Path, extra: Extra | None = None) -> Iterator[dict[str, Any]]:
    """The records of the generation in a folder by their rows, one at a time.

    `page` is `NO_PAGE` where there is none, `shingles` and `tokens` are in base64, the latter empty without late
    interaction, and a publisher that is not known is empty.
    """
    vectors = Matrix(folder / "vectors" / "vectors.npy")
    counterparts = np.load(folder / "counterparts.npy", mmap_mode="r")
    tokens = TokenIndex(folder) if (folder / "tokens").exists() else None
    told = _told(folder / "catalogue.sqlite")
    for start in range(0, vectors.count, _BLOCK_ROWS):
        rows = range(start, min(start + _BLOCK_ROWS, vectors.count))
        codes = map(written, tokens.at(rows).passages()) if tokens else iter([""] * len(rows))
        # The rows come first: when they are at their end, nothing is taken from what goes on after them.
        for row, of_vector, of_tokens, record in zip(rows, vectors.at(rows), codes, told, strict=False):
            further = extra(row, record["lang"], record["input"]) if extra else {}
            yield {
                **record,
                "row": row,
                "vector": of_vector,
                "tokens": of_tokens,
                "counterpart": int(counterparts[row]),
                **further,
            }


def _told(catalogue: Path) -> Iterator[dict[str, Any]]:
    """What the catalogue says of each passage, by row."""
    names = ", ".join([f'p."{column}"' for column in _COLUMNS] + [f"d.{column}" for column in _OF_DOCUMENT])
    with closing(open_finished(catalogue)) as connection:
        found = connection.execute(f"SELECT {names} FROM passages p JOIN documents d USING (doc_id) ORDER BY p.row")
        for values in found:
            record = dict(zip((*_COLUMNS, *_OF_DOCUMENT), values, strict=True))
            first_day, last_day = days_of(record.pop("date"))
            yield record | {
                "page": NO_PAGE if record["page"] is None else record["page"],
                "input": fitting(record["input"]),
                "shingles": b64encode(record["shingles"]).decode(),
                "source": fitting(record["source"]),
                "publisher": fitting(record["publisher"] or ""),
                "first_day": first_day,
                "last_day": last_day,
            }
