"""The map of an index: where its passages stand, what its regions are about, and the file that keeps what was drawn.

Drawing takes seconds, so it is done when a map is first asked for, and kept outside the generation, which is immutable.
Processes that draw the same map at once draw it alike, and the file of the last one stays.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np

from search.generation import Generation
from search.holdings import Holdings
from search.layout import SAMPLE, Layout, lay_out
from search.records import Passage
from search.regions import Region, regions

MAP_VERSION = 1
"""Part of a map's file name: raise it when maps are drawn or kept in another way."""

KEPT_MAPS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Point:
    """A passage on a map: `x` and `y` are 0–1, rightwards and downwards; `title` is its document's, maybe empty."""

    passage_id: str
    doc_id: str
    lang: str
    title: str
    x: float
    y: float


class CorpusMap:
    """The map of a generation: of all its passages a sample as `points`, and the `regions` in which these stand."""

    def __init__(self, catalogue: Holdings, layout: Layout, regions: Sequence[Region], generation: str) -> None:
        self.generation = generation
        self.regions = tuple(regions)
        self.passages = len(layout.positions)
        self._catalogue = catalogue
        self._positions = layout.positions
        found = catalogue.passages_at(layout.sample.tolist())
        self.points = tuple(self._points({row: found[row] for row in layout.sample.tolist()}))

    def locate(self, passages: Sequence[Passage]) -> list[Point]:
        """Where passages stand, be they among the `points` or not; those of another generation alone are left out."""
        rows = self._catalogue.rows_of_passages([passage.passage_id for passage in passages])
        return self._points({rows[each.passage_id]: each for each in passages if each.passage_id in rows})

    def _points(self, passages: dict[int, Passage]) -> list[Point]:
        documents = self._catalogue.documents(sorted({passage.doc_id for passage in passages.values()}))
        return [
            Point(
                passage.passage_id,
                passage.doc_id,
                passage.lang,
                documents[passage.doc_id].title,
                *map(float, self._positions[row]),
            )
            for row, passage in passages.items()
        ]


def corpus_map(generation: Generation, folder: Path, size: int = SAMPLE) -> CorpusMap:
    """The map of a generation as `folder` keeps it, or drawn now with `size` points, which takes seconds, and kept."""
    name = generation.manifest.generation
    path = folder / f"{name}.{MAP_VERSION}.npz"
    kept = _read(path, generation.manifest.passages)
    if kept is None:
        kept = _drawn(generation, size)
        try:
            _keep(path, *kept)
        except OSError as error:
            log.warning("The map of %s cannot be kept, and will be drawn again: %s.", name, error)
    return CorpusMap(generation.catalogue, *kept, name)


def _drawn(generation: Generation, size: int) -> tuple[Layout, list[Region]]:
    layout = lay_out(generation.legs.vectors, generation.pools, size)
    rows = layout.sample.tolist()
    found = generation.catalogue.passages_at(rows)
    return layout, regions([found[row] for row in rows], layout.positions[layout.sample])


def _read(path: Path, passages: int) -> tuple[Layout, list[Region]] | None:
    try:
        with np.load(path) as arrays:
            layout = Layout(arrays["positions"], arrays["sample"])
            found = [_region(region) for region in json.loads(str(arrays["regions"]))]
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return None
    return (layout, found) if len(layout.positions) == passages else None


def _region(record: dict[str, Any]) -> Region:
    words = {lang: tuple(words) for lang, words in record.pop("words").items()}
    return Region(**record, words=words)


def _keep(path: Path, layout: Layout, found: Sequence[Region]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps([asdict(region) for region in found], ensure_ascii=False)
    new = path.with_suffix(f".{uuid4().hex}.tmp")
    try:
        with new.open("wb") as file:
            np.savez(file, positions=layout.positions, sample=layout.sample, regions=np.array(told))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    newest_first = sorted(path.parent.glob("*.npz"), key=lambda kept: kept.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT_MAPS:]:
        old.unlink(missing_ok=True)
