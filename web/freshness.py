"""What need not be sent again: an answer stays as it is while the generation that gave it is current.

Only answers out of the index have a tag (`answered_from` marks them), and it is weak: the time that an answer took is
no part of what it says.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def answered_from(request: Request, generation: str) -> None:
    """Say which generation a request is answered from."""
    request.state.generation = generation


class Freshness:
    """ASGI middleware that gives answers out of the index an `ETag`, and 304 to who has them already.

    A tag stands for the program, the generation, the address and the language of the interface.

    `current` names the newest generation that can be read, None where there is none; it may take a moment.
    """

    def __init__(self, app: ASGIApp, version: str, current: Callable[[], str | None]) -> None:
        """Wrap an application of this version."""
        self._app = app
        self._current = current
        self._program = _program(version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or that nothing has changed."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match")
        if known:
            generation = await run_in_threadpool(self._current)
            tag = self._tag(scope, generation) if generation else ""
            if tag and tag in _tags(known):
                headers = {**_headers(tag), "Vary": "Accept-Encoding"}
                await Response(status_code=304, headers=headers)(scope, receive, send)
                return

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                generation = scope.get("state", {}).get("generation")
                if generation:
                    MutableHeaders(scope=message).update(_headers(self._tag(scope, generation)))
            await send(message)

        await self._app(scope, receive, send_tagged)

    def _tag(self, scope: Scope, generation: str) -> str:
        interface = scope.get("state", {}).get("interface", "")
        asked = (generation, self._program, scope.get("root_path", ""), scope["path"], interface)
        digest = hashlib.blake2b("\0".join(asked).encode() + b"\0" + scope["query_string"], digest_size=12)
        return f'W/"{digest.hexdigest()}"'


def _tags(known: str) -> set[str]:
    """The tags of an `If-None-Match`, as weak ones (RFC 9110, 13.1.2). ``*`` is none: it asks whether anything is."""
    return {f"W/{tag.strip().removeprefix('W/')}" for tag in known.split(",")}


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache"}


def _program(version: str) -> str:
    """What tells this program from another version, and from another state of its sources."""
    folders = (Path(__file__).parent, Path(__file__).parents[1] / "search")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    states = [f"{path.name} {state.st_size} {state.st_mtime_ns}" for path in files for state in (path.stat(),)]
    return hashlib.blake2b("\n".join((version, *states)).encode(), digest_size=8).hexdigest()
