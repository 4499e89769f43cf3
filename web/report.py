"""The report of an evaluation as one HTML file that needs nothing else: a heat map, bars, and how long queries took.

For the command line: no route serves it, so its style is within it, and like the command line it speaks English.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader

from search.evaluation import Report
from search.store import Manifest

MEASURES = {"ndcg_at_10": "nDCG@10", "success_at_20": "Success@20", "recall_at_10": "R@10", "mrr_at_10": "MRR@10"}
PERCENTILES = (50, 95, 99)

_LANGUAGES = {"ar": "Arabic", "en": "English"}
_MAX_BINS = 24
_STEPS = (1, 2, 5)

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Latencies:
    """How many queries took how long: `counts` are those of bins that are `bin_ms` wide, the first from 0 on.

    `percentiles` are in milliseconds, by number.
    """

    counts: tuple[int, ...]
    bin_ms: float
    percentiles: dict[int, float]

    @classmethod
    def of(cls, times_ms: Sequence[float]) -> "Latencies":
        """The histogram of some times, one at least, in bins of a round width: 1, 2 or 5 times a power of ten."""
        longest = max(*times_ms, 1e-3)
        power = 10 ** math.floor(math.log10(longest / _MAX_BINS))
        bin_ms = next(step * power for step in (*_STEPS, 10) if longest / (step * power) < _MAX_BINS)
        counts = np.bincount((np.array(times_ms) / bin_ms).astype(int))
        numbers = {number: float(np.percentile(times_ms, number)) for number in PERCENTILES}
        return cls(tuple(map(int, counts)), bin_ms, numbers)


def write_report(path: Path, name: str, manifest: Manifest, figures: Report, times_ms: Sequence[float]) -> None:
    """Write the report on a test set of this name: its index, its figures, and how long some of its queries took."""
    cells = {tuple(cell.split("→")): found for cell, found in figures.cells.items()}
    page = _environment.get_template("report.html").render(
        name=name,
        manifest=manifest,
        figures=figures,
        cells=cells,
        asked=sorted({asked for asked, _ in cells}),
        held=sorted({held for _, held in cells}),
        measures=MEASURES,
        languages=_LANGUAGES,
        latencies=Latencies.of(times_ms),
        timed=len(times_ms),
    )
    path.write_text(page, "utf-8")
