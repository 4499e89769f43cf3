"""The web application put together: routes, errors, headers, and the index behind them."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from search.errors import JisrError
from search.settings import Settings
from web import api, pages, problems, reference
from web.headers import SecurityHeaders
from web.index import LiveIndex
from web.interface import InterfaceLanguage
from web.rendering import HERE

log = logging.getLogger(__name__)

_DESCRIPTION = """
Jisr finds passages in Arabic and English documents for a query in either language.

Every error is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem: `detail` says what happened, `hint` what
to do next, `code` which kind it is.
"""


class JisrAPI(FastAPI):
    """FastAPI whose OpenAPI document also holds the problem that every route may answer."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        document["components"]["schemas"].setdefault("Problem", problems.Problem.model_json_schema())
        return document


def create_app(settings: Settings) -> FastAPI:
    """The application over the index of these settings.

    It starts without an index: searching answers 503 until one has been built, then works without a restart.
    """
    app = JisrAPI(
        title="Jisr",
        summary="Arabic and English, one search.",
        description=_DESCRIPTION,
        version=_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.index = LiveIndex(settings)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(InterfaceLanguage)
    problems.install(app)
    for module in (api, pages, reference):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount("/swagger-ui", reference.swagger_ui, name="swagger_ui")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        await run_in_threadpool(app.state.index.searcher)
    except JisrError as error:
        log.warning("%s %s", error.message, error.hint)
    gc.freeze()  # model and libraries stay: looking through them again would hold up a query for a tenth of a second
    yield


def _version() -> str:
    try:
        return version("jisr")
    except PackageNotFoundError:
        return "0"
