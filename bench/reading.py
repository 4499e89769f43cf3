"""Reading and cleaning alone, format by format, against the encoder: the model should stay the bottleneck.

Both are told in characters of text a second, since a passage of one format is as long as one of another.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.corpus import SEEDS
from indexer.cleaning import clean
from indexer.readers import ReadOptions, SourceItem
from indexer.reading import read_items
from indexer.repetition import line_hashes
from search.encoder import open_encoder
from search.model import PreparedModel

_PDFS = Path(__file__).parents[1] / "tests" / "indexer" / "readers" / "pdfs"
_ENCODED = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRate:
    """One format: its files, the characters of text in them, and how long each round took."""

    ending: str
    files: int
    chars: int
    seconds: tuple[float, ...]

    @property
    def chars_per_s(self) -> float:
        """Characters of text a second, the median round."""
        return self.chars / median(self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All formats, and the encoder's characters a second, round by round."""

    formats: list[FormatRate]
    encoder: tuple[float, ...]

    def times_the_encoder(self, rate: FormatRate) -> float:
        """How many times faster one process reads and cleans a format than all cores encode it."""
        return rate.chars_per_s / median(self.encoder)


def measure_reading(model: PreparedModel, inputs: Sequence[str], rounds: int) -> Reading:
    """Read the seeds and the PDFs of the tests, in turn with the encoder, which is given some of `inputs`."""
    encoder = open_encoder(model)
    sample = inputs[:: max(1, len(inputs) // _ENCODED)][:_ENCODED]
    files = defaultdict(list)
    for path in sorted([*(SEEDS / "documents").rglob("*.*"), *_PDFS.glob("*.pdf")]):
        if "locked" not in path.name:
            files[path.suffix].append(path)
    chars = {ending: sum(map(_read, paths)) for ending, paths in files.items()}  # what is imported, is now
    encoder.encode_passages(sample[:4])
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    rates = []
    for _ in range(rounds):
        started = time.perf_counter()
        encoder.encode_passages(sample)
        rates.append(sum(map(len, sample)) / (time.perf_counter() - started))
        for ending, paths in files.items():
            started = time.perf_counter()
            for path in paths:
                _read(path)
            seconds[ending].append(time.perf_counter() - started)
    formats = [
        FormatRate(ending=ending, files=len(files[ending]), chars=chars[ending], seconds=tuple(seconds[ending]))
        for ending in sorted(files)
        if chars[ending]
    ]
    return Reading(formats=formats, encoder=tuple(rates))


def _read(path: Path) -> int:
    """How many characters of text a file holds, read, cleaned and with its lines counted as a build does it."""
    chars = 0
    for found in read_items(path, ReadOptions()):
        if isinstance(found, SourceItem):
            line_hashes(found.text)
            chars += len(clean(found.text, title=found.title).text)
    return chars
