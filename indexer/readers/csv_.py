"""Tables as text: a row a document, cells set apart by commas, semicolons, tabs or bars."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from indexer.lines import MAX_LINE_CHARS, TextLines
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.table import Row, items

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 200
_SNIFFED_CHARS = 2**20
_TOLD = re.compile(r"sep=(.)\s*$")  # Excel's own way to say it, in a line above the table


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item a row; a row that is broken is skipped by itself. Raises `SourceError` as `table.items` does."""
    lines = TextLines.of(stream)
    yield Health(encoding=lines.encoding)
    yield from items(_rows(lines), options, place=lambda number: f"row {number}")


class _Source:
    """Lines for `csv.reader`, the ones of the present record kept, and whether it has asked for more than there are."""

    def __init__(self, lines: TextLines) -> None:
        self._lines = iter(lines)
        self.record: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.record.append(line)
        return line


def _rows(lines: TextLines) -> Iterator[Row | Skip]:
    way = _sniff(_beginning(lines))
    csv.field_size_limit(MAX_LINE_CHARS)  # the process's
    for number, cells in enumerate(_records(_Source(lines), way), start=1):
        if isinstance(cells, csv.Error):
            yield Skip(f"row {number}", f"The row is broken: {cells}.")
        elif number > 1 or not _TOLD.match(way.delimiter.join(cells)):
            yield number, [cell.strip() for cell in cells]


def _records(source: _Source, way: type[csv.Dialect]) -> Iterator[list[str] | csv.Error]:
    """The cells of each row. A quotation mark that is never closed quotes nothing, or it would swallow all the rest."""
    rows = csv.reader(source, way)
    while True:
        source.record.clear()
        try:
            cells = next(rows)
            if not source.ended:
                yield cells
                continue
        except StopIteration:
            return
        except csv.Error:
            pass
        yield from (_literal(line, way) for line in source.record)


def _literal(line: str, way: type[csv.Dialect]) -> list[str] | csv.Error:
    try:
        return next(csv.reader([line], way, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        return error


def _beginning(lines: TextLines) -> list[str]:
    chars = 0
    beginning = []
    for line in itertools.islice(lines, _SNIFFED_LINES):
        beginning.append(line)
        chars += len(line)
        if chars > _SNIFFED_CHARS:
            break
    return beginning


def _sniff(beginning: list[str]) -> type[csv.Dialect]:
    """How this table is written: in the way that makes the most rows of the same width.

    `csv.Sniffer` goes by how often characters occur in a line, and prose has commas of its own.
    """
    told = _TOLD.match(beginning[0]) if beginning else None
    ways = [_dialect(told[1])] if told else [*map(_dialect, _DELIMITERS), _dialect("\t", csv.QUOTE_NONE)]
    return max(ways, key=lambda way: _evenness(beginning, way))


def _dialect(mark: str, quotes: int = csv.QUOTE_MINIMAL) -> type[csv.Dialect]:
    return type("Dialect", (csv.excel,), {"delimiter": mark, "quoting": quotes})


def _evenness(beginning: list[str], way: type[csv.Dialect]) -> tuple[float, int, int]:
    """The share of rows that have the most frequent width, this width, and their count; nothing for a single column."""
    try:
        widths = Counter(len(row) for row in csv.reader(beginning, way) if row)
    except csv.Error:
        return 0.0, 0, 0
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    return (count / widths.total(), width, count) if width > 1 else (0.0, 0, 0)
