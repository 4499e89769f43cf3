"""Which language the interface speaks: that of the address, as in ``/ar/…``, or else what the browser prefers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.wording import INTERFACES, Digits, Wording, preferred, wording


class InterfaceLanguage:
    """ASGI middleware: takes the language off an address such as ``/ar/documents/…``, so that each page has one route.

    The language becomes the root path, so addresses that are made for the response begin with it, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        lang = next((lang for lang in INTERFACES if f"{scope['path']}/".startswith(f"/{lang}/")), None)
        state["interface"] = lang or preferred(Headers(scope=scope).get("accept-language", ""))
        state["prefix"] = f"/{lang}" if lang else ""
        if lang:
            path = scope["path"] if scope["path"] != f"/{lang}" else f"/{lang}/"
            scope = {**scope, "path": path, "root_path": scope.get("root_path", "") + f"/{lang}"}
            await self.app(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Accept-Language")
            await send(message)

        await self.app(scope, receive, send_varying)


def wording_of(request: Request) -> Wording:
    """The wording that a request asks for, by its address, its parameter `digits` and its browser."""
    digits = request.query_params.get("digits", "")
    return wording(request.state.interface, Digits(digits) if digits in set(Digits) else Digits.LATIN)
