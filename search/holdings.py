"""What a generation holds: its documents and passages, wherever its tables are kept."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from search.allowed import Allowed, Rows
from search.errors import NotFoundError, QueryError
from search.filters import Days, Facet, Filter, same_name
from search.records import Document, DocumentInfo, Passage
from search.shingles import Shingles

INFO = tuple(field.name for field in fields(DocumentInfo))
DOCUMENT = tuple(field.name for field in fields(Document))
PASSAGE = tuple(field.name for field in fields(Passage))
"""The columns that make a record of `search.records`."""

_TAKE_DOCUMENT = "Take the doc_id from a search result."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a filter asks of a document: an appearance in `days`, if any; that it is of one of the `publishers` or in
    one of the `folders` (or is that file), if there are any of both; that it is `doc_id`, if that is given.
    """

    days: Days | None = None
    publishers: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    doc_id: str | None = None


class Holdings(ABC):
    """Reading access. One instance may be used by several threads.

    `select` reads four tables of `search.schema`: passages, near_duplicates and counterparts, and of documents what
    `search.records` tells of them and `copy_of`; the other columns are for the next build alone.
    """

    @abstractmethod
    def select(self, columns: Sequence[str], table: str, key: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """These columns of the records of a table whose `key` is one of these values, in no particular order; each
        record once, however often its value is given.
        """

    @abstractmethod
    def allowed(self, chosen: Filter) -> Allowed:
        """The passages whose documents, or copies of them, a filter lets through.

        A publisher is meant however its name is written (`search.filters.same_name`), a folder with all that is in it.
        Documents without a date are let through only where no days are asked for. Raises `QueryError` for a source that
        the index does not have.
        """

    @abstractmethod
    def tally(self, of: Facet, chosen: Filter | None, lang: str | None) -> dict[str, int]:
        """How many of the documents that a filter lets through, of one language or all, there are of each value.

        Raises `QueryError` for a source or a document that the index does not have.
        """

    @abstractmethod
    def listed(self, chosen: Filter | None, lang: str | None, part: slice) -> tuple[int, list[DocumentInfo]]:
        """How many documents a filter lets through, of one language or all, and part of them in the order of sources.

        Raises `QueryError` for a source or a document that the index does not have.
        """

    @abstractmethod
    def all_documents(self) -> list[DocumentInfo]:
        """What is known of every document."""

    @property
    @abstractmethod
    def publishers(self) -> list[str]:
        """Who published the documents: who has most of them first, then by name."""

    @abstractmethod
    def has_inside(self, folder: str) -> bool:
        """Whether there is a document in this folder, or of this file."""

    def wanted(self, chosen: Filter) -> Wanted:
        """What a filter means in this index. Raises `QueryError` for a source or a document that is not there."""
        if chosen.doc_id is not None and chosen.doc_id not in self.documents([chosen.doc_id]):
            raise QueryError(f"There is no document {chosen.doc_id!r}.", hint=_TAKE_DOCUMENT)
        names = {publisher: same_name(publisher) for publisher in self.publishers} if chosen.sources else {}
        publishers, folders = [], []
        for source in chosen.sources:
            named = [publisher for publisher, name in names.items() if name == same_name(source)]
            publishers += named
            path = str(PurePosixPath(source))
            if self.has_inside(path):
                folders.append(path)
            elif not named:
                raise _unknown(source, names)
        return Wanted(chosen.days, tuple(publishers), tuple(folders), chosen.doc_id)

    def passages_at(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages with these vector rows, by row."""
        found = self.select(("row", *PASSAGE), "passages", "row", rows)
        return {record.pop("row"): Passage(**record) for record in found}

    def inputs_of(self, passage_ids: Sequence[str]) -> dict[int, tuple[Passage, str]]:
        """Those of these passages that there are, and what the encoder read of each (title and text), by row."""
        found = self.select(("row", "input", *PASSAGE), "passages", "passage_id", passage_ids)
        return {record.pop("row"): (Passage(**record), told) for record in found for told in [record.pop("input")]}

    def told_at(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Shingles]]:
        """The passages with these vector rows and what they say, by row."""
        found = self.select(("row", "shingles", *PASSAGE), "passages", "row", rows)
        told = {}
        for record in found:
            row, says = record.pop("row"), Shingles.unpacked(record.pop("shingles"))
            told[row] = Passage(**record), says
        return told

    def inputs_at(self, rows: Sequence[int]) -> dict[int, str]:
        """The title and text of the passages with these vector rows, as they were encoded, by row."""
        return {record["row"]: record["input"] for record in self.select(("row", "input"), "passages", "row", rows)}

    def titles_at(self, rows: Sequence[int]) -> list[str]:
        """The titles of the documents that hold these vector rows, each once."""
        doc_ids = sorted({record["doc_id"] for record in self.select(("doc_id",), "passages", "row", rows)})
        return sorted({record["title"] for record in self.select(("title",), "documents", "doc_id", doc_ids)})

    def rows_of_passages(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The vector rows of these passages, those that are there, by id."""
        found = self.select(("passage_id", "row"), "passages", "passage_id", passage_ids)
        return {record["passage_id"]: record["row"] for record in found}

    def rows_of(self, doc_ids: Sequence[str]) -> Rows:
        """The rows of the passages of these documents, in order; a copy's are those of the document it is a copy of."""
        records = self.select(("row",), "passages", "doc_id", sorted(set(self._holders(doc_ids).values())))
        return np.sort(np.fromiter((record["row"] for record in records), np.int64))

    def row_of(self, passage_id: str) -> int:
        """The row of a passage. Raises `NotFoundError`."""
        for record in self.select(("row",), "passages", "passage_id", [passage_id]):
            return int(record["row"])
        raise _no_passage(passage_id)

    def counterparts(self, doc_ids: Sequence[str]) -> dict[str, list[DocumentInfo]]:
        """The documents in the other language that tell the same as each of these which has any, nearest first."""
        pairs = self._linked(doc_ids, "counterparts", "doc_id", "other_id", "cosine")
        # A document in two languages may tell the same as itself.
        return self._told((one, other) for one, other, _ in pairs if one != other)

    def documents(self, doc_ids: Sequence[str]) -> dict[str, DocumentInfo]:
        """What is known of these documents, by id."""
        return {
            record["doc_id"]: DocumentInfo(**record) for record in self.select(INFO, "documents", "doc_id", doc_ids)
        }

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises `NotFoundError`."""
        for record in self.select(DOCUMENT, "documents", "doc_id", [doc_id]):
            return document_of(record)
        raise _no_document(doc_id)

    def copies(self, doc_ids: Sequence[str]) -> dict[str, list[DocumentInfo]]:
        """For each of these documents that has any the others that hold the same text, by source."""
        holders = self._holders(doc_ids)
        leaders = sorted(set(holders.values()))
        copied = self.select(("doc_id", "copy_of"), "documents", "copy_of", leaders)
        groups: dict[str, list[str]] = {leader: [leader] for leader in leaders}
        for record in copied:
            groups[record["copy_of"]].append(record["doc_id"])
        others = [(doc_id, other) for doc_id in holders for other in groups[holders[doc_id]] if other != doc_id]
        linked = self._told(others)
        return {doc_id: sorted(found, key=lambda info: (info.source, info.doc_id)) for doc_id, found in linked.items()}

    def near_duplicates(self, doc_ids: Sequence[str]) -> dict[str, list[tuple[DocumentInfo, float]]]:
        """For each of these documents that has any its near-duplicates, the most alike first.

        Likeness, 0–1, is known between a group's leader and its members only: a member has its leader alone.
        """
        found = self._linked(doc_ids, "near_duplicates", "doc_id", "leader_id", "likeness")
        infos = self.documents(sorted({other for _, other, _ in found}))
        linked: dict[str, list[tuple[DocumentInfo, float]]] = {}
        for doc_id, other, likeness in found:
            linked.setdefault(doc_id, []).append((infos[other], likeness))
        return linked

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises `NotFoundError`."""
        for record in self.select(PASSAGE, "passages", "passage_id", [passage_id]):
            return Passage(**record)
        raise _no_passage(passage_id)

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of a document from its first to its last, those of the document it is a copy of if it is one.

        Raises `NotFoundError`.
        """
        own = self._holder(doc_id)
        found = self.select(PASSAGE, "passages", "doc_id", [own])
        return sorted((Passage(**record) for record in found), key=lambda passage: (passage.start, passage.end))

    def _linked(
        self, doc_ids: Sequence[str], table: str, one: str, other: str, measure: str
    ) -> list[tuple[str, str, float]]:
        """Pairs that a table has, whichever end of them is asked about, each with its measure: the greatest first."""
        both = {
            (record[key], record[end], record[measure])
            for key, end in ((one, other), (other, one))
            for record in self.select((one, other, measure), table, key, doc_ids)
        }
        return sorted(both, key=lambda pair: (-pair[2], pair[1]))

    def _told(self, pairs: Iterable[tuple[str, str]]) -> dict[str, list[DocumentInfo]]:
        """By the first of each pair what is known of the second ones."""
        pairs = list(pairs)
        infos = self.documents(sorted({other for _, other in pairs}))
        linked: dict[str, list[DocumentInfo]] = {}
        for doc_id, other in pairs:
            linked.setdefault(doc_id, []).append(infos[other])
        return linked

    def _holders(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """The documents that hold the passages of these, by id."""
        found = self.select(("doc_id", "copy_of"), "documents", "doc_id", doc_ids)
        return {record["doc_id"]: record["copy_of"] or record["doc_id"] for record in found}

    def _holder(self, doc_id: str) -> str:
        """The document that holds the passages of this one. Raises `NotFoundError`."""
        for holder in self._holders([doc_id]).values():
            return holder
        raise _no_document(doc_id)


def document_of(record: dict[str, Any]) -> Document:
    """The document that a record of all its columns tells of."""
    return Document(**record | {"page_starts": tuple(json.loads(record["page_starts"]))})


def _unknown(source: str, publishers: Mapping[str, str]) -> QueryError:
    hint = "Name a publisher, or the path of a file or folder, relative to what was indexed."
    message = f"Nothing in the index is of the source {source!r}."
    near = get_close_matches(same_name(source), publishers.values(), n=1)
    if not near:
        return QueryError(message, hint=hint, fault="unknown-source", source=source)
    meant = next(publisher for publisher, name in publishers.items() if name == near[0])
    return QueryError(message, hint=f"{hint} Is it {meant!r}?", fault="misspelt-source", source=source, meant=meant)


def _no_document(doc_id: str) -> NotFoundError:
    return NotFoundError(f"There is no document {doc_id!r}.", hint=_TAKE_DOCUMENT, fault="no-document", doc_id=doc_id)


def _no_passage(passage_id: str) -> NotFoundError:
    return NotFoundError(
        f"There is no passage {passage_id!r}.",
        hint="Take the passage_id from a search result.",
        fault="no-passage",
        passage_id=passage_id,
    )
