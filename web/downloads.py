"""Downloading what a search found: the same parameters as the result page, and a format."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from web.api.newest import Newest
from web.asked import Asked
from web.exports import Format, exported, permalinks
from web.requests import MAX_K

router = APIRouter(include_in_schema=False, default_response_class=Response)


@router.api_route("/export", methods=["GET", "HEAD"], name="download")
def download(
    request: Request,
    searcher: Newest,
    asked: Annotated[Asked, Depends()],
    file: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> Response:
    """The first hits as a file, more of them than a page shows."""
    options = replace(asked.options, k=MAX_K, offset=0, facets=False, explain=False, highlight=False)
    answer = searcher.answer(asked.q, options)
    return exported(answer, file, permalinks(request)).response()
