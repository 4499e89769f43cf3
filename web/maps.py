"""The map page: the corpus as a picture. Every point leads to its passage, and the hits of a query are lit up."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from search.errors import JisrError
from search.maps import CorpusMap, Point
from search.records import Hit
from search.regions import Region
from search.searcher import Searcher
from search.shift import LANGUAGES
from web.api.newest import newest_searcher
from web.asked import Asked
from web.problems import jisr_problem, retry
from web.rendering import page

WIDTH, HEIGHT, MARGIN = 1000, 640, 36
"""Of the picture, in its own units, and how far from its edges points stand."""

LIT = 30
"""How many hits are lit up at the most."""

REFRESH_SECONDS = 2

router = APIRouter(include_in_schema=False, default_response_class=Response)


class MapRoom:
    """The map of the newest generation, drawn by a thread of its own: nobody waits for it. For several threads."""

    def __init__(self, folder: Path) -> None:
        """Name the folder where maps are kept."""
        self._folder = folder
        self._lock = Lock()
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="map")
        self._drawing: Future[CorpusMap] | None = None
        self._last: CorpusMap | None = None

    def newest(self, searcher: Searcher) -> CorpusMap | None:
        """The map that was drawn last, or None before the first one; a new one is begun where the index is newer.

        Raises what kept the drawing from being finished, once; the next call begins it anew.
        """
        with self._lock:
            if self._drawing and self._drawing.done():
                finished, self._drawing = self._drawing, None
                self._last = finished.result()
            newer = self._last is None or self._last.generation != searcher.manifest.generation
            if newer and not self._drawing:
                self._drawing = self._drawer.submit(searcher.corpus_map, self._folder)
            return self._last


@dataclass(frozen=True, slots=True)
class Lit:
    """A hit and its point."""

    hit: Hit
    point: Point


@router.api_route("/map", methods=["GET", "HEAD"], name="map_page")
def map_page(request: Request, asked: Annotated[Asked, Depends()]) -> Response:
    """The map, the hits of a query lit up. While it is drawn for the first time the page says so and asks again."""
    context: dict[str, Any] = {"asked": asked}
    try:
        searcher = newest_searcher(request)
        drawn = request.app.state.maps.newest(searcher)
        if drawn is None:
            again = {"Refresh": str(REFRESH_SECONDS), "Cache-Control": "no-store"}
            return page(request, "map.html", context, status=HTTPStatus.ACCEPTED, headers=again)
        lit = _lit(searcher, drawn, asked) if asked.q.strip() else []
    except JisrError as error:
        problem = jisr_problem(request, error)
        context |= {"problem": problem, "error": error}
        return page(request, "map.html", context, status=problem.status, headers=retry(error))
    shown = {
        "map": drawn,
        "outdated": drawn.generation != searcher.manifest.generation,
        "lit": lit,
        "legend": _legend(drawn, lit),
        "at": _at,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return page(request, "map.html", context | shown)


def _lit(searcher: Searcher, drawn: CorpusMap, asked: Asked) -> Sequence[Lit]:
    hits = [hit for hit in searcher.answer(asked.q, replace(asked.options, k=LIT)).hits if not hit.weak]
    points = {point.passage_id: point for point in drawn.locate([hit.passage for hit in hits])}
    return [Lit(hit, points[hit.passage.passage_id]) for hit in hits if hit.passage.passage_id in points]


def _legend(drawn: CorpusMap, lit: Sequence[Lit]) -> list[str]:
    """The kinds of points on the map."""
    others = any(point.lang not in LANGUAGES for point in drawn.points)
    return [*LANGUAGES, *(["other"] if others else []), *(["answer"] if lit else [])]


def _at(place: Point | Region) -> tuple[float, float]:
    """Where a place of the map stands in the picture."""
    across, down = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    return round(MARGIN + place.x * across, 1), round(MARGIN + place.y * down, 1)
