"""How the files below each folder are read: what is asked for now over what was asked for before.

What was told for a folder once holds for it until it is told otherwise, so that a later run need not repeat it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.formats import Format
from indexer.readers import ReadOptions

_TABLES = frozenset({Format.CSV, Format.XLSX, Format.JSONL, Format.JSON})
_CONTAINERS = frozenset({Format.ZIP, Format.EML, Format.MBOX})

OptionsByRoot = Mapping[Path, ReadOptions]
"""Reading options by the absolute path that they were told for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run asks for; None where it leaves that as it was. Fields as in `ReadOptions`."""

    columns: Mapping[str, str] | None = None
    ocr: bool | None = None

    def over(self, before: ReadOptions) -> ReadOptions:
        """These options, and where nothing is asked those before."""
        return ReadOptions(
            columns=before.columns if self.columns is None else self.columns,
            ocr=before.ocr if self.ocr is None else self.ocr,
        )


def asked_for(roots: Iterable[Path], asked: Asked, before: OptionsByRoot) -> dict[Path, ReadOptions]:
    """What holds from now on when `asked` is said of these absolute paths, and of all below them."""
    options = dict(before)
    if asked != Asked():
        for root in roots:
            now = asked.over(options_of(root, before))
            options = {path: told for path, told in options.items() if not path.is_relative_to(root)} | {root: now}
    return options


def rooted(options: OptionsByRoot, roots: Iterable[Path]) -> dict[Path, ReadOptions]:
    """The options with these absolute paths among them, so that it is known later what an index is built from.

    A path in a folder that is there goes without saying.
    """
    known = dict(options)
    for root in roots:
        if known.keys().isdisjoint((root, *root.parents)):
            known[root] = ReadOptions()
    return known


def options_of(path: Path, options: OptionsByRoot) -> ReadOptions:
    """How a file is read: as was told for the nearest folder around it."""
    return next((options[near] for near in (path, *path.parents) if near in options), ReadOptions())


def heeded(format_: str | None, options: ReadOptions) -> str:
    """What of the options matters to a file in this format, the same text for the same; nothing for most files."""
    matter: dict[str, object] = {}
    if options.columns and format_ in _TABLES | _CONTAINERS:
        matter["columns"] = dict(options.columns)
    if options.ocr and format_ in _CONTAINERS | {Format.PDF}:
        matter["ocr"] = True
    return json.dumps(matter, ensure_ascii=False, sort_keys=True) if matter else ""


def dumped(options: ReadOptions) -> str:
    """The options as they are kept in a catalogue."""
    return json.dumps({"columns": dict(options.columns), "ocr": options.ocr}, ensure_ascii=False, sort_keys=True)


def loaded(text: str) -> ReadOptions:
    """What `dumped` kept."""
    return ReadOptions(**json.loads(text))
