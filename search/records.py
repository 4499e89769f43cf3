"""The records that travel between reading, indexing, ranking and showing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What is known of a source item without its text.

    `lang` is a BCP-47 tag, `date` ISO 8601 or None where the source gives none, `source` the file's path relative to
    the folder that was indexed. `record_id` is the item's own id inside a file that holds several (JSONL).
    """

    doc_id: str
    title: str
    lang: str
    date: str | None
    source: str
    publisher: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(DocumentInfo):
    """One source item with its clean text, the string that passage offsets count in."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit that is indexed: `text` is characters `start` to `end` of its document's text."""

    passage_id: str
    doc_id: str
    lang: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result. `rank` counts from 1; a higher `score` is better (see `search.ranking` for its scale)."""

    rank: int
    score: float
    passage: Passage
    document: DocumentInfo
