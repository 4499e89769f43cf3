"""The hits of a query as a file for other programs."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.api.newest import Newest
from web.exports import exported, permalinks
from web.problems import documented
from web.requests import ExportRequest

_FILE = {"schema": {"type": "string"}}
_FILES: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK: {
        "description": "The file.",
        "content": {
            "text/csv": _FILE,
            "application/json": {"schema": {}},
            "application/x-bibtex": _FILE,
            "application/x-research-info-systems": _FILE,
        },
    }
}

router = APIRouter(prefix="/api/v1", tags=["search"])


@router.get(
    "/export",
    summary="Hits as a file",
    response_class=Response,
    responses={**_FILES, **documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)},
)
def export(request: Request, searcher: Newest, asked: Annotated[ExportRequest, Query()]) -> Response:
    """The first hits of a query: CSV with a byte order mark for spreadsheets, JSON, BibTeX or RIS."""
    answer = searcher.answer(asked.q, asked.options())
    return exported(answer, asked.format, permalinks(request)).response()
