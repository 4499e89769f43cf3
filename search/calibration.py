"""A model's shift from a user's own sentence pairs, for models and registers that the shipped pairs fit badly.

The pairs are kept in the model's folder, so that whatever else is estimated from parallel text (the token vectors'
shift in `search.late`) follows them. How a shift is estimated is `search.shift`'s business.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.encoder import Encoder, Vectors
from search.errors import SourceError
from search.model import PreparedModel
from search.progress import Progress, silent
from search.shift import LANGUAGES, PAIRS, Shift, encoded, in_one_rename, keep, shift_between

MIN_PAIRS = 50
"""Fewer give offsets that say more about the sentences than about the language."""

_HELD_OUT = 5  # every fifth pair
_SHAPE = "The first line names the columns, ar and en among them; each further line holds a pair, apart by tabs."


@dataclass(frozen=True, slots=True)
class Found:
    """The share of held-out sentences, 0 to 1, whose translation comes first, without and with the shift."""

    without: float
    with_shift: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `calibrate` did: with how many `pairs`, and what the shift does for the `held_out` ones.

    `found` goes by direction (``en→ar``): each sentence of one language asks, and all held-out sentences of both
    languages but itself answer. The shift that is measured knows the other pairs only, the one that is kept knows all.
    """

    pairs: int
    held_out: int
    found: dict[str, Found]


def read_pairs(path: Path) -> dict[str, list[str]]:
    """The sentence pairs in a TSV file by language, in the same order, each pair once.

    Raises `SourceError` when the file cannot be read, lacks a column, has an empty cell or fewer than `MIN_PAIRS`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restkey="", restval="")
            missing = [lang for lang in LANGUAGES if lang not in (rows.fieldnames or ())]
            if missing:
                raise SourceError(f"{path} has no column {' and no column '.join(missing)}.", hint=_SHAPE)
            pairs = list(dict.fromkeys(_pair(row, path, line) for line, row in enumerate(rows, start=2)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read: {error}.", hint=_SHAPE) from error
    if len(pairs) < MIN_PAIRS:
        raise SourceError(
            f"{path} has {len(pairs)} different pairs, too few.",
            hint=f"Give {MIN_PAIRS} or more; some hundreds are good.",
        )
    return {lang: list(sentences) for lang, sentences in zip(LANGUAGES, zip(*pairs, strict=True), strict=True)}


def calibrate(
    encoder: Encoder, model: PreparedModel, pairs: dict[str, list[str]], *, progress: Progress = silent
) -> Calibration:
    """Estimate the shift of a model from pairs as `read_pairs` gives them, and keep shift and pairs in its folder.

    Indexes keep the shift that they were built with until a build writes their next generation.
    """
    queries, passages = encoded(encoder, pairs, progress=progress)
    calibration = _check(queries, passages)
    reset(model)
    _write_pairs(pairs, model.folder / PAIRS)
    keep(shift_between(queries, passages), model.shift)
    return calibration


def reset(model: PreparedModel) -> None:
    """Forget pairs and whatever was estimated: the next build estimates anew, from the pairs that Jisr ships."""
    for file in (model.shift, model.token_shift, model.folder / PAIRS):
        file.unlink(missing_ok=True)


def _pair(row: dict[str, str], path: Path, line: int) -> tuple[str, ...]:
    sentences = tuple(row[lang].strip() for lang in LANGUAGES)
    for lang, sentence in zip(LANGUAGES, sentences, strict=True):
        if not sentence:
            raise SourceError(f"{path} has nothing in column {lang} of line {line}.", hint="Fill it, or drop the line.")
    return sentences


def _write_pairs(pairs: dict[str, list[str]], path: Path) -> None:
    lines = ["\t".join(LANGUAGES), *map("\t".join, zip(*(pairs[lang] for lang in LANGUAGES), strict=True))]
    with in_one_rename(path) as unfinished:
        unfinished.write_text("\n".join(lines) + "\n", "utf-8")


def _check(queries: dict[str, Vectors], passages: dict[str, Vectors]) -> Calibration:
    count = len(queries[LANGUAGES[0]])
    held_out = np.arange(count) % _HELD_OUT == 0
    shift = shift_between(*({lang: side[lang][~held_out] for lang in LANGUAGES} for side in (queries, passages)))
    raw = [{lang: side[lang][held_out] for lang in LANGUAGES} for side in (queries, passages)]
    without = _shares_found(*raw)
    with_shift = _shares_found(*_neutral(shift, *raw))
    found = {direction: Found(without[direction], with_shift[direction]) for direction in without}
    return Calibration(count, int(held_out.sum()), found)


def _neutral(
    shift: Shift, queries: dict[str, Vectors], passages: dict[str, Vectors]
) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    return (
        {lang: shift.neutral_queries(vectors, lang) for lang, vectors in queries.items()},
        {lang: shift.neutral_passages(vectors, lang) for lang, vectors in passages.items()},
    )


def _shares_found(queries: dict[str, Vectors], passages: dict[str, Vectors]) -> dict[str, float]:
    """By direction, how many sentences have their translation before everything else in both languages."""
    return {
        f"{lang}→{other}": float(_translation_first(queries[lang], passages[lang], passages[other]).mean())
        for lang, other in (LANGUAGES[::-1], LANGUAGES)
    }


def _translation_first(queries: Vectors, own: Vectors, other: Vectors) -> npt.NDArray[np.bool_]:
    others = queries @ np.concatenate([own, other]).T
    row = np.arange(len(queries))
    translation = others[row, row + len(own)].copy()
    others[row, row] = others[row, row + len(own)] = -np.inf  # neither the sentence itself nor its translation
    return np.asarray(translation > others.max(axis=1))
