"""How results look in a terminal: tables, facts, explanations, progress bars.

Says nothing that the records do not hold. The command line imports it when a command has something to show, since rich
takes a while to load.
"""

import datetime
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from indexer.following import Result
    from indexer.health import IndexHealth, Removal
    from indexer.summary import Summary
    from search.backend import Server
    from search.calibration import Calibration
    from search.evaluation import Figures, Report
    from search.fusion import Explanation
    from search.milvus.address import Address
    from search.progress import Progress
    from search.records import Answer, Hit

_SNIPPET_CHARS = 280
_LANGUAGES = {"ar": "Arabic", "en": "English"}
_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")


@contextmanager
def progress_bars() -> Iterator["Progress"]:
    """A progress bar on standard error for each stage that has something to do, where there is a terminal."""
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


def print_facts(rows: Mapping[str, str]) -> None:
    """Print names and what they stand for, one a line."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, value)
    _print(table)


def print_json(value: Any) -> None:
    """Print JSON, for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_summary(summary: "Summary", index: "Path | Address") -> None:
    """Print what a build did, and on standard error what it skipped."""
    rows = {
        "Documents": f"{summary.documents:,}" + (f", {summary.copies:,} of them copies" if summary.copies else ""),
        "Passages": f"{summary.passages:,} ({languages(summary.languages)})",
        "Formats": languages(summary.formats),
        "Files": f"{summary.files_read:,} read, {summary.files_kept:,} unchanged, {summary.files_moved:,} moved, "
        f"{summary.files_removed:,} gone",
        "Encoded": f"{summary.encoded:,} texts",
        "Late interaction": _late(summary.late_bytes),
        "Skipped": f"{len(summary.skipped):,}",
        "Index": _where(summary, index),
        **server_rows(summary.server),
        "Took": f"{summary.seconds:.1f} s",
    }
    print_facts(rows)
    for file in summary.problems:
        click.echo(f"read {_on_one_line(file.source)}: {', '.join(file.problems())}", err=True)
    for skip in summary.skipped:
        click.echo(f"skipped {_on_one_line(skip.place)}: {_on_one_line(skip.reason)}", err=True)


def _where(summary: "Summary", index: "Path | Address") -> str:
    notes = [] if summary.published else ["nothing had changed"]
    if summary.server:
        notes.append("sent" if summary.sent else "it was sent before")
    return f"{index} ({', '.join(notes)})" if notes else str(index)


def server_rows(server: "Server | None") -> dict[str, str]:
    """What keeps an index, and what it cannot do; nothing for a folder."""
    if server is None:
        return {}
    absent = " and ".join(f"the {leg} leg" for leg in server.absent)
    return {"Server": f"{server.name} {server.version}" + (f", without {absent}" if absent else "")}


def print_removals(removals: "Sequence[Removal]") -> None:
    """Print for each document the lines that were taken away from it, with the reason before each."""
    for removal in removals:
        click.echo(_on_one_line(", ".join(filter(None, (removal.source, removal.record_id)))))
        for line in removal.lines:
            click.echo(f"  {line.reason:<13}  {' '.join(line.text.split())}")


def print_health(health: "IndexHealth") -> None:
    """Print the state of each file, what of it is missing below it, and then that of all."""
    table = Table(show_edge=False, pad_edge=False, box=None)
    for name in ("File", "Format", "Documents", "Languages", "Notes"):
        table.add_column(name, justify="right" if name == "Documents" else "left", overflow="fold")
    for file in health.files:
        told = (file.format or "–", file.encoding or "")
        notes = [
            *file.problems(),
            *(_on_one_line(f"{skip.place or 'skipped'}: {skip.reason}") for skip in file.skipped),
        ]
        if file.removed_lines:
            noun = "line" if file.removed_lines == 1 else "lines"
            notes.append(f"{file.removed_lines:,} {noun} of furniture removed")
        cells = (
            _on_one_line(file.source),
            " ".join(filter(None, told)),
            f"{file.documents:,}",
            _shares(file.languages),
        )
        table.add_row(*map(Text, cells), Text("\n".join(notes)))
    for skip in health.unfound:
        table.add_row(Text(_on_one_line(skip.place)), "–", "0", "", Text(f"skipped: {skip.reason}"))
    _print(table)
    skipped = sum(len(file.skipped) for file in health.files) + len(health.unfound)
    rows = {
        "Files": f"{sum(health.formats.values()) + len(health.unfound):,} ({languages(health.formats)})",
        "Documents": f"{health.documents:,} ({health.copies:,} copies, {health.near_duplicates:,} near-duplicates)",
        "Languages": _shares(health.languages) or "none",
        "Skipped": f"{skipped:,}",
    }
    click.echo()
    print_facts(rows)


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{lang} {share:.0%}" for lang, share in shares.items()) if len(shares) > 1 else "".join(shares)


def print_result(result: "Result") -> None:
    """Print what a rebuild did in a line, or why it could not be done."""
    now = datetime.datetime.now().astimezone().strftime("%H:%M:%S")
    if isinstance(result, Exception):
        click.echo(f"{now} {result.message} {result.hint}", err=True)
        return
    click.echo(
        f"{now} {result.files_read:,} read, {result.files_moved:,} moved, {result.files_removed:,} gone, "
        f"{len(result.skipped):,} skipped, {result.encoded:,} texts encoded: "
        f"{result.documents:,} documents, {result.passages:,} passages, after {result.seconds:.1f} s"
    )


def languages(counts: Mapping[str, int]) -> str:
    """Passages by language, or files by format, in words."""
    return ", ".join(f"{count:,} {lang}" for lang, count in sorted(counts.items())) or "none"


def print_answer(answer: "Answer") -> None:
    """Print the hits of a query, and before them how it was read and whether any of them is good."""
    if answer.reading:
        _print(Text(f"Read as: {answer.reading.text}"))
    if not answer.hits:
        click.echo("Nothing was found.")
        return
    if not answer.answered:
        click.echo("No good match in this index; the nearest passages follow.")
    table = Table(show_edge=False, show_lines=True, pad_edge=False)
    for name in ("#", "Score", "", "Passage"):
        table.add_column(name, justify="right" if name in ("#", "Score") else "left")
    for hit in answer.hits:
        cell = Group(_cell(hit), explanation_table(hit.explanation)) if hit.explanation else _cell(hit)
        table.add_row(str(hit.rank), f"{hit.score:.2f}", Text(hit.passage.lang, style="green"), cell)
    _print(table)


def explanation_table(explanation: "Explanation") -> RenderableType:
    """How a score came about, in thousandths; the points and the constant add up to the log-odds as they are shown."""
    table = Table(box=None, pad_edge=False, header_style="dim", style="dim")
    for name in (f"{explanation.pool} pool", "rank", "value", "weight", "points"):
        table.add_column(name, justify="left" if name.endswith("pool") else "right")
    *points, constant, counterpart = adding_up(
        [*(leg.points for leg in explanation.legs), explanation.constant, explanation.counterpart]
    )
    for leg, share in zip(explanation.legs, points, strict=True):
        rank = "–" if leg.rank is None else str(leg.rank)
        table.add_row(leg.leg, rank, f"{leg.value:.3f}", f"{leg.weight:.3f}", f"{share:+.3f}")
    table.add_row("constant", "", "", "", f"{constant:+.3f}")
    if explanation.counterpart:
        table.add_row("counterpart", "", "", "", f"{counterpart:+.3f}")
    table.add_row("log-odds", "", "", "", f"{explanation.log_odds:+.3f}")
    return Group(table, Text(f"1 / (1 + e^-sum) = score {explanation.score:.3f}", style="dim"))


def adding_up(values: Sequence[float]) -> list[float]:
    """The values in thousandths, each less than one away, so that they add up to the sum in thousandths.

    Those with the largest remainders are rounded up, as seats are shared out.
    """
    exact = [value * 1000 for value in values]
    whole = [math.floor(value) for value in exact]
    missing = round(sum(exact)) - sum(whole)
    for at in sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])[:missing]:
        whole[at] += 1
    return [value / 1000 for value in whole]


def print_report(report: "Report") -> None:
    """Print the figures of a test set."""
    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "Queries", "Success@20", "R@10", "MRR@10", "nDCG@10"):
        table.add_column(name, justify="right" if name else "left")
    for name, figures in {**report.cells, "mixed": report.mixed}.items():
        table.add_row(name, str(figures.queries), *_formatted(figures))
    _print(table)
    click.echo(
        f"Other language in the first ten: {report.other_language:.0%}. Worst cell over best: {report.balance:.3f}."
    )


def print_calibration(calibration: "Calibration", model: str) -> None:
    """Print what the pairs do for a model."""
    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "without the shift", "with it"):
        table.add_column(name, justify="right" if name else "left")
    for direction, found in calibration.found.items():
        table.add_row(direction, f"{found.without:.1%}", f"{found.with_shift:.1%}")
    click.echo(f"The shift of {model} is now that of {calibration.pairs:,} pairs.")
    click.echo(
        f"Of {calibration.held_out:,} held out for a check, the translation came before all other sentences of both"
    )
    click.echo("languages:")
    _print(table)
    if any(found.with_shift < found.without for found in calibration.found.values()):
        click.echo(
            "The shift makes it worse: are these pairs translations? jisr calibrate --reset goes back.", err=True
        )
    click.echo(AFTER_CALIBRATION)


AFTER_CALIBRATION = (
    "An index keeps its shift until a build finds something changed; to change it now: jisr index --rebuild PATH"
)
"""What a new shift means for the indexes that are there."""


def _on_one_line(text: str) -> str:
    r"""Text from files and their names, which may hold line ends and what a terminal obeys: ``\n``, ``\x1b``."""
    return _CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _late(size_bytes: int | None) -> str:
    return "off" if size_bytes is None else f"on, {size_bytes / 2**20:,.1f} MiB of token vectors"


def _cell(hit: "Hit") -> Text:
    """A hit's title, text, names, places, and where else it stands, in either language."""
    document = hit.document
    cell = Text(document.title, style="bold")
    cell.append(f"\n{shorten(hit.passage.text, _SNIPPET_CHARS, placeholder=' …')}\n", style="not bold")
    if hit.weak:
        cell.append("weak match · ", style="not bold dim")
    page = f"p. {hit.passage.page}" if hit.passage.page else None
    place = filter(None, (document.source, page, document.date, document.publisher))
    cell.append(" · ".join(place), style="not bold cyan")
    if hit.variants:
        cell.append("\n" + ", ".join(f"{word} = {variant}" for word, variant in hit.variants), style="not bold")
    if hit.counterpart:
        other = hit.counterpart
        cell.append(f"\nThe same in {_LANGUAGES.get(other.lang, other.lang)}: {other.title} ", style="not bold")
        cell.append(f"({other.source})", style="not bold dim")
    if hit.copies or hit.duplicates:
        others = [f"{copy.title} ({copy.source})" for copy in hit.copies]
        others += [f"{other.title} ({other.source})" for other in hit.duplicates]
        cell.append(f"\nalso in: {', '.join(others)}", style="not bold dim")
    return cell


def _formatted(figures: "Figures") -> list[str]:
    values = (figures.success_at_20, figures.recall_at_10, figures.mrr_at_10, figures.ndcg_at_10)
    return [f"{value:.3f}" for value in values]


def _print(what: RenderableType) -> None:
    Console(highlight=False).print(what)
