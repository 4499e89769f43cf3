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
from starlette.routing import Match

from search.errors import (
    BusyIndexError,
    ClusterError,
    DamagedIndexError,
    EvaluationError,
    ExpiredError,
    JisrError,
    MismatchError,
    MissingIndexError,
    ModelError,
    NotFoundError,
    QueryError,
    ReadOnlyError,
    SettingError,
    SourceError,
    StoreError,
    UnavailableError,
)
from web.rendering import page
from web.schemas import Body
from web.tracing import current_id

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

# 422 for a query: what FastAPI answers for a parameter it refuses itself, so a client has one status to handle.
# 409 for a document that its file would bring back.
# 503 for the index and the model: the request is right, the operator has something to do, and then it works.
# 500 for the rest: no request can cause them, so one that surfaces here is a fault of the server.
STATUS: Mapping[type[JisrError], HTTPStatus] = {
    QueryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ExpiredError: HTTPStatus.GONE,
    ReadOnlyError: HTTPStatus.CONFLICT,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    MissingIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    DamagedIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    MismatchError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    SourceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ClusterError: HTTPStatus.SERVICE_UNAVAILABLE,
    EvaluationError: HTTPStatus.INTERNAL_SERVER_ERROR,
    SettingError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_MEANING = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON in UTF-8.",
    HTTPStatus.UNAUTHORIZED: "The key that the server was given has to be sent along, and was not.",
    HTTPStatus.FORBIDDEN: "The server was given no key, so nobody may change its index over HTTP.",
    HTTPStatus.NOT_FOUND: "The index holds nothing of that name.",
    HTTPStatus.CONFLICT: "The document comes from a file, which would bring it back.",
    HTTPStatus.GONE: "The list was of a build of the index that is no longer kept: begin it anew, without the cursor.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than a request may be.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The query string is longer than a request may have.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter that cannot be used as it stands; `detail` says which and why.",
    HTTPStatus.SERVICE_UNAVAILABLE: "No index can be searched at the moment, and `hint` says what its operator has to "
    "do; or the server is `busy`, or what keeps its index is `unavailable`, and `Retry-After` says in how many seconds "
    "to try again.",
}


class Problem(Body):
    """An error as RFC 9457 writes it, with what to do next."""

    type: str = Field(
        default="about:blank",
        description="Always `about:blank`: `title` says what the status means.",
        examples=["about:blank"],
    )
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(ge=400, le=599, description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="What happened, with the value that caused it.", examples=["There is no document 'nowhere'."]
    )
    hint: str = Field(description="What to do next.", examples=["Take the doc_id from a search result."])
    instance: str = Field(description="Path of the request.", examples=["/api/v1/documents/nowhere"])
    code: str = Field(description="The kind of error, for programs.", examples=["not-found"])
    request_id: str = Field(description="What the request is called in the log.", examples=["9f1c2e6a5b7d4e0f"])

    @classmethod
    def of(cls, request: Request, status: HTTPStatus, code: str, lines: tuple[str, str]) -> Self:
        """`lines` are what happened and what to do next."""
        detail, hint = lines
        return cls(
            title=status.phrase,
            status=status,
            detail=detail,
            hint=hint,
            instance=quote(request.url.path),
            code=code,
            request_id=current_id(),
        )


class Refused(HTTPException):
    """A request that is refused before anything of ours is asked; `code` is the status in words unless it is told."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        hint: str,
        code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.hint = hint
        self.code = code or _words(status)


def jisr_problem(request: Request, error: JisrError) -> Problem:
    """The problem that an error of ours stands for; a class without a status of its own takes its base's."""
    kind = next((kind for kind in type(error).__mro__ if kind in STATUS), None)
    status = STATUS[kind] if kind else HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem.of(request, status, _code(type(error)), (error.message, error.hint))


def retry(error: JisrError) -> dict[str, str]:
    """The header that says when to try again, where that may help with an error of ours by itself."""
    return {"Retry-After": str(RETRY_AFTER_S)} if isinstance(error, UnavailableError) else {}


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers problems with these statuses, for the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status.value: {"description": _MEANING[status], "content": content} for status in statuses}


def respond(request: Request, refused: Refused) -> Response:
    """The problem that a refusal stands for."""
    problem = Problem.of(request, HTTPStatus(refused.status_code), refused.code, (refused.detail, refused.hint))
    return _answer(request, problem, refused.headers)


def from_limits(*, has_body: bool) -> dict[str, dict[str, Any]]:
    """What `web.limits` may answer to any request, for the OpenAPI document."""
    statuses = [HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.UNPROCESSABLE_ENTITY]
    if has_body:
        statuses.append(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return {str(status): response for status, response in documented(*statuses).items()}


def install(app: FastAPI) -> None:
    """Makes the app answer every error as a problem."""
    app.exception_handler(JisrError)(_on_jisr_error)
    app.exception_handler(RequestValidationError)(_on_refused_parameters)
    app.exception_handler(HTTPException)(_on_http_exception)
    app.exception_handler(Exception)(_on_surprise)


async def _on_jisr_error(request: Request, error: JisrError) -> Response:
    return _answer(request, jisr_problem(request, error), retry(error), error=error)


async def _on_refused_parameters(request: Request, error: RequestValidationError) -> Response:
    refused = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors())
    names = ", ".join(sorted({str(fault["loc"][-1]) for fault in error.errors()}))
    lines = f"{refused}.", "See /docs for what each parameter takes."
    said = JisrError(lines[0], hint=lines[1], fault="parameter", names=names)
    return _answer(request, Problem.of(request, HTTPStatus.UNPROCESSABLE_ENTITY, "parameter", lines), error=said)


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    if isinstance(error, Refused):
        return respond(request, error)
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    said = None
    match status:
        case HTTPStatus.NOT_FOUND:
            lines = f"Nothing is at {request.url.path}.", "Start at / or see /docs for the API."
            said = JisrError(lines[0], hint=lines[1], fault="nowhere", path=request.url.path)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_allowed(request))
            lines = f"{request.method} does not work on {request.url.path}.", f"Use {headers['Allow']}."
        case _:
            lines = f"{error.detail or status.phrase}.".replace("..", "."), "See /docs for what the API takes."
    return _answer(request, Problem.of(request, status, _words(status), lines), headers, error=said)


def _allowed(request: Request) -> list[str]:
    """The methods that work on the path of a request: one route alone knows only its own."""
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


async def _on_surprise(request: Request, _error: Exception) -> Response:
    lines = "The server met an error that it did not expect.", "Its log has the details; trying again may help."
    return _answer(request, Problem.of(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", lines))


def _answer(
    request: Request, problem: Problem, headers: Mapping[str, str] | None = None, *, error: JisrError | None = None
) -> Response:
    """The problem as JSON, or as a page in words of the reader's language where there are any for the error."""
    if _wants_page(request):
        context = {"problem": problem, "error": error}
        return page(request, "error.html", context, status=problem.status, headers=headers)
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA_TYPE)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _words(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")


def _code(kind: type[JisrError]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.removesuffix("Error")).lower()
