"""The API reference at /docs: Swagger UI from our own server, started by a script file so that no inline one runs."""

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from web.rendering import page

# Swagger UI sets styles on elements and asks for the OpenAPI document; nothing else is let in, and nothing from afar.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

swagger_ui = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")
router = APIRouter(include_in_schema=False, default_response_class=Response)


@router.api_route("/docs", methods=["GET", "HEAD"], name="reference")
def reference(request: Request) -> Response:
    """Swagger UI over this server's OpenAPI document."""
    return page(request, "reference.html", {}, headers={"Content-Security-Policy": _POLICY})
