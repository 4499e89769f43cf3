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


def _rows(lines: TextLines) -> Iterator[Row | Skip]:
    dialect = _sniff(_beginning(lines))
    # The limit is the process's. A quotation mark that is never closed would otherwise make one cell of all the rest.
    csv.field_size_limit(MAX_LINE_CHARS)
    rows = csv.reader(lines, dialect)
    for number in itertools.count(1):
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skip(f"row {number}", f"The row is broken: {error}.")
            continue
        if number > 1 or not _TOLD.match(dialect.delimiter.join(cells)):
            yield number, [cell.strip() for cell in cells]


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
