"""Excel workbooks, through openpyxl: each sheet a table of its own, a row a document.

openpyxl streams rows, 2,000 articles a second, far more than can be encoded. python-calamine is faster and holds a
sheet whole, as a rectangle up to its last cell: a single cell in the last corner takes more memory than there is.
"""

import datetime
import warnings
from collections.abc import Iterator
from typing import BinaryIO

import openpyxl  # type: ignore[import-untyped]

from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.table import Row, items
from search.errors import SourceError

_MAX_ROWS = 2**20  # Excel's own limit


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item a row of each sheet, `record_id` in the form ``sheet!row``; a sheet that is no table is skipped."""
    # Of styles, extensions and dates out of range: no news to whoever indexes a folder.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    workbook = _open(stream)
    try:
        for sheet in workbook.worksheets:
            yield from _sheet(sheet, options)
    finally:
        workbook.close()


def _open(stream: BinaryIO) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl lets the errors of zipfile, XML and its own code through
        raise SourceError(
            f"The workbook cannot be read: {error}".partition("\n")[0], hint="Open it and save it again as .xlsx."
        ) from error


def _sheet(sheet: openpyxl.worksheet.worksheet.Worksheet, options: ReadOptions) -> Iterator[SourceItem | Skip]:
    sheet.reset_dimensions()  # what a sheet says of its size is often wrong, and what is beyond would be left out
    try:
        yield from items(_rows(sheet), options, place=lambda number: f"{sheet.title}!{number}", sparse=True)
    except SourceError as error:
        yield Skip(sheet.title, error.message)
    except MemoryError:
        raise
    except Exception as error:  # as in _open
        yield Skip(sheet.title, f"The sheet is damaged: {error}")


def _rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[Row | Skip]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MAX_ROWS:
            yield Skip(sheet.title, f"It has more than {_MAX_ROWS:,} rows, and the others are left out.")
            return
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("_x000D_", "").replace("\r\n", "\n").strip()
