"""Every error as an RFC 9457 problem: which status each gets, and how it is sent. Pages get the same two lines."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from search.errors import (
    BusyIndexError,
    DamagedIndexError,
    EvaluationError,
    JisrError,
    MismatchError,
    MissingIndexError,
    ModelError,
    NotFoundError,
    QueryError,
    SourceError,
    StoreError,
)
from search.settings import SettingError
from web.headers import SECURITY_HEADERS
from web.rendering import page
from web.schemas import Body

MEDIA_TYPE = "application/problem+json"

# 422 for a query: what FastAPI answers for a parameter it refuses itself, so a client has one status to handle.
# 503 for the index and the model: the request is right, the operator has something to do, and then it works.
# 500 for the rest: no request can cause them, so one that surfaces here is a fault of the server.
STATUS: Mapping[type[JisrError], HTTPStatus] = {
    QueryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    MissingIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    DamagedIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    MismatchError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    SourceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    EvaluationError: HTTPStatus.INTERNAL_SERVER_ERROR,
    SettingError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_MEANING = {
    HTTPStatus.NOT_FOUND: "The index holds nothing of that name.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter that cannot be used as it stands; `detail` says which and why.",
    HTTPStatus.SERVICE_UNAVAILABLE: "No index can be searched at the moment; `hint` says what its operator has to do.",
}


class Problem(Body):
    """An error as RFC 9457 writes it, with what to do next."""

    type: str = Field(default="about:blank", description="Always `about:blank`: `title` says what the status means.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(description="What happened, with the value that caused it.")
    hint: str = Field(description="What to do next.")
    instance: str = Field(description="Path of the request.", examples=["/api/v1/documents/nowhere"])
    code: str = Field(description="The kind of error, for programs.", examples=["not-found"])

    @classmethod
    def of(cls, request: Request, status: HTTPStatus, code: str, lines: tuple[str, str]) -> Self:
        """`lines` are what happened and what to do next."""
        detail, hint = lines
        return cls(
            title=status.phrase, status=status, detail=detail, hint=hint, instance=quote(request.url.path), code=code
        )


def jisr_problem(request: Request, error: JisrError) -> Problem:
    """The problem that an error of ours stands for; a class without a status of its own takes its base's."""
    kind = next((kind for kind in type(error).__mro__ if kind in STATUS), None)
    status = STATUS[kind] if kind else HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem.of(request, status, _code(type(error)), (error.message, error.hint))


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers problems with these statuses, for the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status.value: {"description": _MEANING[status], "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Makes the app answer every error as a problem."""
    app.exception_handler(JisrError)(_on_jisr_error)
    app.exception_handler(RequestValidationError)(_on_refused_parameters)
    app.exception_handler(HTTPException)(_on_http_exception)
    app.exception_handler(Exception)(_on_surprise)


async def _on_jisr_error(request: Request, error: JisrError) -> Response:
    return _answer(request, jisr_problem(request, error))


async def _on_refused_parameters(request: Request, error: RequestValidationError) -> Response:
    refused = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors())
    lines = f"{refused}.", "See /docs for what each parameter takes."
    return _answer(request, Problem.of(request, HTTPStatus.UNPROCESSABLE_ENTITY, "parameter", lines))


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    match status:
        case HTTPStatus.NOT_FOUND:
            lines = f"Nothing is at {request.url.path}.", "Start at / or see /docs for the API."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            lines = f"{request.method} does not work on {request.url.path}.", f"Use {headers.get('Allow', 'GET')}."
        case _:
            lines = f"{error.detail or status.phrase}.".replace("..", "."), "See /docs for what the API takes."
    return _answer(request, Problem.of(request, status, status.phrase.lower().replace(" ", "-"), lines), headers)


async def _on_surprise(request: Request, _error: Exception) -> Response:
    lines = "The server met an error that it did not expect.", "Its log has the details; trying again may help."
    return _answer(request, Problem.of(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", lines))


def _answer(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    # Starlette sends the 500 from outside all middleware, hence the security headers here.
    all_headers = {**SECURITY_HEADERS, **(headers or {})}
    if _wants_page(request):
        return page(request, "error.html", {"problem": problem}, status=problem.status, headers=all_headers)
    return JSONResponse(problem.model_dump(), problem.status, all_headers, MEDIA_TYPE)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _code(kind: type[JisrError]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.removesuffix("Error")).lower()
