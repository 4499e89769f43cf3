"""Jisr on the command line, and the front door of the library: ``import jisr; jisr.Searcher.open(FOLDER).search(…)``.

Parses what is typed, calls the three packages, and has `terminal` print what came of it. What is imported only when a
command needs it keeps ``jisr --help`` quick.
"""

import os
import sys
from dataclasses import asdict, fields, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from search.errors import JisrError
from search.settings import Device, Late, Settings, variable

if TYPE_CHECKING:
    from indexer.build import Summary, build
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
    "Summary": "indexer.build",
    "build": "indexer.build",
}


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
_LateOption = Annotated[Late | None, _option("late", "--late")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command("index")
def index_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Folders and files to index.", show_default=False)
    ],
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start over with these paths alone.")] = False,
    map_: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN,…",
            help="Which columns of tables and JSON are the title, text, date, lang, source, author and id, as in "
            "title=headline,text=lead+body,date=published. Remembered for these paths.",
        ),
    ] = None,
    ocr: Annotated[
        bool | None,
        typer.Option("--ocr/--no-ocr", help="Whether scanned pages are read. Remembered for these paths."),
    ] = None,
    show_removed: Annotated[
        bool,
        typer.Option("--show-removed", help="List what was removed from the documents of these paths, and why."),
    ] = False,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    late: _LateOption = None,
    json_: _Json = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: rebuild whenever files change, until Ctrl-C.")] = False,
) -> None:
    """Bring the index up to date with folders and files; only what changed is read and encoded.

    Example: `jisr index ~/articles`
    """
    from indexer.build import build
    from indexer.columns import parse_map
    from indexer.files import absolute
    from indexer.health import removals
    from indexer.options import Asked
    from search import store
    from terminal import print_json, print_removals, print_summary, progress_bars

    if watch and json_:
        raise typer.BadParameter("--watch prints a line for each rebuild, no JSON.")
    settings = Settings.load(index=index, cache=cache, model=model, device=device, late=late)
    asked = Asked(columns=parse_map(map_) if map_ else None, ocr=ocr)
    with progress_bars() as progress:
        summary = build(paths, settings, asked=asked, rebuild=rebuild, progress=progress)
    catalogue = store.current(settings.index) / "catalogue.sqlite"
    removed = list(removals(catalogue, absolute(paths))) if show_removed else []
    if json_:
        print_json(asdict(summary) | ({"removed": [asdict(removal) for removal in removed]} if show_removed else {}))
    else:
        print_removals(removed)
        print_summary(summary, settings.index)
    if watch:
        _follow(paths, settings)


def _follow(paths: list[Path], settings: Settings) -> None:
    from indexer.following import follow
    from terminal import print_result

    typer.echo("Watching for changes; Ctrl-C ends it.")
    try:
        for result in follow(paths, settings):
            print_result(result)
    except KeyboardInterrupt:
        typer.echo("Ended; the index is as the last line says.")


@app.command()
def remove(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files and folders; they may be gone.", show_default=False)
    ],
    index: _Index = None,
    cache: _Cache = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Take files and folders out of the index. They are not deleted.

    A file that is still there comes back when its folder is indexed again.

    Example: `jisr remove ~/articles/2009`
    """
    from indexer.build import remove as remove_paths
    from terminal import print_json, print_summary, progress_bars

    settings = Settings.load(index=index, cache=cache, device=device)
    with progress_bars() as progress:
        summary = remove_paths(paths, settings, progress=progress)
    if json_:
        print_json(asdict(summary))
        return
    print_summary(summary, settings.index)
    still_there = [path for path in paths if path.exists()]
    if still_there:
        names = ", ".join(map(str, still_there))
        typer.echo(f"Still there, and back in the index when its folder is indexed again: {names}", err=True)


@app.command()
def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write.", show_default="standard output")
    ] = None,
    index: _Index = None,
) -> None:
    """Write all documents of the index as JSON lines, which `jisr index` reads again.

    Example: `jisr export --out documents.jsonl`
    """
    from indexer.export import export, export_to

    settings = Settings.load(index=index)
    if out:
        typer.echo(f"{export_to(settings.index, out):,} documents are in {out}.")
    else:
        export(settings.index, typer.get_binary_stream("stdout"))


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY…", help="What to look for, in Arabic or English.")],
    k: Annotated[int, typer.Option("--k", "-k", help="How many passages to show.")] = 10,
    lang: Annotated[str | None, typer.Option("--lang", help="Only passages in this language: ar, en, …")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Only documents of this day or later: 2024-03-18, 2024-03 or 2024. Those without a date are left out.",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE",
            help="Only documents of this day, month or year, or earlier. Those without a date are left out.",
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            help="Only documents of this publisher, file or folder; a path is relative to what was indexed. May be "
            "given several times.",
        ),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names/--no-names", help="Whether names are found in the other script: Haftar in حفتر.")
    ] = True,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each score came about.")] = False,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Find the passages of both languages that answer a query best.

    Example: `jisr search "joint naval exercises in the Red Sea" --since 2025-03 --source "Red Sea Dispatch"`
    """
    from search.searcher import Options, Searcher
    from terminal import print_answer, print_json, progress_bars

    settings = Settings.load(index=index, cache=cache, model=model, device=device)
    with progress_bars() as progress:
        searcher = Searcher.open(settings, progress=progress)
    text = " ".join(query)
    options = Options(
        k=k, lang=lang, since=since, until=until, source=tuple(source or ()), names=names, explain=explain
    )
    if json_:
        from web.answers import search_response

        print_json(search_response(searcher, text, options).model_dump())
    else:
        print_answer(searcher.answer(text, options))


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8000,
    key: Annotated[str | None, _option("key", "--key")] = None,
    index: _Index = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
) -> None:
    """Serve the search page and the HTTP API.

    Example: `jisr serve --port 8080`, then open http://127.0.0.1:8080
    """
    from web.server import serve as serve_http

    settings = Settings.load(index=index, cache=cache, model=model, device=device, key=key)
    serve_http(settings, open_writer=_writer, host=host, port=port)


def _writer(settings: Settings) -> "Writer":
    from indexer.desk import Desk

    return Desk(settings)


@app.command()
def mcp(index: _Index = None, cache: _Cache = None, model: _Model = None, device: _DeviceOption = None) -> None:
    """Let an AI assistant search and cite: a Model Context Protocol server on standard input and output.

    Example: `jisr mcp --index ~/my-index`, as the command that the assistant is told to start
    """
    from web.assistant import serve as serve_assistant

    serve_assistant(Settings.load(index=index, cache=cache, model=model, device=device), version("jisr"))


@app.command("eval")
def eval_(
    test_set: Annotated[Path, typer.Argument(metavar="BEIR_DIR", help="Folder of a test set in BEIR layout.")],
    run: Annotated[Path | None, typer.Option("--run", help="Write the run to this file, in TREC form.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with pictures of the figures to this file.")
    ] = None,
    index: Annotated[Path | None, typer.Option("--index", "-i", help="Where to keep the test set's own index.")] = None,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
    json_: _Json = False,
) -> None:
    """Index a test set, run its queries, and print how well they are answered, by query and document language.

    The test set gets an index of its own, in the cache folder or where --index says; what was there is replaced.

    Example: `jisr eval seeds --run seeds.run --html seeds.html`
    """
    from indexer.build import build
    from search.evaluation import name_of, read_collection, report, run_queries, time_queries, write_run
    from search.searcher import Searcher
    from terminal import print_json, print_report, progress_bars
    from web.report import write_report

    settings = Settings.load(cache=cache, model=model, device=device)
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
def info(index: _Index = None, json_: _Json = False) -> None:
    """Say what the index holds, and the versions at work.

    Example: `jisr info`
    """
    from search import store
    from terminal import languages, print_facts, print_json

    settings = Settings.load(index=index)
    manifest = store.Manifest.read(store.current(settings.index))
    versions = {
        name: version(name)
        for name in ("jisr", "camel-tools", "sentence-transformers", "faiss-cpu", "onnxruntime", "tantivy", "PyStemmer")
    }
    if json_:
        print_json({"index": str(settings.index), "manifest": asdict(manifest), "versions": versions})
        return
    rows = {
        "Index": str(settings.index),
        "Generation": f"{manifest.generation}, by Jisr {manifest.jisr}",
        "Model": f"{manifest.model}, {manifest.dim} dimensions",
        "Documents": f"{manifest.documents:,}",
        "Passages": f"{manifest.passages:,} ({languages(manifest.languages)})",
        "Late interaction": "on" if manifest.late else "off",
        "Versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }
    print_facts(rows)


@app.command()
def doctor(
    problems: Annotated[bool, typer.Option("--problems", help="Only files with something to look at.")] = False,
    index: _Index = None,
    json_: _Json = False,
) -> None:
    """Say in what state the files were that the index was built from: what is missing of them, and why.

    Example: `jisr doctor --problems`
    """
    from indexer.health import check
    from search import store
    from terminal import print_health, print_json

    settings = Settings.load(index=index)
    health = check(store.current(settings.index) / "catalogue.sqlite")
    if problems:
        health = replace(health, files=[file for file in health.files if file.skipped or file.problems()])
    if json_:
        print_json(asdict(health))
    else:
        print_health(health)


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
    from terminal import print_facts, progress_bars

    settings = Settings.load(cache=cache, model=model)
    with progress_bars() as progress:
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
        "ONNX, int8": f"{prepared.onnx} ({prepared.onnx_bytes / 2**20:.0f} MiB)",
    }
    print_facts(rows)


@app.command()
def calibrate(
    pairs: Annotated[
        Path | None, typer.Argument(metavar="PAIRS", help="TSV file with columns ar and en.", show_default=False)
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the sentence pairs that Jisr ships.")] = False,
    cache: _Cache = None,
    model: _Model = None,
    device: _DeviceOption = None,
) -> None:
    """Estimate what tells Arabic and English apart in a model from sentence pairs of your own, and keep it.

    Pairs of the register you search help, and so do some hundreds of them. Every fifth pair is held out for a check.

    Example: `jisr calibrate pairs.tsv --model ~/models/my-sentence-transformer`
    """
    from search import calibration
    from search.encoder import open_encoder
    from search.model import prepare
    from terminal import AFTER_CALIBRATION, print_calibration, progress_bars

    if reset == (pairs is not None):
        raise typer.BadParameter("Name a file of pairs, or give --reset.")
    settings = Settings.load(cache=cache, model=model, device=device)
    texts = calibration.read_pairs(pairs) if pairs else None
    with progress_bars() as progress:
        prepared = prepare(settings, progress=progress)
        if texts is None:
            calibration.reset(prepared)
            typer.echo(f"{prepared.name} goes by the pairs that Jisr ships again.\n{AFTER_CALIBRATION}")
            return
        done = calibration.calibrate(open_encoder(prepared, settings.device), prepared, texts, progress=progress)
    print_calibration(done, prepared.name)


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
    # The two pools are searched side by side: threads of BLAS itself would only get in their way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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


if __name__ == "__main__":
    main()
