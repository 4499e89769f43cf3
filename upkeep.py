"""The commands that bring an index up to date or look at what it was made of: index, remove, export, doctor."""

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from arguments import OF_A_SERVER, as_json, with_settings
from search.errors import StoreError
from search.settings import Settings

_PATHS = click.Path(path_type=Path)


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=_PATHS, help="Folders and files to index.")
@click.option("--rebuild", is_flag=True, help="Start over with these paths alone.")
@click.option(
    "--map",
    "map_",
    metavar="FIELD=COLUMN,…",
    help="Which columns of tables and JSON are the title, text, date, lang, source, author and id, as in "
    "title=headline,text=lead+body,date=published. Remembered for these paths.",
)
@click.option("--ocr/--no-ocr", default=None, help="Whether scanned pages are read. Remembered for these paths.")
@click.option("--show-removed", is_flag=True, help="List what was removed from the documents of these paths, and why.")
@with_settings("index", "cache", "model", "device", "late", "max_memory", "ray", *OF_A_SERVER, "workspace")
@as_json
@click.option("--watch", is_flag=True, help="Go on: rebuild whenever files change, until Ctrl-C.")
def index(
    settings: Settings,
    paths: tuple[Path, ...],
    rebuild: bool,
    map_: str | None,
    ocr: bool | None,
    show_removed: bool,
    json_: bool,
    watch: bool,
) -> None:
    """Bring the index up to date with folders and files; only what changed is read and encoded.

    Example: jisr index ~/articles
    """
    from indexer.build import build
    from indexer.columns import parse_map
    from indexer.files import absolute
    from indexer.health import removals
    from indexer.options import Asked
    from search import store
    from terminal import print_json, print_removals, print_summary, progress_bars

    if watch and json_:
        raise click.BadParameter("--watch prints a line for each rebuild, no JSON.")
    asked = Asked(columns=parse_map(map_) if map_ else None, ocr=ocr)
    with progress_bars() as progress:
        summary = build(paths, settings, asked=asked, rebuild=rebuild, progress=progress)
    catalogue = store.current(settings.folder) / "catalogue.sqlite"
    removed = list(removals(catalogue, absolute(paths))) if show_removed else []
    if json_:
        print_json(asdict(summary) | ({"removed": [asdict(removal) for removal in removed]} if show_removed else {}))
    else:
        print_removals(removed)
        print_summary(summary, settings.index)
    if watch:
        _follow(paths, settings)


def _follow(paths: tuple[Path, ...], settings: Settings) -> None:
    from indexer.following import follow
    from terminal import print_result

    click.echo("Watching for changes; Ctrl-C ends it.")
    try:
        for result in follow(paths, settings):
            print_result(result)
    except KeyboardInterrupt:
        click.echo("Ended; the index is as the last line says.")


@click.command()
@click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=_PATHS, help="Files and folders; they may be gone."
)
@with_settings("index", "cache", "device", *OF_A_SERVER, "workspace")
@as_json
def remove(settings: Settings, paths: tuple[Path, ...], json_: bool) -> None:
    """Take files and folders out of the index. They are not deleted.

    A file that is still there comes back when its folder is indexed again.

    Example: jisr remove ~/articles/2009
    """
    from indexer.build import remove as remove_paths
    from terminal import print_json, print_summary, progress_bars

    with progress_bars() as progress:
        summary = remove_paths(paths, settings, progress=progress)
    if json_:
        print_json(asdict(summary))
        return
    print_summary(summary, settings.index)
    still_there = [path for path in paths if path.exists()]
    if still_there:
        names = ", ".join(map(str, still_there))
        click.echo(f"Still there, and back in the index when its folder is indexed again: {names}", err=True)


@click.command()
@click.option("--out", "-o", type=_PATHS, show_default="standard output", help="File to write.")
@with_settings("index", "workspace")
def export(settings: Settings, out: Path | None) -> None:
    """Write all documents of the index as JSON lines, which `jisr index` reads again.

    Example: jisr export --out documents.jsonl
    """
    from indexer.export import export as write_lines
    from indexer.export import export_to

    if out:
        click.echo(f"{export_to(settings.folder, out):,} documents are in {out}.")
    else:
        write_lines(settings.folder, sys.stdout.buffer)


@click.command()
@click.argument("source", metavar="FROM", help="Folder of the index to copy.")
@click.argument("target", metavar="TO", help="Another folder, or an address such as milvus://HOST:19530/NAME.")
@with_settings(*OF_A_SERVER, "workspace")
@as_json
def copy(settings: Settings, source: str, target: str, json_: bool) -> None:
    """Copy an index to another folder, or to a Milvus; nothing is encoded again.

    What TO answered from before is replaced. Builds go on from the copy: jisr index --index TO PATH.

    Example: jisr copy ~/my-index milvus://localhost:19530/articles
    """
    from indexer.copying import copy as copy_index
    from terminal import print_json, progress_bars

    origin, to = (settings.with_index(Settings.load(index=typed).index) for typed in (source, target))
    if not isinstance(origin.index, Path):
        raise StoreError(
            f"{origin.index} has only what is needed to search, not what builds go on from.",
            hint=f"Copy the folder where it was built: jisr copy {origin.folder} {target}",
        )
    with progress_bars() as progress:
        copied = copy_index(origin.index, to, progress=progress)
    if json_:
        print_json(asdict(copied))
        return
    what = f"{copied.documents:,} documents with {copied.passages:,} passages"
    click.echo(f"{to.index} has {what} now." if copied.is_new else f"{to.index} had all of it: {what}.")


@click.command()
@click.option("--problems", is_flag=True, help="Only files with something to look at.")
@with_settings("index", "workspace")
@as_json
def doctor(settings: Settings, problems: bool, json_: bool) -> None:
    """Say in what state the files were that the index was built from: what is missing of them, and why.

    Example: jisr doctor --problems
    """
    from indexer.health import check
    from search import store
    from terminal import print_health, print_json

    health = check(store.current(settings.folder) / "catalogue.sqlite")
    if problems:
        health = replace(health, files=[file for file in health.files if file.skipped or file.problems()])
    if json_:
        print_json(asdict(health))
    else:
        print_health(health)
