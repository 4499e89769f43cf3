"""Sizes of the Milvus records that an index's passages and documents become, counted field by field, nothing written.

The fields are those of the collections `passages`, `documents`, `terms` and `records`; what is kept as base64 is
counted as such.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from bench.capacity.figures import Reading, Records, Texts
from search import store
from search.analysis import analyse
from search.words import words

_SEED = 20261122
_NUMBER = 8
_SPARSE = 8
"""A word's number and its weight, four bytes each."""

_DUMMY = 2 * 4
"""Every collection needs a vector; where there is none to keep it has two dimensions."""

_NPZ = ("pools.npz", "shift.npz", "late.npz", "manifest.json")
_PIECES = 10
_ANALYSED = ("terms", "grams", "surface")
"""The kinds of words of `search.analysis.Words`; besides them there are those of `search.words`, for names."""


@dataclass(frozen=True, slots=True)
class _Passage:
    lang: str
    input: str
    sizes: dict[str, float]


def measure_texts(indexes: Sequence[Path]) -> Texts:
    """Count what the passages of these indexes take. Raises `MissingIndexError`."""
    folders = [store.current(index) for index in indexes]
    passages = [passage for folder in folders for passage in _passages(folder)]
    documents = [document for folder in folders for document in _documents(folder)]
    random.Random(_SEED).shuffle(passages)  # noqa: S311
    vocabulary = _vocabulary(passages)
    count = len(passages)
    return Texts(
        indexes=[index.name for index in indexes],
        documents=len(documents),
        passages=count,
        collections={
            "passages": _records(count, [passage.sizes for passage in passages]),
            "documents": _records(count, [scalars for scalars, _ in documents]),
            "records: texts of documents": _records(count, [text for _, text in documents]),
            "terms": _records(count, [term for folder in folders for term in _terms(folder)]),
        },
        vocabulary=vocabulary,
        word_bytes={"names": _mean(size for folder in folders for size in _named(folder)), **_counted(passages)},
        meta_bytes=sum(base64_bytes((folders[0] / name).stat().st_size) for name in _NPZ),
    )


def base64_bytes(count: float) -> int:
    """How long so many bytes are in base64."""
    return 4 * ceil(count / 3)


def _passages(folder: Path) -> Iterator[_Passage]:
    dim = store.Manifest.read(folder).dim
    lengths = np.load(folder / "tokens" / "lengths.npy")
    width = np.load(folder / "tokens" / "codes.npy", mmap_mode="r").shape[1]
    for record in _select(
        folder,
        "SELECT p.row, p.lang, p.passage_id, p.doc_id, p.text, p.input, p.shingles, d.source, d.publisher "
        "FROM passages p JOIN documents d USING (doc_id)",
    ):
        found = analyse(record["input"], record["lang"])
        sizes: dict[str, float] = {
            "vector": 4 * dim,
            "tokens": base64_bytes(width * int(lengths[record["row"]])),
            "text": _utf8(record["text"]),
            "input": _utf8(record["input"]),
            "surface": _utf8(" ".join(found.surface)),
            "terms": _SPARSE * len(set(found.terms)),
            "grams": _SPARSE * len(set(found.grams)),
            "shingles": base64_bytes(len(record["shingles"])),
            "ids, source, publisher, language": sum(
                _utf8(record[name] or "") for name in ("passage_id", "doc_id", "source", "publisher", "lang")
            ),
            "row, start, end, page, days, counterpart": 7 * _NUMBER,
        }
        yield _Passage(record["lang"], record["input"], sizes)


def _documents(folder: Path) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Of each document, the sizes of its record and of that of its text."""
    for record in _select(folder, "SELECT * FROM documents"):
        names = ("doc_id", "copy_of", "title", "lang", "date", "source", "publisher", "author", "record_id")
        strings = sum(_utf8(record[name] or "") for name in (*names, "page_starts"))
        yield (
            {"strings": strings, "place, days": 3 * _NUMBER, "dummy vector": _DUMMY},
            {"key": _utf8(f"doc/{record['doc_id']}/0"), "value": _utf8(record["text"]), "dummy vector": _DUMMY},
        )


def _terms(folder: Path) -> Iterator[dict[str, float]]:
    dim = store.Manifest.read(folder).dim
    for lang in ("ar", "en"):
        path = folder / "dictionary" / f"{lang}.sqlite"
        for record in _select(folder, "SELECT * FROM terms", path=path) if path.exists() else ():
            strings = sum(_utf8(value) for value in record.values() if isinstance(value, str))
            yield {"vector": 4 * dim, "strings": strings, "numbers": 3 * _NUMBER}


def _named(folder: Path) -> Iterator[float]:
    """What each word takes in the records that tell how often it stands, and where, without its rows.

    Its share of the records of sounds is counted with it.
    """
    names = folder / "names.sqlite"
    found = [_utf8(f"word/{one['lang']}/{one['word']}") for one in _select(folder, "SELECT * FROM words", path=names)]
    sounds = sum(
        _utf8(f"sound/{one['lang']}/1/{one['key']}{one['words']}{one['usual'] or ''}") + _DUMMY
        for one in _select(folder, "SELECT * FROM sounds", path=names)
    )
    place = _utf8("place/1000000") + _DUMMY
    return (size + _DUMMY + 4 * _NUMBER + place + sounds / len(found) for size in found)


def _vocabulary(passages: Sequence[_Passage]) -> dict[str, dict[str, Reading]]:
    """How the number of different words grows, by kind and language, over passages in this order."""
    return {
        kind: {lang: _reading([one for one in passages if one.lang == lang], kind) for lang in ("ar", "en")}
        for kind in (*_ANALYSED, "names")
    }


def _reading(passages: Sequence[_Passage], kind: str) -> Reading:
    stops = {max(1, len(passages) >> shift) for shift in range(_PIECES)}
    seen: set[str] = set()
    counts, total, different = [], [], []
    running = 0
    for number, passage in enumerate(passages, 1):
        found = _of_kind(passage, kind)
        running += len(found)
        seen.update(found)
        if number in stops:
            counts.append(number)
            total.append(running)
            different.append(len(seen))
    return Reading(passages=counts, words=total, different=different)


def _counted(passages: Sequence[_Passage]) -> dict[str, float]:
    """What the record of one word takes, by kind: its number and in how many rows it stands."""
    sizes: dict[str, float] = {}
    for kind in _ANALYSED:
        words_seen = {(one.lang, word) for one in passages for word in _of_kind(one, kind)}
        sizes[kind] = _mean(_utf8(f"idf/{kind}/{lang}/{word}") + 2 * _NUMBER + _DUMMY for lang, word in words_seen)
    return sizes


def _of_kind(passage: _Passage, kind: str) -> list[str]:
    if kind == "names":
        return [word.form for word in words(passage.input)]
    found: list[str] = getattr(analyse(passage.input, passage.lang), kind)
    return found


def _records(passages: int, sizes: Sequence[dict[str, float]]) -> Records:
    total: Counter[str] = Counter()
    for record in sizes:
        total.update(record)
    fields = {name: round(value / len(sizes), 1) for name, value in total.items()}
    return Records(passages=passages, records=len(sizes), fields=fields)


def _select(folder: Path, statement: str, *, path: Path | None = None) -> list[dict[str, Any]]:
    file = path or folder / "catalogue.sqlite"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(record) for record in connection.execute(statement)]


def _utf8(text: str) -> int:
    return len(text.encode())


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 1)
