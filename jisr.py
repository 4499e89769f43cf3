"""Jisr on the command line, and the front door of the library: ``import jisr; jisr.Searcher.open(FOLDER).search(…)``.

Parses what is typed, calls the three packages, and prints. What is imported only when a command needs it keeps
``jisr --help`` quick.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from search.errors import JisrError
from search.progress import Progress
from search.settings import Device, Settings, variable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from indexer.build import Summary, build
    from search.evaluation import Figures, Report
    from search.records import Document, DocumentInfo, Hit, Passage
    from search.searcher import Searcher

__all__ = [
    "Document",
    "DocumentInfo",
    "Hit",
    "JisrError",
    "Passage",
    "Searcher",
    "Settings",
    "Summary",
    "build",
    "main",
]

_LIBRARY = {
    "Document": "search.records",
    "DocumentInfo": "search.records",
    "Hit": "search.records",
    "Passage": "search.records",
    "Searcher": "search.searcher",
    "Summary": "indexer.build",
    "build": "indexer.build",
}

_SNIPPET_CHARS = 280


def __getattr__(name: str) -> Any:
    """The library's names, imported when they are first used."""
    if name in _LIBRARY:
        return getattr(import_module(_LIBRARY[name]), name)
    raise AttributeError(f"module 'jisr' has no attribute {name!r}")


app = typer.Typer(
    name="jisr",
    help="Search Arabic and English documents with one query in either language.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _option(name: str, *flags: str) -> Any:
    setting = next(field for field in fields(Settings) if field.name == name)
    shown = str(setting.default).replace(str(Path.home()), "~") if setting.default is not None else False
    return typer.Option(*flags, help=setting.metadata["help"], envvar=variable(setting), show_default=shown)


_Index = Annotated[Path | None, _option("index", "--index", "-i")]
_Cache = Annotated[Path | None, _option("cache", "--cache")]
_Model = Annotated[str | None, _option("model", "--model", "-m")]
_DeviceOption = Annotated[Device | None, _option("device", "--device")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command("index")
def index_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Folders and files to index.", show_default=False)
    ],
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start over with these paths alone.")] = False,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Bring the index up to date with folders and files; only what changed is read and encoded.

    Example: `jisr index ~/articles`
    """
    from indexer.build import build

    settings = Settings.load(index=index, cache=cache, model=model, device=device)
    with _progress() as progress:
        summary = build(paths, settings, rebuild=rebuild, progress=progress)
    if json_:
        _print_json(asdict(summary))
    else:
        _print_summary(summary, settings.index)


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY…", help="What to look for, in Arabic or English.")],
    k: Annotated[int, typer.Option("--k", "-k", help="How many passages to show.")] = 10,
    lang: Annotated[str | None, typer.Option("--lang", help="Only passages in this language: ar, en, …")] = None,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Find the passages of both languages that answer a query best.

    Example: `jisr search "joint naval exercises in the Red Sea"`
    """
    from search.searcher import Searcher

    settings = Settings.load(index=index, cache=cache, model=model, device=device)
    with _progress() as progress:
        searcher = Searcher.open(settings, progress=progress)
    text = " ".join(query)
    if json_:
        from web.schemas import search_response

        _print_json(search_response(searcher, text, k=k, lang=lang).model_dump())
    else:
        _print_hits(searcher.search(text, k=k, lang=lang))


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8000,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
) -> None:
    """Serve the search page and the HTTP API.

    Example: `jisr serve --port 8080`, then open http://127.0.0.1:8080
    """
    from web.server import serve as serve_http

    serve_http(Settings.load(index=index, cache=cache, model=model, device=device), host=host, port=port)


@app.command("eval")
def eval_(
    test_set: Annotated[Path, typer.Argument(metavar="BEIR_DIR", help="Folder of a test set in BEIR layout.")],
    run: Annotated[Path | None, typer.Option("--run", help="Write the run to this file, in TREC form.")] = None,
    index: Annotated[Path | None, typer.Option("--index", "-i", help="Where to keep the test set's own index.")] = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Index a test set, run its queries, and print how well they are answered, by query and document language.

    The test set gets an index of its own, in the cache folder or where --index says; what was there is replaced.

    Example: `jisr eval seeds --run seeds.run`
    """
    from indexer.build import build
    from search.evaluation import name_of, read_collection, report, run_queries, write_run
    from search.searcher import Searcher

    settings = Settings.load(cache=cache, model=model, device=device)
    settings = settings.with_index(index or settings.cache / "eval" / test_set.resolve().name)
    tests = read_collection(test_set)
    with _progress() as progress:
        build([tests.documents], settings, rebuild=True, progress=progress)
        searcher = Searcher.open(settings, progress=progress)
        results = run_queries(searcher, tests.queries, progress=progress)
    if run:
        write_run(results, run)
    figures = report(tests, results, {name_of(document): document.lang for document in searcher.documents()})
    if json_:
        _print_json(asdict(figures))
    else:
        _print_report(figures)


@app.command()
def info(index: _Index = None, json_: _Json = False) -> None:
    """Say what the index holds, and the versions at work.

    Example: `jisr info`
    """
    from search import store

    settings = Settings.load(index=index)
    manifest = store.Manifest.read(store.current(settings.index))
    versions = {
        name: version(name) for name in ("jisr", "camel-tools", "sentence-transformers", "faiss-cpu", "onnxruntime")
    }
    if json_:
        _print_json({"index": str(settings.index), "manifest": asdict(manifest), "versions": versions})
        return
    rows = {
        "Index": str(settings.index),
        "Generation": f"{manifest.generation}, by Jisr {manifest.jisr}",
        "Model": f"{manifest.model}, {manifest.dim} dimensions",
        "Documents": f"{manifest.documents:,}",
        "Passages": f"{manifest.passages:,} ({_languages(manifest.languages)})",
        "Versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }
    _print(_facts(rows))


@app.command()
def model(
    path: Annotated[
        bool, typer.Option("--path", help="Print only the folder, for use with sentence-transformers.")
    ] = False,
    cache: _Cache = None,
    model: _Model = None,
) -> None:
    """Prepare a model, which happens once, and describe it.

    Example: `jisr model --model ~/models/my-sentence-transformer`
    """
    from search.model import prepare

    settings = Settings.load(cache=cache, model=model)
    with _progress() as progress:
        prepared = prepare(settings, progress=progress)
    if path:
        typer.echo(prepared.sentence_transformers)
        return
    rows = {
        "Model": prepared.name,
        "Dimensions": str(prepared.dim),
        "Reads at most": f"{prepared.max_tokens} tokens",
        "Query prompt": repr(prepared.query_prompt),
        "Passage prompt": repr(prepared.passage_prompt),
        "Fingerprint": prepared.fingerprint,
        "sentence-transformers": str(prepared.sentence_transformers),
        "ONNX, int8": f"{prepared.onnx} ({prepared.onnx.stat().st_size / 2**20:.0f} MiB)",
    }
    _print(_facts(rows))


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if show_version:
        typer.echo(f"jisr {version('jisr')}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command line and end the process.

    An error that Jisr raises on purpose becomes two lines and exit code 1. The process ends at once: taking a loaded
    model apart piece by piece would take as long as searching with it.
    """
    try:
        app()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except JisrError as error:
        typer.secho(error.message, err=True, fg="red")
        typer.echo(error.hint, err=True)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on standard error for each stage that has something to do, where there is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks and total:
                tasks[stage] = bars.add_task(stage, total=total)
            if stage in tasks:
                bars.update(tasks[stage], completed=done, total=total)

        yield show


def _print_summary(summary: "Summary", index: Path) -> None:
    rows = {
        "Documents": f"{summary.documents:,}",
        "Passages": f"{summary.passages:,} ({_languages(summary.languages)})",
        "Files": f"{summary.files_read:,} read, {summary.files_kept:,} unchanged, {summary.files_removed:,} gone",
        "Encoded": f"{summary.encoded:,} texts",
        "Skipped": f"{len(summary.skipped):,}",
        "Index": str(index) if summary.published else f"{index} (nothing had changed)",
        "Took": f"{summary.seconds:.1f} s",
    }
    _print(_facts(rows))
    for skip in summary.skipped:
        typer.echo(f"skipped {skip.place}: {skip.reason}", err=True)


def _print_hits(hits: "list[Hit]") -> None:
    from rich.table import Table
    from rich.text import Text

    if not hits:
        typer.echo("Nothing was found.")
        return
    table = Table(show_edge=False, show_lines=True, pad_edge=False)
    for name in ("#", "Score", "", "Passage"):
        table.add_column(name, justify="right" if name in ("#", "Score") else "left")
    for hit in hits:
        document = hit.document
        cell = Text(document.title, style="bold")
        cell.append(f"\n{shorten(hit.passage.text, _SNIPPET_CHARS, placeholder=' …')}\n", style="not bold")
        cell.append(
            " · ".join(filter(None, (document.source, document.date, document.publisher))), style="not bold cyan"
        )
        table.add_row(str(hit.rank), f"{hit.score:.2f}", Text(hit.passage.lang, style="green"), cell)
    _print(table)


def _print_report(report: "Report") -> None:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "Queries", "Success@20", "R@10", "MRR@10", "nDCG@10"):
        table.add_column(name, justify="right" if name else "left")
    for name, figures in {**report.cells, "mixed": report.mixed}.items():
        table.add_row(name, str(figures.queries), *_formatted(figures))
    _print(table)
    typer.echo(
        f"Other language in the first ten: {report.other_language:.0%}. Worst cell over best: {report.balance:.3f}."
    )


def _formatted(figures: "Figures") -> list[str]:
    values = (figures.success_at_20, figures.recall_at_10, figures.mrr_at_10, figures.ndcg_at_10)
    return [f"{value:.3f}" for value in values]


def _facts(rows: dict[str, str]) -> "RenderableType":
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _languages(languages: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {lang}" for lang, count in sorted(languages.items())) or "none"


def _print(what: "RenderableType") -> None:
    from rich.console import Console

    Console(highlight=False).print(what)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


if __name__ == "__main__":
    main()
