"""What a Milvus keeps of the documents of a generation, read off its catalogue.

What may be filtered by is a record of its own in one collection; what is only read by its key, as long as it may be, is
JSON in the collection of records, in as many parts as it takes (see `search.milvus.values`).
"""

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from search.catalogue import Catalogue, open_finished
from search.filters import Facet
from search.holdings import INFO
from search.milvus.days import days_of
from search.milvus.fields import Field, number, text
from search.milvus.values import fitting, value_records

NO_PAGE = -1
KEY_BYTES = 512

FIELDS: tuple[Field, ...] = (
    text("doc_id", KEY_BYTES, key=True),
    number("place"),
    *(text(name) for name in INFO if name != "doc_id"),
    number("first_day"),
    number("last_day"),
    text("copy_of", KEY_BYTES, sought=True),
    text("leader_source"),
    text("leader_publisher"),
    number("leader_first_day"),
    number("leader_last_day"),
)
"""Of a record of a document: `place` is its number in the order of sources, "" stands for nothing. It has what a filter
goes by of the document that it is a copy of, too, whose passages are let through for the sake of either.

Sources have no index: with Milvus 2.3's for texts (Trie), to find what of 60,000 is in a folder takes 40 ms, not 2.
"""

LINKS = {
    "near_duplicates": ("doc_id", "leader_id", "likeness"),
    "counterparts": ("doc_id", "other_id", "cosine"),
}
"""The tables of pairs of documents: their columns, both ends first."""


def document_records(catalogue: Path) -> Iterator[dict[str, Any]]:
    """The records of all documents, one at a time, in the order of sources."""
    with closing(open_finished(catalogue)) as connection:
        names = ", ".join(f"d.{name}" for name in INFO)
        found = connection.execute(
            f"SELECT {names}, d.copy_of, l.source, l.publisher, l.date FROM documents d "
            "LEFT JOIN documents l ON l.doc_id = d.copy_of ORDER BY d.source, d.rowid"
        )
        for place, (*info, copy_of, source, publisher, date) in enumerate(found):
            told = dict(zip(INFO, info, strict=True))
            first_day, last_day = days_of(told["date"])
            leader_first_day, leader_last_day = days_of(date)
            yield {name: fitting(value or "") for name, value in told.items()} | {
                "place": place,
                "first_day": first_day,
                "last_day": last_day,
                "copy_of": copy_of or "",
                "leader_source": fitting(source or ""),
                "leader_publisher": fitting(publisher or ""),
                "leader_first_day": leader_first_day,
                "leader_last_day": leader_last_day,
            }


def keyed_records(catalogue: Path) -> Iterator[dict[str, str]]:
    """The records of what is found by its key, one at a time: texts, pairs of documents, and what is told of all."""
    with closing(open_finished(catalogue)) as connection:
        for doc_id, page_starts, told in connection.execute("SELECT doc_id, page_starts, text FROM documents"):
            yield from value_records(f"doc/{doc_id}", {"page_starts": page_starts, "text": told})
        for table, (one, other, measure) in LINKS.items():
            found = connection.execute(
                f"SELECT {one}, {one}, {other}, {measure} FROM {table} UNION ALL "
                f"SELECT {other}, {one}, {other}, {measure} FROM {table} WHERE {one} <> {other} ORDER BY 1, 2, 3"
            )
            for doc_id, pairs in itertools.groupby(found, lambda pair: pair[0]):
                yield from value_records(f"link/{table}/{doc_id}", [pair[1:] for pair in pairs])
    with closing(Catalogue(catalogue)) as finished:
        yield from value_records("all/publishers", finished.publishers)
        langs = [None, *finished.tally(Facet.LANGUAGE, None, None)]
        for facet in Facet:
            tallies = {lang or "": finished.tally(facet, None, lang) for lang in langs}
            yield from value_records(f"all/tallies/{facet}", tallies)
