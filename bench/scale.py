"""A large index by the cluster: `python -m bench.scale FOLDER` has two Ray nodes build it, and may kill one halfway.

Writes documents below FOLDER, starts the nodes, runs `jisr index --ray` as its users do, and checks what came of it
to the last passage. The figures are in FOLDER/scale.json, and printed.
"""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import numpy as np

from bench.processes import REPOSITORY, ProcessError
from bench.sentences import write_sentences
from search import store
from search.backends import open_backend
from search.fusion import Leg
from search.milvus.backend import connected
from search.milvus.collections import Part, current
from search.searcher import Options, Searcher
from search.settings import Settings
from search.threads import CORES

SHARED = REPOSITORY.parent / "shared" / "eval"
NODES = 2

_QUERIES = 100
_STORE_BYTES = 2**28
_EVERY_S = 1.0  # each look reads the whole table


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What was built, and how it went.

    `killed_at` is how many passages were in the cache when a node was killed, None when none was, and `stalled_s` the
    time until the next came in. `alike` is the share of queries with the same ten hits, in order, as in the folder
    where an index was built that is kept elsewhere, and `shared` the share of hits that both have; None for one in a
    folder. `wrong` lists what is not as it should be.
    """

    passages: int
    real: int
    seconds: float
    passages_per_s: float
    nodes: int
    encoded: int
    killed_at: int | None
    stalled_s: float | None
    alike: float | None
    shared: float | None
    wrong: list[str]


class _Watch:
    """Looks on while a build fills its cache, and kills a node halfway."""

    def __init__(self, cache: Path, half: int, kill: Callable[[], None] | None) -> None:
        self._cache = cache
        self._half = half
        self._kill = kill
        self._killed = 0.0
        self.killed_at: int | None = None
        self.stalled_s: float | None = None

    def look(self) -> None:
        """Act on how far the build is."""
        if self._kill is None or self.stalled_s is not None:
            return
        done = self._done()
        if self.killed_at is None and done >= self._half:
            self._kill()
            self._killed = time.monotonic()
            self.killed_at = self._done()
        elif self.killed_at is not None and self.stalled_s is None and done > self.killed_at:
            self.stalled_s = time.monotonic() - self._killed

    def _done(self) -> int:
        try:
            return int(_ask(self._cache, "SELECT count(*) FROM vectors")[0][0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def measure(folder: Path, passages: int, index: str, *, kill: bool) -> Scale:
    """Build an index of so many passages at an address or in a folder. Raises `ProcessError` when the build fails."""
    real = write_sentences(folder / "documents", passages, SHARED)
    settings = Settings.load(index=index)
    home = settings.folder
    with _nodes() as (address, kill_one):
        start = time.monotonic()
        watch = _Watch(home / "cache" / "vectors.sqlite", passages // 2, kill_one if kill else None)
        options = ["--index", index, "--ray", address, "--late", "off", "--json"]
        summary = _run(["index", str(folder / "documents"), *options], watch)
        seconds = time.monotonic() - start
    alike, shared, wrong = None, None, _wrong(home, passages)
    if home != settings.index:
        wrong += _wrong_there(settings, home)
        alike, shared = _alike(settings, home)
    if kill and watch.killed_at is None:
        wrong.append("no node was killed")
    return Scale(
        passages=passages,
        real=real,
        seconds=seconds,
        passages_per_s=passages / seconds,
        nodes=NODES,
        encoded=summary["encoded"],
        killed_at=watch.killed_at,
        stalled_s=watch.stalled_s,
        alike=alike,
        shared=shared,
        wrong=wrong,
    )


def _run(arguments: list[str], watch: _Watch) -> Any:
    command = [sys.executable, "-m", "jisr", *arguments]
    with Popen(command, cwd=REPOSITORY, stdout=PIPE, text=True) as process:  # noqa: S603
        while process.poll() is None:
            time.sleep(_EVERY_S)
            watch.look()
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise ProcessError(f"{' '.join(command)} ended with {process.returncode}.")
    return json.loads(output)


@contextmanager
def _nodes() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of two nodes, and what kills the second. Each has all cores: so has the one that is left."""
    from ray.cluster_utils import Cluster

    options: dict[str, Any] = {"num_cpus": CORES, "object_store_memory": _STORE_BYTES}
    cluster = Cluster(initialize_head=True, head_node_args=options | {"include_dashboard": False})
    doomed = [cluster.add_node(**options) for _ in range(NODES - 1)]
    try:
        yield cluster.address, lambda: cluster.remove_node(doomed[0], allow_graceful=False)
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]


def _wrong(home: Path, passages: int) -> list[str]:
    """What is missing from a generation or in it twice: each document is there, with one passage, text and row."""
    catalogue = store.current(home) / "catalogue.sqlite"
    figures = {
        "documents": "SELECT count(*) FROM documents WHERE copy_of IS NULL",
        "records": "SELECT count(*) FROM (SELECT DISTINCT file_id, record_id FROM documents)",
        "passages": "SELECT count(*) FROM passages",
        "documents with passages": "SELECT count(DISTINCT doc_id) FROM passages",
        "ids of passages": "SELECT count(DISTINCT passage_id) FROM passages",
        "texts": "SELECT count(DISTINCT input) FROM passages",
        "rows": "SELECT count(DISTINCT row) FROM passages",
        "last row": "SELECT max(row) + 1 FROM passages",
    }
    found = {name: _ask(catalogue, query)[0][0] for name, query in figures.items()}
    vectors = _ask(home / "cache" / "vectors.sqlite", "SELECT count(*) FROM vectors")[0][0]
    wrong = {**found, "vectors in the cache": vectors}.items()
    return [f"{name}: {count:,} in the place of {passages:,}" for name, count in wrong if count != passages]


def _wrong_there(settings: Settings, home: Path) -> list[str]:
    """What a Milvus has not of the folder's passages, each under its row, or has twice."""
    connection = connected(settings)
    live = current(connection)
    records = connection.query(live[Part.PASSAGES], ("row", "passage_id")) if live else []
    found = sorted((record["row"], record["passage_id"]) for record in records)
    here = sorted(_ask(store.current(home) / "catalogue.sqlite", "SELECT row, passage_id FROM passages"))
    if found == here:
        return []
    return [
        f"passages in Milvus: {len(found):,}, {len({*found} & {*here}):,} of them right, in the place of {len(here):,}"
    ]


def _alike(settings: Settings, home: Path) -> tuple[float, float]:
    """The shares of queries with the same ten hits in the same order, and of hits that both have: by what the server
    has.
    """
    there, here = Searcher.open(settings), Searcher.open(settings.with_index(home))
    server = open_backend(settings).server
    options = Options(legs=frozenset(Leg) - {*(server.absent if server else ())})
    texts = _ask(store.current(home) / "catalogue.sqlite", "SELECT text FROM passages ORDER BY passage_id")
    asked = [text for (text,) in texts[:: -(-len(texts) // _QUERIES)]]
    hits = (
        [[hit.passage.passage_id for hit in one.answer(text, options).hits] for text in asked] for one in (there, here)
    )
    pairs = list(zip(*hits, strict=True))
    same = float(np.mean([own == other for own, other in pairs]))
    return same, float(np.mean([len({*own} & {*other}) / max(len(other), 1) for own, other in pairs]))


def _ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def main() -> int:
    """Measure as the arguments say; 1 when anything is wrong with what was built."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the documents and the figures go")
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--index", help="an address or a folder; without it FOLDER/index")
    parser.add_argument("--kill-a-node", action="store_true", help="kill one of the two nodes halfway")
    given = parser.parse_args()
    index = given.index or str(given.folder / "index")
    scale = measure(given.folder, given.passages, index, kill=given.kill_a_node)
    figures = json.dumps(asdict(scale), indent=2)
    (given.folder / "scale.json").write_text(figures + "\n", "utf-8")
    print(figures)
    return 1 if scale.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
