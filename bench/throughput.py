"""Indexing from files, side by side with the plain script of `bench.plain` over the same passages.

The two take turns, so that what else the machine does meets both, and the ratio is taken turn by turn.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.corpus import encoder_inputs
from bench.processes import run_jisr, run_module
from search.model import PreparedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One build of one index.

    `seconds` is what counts. For Jisr it is `indexer.build.build` as a whole, from opening the model to publishing the
    index; for the plain script, encoding and writing with the model already loaded. `process_seconds` is the whole
    process of either, imports included.
    """

    seconds: float
    process_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """The turns of both over one corpus. `tokens` counts what the model reads in all, prompts included."""

    files: int
    passages: int
    tokens: int
    plain_weights: str
    jisr: tuple[Turn, ...]
    plain: tuple[Turn, ...]

    @property
    def ratios(self) -> list[float]:
        """How many times faster Jisr was, turn by turn."""
        return [theirs.seconds / ours.seconds for ours, theirs in zip(self.jisr, self.plain, strict=True)]

    def rates(self, turns: Sequence[Turn]) -> list[float]:
        """Passages a second, turn by turn."""
        return [self.passages / turn.seconds for turn in turns]

    def rate(self, turns: Sequence[Turn]) -> float:
        """Passages a second, the median of the turns."""
        return median(self.rates(turns))


def measure_throughput(corpus: Path, model: PreparedModel, cache: Path, folder: Path, turns: int) -> Throughput:
    """Index `corpus` in turn with Jisr and with the plain script; indexes go below `folder`.

    Jisr's indexes are ``folder/jisr-0`` and so on, each built from nothing, with an empty cache of vectors.
    """
    jisr, plain = [], []
    texts, plain_index = folder / "texts.json", folder / "plain.faiss"
    for number in range(turns):
        index = folder / f"jisr-{number}"
        built = run_jisr("index", corpus, "--index", index, "--json", cache=cache)
        summary = built.json()
        if summary["encoded"] != summary["passages"] or summary["skipped"]:
            raise ValueError(f"Of {summary['passages']} passages only {summary['encoded']} were encoded.")
        jisr.append(Turn(seconds=summary["seconds"], process_seconds=built.seconds, peak_bytes=built.peak_bytes))
        texts.write_text(json.dumps(encoder_inputs(index), ensure_ascii=False), "utf-8")
        script = run_module("bench.plain", model.sentence_transformers, texts, plain_index)
        said = script.json()
        plain.append(Turn(seconds=said["seconds"], process_seconds=script.seconds, peak_bytes=script.peak_bytes))
    return Throughput(
        files=summary["files_read"],
        passages=summary["passages"],
        tokens=said["tokens"],
        plain_weights=said["weights"],
        jisr=tuple(jisr),
        plain=tuple(plain),
    )
