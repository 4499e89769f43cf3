"""What tells the two languages' vectors apart, and how it is taken away.

A multilingual model puts a text near others of its own language, whatever they say. The part that depends on the
language alone is close to constant, so it is estimated once per model as the mean vector of each side of a parallel
text, apart for queries and passages, and subtracted (Libovický et al., "On the Language Neutrality of Pre-trained
Multilingual Representations", 2020, arXiv:2004.05160). What remains is language-neutral.
"""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import BinaryIO, Protocol, Self

import numpy as np

from search.encoder import Encoder, Vectors, normalised
from search.progress import Progress, silent

LANGUAGES = ("ar", "en")

PAIRS = "parallel.tsv"
"""The file in a model's folder that holds the pairs it was calibrated with, if it was."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Per-language offsets of one model.

    `queries` and `passages` hold a float32 vector of shape ``(dim,)`` by language; `background` holds, by language,
    the neutral passage vectors of the parallel text, ``(n, dim)``: a sample of what passages in general look like.
    """

    queries: dict[str, Vectors]
    passages: dict[str, Vectors]
    background: dict[str, Vectors]

    def neutral_queries(self, vectors: Vectors, lang: str) -> Vectors:
        """Query vectors ``(n, dim)`` of length 1 without their language, again of length 1."""
        return _neutral(vectors, offset_of(self.queries, lang))

    def neutral_query(self, vector: Vectors, lang: str) -> Vectors:
        """A query vector ``(dim,)`` of length 1 without its language, again of length 1."""
        return np.asarray(self.neutral_queries(vector[None], lang)[0])

    def neutral_passages(self, vectors: Vectors, lang: str) -> Vectors:
        """Passage vectors ``(n, dim)`` of length 1 without their language, again of length 1."""
        return _neutral(vectors, offset_of(self.passages, lang))

    def background_of(self, lang: str) -> Vectors:
        """The background of a language, ``(n, dim)``; for one that was not estimated, all there is."""
        return self.background[lang] if lang in self.background else np.concatenate(list(self.background.values()))

    def save(self, path: Path) -> None:
        """Write all arrays to one ``.npz`` file."""
        arrays = {}
        for kind in ("queries", "passages", "background"):
            for lang, array in getattr(self, kind).items():
                arrays[f"{kind}/{lang}"] = array
        np.savez(path, **arrays)

    @classmethod
    def load(cls, path: Path | BinaryIO) -> Self:
        """Read what `save` wrote."""
        kinds: dict[str, dict[str, Vectors]] = {"queries": {}, "passages": {}, "background": {}}
        with np.load(path) as arrays:
            for name in arrays.files:
                kind, lang = name.split("/")
                kinds[kind][lang] = arrays[name]
        return cls(**kinds)


def parallel_text(model: Path | None = None) -> dict[str, list[str]]:
    """Sentence pairs by language, in the same order: those that Jisr ships (`seeds/parallel.tsv`), or, where the model
    in the folder `model` was calibrated (see `search.calibration`), those that it was calibrated with."""
    kept = model / PAIRS if model else None
    shipped = resources.files("seeds") / "parallel.tsv"
    with kept.open(encoding="utf-8") if kept and kept.exists() else shipped.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {lang: [row[lang] for row in rows] for lang in LANGUAGES}


def estimate(encoder: Encoder, texts: dict[str, list[str]], *, progress: Progress = silent) -> Shift:
    """The shift of a model from parallel texts, one list of equal length by language."""
    return shift_between(*encoded(encoder, texts, progress=progress))


def encoded(
    encoder: Encoder, texts: dict[str, list[str]], *, progress: Progress = silent
) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    """Texts by language as queries and as passages, ``(n, dim)`` each."""
    queries, passages = {}, {}
    for step, (lang, sentences) in enumerate(texts.items()):
        progress("Estimating the language shift", step, len(texts))
        queries[lang] = encoder.encode_queries(sentences)
        passages[lang] = encoder.encode_passages(sentences)
    progress("Estimating the language shift", len(texts), len(texts))
    return queries, passages


def shift_between(queries: dict[str, Vectors], passages: dict[str, Vectors]) -> Shift:
    """The shift from parallel texts that are encoded, ``(n, dim)`` by language."""
    offsets = {lang: mean_vector(vectors) for lang, vectors in passages.items()}
    return Shift(
        queries={lang: mean_vector(vectors) for lang, vectors in queries.items()},
        passages=offsets,
        background={lang: _neutral(vectors, offsets[lang]) for lang, vectors in passages.items()},
    )


def model_shift(encoder: Encoder, path: Path, *, progress: Progress = silent) -> Shift:
    """The shift kept at `path` in the model's folder, or, the first time, what the parallel text gives, kept there."""
    if not path.exists():
        keep(estimate(encoder, parallel_text(path.parent), progress=progress), path)
    return Shift.load(path)


class Saveable(Protocol):
    """What `keep` can write."""

    def save(self, path: Path) -> None:
        """Write it to a file."""


def keep(estimate: Saveable, path: Path) -> None:
    """Write what was estimated to `path`, in one rename."""
    with in_one_rename(path) as unfinished:
        estimate.save(unfinished)


@contextmanager
def in_one_rename(path: Path) -> Iterator[Path]:
    """A path beside `path`, with its ending, to write to; what was written is at `path` when all went well."""
    unfinished = path.with_suffix(f".{os.getpid()}{path.suffix}")
    yield unfinished
    unfinished.replace(path)


def mean_vector(vectors: Vectors) -> Vectors:
    """The mean of vectors ``(n, dim)``, ``(dim,)``."""
    return np.asarray(vectors.mean(axis=0, dtype=np.float64), np.float32)


def offset_of(offsets: dict[str, Vectors], lang: str) -> Vectors:
    """The offset of a language; for one that was not estimated, what the known ones have in common."""
    return offsets[lang] if lang in offsets else mean_vector(np.stack(list(offsets.values())))


def _neutral(vectors: Vectors, offset: Vectors) -> Vectors:
    return normalised(vectors - offset)
