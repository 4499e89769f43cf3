"""For whoever runs the server: is it alive, is it ready, what is it doing, and how long does that take."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.metrics import MEDIA_TYPE
from web.problems import documented
from web.schemas import Health, Readiness
from web.submissions import StatusBody, WorkBody

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Health:
    """Answers as long as the process does, with an index or without."""
    return Health()


@router.get("/readyz", summary="Can it search?", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE))
def readyz(request: Request) -> Readiness:
    """Answers 200 with the open generation and its counts, or 503 with the reason while nothing can be searched."""
    return Readiness.model_validate(request.app.state.index.searcher().manifest)


@router.get("/api/v1/status", summary="What is it doing?")
def status(request: Request) -> StatusBody:
    """The index that is open and how far the work on it is. It always answers, with an index or without."""
    app = request.app
    manifest = app.state.index.newest()
    writer = app.state.writer
    return StatusBody(
        version=app.version,
        index=Readiness.model_validate(manifest) if manifest else None,
        writable=writer is not None,
        work=WorkBody.model_validate(writer.work) if writer else None,
    )


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The figures."}},
)
def metrics(request: Request) -> Response:
    """Requests, latency of each step of a search, hits by language, age and size of the index, in text format."""
    return Response(request.app.state.metrics.text(), media_type=MEDIA_TYPE)
