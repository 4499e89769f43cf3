"""Archives of any size: real text where there is enough of it, beyond it made up, both texts and vectors.

A made-up passage is sentences of real passages in one language, drawn at random, every eighth word another real one.
Its vector is that of the first sentence's passage, and a bit of the difference between two others: so the noise lies as
real vectors do, in few directions more than in others. Nothing of it is encoded; Jisr finds it in its cache.

Run as ``python -m bench.archive REAL_INDEX CACHE COUNT FOLDER INDEX LATE`` it writes a made-up archive to FOLDER and
fills the cache of INDEX; `make_archive` does that in a process of its own.
"""

import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.corpus import passages, queries, write_corpus
from bench.processes import run_module

SHARED = Path(__file__).parents[2] / "shared" / "eval"
"""Where the public test sets are, beside the repository; without them there are more copies of the seeds."""

_SEED = 20261122
_NOISE = 0.5
_REPLACED = 1 / 8
_CHARS = {"ar": 500, "en": 650}
"""About so long is a passage: well within what the model's budget allows, so that none is cut in two."""

_SENTENCE_CHARS = range(20, 250)
_AT_ONCE = 2048
_REAL_SETS = (("xquad", 480), ("arcd", 340))  # with the seeds, about a thousand passages
_ASKED_SETS = ("xquad", "ntrex-news")
_QUERIES = 160
_COPIES = 6

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Archive:
    """Where an archive lies: `records` for Jisr to read, and in it the `texts`, whose `vectors` others are given."""

    folder: Path

    @property
    def records(self) -> Path:
        """The folder that is indexed."""
        return self.folder / "records"

    @property
    def texts(self) -> Path:
        """The passages: JSON lines, each with a ``text``."""
        return self.records / "passages.jsonl"

    @property
    def vectors(self) -> Path:
        """Their vectors ``(n, dim)``, float32 and of length 1, a NumPy file."""
        return self.folder / "vectors.npy"


def write_real(folder: Path, *, few: bool) -> None:
    """Write about a thousand passages of real text below `folder`: the seeds and, where they are, public test sets.

    With `few`, only those of the seeds.
    """
    if few:
        write_corpus(folder, 1)
        return
    sets = [(SHARED / name / "corpus.jsonl", count) for name, count in _REAL_SETS]
    is_shared = all(corpus.is_file() for corpus, _ in sets)
    write_corpus(folder, 1 if is_shared else _COPIES)
    for corpus, count in sets if is_shared else ():
        lines = corpus.read_text("utf-8").splitlines()[:count]
        (folder / f"{corpus.parent.name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def real_queries() -> list[str]:
    """The seed queries and, where they are, some of public test sets, in a random order that is always the same."""
    chance = random.Random(_SEED)  # noqa: S311
    asked = queries()
    for file in (SHARED / name / "queries.jsonl" for name in _ASKED_SETS):
        if file.is_file():
            texts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
            asked += chance.sample(texts, _QUERIES)
    chance.shuffle(asked)
    return asked


def make_archive(real: Path, cache: Path, count: int, folder: Path, index: Path, *, late: bool) -> Archive:
    """An archive of `count` made-up passages, drawn from those of the `real` index, whose vectors `index` will find."""
    run_module("bench.archive", real, cache, str(count), folder, index, "late" if late else "")
    return Archive(folder)


def main(real: str, cache: str, count: str, folder: str, index: str, late: str) -> None:
    """Write the archive, and fill the cache of the index that is to be."""
    from bench.precomputed import Precomputed

    archive = Archive(Path(folder))
    archive.records.mkdir(parents=True)
    source = passages(Path(real))
    known = Precomputed(Path(real), Path(cache), late=bool(late))
    into = Precomputed(Path(index), Path(cache), late=bool(late))
    vectors = np.lib.format.open_memmap(archive.vectors, "w+", np.float32, (int(count), known.dim))
    arabic = round(int(count) * sum(lang == "ar" for _, lang in source) / len(source))
    row = 0
    with archive.texts.open("w", encoding="utf-8") as records:
        for lang, wanted in (("ar", arabic), ("en", int(count) - arabic)):
            inputs = [text for text, one in source if one == lang]
            maker = _Maker(inputs, known.vectors(inputs), lang)
            for made, origins, block in maker.blocks(wanted):
                vectors[row : row + len(made)] = block
                row += len(made)
                into.add(made, lang, block, known.codes([inputs[origin] for origin in origins], lang) if late else [])
                records.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in made)
    known.close()
    into.close()


class _Maker:
    """Makes passages up from real ones of one language."""

    def __init__(self, inputs: Sequence[str], vectors: Vectors, lang: str) -> None:
        self._random = random.Random(f"{_SEED} {lang}")  # noqa: S311
        self._noise = np.random.default_rng(_SEED)
        self._vectors = vectors
        self._chars = _CHARS[lang]
        self._sentences = [
            (sentence, origin)
            for origin, text in enumerate(inputs)
            for sentence in re.split(r"(?<=[.!؟?])\s+", " ".join(text.split()))
            if len(sentence) in _SENTENCE_CHARS
        ]
        self._words: list[str] = sorted({word for text in inputs for word in re.findall(r"[^\W\d_]{4,}", text)})

    def blocks(self, count: int) -> Iterator[tuple[list[str], list[int], Vectors]]:
        """`count` passages in blocks: texts, the real passage that each began with, and vectors ``(n, dim)``."""
        for start in range(0, count, _AT_ONCE):
            made = [self._passage() for _ in range(min(_AT_ONCE, count - start))]
            origins = [origin for _, origin in made]
            yield [text for text, _ in made], origins, self._near(origins)

    def _passage(self) -> tuple[str, int]:
        sentences: list[str] = []
        origins: list[int] = []
        while sum(map(len, sentences)) < self._chars:
            sentence, origin = self._random.choice(self._sentences)
            sentences.append(" ".join(self._word(word) for word in sentence.split()))
            origins.append(origin)
        return " ".join(sentences), origins[0]

    def _word(self, word: str) -> str:
        if self._random.random() >= _REPLACED or not word.isalpha():
            return word
        return self._random.choice(self._words)

    def _near(self, origins: Sequence[int]) -> Vectors:
        one, other = self._noise.integers(len(self._vectors), size=(2, len(origins)))
        near = self._vectors[list(origins)] + _NOISE * (self._vectors[one] - self._vectors[other])
        return np.asarray(near / np.linalg.norm(near, axis=1, keepdims=True), np.float32)


if __name__ == "__main__":
    main(*sys.argv[1:])
