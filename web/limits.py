"""How large a request may be. What no handler would take is refused before one sees it, or as soon as it shows."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Refused, respond

MAX_QUERY_BYTES = 2**15
MAX_PARAMETERS = 100
MAX_BODY_BYTES = 2**24


class Limits:
    """ASGI middleware that answers 413 for a body, 414 for a query string, and 422 for parameters beyond measure."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, if the request is within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refused = _refused(request)
        if refused:
            await respond(request, refused)(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise _too_large()
            return message

        await self._app(scope, receive_limited, send)


def _refused(request: Request) -> Refused | None:
    query: bytes = request.scope["query_string"]
    if len(query) > MAX_QUERY_BYTES:
        message = f"The query string has {len(query):,} bytes."
        return Refused(HTTPStatus.REQUEST_URI_TOO_LONG, message, hint=f"Shorten it to {MAX_QUERY_BYTES:,} or fewer.")
    if query.count(b"&") >= MAX_PARAMETERS:
        message = f"The request has more than {MAX_PARAMETERS} parameters."
        return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, message, hint="See /docs for those that there are.")
    length = request.headers.get("content-length", "")
    return _too_large() if length.isascii() and length.isdigit() and int(length) > MAX_BODY_BYTES else None


def _too_large() -> Refused:
    message = f"The body of the request is larger than {MAX_BODY_BYTES // 2**20} MiB."
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, hint="Send it in several requests.")
