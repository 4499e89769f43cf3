"""Tables to items, a row each: what CSV files and the sheets of a workbook have in common."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from indexer.columns import Roles, assign, is_header, is_label
from indexer.readers import ReadOptions, Skip, SourceItem

Row = tuple[int, list[str]]
"""A row's number, from 1, and its cells."""

_SAMPLE_ROWS = 100
_SAMPLE_CHARS = 2**24
_HEADER_ROWS = 10  # a caption may stand above the header, hardly ten

Found = TypeVar("Found")


def items(
    rows: Iterable[Row | Skip], options: ReadOptions, *, place: Callable[[int], str], sparse: bool = False
) -> Iterator[SourceItem | Skip]:
    """One item a row below the header, `place` naming each; a row of another width than the header is skipped.

    Where the table has no header, its columns are called 1, 2, 3, …. In a `sparse` table a row ends with its last
    filled cell. Raises `SourceError` when columns are missing, as `indexer.columns.assign` does.
    """
    rows = iter(rows)
    sample = peek(rows, lambda row: 0 if isinstance(row, Skip) else sum(map(len, row[1])))
    filled = [row for row in sample if not isinstance(row, Skip) and any(row[1])]
    if not filled:
        yield from (row for row in sample if isinstance(row, Skip))
        return
    header = _header([cells for _, cells in filled], options.columns)
    columns, start = _names([cells for _, cells in filled], header), filled[header][0] if header is not None else 0
    below = [dict(zip(columns, cells, strict=False)) for number, cells in filled if number > start]
    roles = assign(columns, below, options.columns)
    seen: set[str] = set()
    for row in itertools.chain(sample, rows):
        if isinstance(row, Skip):
            yield row
        elif any(row[1]) and row[0] < start:
            yield Skip(place(row[0]), "It stands above the header.")
        elif any(row[1]) and row[0] > start:
            yield once(_item(row, columns, roles, place(row[0]), sparse), place(row[0]), seen)


def peek(found: Iterator[Found], size: Callable[[Found], int]) -> list[Found]:
    """The first of these, up to 100 or to 16 million characters by `size`, for a look at what all are like."""
    sample: list[Found] = []
    chars = 0
    while len(sample) < _SAMPLE_ROWS and chars < _SAMPLE_CHARS:
        try:
            sample.append(next(found))
        except StopIteration:
            break
        chars += size(sample[-1])
    return sample


def once(item: SourceItem | Skip, place: str, seen: set[str]) -> SourceItem | Skip:
    """The item, or a skip when one with its id was `seen`, to which its id is added."""
    if isinstance(item, Skip) or item.record_id is None:
        return item
    if item.record_id in seen:
        return Skip(place, f"The id {item.record_id!r} stands further up, too.")
    seen.add(item.record_id)
    return item


def _item(row: Row, columns: list[str], roles: Roles, place: str, sparse: bool) -> SourceItem | Skip:
    _, cells = row
    if any(cells[len(columns) :]) or (len(cells) < len(columns) and not sparse):
        return Skip(place, f"The row has {_counted(len(cells), 'cell')}, the table {_counted(len(columns), 'column')}.")
    record = dict(zip(columns, cells, strict=False))
    told = roles.value(record, "id") if "id" in roles.mapped else ""
    return roles.item(record, told or place)


def _header(rows: Sequence[list[str]], mapped: Mapping[str, str]) -> int | None:
    """Which of these rows has the names of the columns, None when the table begins with its first record."""
    if mapped and all(part.strip().isdecimal() for given in mapped.values() for part in given.split("+")):
        return None
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        if all(map(is_label, row)) and is_header(row, mapped):
            return at
    first, below = rows[0], rows[1:]
    if not all(map(is_label, first)) or sum(map(bool, first)) < len(first) / 2:
        return None
    return 0 if mapped or not all(is_label(cell) for row in below for cell in row) else None


def _names(rows: Sequence[list[str]], header: int | None) -> list[str]:
    """A name for each column, no two the same."""
    if header is None:
        width = Counter(map(len, rows)).most_common(1)[0][0]
        return [str(number) for number in range(1, width + 1)]
    cells = rows[header]
    while cells and not cells[-1]:
        cells = cells[:-1]
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        names.append(cell if cell and cell not in names else f"{cell} {number}".strip())
    return names


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
