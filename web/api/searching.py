"""Searching over HTTP: a query, several at once, and what is like a passage or a document."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from search.errors import JisrError
from search.options import Options
from search.records import Answer
from search.searcher import Searcher
from web.answers import SearchResponse, response
from web.api.cursors import Place
from web.api.documents import DocId, PassageId
from web.api.newest import Newest
from web.problems import Problem, documented, jisr_problem
from web.requests import HitsRequest, MultiSearchRequest, SearchBody, SearchRequest
from web.schemas import Body

ANSWERS = documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.GONE, HTTPStatus.SERVICE_UNAVAILABLE)

READ_BODY = ANSWERS | documented(HTTPStatus.BAD_REQUEST)

router = APIRouter(prefix="/api/v1", tags=["search"])


class MultiSearchItem(Body):
    """What became of one query: an answer, or a problem of its own."""

    answer: SearchResponse | None = Field(description="The answer; null where there is a problem.")
    problem: Problem | None = Field(description="Why it could not be answered; null where it was.")


class MultiSearchResponse(Body):
    """Several answers from one build of the index."""

    generation: str = Field(
        description="Build of the index that answered those without a cursor.", examples=["20251217T083000-4f9ac1"]
    )
    results: list[MultiSearchItem] = Field(description="One for each query, in their order.")


@router.get("/search", summary="Search passages in both languages", responses=ANSWERS)
def search(searcher: Newest, asked: Annotated[SearchRequest, Query()]) -> SearchResponse:
    """Passages that answer the query, whichever of the two languages they are in, in one ranked list.

    The query is compared by meaning, so an English query finds Arabic passages and the reverse; names are found in the
    spelling of either script. Arabic in Latin letters is read as Arabic, and the answer says so. Text in quotation
    marks is looked for as it stands.
    """
    return _answered(searcher, asked)


@router.post("/search", summary="Search, with the query as JSON", responses=READ_BODY)
def search_by_body(searcher: Newest, asked: SearchBody) -> SearchResponse:
    """The same as `GET /api/v1/search`, for queries that should not stand in an address or a log."""
    return _answered(searcher, asked)


@router.post("/multi-search", summary="Ask several queries at once", responses=READ_BODY)
def multi_search(request: Request, searcher: Newest, asked: MultiSearchRequest) -> MultiSearchResponse:
    """Each query is answered by itself, all from the same build of the index; one that cannot be is told why."""
    items = [_item(request, searcher, each) for each in asked.searches]
    return MultiSearchResponse(generation=searcher.generation, results=items)


@router.get(
    "/passages/{passage_id}/similar",
    summary="Passages that are like a passage",
    responses=ANSWERS | documented(HTTPStatus.NOT_FOUND),
)
def similar_passages(
    searcher: Newest,
    passage_id: PassageId,
    asked: Annotated[HitsRequest, Query()],
) -> SearchResponse:
    """Passages of both languages on the same subject, those of its own document and its near-duplicates left out.

    The `query` of the answer is the title of the document; a score is about the probability that a hit speaks of the
    same subject.
    """
    return _similar(searcher, asked, passage_id, lambda view, options: view.similar(passage_id, options))


@router.get(
    "/documents/{doc_id}/similar",
    summary="Passages that are like a document",
    responses=ANSWERS | documented(HTTPStatus.NOT_FOUND),
)
def similar_to_document(
    searcher: Newest,
    doc_id: DocId,
    asked: Annotated[HitsRequest, Query()],
) -> SearchResponse:
    """As for a passage, compared with all of a document."""
    return _similar(searcher, asked, doc_id, lambda view, options: view.similar_to_document(doc_id, options))


def _answered(searcher: Searcher, asked: SearchRequest) -> SearchResponse:
    started = time.perf_counter()
    place = Place.of(searcher, asked, "search")
    answer = searcher.at(place.generation).answer(asked.q, asked.options(offset=place.offset))
    return response(answer, asked.q, started, next_cursor=_next(place, answer))


def _similar(
    searcher: Searcher, asked: HitsRequest, to: str, similar: Callable[[Searcher, Options], Answer]
) -> SearchResponse:
    started = time.perf_counter()
    place = Place.of(searcher, asked, f"similar {to}")
    answer = similar(searcher.at(place.generation), asked.options(offset=place.offset))
    return response(answer, answer.query, started, next_cursor=_next(place, answer))


def _next(place: Place, answer: Answer) -> str | None:
    return place.after(len(answer.hits)).written() if answer.more else None


def _item(request: Request, searcher: Searcher, asked: SearchRequest) -> MultiSearchItem:
    try:
        return MultiSearchItem(answer=_answered(searcher, asked), problem=None)
    except JisrError as error:
        return MultiSearchItem(answer=None, problem=jisr_problem(request, error))
