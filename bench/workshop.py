"""What the parts of the benchmark work with: the model, archives and indexes, each made when it is first asked for."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.archive import Archive, make_archive, real_queries, write_real
from bench.corpus import encoder_inputs, write_corpus
from bench.engines import export
from bench.engines.protocol import WARM_UP
from bench.environments import CACHE
from bench.processes import ProcessError, run_jisr, run_module
from indexer.build import MAX_LATE_PASSAGES
from search.model import PreparedModel, prepare
from search.settings import Settings

REAL = 1_000
"""About so many passages are real; larger archives are made up from them (see `bench.archive`)."""

_STRAYS = 0.01
"""What share of made-up passages may be cut in another way than they were made, and so has to be encoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An index, and what `jisr index` took to build it with all vectors in the cache."""

    index: Path
    archive: Archive | None
    passages: int
    encoded: int
    seconds: float
    peak_bytes: int


class Workshop:
    """Makes things below `folder`; prepared models are in `cache`. What it does, it tells `say`.

    With `few`, archives are made from few real passages, which need not be waited for long, and few
    queries are asked.
    """

    def __init__(self, folder: Path, cache: Path, say: Callable[[str], None], *, few: bool = False) -> None:
        self.folder = folder
        self.cache = cache
        self.say = say
        self._few = few
        self._built: dict[int, Built] = {}

    @cached_property
    def model(self) -> PreparedModel:
        """The default model, prepared."""
        self.say("preparing the model")
        run_jisr("model", cache=self.cache)
        return prepare(Settings(cache=self.cache))

    @cached_property
    def graphs(self) -> Path:
        """A folder with the model in ONNX, in full precision and in int8, kept between runs."""
        folder = CACHE / "models" / self.model.fingerprint[:12]
        if not (folder / export.INT8).is_file():
            self.say("exporting the model for fastembed")
            folder.mkdir(parents=True, exist_ok=True)
            run_module("bench.engines.export", self.model.sentence_transformers, folder)
        return folder

    @cached_property
    def queries(self) -> Path:
        """A JSON list of queries, all different."""
        path = self.folder / "queries.json"
        asked = real_queries()[: 2 * WARM_UP if self._few else None]
        path.write_text(json.dumps(asked, ensure_ascii=False), "utf-8")
        return path

    @cached_property
    def inputs(self) -> list[str]:
        """What the encoder reads for some real passages, of the seeds, in both languages."""
        self.index_of_seeds(1)
        return encoder_inputs(self.folder / "seeds-1")

    def forget_words(self) -> None:
        """Have the next build encode all of its words, as the first one on a machine does."""
        for file in self.model.folder.glob(f"{self.model.word_vectors.name}*"):
            file.unlink()

    def index_of_seeds(self, copies: int) -> Path:
        """An index of so many numbered copies of the seed documents; it is there before the parts that ask for it."""
        index = self.folder / f"seeds-{copies}"
        if not index.exists():
            self.say("indexing the seeds")
            corpus = self.folder / f"seed-documents-{copies}"
            write_corpus(corpus, copies)
            run_jisr("index", corpus, "--index", index, cache=self.cache)
        return index

    def built(self, passages: int) -> Built:
        """An index of about so many passages: real ones up to `REAL`, made-up ones beyond."""
        if passages not in self._built:
            self._built[passages] = self._real() if passages <= REAL else self._made_up(passages)
        return self._built[passages]

    def _real(self) -> Built:
        corpus, index = self.folder / "real", self.folder / "index-real"
        write_real(corpus, few=self._few)
        self.say("encoding real passages")
        run_jisr("index", corpus, "--index", index, cache=self.cache)
        return self._indexed(corpus, index, None)

    def _made_up(self, passages: int) -> Built:
        real = self.built(REAL).index
        index = self.folder / f"index-{passages}"
        self.say(f"making {passages:,} passages up")
        late = passages <= MAX_LATE_PASSAGES
        archive = make_archive(real, self.cache, passages, self.folder / f"archive-{passages}", index, late=late)
        self.say(f"indexing {passages:,} passages, all vectors in the cache")
        return self._indexed(archive.records, index, archive)

    def _indexed(self, corpus: Path, index: Path, archive: Archive | None) -> Built:
        process = run_jisr("index", corpus, "--index", index, "--rebuild", "--json", cache=self.cache)
        summary = process.json()
        if summary["encoded"] > _STRAYS * summary["passages"]:
            raise ProcessError(f"{summary['encoded']} of {summary['passages']} passages were not in the cache.")
        return Built(
            index=index,
            archive=archive,
            passages=summary["passages"],
            encoded=summary["encoded"],
            seconds=summary["seconds"],
            peak_bytes=process.peak_bytes,
        )
