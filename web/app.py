"""The web application put together: routes, errors, headers, and the index behind them."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from search.errors import JisrError
from search.settings import Settings
from web import api, documents, downloads, maps, opensearch, pages, problems, reference
from web.freshness import Freshness
from web.headers import SecurityHeaders
from web.index import LiveIndex
from web.interface import InterfaceLanguage
from web.limits import Limits
from web.metrics import Metrics
from web.rendering import HERE
from web.tracing import Tracing
from web.turns import TURN, Turns
from web.writing import OpenWriter, checked_key

log = logging.getLogger(__name__)

_DESCRIPTION = """
Jisr finds passages in Arabic and English documents for a query in either language.

Lists are paged by cursors: give the `next_cursor` of an answer as `cursor`, with the same query and filters, and go on
until it is null. A cursor stays with the build of the index that it came from, for as long as that is kept. Parameters
that are not described here are refused, and an empty string counts as left out.

Every error is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem: `detail` says what happened, `hint` what
to do next, `code` which kind it is.
"""

_TAGS = [
    {"name": "search", "description": "Ranked passages of both languages for a query, or for a passage to be like."},
    {"name": "documents", "description": "What was indexed: documents, and the passages that they were split into."},
    {"name": "explore", "description": "What there is to search, and what a query may become."},
    {"name": "writing", "description": "Documents in and out, for who has the server's key."},
    {"name": "operation", "description": "Whether the server is alive, what it answers from, and how it does."},
]


class JisrAPI(FastAPI):
    """FastAPI whose OpenAPI document also holds the problems that every route may answer."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        document["components"]["schemas"].setdefault("Problem", problems.Problem.model_json_schema())
        for path in document["paths"].values():
            for route in path.values():
                route["responses"] = problems.from_limits(has_body="requestBody" in route) | route["responses"]
        return document

    def build_middleware_stack(self) -> ASGIApp:
        """What surrounds the routes. Starlette's own is inside, so that what it makes of a surprise is seen, too."""
        stack: ASGIApp = GZipMiddleware(super().build_middleware_stack(), minimum_size=1000, compresslevel=5)
        stack = Freshness(Limits(stack), self.version, self._newest_generation)
        return Tracing(SecurityHeaders(InterfaceLanguage(stack)), self.state.metrics.requested)

    def _newest_generation(self) -> str | None:
        manifest = self.state.index.newest()
        return manifest.generation if manifest else None


def create_app(settings: Settings, open_writer: OpenWriter | None = None, *, workers: int = 1) -> FastAPI:
    """The application over the index of these settings, for one of so many processes that serve it.

    It starts without an index: searching answers 503 until one has been built, then works without a restart. With a key
    in the settings, a writer is opened when the application starts, and closed when it ends. Raises `SettingError` for
    a key that will not do.
    """
    app = JisrAPI(
        title="Jisr",
        summary="Arabic and English, one search.",
        description=_DESCRIPTION,
        version=_version(),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=_TAGS,
        servers=[{"url": "/", "description": "This server."}],
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.key = checked_key(settings)
    app.state.writer = None
    app.state.open_writer = partial(open_writer, settings) if open_writer and app.state.key else None
    app.state.metrics = Metrics()
    app.state.turns = Turns.of_one(workers, app.state.metrics.turns)
    app.state.index = LiveIndex(settings, app.state.metrics.searched, app.state.metrics.switched)
    app.state.maps = maps.MapRoom(settings.cache / "maps")
    app.state.metrics.watch(app.state.index)
    problems.install(app)
    for module in (api, reference, opensearch):
        app.include_router(module.router)
    for module in (pages, documents, downloads, maps):
        app.include_router(module.router, dependencies=[TURN])
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
    if app.state.open_writer:
        app.state.writer = await run_in_threadpool(app.state.open_writer)
    yield
    if app.state.writer:
        await run_in_threadpool(app.state.writer.close)


def _version() -> str:
    try:
        return version("jisr")
    except PackageNotFoundError:
        return "0"
