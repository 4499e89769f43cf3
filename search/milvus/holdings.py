"""What a generation in a Milvus holds. It never changes, so what was read of it may be remembered."""

import base64
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from typing import Any

from search.facets import source_of
from search.filters import Facet, Filter
from search.holdings import INFO, Holdings
from search.milvus.allowed import MilvusAllowed
from search.milvus.conditions import has, inside, lets_through
from search.milvus.connection import Connection
from search.milvus.days import NEVER
from search.milvus.documents import LINKS, NO_PAGE
from search.milvus.expressions import all_of, any_of, within
from search.milvus.values import all_values, read_values
from search.records import DocumentInfo
from search.remembered import Remembered

_DOCUMENT = (*INFO, "copy_of")
_OPTIONAL = {"date", "publisher", "author", "record_id", "copy_of"}  # what is NULL in a catalogue is "" here
_BODY = {"text", "page_starts"}
_READ = {
    Facet.LANGUAGE: ("lang",),
    Facet.SOURCE: ("publisher", "source"),
    Facet.YEAR: ("first_day",),
}

_FILTERS_REMEMBERED = 32
_DOCUMENTS_REMEMBERED = 4096


class MilvusHoldings(Holdings):
    """Reading access to three collections of a generation.

    To count what meets a condition takes as long as to read `count_worth` records that do: of 240,000 on a server 2.3.5
    12 ms. What is many is counted, part by part, where that is sooner done.
    """

    count_worth = 1600

    def __init__(self, connection: Connection, *, passages: str, documents: str, records: str) -> None:
        self._connection = connection
        self._passages, self._documents, self._records = passages, documents, records
        self._known = Remembered(self._read_documents, _DOCUMENTS_REMEMBERED)
        self._linked_with = Remembered(self._read_links, _DOCUMENTS_REMEMBERED)
        self._filtered = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._allowed)  # of one search comes the next
        self._tallied = lru_cache(maxsize=_FILTERS_REMEMBERED)(self._tally)
        self._told_of_all = cache(self._read_told)

    def select(self, columns: Sequence[str], table: str, key: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """As `Holdings.select`."""
        values = [value for value in dict.fromkeys(values) if value != ""]  # which stands for nothing here
        if not values:
            return []
        if table == "passages":
            return list(map(_passage, self._connection.select(self._passages, columns, key, values)))
        found = self._documents_with(columns, key, values) if table == "documents" else self._pairs(table, key, values)
        return [{column: record[column] for column in columns} for record in found]

    def allowed(self, chosen: Filter) -> MilvusAllowed:
        """As `Holdings.allowed`."""
        return self._filtered(chosen)

    def tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> dict[str, int]:
        """As `Holdings.tally`."""
        return dict(self._tallied(of, chosen, lang))

    def listed(self, chosen: Filter | None, lang: str | None, part: slice) -> tuple[int, list[DocumentInfo]]:
        """As `Holdings.listed`."""
        condition = self._condition(chosen, lang)
        total = self._connection.count(self._documents, condition)
        places = self._places(condition, self._all_places, total, range(total)[part])
        found = self._connection.select(self._documents, ("place", *INFO), "place", places)
        return total, list(map(_info, sorted(found, key=lambda record: record.pop("place"))))

    def all_documents(self) -> list[DocumentInfo]:
        """As `Holdings.all_documents`."""
        return list(map(_info, self._connection.query(self._documents, INFO, "place >= 0")))

    @property
    def publishers(self) -> list[str]:
        """As `Holdings.publishers`."""
        return list(self._told_of_all("publishers"))

    def has_inside(self, folder: str) -> bool:
        """As `Holdings.has_inside`."""
        return bool(self._connection.query(self._documents, ("doc_id",), inside(folder), limit=1))

    def _documents_with(self, columns: Sequence[str], key: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """The records of documents, with their texts where these columns take it."""
        if key == "doc_id":
            found = [record for record in self._known(values).values() if record]
        else:
            found = list(map(_document, self._connection.select(self._documents, _DOCUMENT, key, values)))
        if not _BODY & set(columns):
            return found
        bodies = all_values(self._connection, self._records, [f"doc/{record['doc_id']}" for record in found])
        return [record | bodies[f"doc/{record['doc_id']}"] for record in found]

    def _read_documents(self, doc_ids: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        found = self._connection.select(self._documents, _DOCUMENT, "doc_id", doc_ids)
        return dict.fromkeys(doc_ids) | {record["doc_id"]: _document(record) for record in found}

    def _pairs(self, table: str, key: str, values: Sequence[str]) -> list[dict[str, Any]]:
        """The pairs of a table that have one of these documents at the end called `key`."""
        linked = self._linked_with((table, doc_id) for doc_id in values)
        end = LINKS[table].index(key)
        return [
            dict(zip(LINKS[table], pair, strict=True))
            for (_, doc_id), pairs in linked.items()
            for pair in pairs
            if pair[end] == doc_id
        ]

    def _read_links(self, ends: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[list[Any]]]:
        found = read_values(self._connection, self._records, [f"link/{table}/{doc_id}" for table, doc_id in ends])
        return {(table, doc_id): found.get(f"link/{table}/{doc_id}", []) for table, doc_id in ends}

    def _allowed(self, chosen: Filter) -> MilvusAllowed:
        wanted = self.wanted(chosen)
        own = lets_through(wanted)
        only_copies = all_of('copy_of != ""', own, f"not ({lets_through(wanted, leader=True)})")
        found = self._connection.query(self._documents, ("copy_of",), only_copies)
        holders = sorted({record["copy_of"] for record in found})
        either = f"({own}) or {any_of('doc_id', holders)}" if holders else own
        return MilvusAllowed(self._connection, self._passages, either)

    def _condition(self, chosen: Filter | None, lang: str | None) -> str:
        """The condition that a filter lets a document through, of one language or all."""
        return all_of(
            has(Facet.LANGUAGE, lang) if lang is not None else "", lets_through(self.wanted(chosen)) if chosen else ""
        )

    def _places(self, condition: str, among: range, count: int, ranks: range) -> list[int]:
        """The places of some of the `count` documents that meet a condition among these, counted from the first.

        They are halved until those that meet it are few: to leaf through a million costs some countings.
        """
        if not ranks or count == len(among):
            return list(among[ranks.start : ranks.stop])
        if count <= 2 * self.count_worth:
            here = all_of(condition, within("place", among))
            found = self._connection.query(self._documents, ("place",), here, limit=count)
            return sorted(record["place"] for record in found)[ranks.start : ranks.stop]
        lower, upper = among[: len(among) // 2], among[len(among) // 2 :]
        before = self._connection.count(self._documents, all_of(condition, within("place", lower)))
        beyond = range(max(ranks.start - before, 0), max(ranks.stop - before, 0))
        return [
            *self._places(condition, lower, before, range(ranks.start, min(ranks.stop, before))),
            *self._places(condition, upper, count - before, beyond),
        ]

    def _tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> dict[str, int]:
        of_all: dict[str, int] = self._told_of_all(f"tallies/{of}").get(lang or "", {})
        if chosen is None:
            return of_all
        condition = self._condition(chosen, lang)
        count = self._connection.count(self._documents, condition)
        if len(of_all) * self.count_worth < count:
            each = {value: all_of(condition, has(of, value)) for value in of_all}
            counted = {value: self._connection.count(self._documents, its) for value, its in each.items()}
            return {value: number for value, number in counted.items() if number}
        found = self._connection.query(self._documents, _READ[of], condition)
        return Counter(value for record in found if (value := _value(of, record)) is not None)

    @cached_property
    def _all_places(self) -> range:
        return range(self._connection.count(self._documents))

    def _read_told(self, what: str) -> Any:
        key = f"all/{what}"
        return all_values(self._connection, self._records, [key])[key]


def _passage(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of a passage as a catalogue has them."""
    if record.get("page") == NO_PAGE:
        record["page"] = None
    if "shingles" in record:
        record["shingles"] = base64.b64decode(record["shingles"])
    return record


def _document(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of a document as a catalogue has them."""
    return {name: None if name in _OPTIONAL and not value else value for name, value in record.items()}


def _info(record: dict[str, Any]) -> DocumentInfo:
    return DocumentInfo(**_document(record))


def _value(facet: Facet, record: dict[str, Any]) -> str | None:
    """What a document is counted under, of the fields that are read for it."""
    if facet is Facet.LANGUAGE:
        return str(record["lang"])
    if facet is Facet.SOURCE:
        return source_of(record["publisher"], record["source"])
    return f"{record['first_day'] // 10000:04}" if record["first_day"] != NEVER[0] else None
