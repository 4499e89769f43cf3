"""Indexing, side by side: Jisr from files, the others given the same passages ready-made.

All take turns (A B C … A B C …), so that what else the machine does meets all, and ratios are taken turn by turn.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.corpus import encoder_inputs, write_corpus
from bench.environments import environment, versions
from bench.processes import Process, ProcessError, run_jisr
from bench.rivals import JISR, RIVALS, run_rival
from bench.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One build of one index.

    `seconds` is what counts. For Jisr it is `indexer.build.build` as a whole, from opening the model to publishing the
    index; for others, encoding and writing with the model already loaded. `process_seconds` is the whole process of
    either, imports included.
    """

    seconds: float
    process_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexing:
    """The turns of all over one corpus, by name; `failed` says what was left out and why."""

    files: int
    passages: int
    turns: dict[str, list[Turn]]
    versions: dict[str, dict[str, str]]
    failed: dict[str, str]

    def rates(self, name: str) -> list[float]:
        """Passages a second, turn by turn."""
        return [self.passages / turn.seconds for turn in self.turns[name]]

    def ratios(self, name: str) -> list[float]:
        """How many times faster than another Jisr was, turn by turn."""
        return [ours / theirs for ours, theirs in zip(self.rates(JISR), self.rates(name), strict=True)]

    def best(self, names: Iterable[str]) -> str | None:
        """The fastest of these by its median turn, None when there is none."""
        measured = [name for name in names if name in self.turns]
        return max(measured, key=lambda name: median(self.rates(name)), default=None)


def measure_indexing(workshop: Workshop, copies: int, turns: int, names: Iterable[str] = RIVALS) -> Indexing:
    """Index so many copies of the seed documents with Jisr, each time from nothing, and with all engines named."""
    corpus, texts = workshop.folder / "corpus", workshop.folder / "corpus.jsonl"
    write_corpus(corpus, copies)
    failed: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {}
    for name in names:
        workshop.say(f"the environment of {name}")
        try:
            environment(RIVALS[name].script)
            found[name] = versions(RIVALS[name].script)
        except ProcessError as error:
            failed[name] = _last_line(error)
    measured: dict[str, list[Turn]] = {name: [] for name in (JISR, *found)}
    for number in range(turns):
        index = workshop.folder / f"jisr-{number}"
        workshop.forget_words()
        built = run_jisr("index", corpus, "--index", index, "--json", cache=workshop.cache)
        summary = built.json()
        if summary["encoded"] != summary["passages"] or summary["skipped"]:
            raise ProcessError(f"Of {summary['passages']} passages only {summary['encoded']} were encoded.")
        measured[JISR].append(_turn(summary["seconds"], built))
        _write_texts(texts, index)
        for name in [name for name in measured if name != JISR]:
            workshop.say(f"indexing with {name}")
            try:
                process = run_rival(name, "index", workshop.folder / f"{name}-{number}", workshop, texts=texts)
                measured[name].append(_turn(process.last_json()["seconds"], process))
            except ProcessError as error:
                failed[name] = _last_line(error)
                del measured[name]
    return Indexing(
        files=summary["files_read"], passages=summary["passages"], turns=measured, versions=found, failed=failed
    )


def _turn(seconds: float, process: Process) -> Turn:
    return Turn(seconds=seconds, process_seconds=process.seconds, peak_bytes=process.peak_bytes)


def _write_texts(path: Path, index: Path) -> None:
    lines = (json.dumps({"text": text}, ensure_ascii=False) for text in encoder_inputs(index))
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _last_line(error: ProcessError) -> str:
    return str(error).strip().splitlines()[-1]
