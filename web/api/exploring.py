"""What there is to search: counts, and what a query that is being typed may become."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from web.api.newest import Newest
from web.problems import documented
from web.requests import Filters, SuggestFormat, SuggestRequest
from web.schemas import FacetsBody, SuggestionBody, SuggestionList

OPENSEARCH = "application/x-suggestions+json"
ANSWERS = documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
_COMPLETIONS = {
    "type": "array",
    "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "minItems": 2,
    "maxItems": 2,
    "examples": [["desal", ["desalination", "desalination plant"]]],
}

router = APIRouter(prefix="/api/v1", tags=["explore"])


@router.get("/facets", summary="Count documents", responses=ANSWERS)
def facets(searcher: Newest, asked: Annotated[Filters, Query()]) -> FacetsBody:
    """All documents that the filters let through, counted by language, source and year.

    For the counts among the hits of a query, ask `GET /api/v1/search` for `facets`.
    """
    return FacetsBody.model_validate(searcher.facets(asked.options()))


@router.get(
    "/suggest",
    summary="Complete a query",
    response_model=SuggestionList,
    responses={HTTPStatus.OK: {"content": {OPENSEARCH: {"schema": _COMPLETIONS}}}, **ANSWERS},
)
def suggest(searcher: Newest, asked: Annotated[SuggestRequest, Query()]) -> Response | SuggestionList:
    """Words, titles and publishers of the index that continue what has been typed, in either script."""
    found = searcher.suggest(asked.q, limit=asked.limit)
    if asked.format is SuggestFormat.OPENSEARCH:
        return JSONResponse([asked.q, [each.text for each in found]], media_type=OPENSEARCH)
    return SuggestionList(q=asked.q, suggestions=[SuggestionBody.model_validate(each) for each in found])
