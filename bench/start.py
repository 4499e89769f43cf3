"""The command line from a standstill: how long a search takes in a process of its own, and what it imports."""

from dataclasses import dataclass
from pathlib import Path

from bench.corpus import queries
from bench.processes import run_jisr
from bench.sample import Sample
from bench.server import served
from search.settings import Settings

_HEAVY = ("torch", "transformers", "sentence_transformers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Wall times of whole processes, in seconds, and peak memory of the searches in bytes.

    `serve_s` is how long a server took to say that it answers.
    `heavy_imports` are the packages among torch, transformers and sentence-transformers that a search imported.
    """

    search_s: Sample
    help_s: Sample
    serve_s: Sample
    search_peak_bytes: Sample
    heavy_imports: tuple[str, ...]


def measure_start(index: Path, cache: Path, runs: int) -> Start:
    """Run `jisr search`, each time with another query, `jisr --help`, and start a server, in turn."""
    texts = queries()
    searches, helps, servers = [], [], []
    for text in texts[:: len(texts) // runs][:runs]:
        searches.append(run_jisr("search", "--index", index, text, cache=cache))
        helps.append(run_jisr("--help", cache=cache))
        with served(Settings(index=index, cache=cache)) as server:
            servers.append(server.ready_s)
    return Start(
        search_s=Sample(tuple(process.seconds for process in searches)),
        help_s=Sample(tuple(process.seconds for process in helps)),
        serve_s=Sample(tuple(servers)),
        search_peak_bytes=Sample(tuple(process.peak_bytes for process in searches)),
        heavy_imports=_heavy_imports(index, cache, texts[0]),
    )


def _heavy_imports(index: Path, cache: Path, text: str) -> tuple[str, ...]:
    """What Python's own list of imports says of one search."""
    log = run_jisr("search", "--index", index, text, cache=cache, python_options=["-X", "importtime"]).errors
    imported = {line.rpartition("|")[2].strip() for line in log.splitlines()}
    if "jisr" not in imported and "search" not in imported:
        raise ValueError("Python printed no list of imports.")
    return tuple(name for name in _HEAVY if name in imported)
