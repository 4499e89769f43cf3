"""What a request is known by: an id, in its response, in problems and in the log, and a line of the log for each."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"

log = logging.getLogger(__name__)

Watch = Callable[[Scope, int, float], None]
"""Told of each request that was answered: its scope, the status, and the seconds until the answer was out."""

_SANE = re.compile(r"[\w.:+/=-]{1,128}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="-")


def current_id() -> str:
    """The id of the request that is being answered, ``-`` outside of any."""
    return _current.get()


class Tracing:
    """ASGI middleware that gives each request an id, its own if it brings a sane one, and tells of it when it is over.

    The log has the path without the query: what people look for is nobody's business.
    """

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        """Wrap an application."""
        self._app = app
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the id in the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex
        status = 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        token = _current.set(request_id)
        try:
            await self._app(scope, receive, send_named)
        finally:
            seconds = time.perf_counter() - started
            self._watch(scope, status, seconds)
            log.info("%s %s %d, %.0f ms", scope["method"], quote(scope["path"]), status, seconds * 1000)
            _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Gives each record of the log the attribute `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets all of them through."""
        record.request_id = current_id()
        return True
