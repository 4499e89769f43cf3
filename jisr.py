"""Jisr on the command line, and the front door of the library: ``import jisr; jisr.Searcher.open(FOLDER).search(…)``.

Parses what is typed, calls the three packages, and has `terminal` print what came of it. The commands for keeping an
index are those of `upkeep`. What is imported only when a command needs it keeps ``jisr --help`` quick.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import upkeep
from arguments import OF_A_SERVER, InOrder, as_json, with_settings
from search.errors import JisrError
from search.settings import Settings

if TYPE_CHECKING:
    from indexer.build import build
    from indexer.summary import Summary
    from search.records import Answer, Document, DocumentInfo, Hit, Passage
    from search.searcher import Options, Searcher
    from web.client import Client
    from web.writing import Writer

__all__ = [
    "Answer",
    "Client",
    "Document",
    "DocumentInfo",
    "Hit",
    "JisrError",
    "Options",
    "Passage",
    "Searcher",
    "Settings",
    "Summary",
    "build",
    "main",
]

_LIBRARY = {
    "Answer": "search.records",
    "Client": "web.client",
    "Document": "search.records",
    "DocumentInfo": "search.records",
    "Hit": "search.records",
    "Options": "search.searcher",
    "Passage": "search.records",
    "Searcher": "search.searcher",
    "Summary": "indexer.summary",
    "build": "indexer.build",
}


def __getattr__(name: str) -> Any:
    """The library's names, imported when they are first used."""
    if name in _LIBRARY:
        return getattr(import_module(_LIBRARY[name]), name)
    raise AttributeError(f"module 'jisr' has no attribute {name!r}")


_PATH = click.Path(path_type=Path)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="jisr", message="jisr %(version)s", help="Print the version.")
def app() -> None:
    """Search Arabic and English documents with one query in either language."""


app.add_command(upkeep.index)
app.add_command(upkeep.remove)
app.add_command(upkeep.export)
app.add_command(upkeep.copy)


@app.command()
@click.argument("query", metavar="QUERY…", nargs=-1, required=True, help="What to look for, in Arabic or English.")
@click.option("--k", "-k", default=10, show_default=True, help="How many passages to show.")
@click.option("--lang", help="Only passages in this language: ar, en, …")
@click.option(
    "--since",
    metavar="DATE",
    help="Only documents of this day or later: 2024-03-18, 2024-03 or 2024. Those without a date are left out.",
)
@click.option(
    "--until",
    metavar="DATE",
    help="Only documents of this day, month or year, or earlier. Those without a date are left out.",
)
@click.option(
    "--source",
    multiple=True,
    help="Only documents of this publisher, file or folder; a path is relative to what was indexed. May be given "
    "several times.",
)
@click.option(
    "--names/--no-names",
    default=True,
    show_default=True,
    help="Whether names are found in the other script: Haftar in حفتر.",
)
@click.option("--explain", is_flag=True, help="Show how each score came about.")
@with_settings("index", "cache", "model", "device", *OF_A_SERVER)
@as_json
def search(settings: Settings, query: tuple[str, ...], json_: bool, **options: Any) -> None:
    """Find the passages of both languages that answer a query best.

    Example: jisr search "joint naval exercises in the Red Sea" --since 2025-03 --source "Red Sea Dispatch"
    """
    from search.searcher import Options, Searcher
    from terminal import print_answer, print_json, progress_bars

    with progress_bars() as progress:
        searcher = Searcher.open(settings, progress=progress)
    if json_:
        from web.answers import search_response

        print_json(search_response(searcher, " ".join(query), Options(**options)).model_dump())
    else:
        print_answer(searcher.answer(" ".join(query), Options(**options)))


@app.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    envvar="JISR_WORKERS",
    show_envvar=True,
    help="Processes that answer. They share the files of the index; each holds a model of its own.",
)
@with_settings("key", "index", "cache", "model", "device", *OF_A_SERVER, "workspace")
def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the search page and the HTTP API.

    Example: jisr serve --port 8080, then open http://127.0.0.1:8080
    """
    from web.server import serve as serve_http

    serve_http(settings, open_writer=_writer, host=host, port=port, workers=workers)


def _writer(settings: Settings) -> "Writer":
    from indexer.desk import Desk

    return Desk(settings)


@app.command()
@with_settings("index", "cache", "model", "device", *OF_A_SERVER)
def mcp(settings: Settings) -> None:
    """Let an AI assistant search and cite: a Model Context Protocol server on standard input and output.

    Example: jisr mcp --index ~/my-index, as the command that the assistant is told to start
    """
    from importlib.metadata import version

    from web.assistant import serve as serve_assistant

    serve_assistant(settings, version("jisr"))


@app.command("eval")
@click.argument("test_set", metavar="BEIR_DIR", type=_PATH, help="Folder of a test set in BEIR layout.")
@click.option("--run", type=_PATH, help="Write the run to this file, in TREC form.")
@click.option("--html", type=_PATH, help="Write a page with pictures of the figures to this file.")
@click.option("--index", "-i", type=_PATH, help="Where to keep the test set's own index.")
@with_settings("cache", "model", "device")
@as_json
def eval_(
    settings: Settings, test_set: Path, run: Path | None, html: Path | None, index: Path | None, json_: bool
) -> None:
    """Index a test set, run its queries, and print how well they are answered, by query and document language.

    The test set gets an index of its own, in the cache folder or where --index says; what was there is replaced.

    Example: jisr eval seeds --run seeds.run --html seeds.html
    """
    from indexer.build import build
    from search.evaluation import name_of, read_collection, report, run_queries, time_queries, write_run
    from search.searcher import Searcher
    from terminal import print_json, print_report, progress_bars
    from web.report import write_report

    settings = settings.with_index(index or settings.cache / "eval" / test_set.resolve().name)
    tests = read_collection(test_set)
    with progress_bars() as progress:
        build([tests.documents], settings, rebuild=True, progress=progress)
        searcher = Searcher.open(settings, progress=progress)
        results = run_queries(searcher, tests.queries, progress=progress)
    if run:
        write_run(results, run)
    figures = report(tests, results, {name_of(document): document.lang for document in searcher.documents()})
    if html:
        with progress_bars() as progress:
            times_ms = time_queries(searcher, tests.queries, progress=progress)
        write_report(html, test_set.resolve().name, searcher.manifest, figures, times_ms)
    if json_:
        print_json(asdict(figures))
    else:
        print_report(figures)


@app.command()
@with_settings("index", *OF_A_SERVER)
@as_json
def info(settings: Settings, json_: bool) -> None:
    """Say what the index holds, and the versions at work.

    Example: jisr info
    """
    from importlib.metadata import version

    from search.backends import open_backend
    from terminal import languages, print_facts, print_json, server_rows

    backend = open_backend(settings)
    manifest, server = backend.manifest(backend.current()), backend.server
    versions = {
        name: version(name)
        for name in ("jisr", "camel-tools", "sentence-transformers", "faiss-cpu", "onnxruntime", "tantivy", "PyStemmer")
    }
    if json_:
        told = {"index": str(settings.index), "server": asdict(server) if server else None}
        print_json(told | {"manifest": asdict(manifest), "versions": versions})
        return
    rows = {
        "Index": str(settings.index),
        **server_rows(server),
        "Generation": f"{manifest.generation}, by Jisr {manifest.jisr}",
        "Model": f"{manifest.model}, {manifest.dim} dimensions",
        "Documents": f"{manifest.documents:,}",
        "Passages": f"{manifest.passages:,} ({languages(manifest.languages)})",
        "Vectors found": ", ".join(f"{found:.1%} of the nearest {depth}" for depth, found in manifest.recall.items()),
        "Late interaction": "on" if manifest.late else "off",
        "Versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }
    print_facts(rows)


app.add_command(upkeep.doctor)


@app.command()
@click.option("--path", is_flag=True, help="Print only the folder, for use with sentence-transformers.")
@with_settings("cache", "model")
def model(settings: Settings, path: bool) -> None:
    """Prepare a model, which happens once, and describe it.

    Example: jisr model --model ~/models/my-sentence-transformer
    """
    from search.model import prepare
    from terminal import print_facts, progress_bars

    with progress_bars() as progress:
        prepared = prepare(settings, progress=progress)
    if path:
        click.echo(prepared.sentence_transformers)
        return
    rows = {
        "Model": prepared.name,
        "Dimensions": str(prepared.dim),
        "Reads at most": f"{prepared.max_tokens} tokens",
        "Query prompt": repr(prepared.query_prompt),
        "Passage prompt": repr(prepared.passage_prompt),
        "Fingerprint": prepared.fingerprint,
        "sentence-transformers": str(prepared.sentence_transformers),
        "ONNX, int8": f"{prepared.onnx} ({prepared.onnx_bytes / 2**20:.0f} MiB)",
    }
    print_facts(rows)


@app.command()
@click.argument("pairs", metavar="PAIRS", required=False, type=_PATH, help="TSV file with columns ar and en.")
@click.option("--reset", is_flag=True, help="Go back to the sentence pairs that Jisr ships.")
@with_settings("cache", "model", "device")
def calibrate(settings: Settings, pairs: Path | None, reset: bool) -> None:
    """Estimate what tells Arabic and English apart in a model from sentence pairs of your own, and keep it.

    Pairs of the register you search help, and so do some hundreds of them. Every fifth pair is held out for a check.

    Example: jisr calibrate pairs.tsv --model ~/models/my-sentence-transformer
    """
    from search import calibration
    from search.encoder import open_encoder
    from search.model import prepare
    from terminal import AFTER_CALIBRATION, print_calibration, progress_bars

    if reset == (pairs is not None):
        raise click.BadParameter("Name a file of pairs, or give --reset.")
    texts = calibration.read_pairs(pairs) if pairs else None
    with progress_bars() as progress:
        prepared = prepare(settings, progress=progress)
        if texts is None:
            calibration.reset(prepared)
            click.echo(f"{prepared.name} goes by the pairs that Jisr ships again.\n{AFTER_CALIBRATION}")
            return
        done = calibration.calibrate(open_encoder(prepared, settings.device), prepared, texts, progress=progress)
    print_calibration(done, prepared.name)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. An error that Jisr raises on purpose becomes two lines and a 1."""
    try:
        app(arguments, prog_name="jisr")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except JisrError as error:
        click.secho(error.message, err=True, fg="red")
        click.echo(error.hint, err=True)
        return 1
    return 0


def main() -> NoReturn:
    """Run the command line and end the process.

    It ends at once: taking a loaded model apart piece by piece would take as long as searching with it.
    """
    # The two pools are searched side by side: threads of BLAS itself would only get in their way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
