"""The page as it follows from what is kept in docs/, nothing being measured."""

from pathlib import Path

from bench.capacity.figures import Scale
from bench.capacity.model import Model
from bench.capacity.page import page
from bench.results import Results

_DOCS = Path(__file__).parents[2] / "docs"

KEPT = _DOCS / "scale.json"
PAGE = _DOCS / "SCALE.md"


def model_as_kept() -> Model:
    """The model with the figures of docs/performance.json and docs/scale.json."""
    return Model(Results.read(_DOCS / "performance.json"), Scale.read(KEPT))


def page_as_kept() -> str:
    """The page."""
    return page(model_as_kept())
