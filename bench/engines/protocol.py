"""What is asked of every engine, and how: a job as JSON on standard input, figures as JSON on standard output.

A job is to index texts, or to answer queries from what was indexed. The clock of indexing starts when the libraries are
imported and the model is loaded, and stops when the index is on the disk. An engine that is given vectors keeps them
and encodes nothing but queries.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

HITS = 10

WARM_UP = 20
"""So many queries are asked before those that count."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is to be done: `task` is ``index`` or ``search``.

    `texts` is a file of JSON lines, each with a ``text``, `queries` one of a JSON list, the first of them for warming
    up; `vectors` is a NumPy file or None. `model` is a sentence-transformers folder, `graph` the same model in ONNX.
    """

    task: str
    model: str
    graph: str
    dim: int
    query_prompt: str
    passage_prompt: str
    index: str
    texts: str
    queries: str
    vectors: str | None

    @property
    def folder(self) -> Path:
        """Where the index is kept; it is there."""
        return Path(self.index)


class Engine(Protocol):
    """One way to index and search; made with its model loaded."""

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode these texts, unless their vectors ``(n, dim)`` are given, and write an index."""
        ...

    def open(self) -> None:
        """Open the index that was written."""
        ...

    def search(self, query: str) -> list[int]:
        """The `HITS` nearest texts by their places in the list that was indexed, best first."""
        ...


def run(engine: Callable[[Job], Engine]) -> None:
    """Do the job on standard input with an engine."""
    job = Job(**json.load(sys.stdin))
    made = engine(job)
    figures = _index(made, job) if job.task == "index" else _search(made, job)
    print("\n" + json.dumps(figures))


def _index(engine: Engine, job: Job) -> dict[str, Any]:
    with Path(job.texts).open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    vectors = np.load(job.vectors) if job.vectors else None
    started = time.perf_counter()
    engine.build(texts, vectors)
    return {"seconds": time.perf_counter() - started}


def _search(engine: Engine, job: Job) -> dict[str, Any]:
    queries = json.loads(Path(job.queries).read_text("utf-8"))
    started = time.perf_counter()
    engine.open()
    opened = time.perf_counter() - started
    for query in queries[:WARM_UP]:
        engine.search(query)
    times, hits = [], []
    for query in queries[WARM_UP:]:
        started = time.perf_counter()
        found = engine.search(query)
        times.append((time.perf_counter() - started) * 1000)
        hits.append(found)
    return {"open_s": opened, "times_ms": times, "hits": hits}
