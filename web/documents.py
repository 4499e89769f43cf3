"""The page of one document: the passage that was found, other hits of the query, and the same story beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from search.errors import NotFoundError, QueryError
from search.records import Document, Hit, Passage
from search.searcher import Options, Searcher
from web.api.newest import Newest
from web.asked import Asked
from web.citation import citation
from web.exports import permalink
from web.reading import Marked, Run, Window, Word, paragraphs
from web.rendering import page

MARKED_HITS = 50
"""How many hits of a query are marked in a document."""

router = APIRouter(include_in_schema=False, default_response_class=Response)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document one reads: at a passage, or from a character `at`; and the document `beside` it."""

    passage: str = ""
    beside: str = ""
    at: Annotated[int | None, Query(ge=0)] = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it is shown: a window of it, in it the passage that is read and other hits in their order."""

    document: Document
    passage: Passage | None
    hits: Sequence[Marked]
    window: Window
    paragraphs: list[list[Run]]

    @classmethod
    def of(
        cls, document: Document, passage: Passage | None, hits: Sequence[Marked] = (), at: int | None = None
    ) -> Self:
        """A reading at a passage, which need not be a hit, or from a place."""
        if at is None and passage:
            window = Window.around(document.text, passage.start)
        else:
            window = Window.at(document.text, at or 0)
        marked = list(hits)
        if passage and not any(hit.current for hit in hits):
            marked.insert(0, Marked(passage.start, passage.end, passage.passage_id, current=True))
        return cls(document, passage, hits, window, paragraphs(document.text, window, marked, document.page_starts))

    @property
    def current(self) -> Marked | None:
        """The hit that is read."""
        return next((hit for hit in self.hits if hit.current), None)

    @property
    def previous(self) -> Marked | None:
        """The hit before the one that is read."""
        number = self.current.number if self.current else 0
        return self.hits[number - 2] if number > 1 else None

    @property
    def next(self) -> Marked | None:
        """The hit after the one that is read, or the first."""
        number = self.current.number if self.current else 0
        return self.hits[number] if number < len(self.hits) else None


@router.api_route("/documents/{doc_id}", methods=["GET", "HEAD"], name="document_page")
def document_page(
    request: Request,
    searcher: Newest,
    doc_id: str,
    asked: Annotated[Asked, Depends()],
    place: Annotated[Place, Depends()],
) -> Response:
    """One document, the passage marked if it is one of its own. What was asked leads back to the search."""
    document = searcher.document(doc_id)
    passage = _passage_of(searcher, document, place.passage)
    hits = _hits(searcher, doc_id, asked, passage.passage_id if passage else "")
    context = {
        "asked": asked,
        "reading": Reading.of(document, passage, hits, place.at),
        "beside": _beside(searcher, place.beside, passage) if place.beside else None,
        "lost_passage": bool(place.passage) and not passage,
        "related": searcher.related(doc_id),
        "citation": citation(document, passage, permalink(request, doc_id, place.passage if passage else "")),
    }
    return page(request, "document.html", context)


def _hits(searcher: Searcher, doc_id: str, asked: Asked, at: str) -> list[Marked]:
    """The hits of the query in a document in the order of its text: those at a passage or more than weak matches.

    There are none for a query that cannot be searched for, such as none at all.
    """
    options = Options(k=MARKED_HITS, doc_id=doc_id, names=asked.names, collapse=False, highlight=True)
    try:
        answer = searcher.answer(asked.q, options)
    except QueryError:
        return []
    shown = [hit for hit in answer.hits if not hit.weak or hit.passage.passage_id == at]
    shown.sort(key=lambda hit: hit.passage.start)
    return [_mark(hit, at, number, answer.query) for number, hit in enumerate(shown, start=1)]


def _mark(hit: Hit, at: str, number: int, query: str) -> Marked:
    start, end, passage_id = hit.passage.start, hit.passage.end, hit.passage.passage_id
    words = (Word(start + mark.start, start + mark.end, query[mark.query_start : mark.query_end]) for mark in hit.marks)
    return Marked(start, end, passage_id, current=passage_id == at, number=number, words=tuple(words))


def _beside(searcher: Searcher, doc_id: str, passage: Passage | None) -> Reading:
    """Another document, at the passage that answers the one that is read. Raises `NotFoundError`."""
    document = searcher.document(doc_id)
    other = searcher.counterpart_of(passage.passage_id) if passage else None
    if other and not _holds(document, other):
        other = None
    return Reading.of(document, other)


def _passage_of(searcher: Searcher, document: Document, passage_id: str) -> Passage | None:
    try:
        passage = searcher.passage(passage_id)
    except NotFoundError:
        return None
    return passage if _holds(document, passage) else None


def _holds(document: Document, passage: Passage) -> bool:
    """Whether a passage is one of this document, or of one that it is a copy of."""
    return document.text[passage.start : passage.end] == passage.text
