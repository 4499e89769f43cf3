"""Workbooks, made by openpyxl and then, where a test says so, damaged by hand."""

import datetime
import re
import zipfile
from io import BytesIO

import openpyxl  # type: ignore[import-untyped]
import pytest

from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.readers.xlsx import read
from search.errors import SourceError
from tests.indexer import readers

HEADER = ("العنوان", "النص", "التاريخ", "المصدر")
WHEAT = ("مناقصة القمح", "أعلنت الهيئة مناقصة جديدة.\r\nوتشمل مايو.", datetime.datetime(2025, 4, 2), "بريد المشرق")
CABLE = ("Cable", "The ship left.", datetime.date(2025, 4, 3), None)


def workbook(**sheets: list[tuple[object, ...]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def changed(data: bytes, member: str, pattern: str, replacement: str) -> bytes:
    """The workbook with one of its parts rewritten."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == member:
                before = content
                content = re.sub(pattern, replacement, content.decode(), count=1, flags=re.DOTALL).encode()
                assert content != before
            copy.writestr(name, content)
    return target.getvalue()


def items(data: bytes, **columns: str) -> list[SourceItem | Skip]:
    return readers.items(read, data, ReadOptions(columns=columns))


def test_sheets_are_tables_of_their_own() -> None:
    found = items(workbook(أخبار=[HEADER, WHEAT, CABLE], News=[("headline", "body"), ("Bread", "Prices rose.")]))
    assert found == [
        SourceItem(
            title="مناقصة القمح",
            text="أعلنت الهيئة مناقصة جديدة.\nوتشمل مايو.",
            date="2025-04-02",
            publisher="بريد المشرق",
            record_id="أخبار!2",
        ),
        SourceItem(title="Cable", text="The ship left.", date="2025-04-03", record_id="أخبار!3"),
        SourceItem(title="Bread", text="Prices rose.", record_id="News!2"),
    ]


def test_captions_empty_rows_and_short_rows() -> None:
    rows: list[tuple[object, ...]] = [("أرشيف 2025",), (), HEADER, (), WHEAT, ("بلا متن",)]
    found = items(workbook(s=rows))
    assert found[0] == Skip("s!1", "It stands above the header.")
    assert [item.record_id for item in found[1:] if isinstance(item, SourceItem)] == ["s!5", "s!6"]


def test_figures_and_formulas() -> None:
    rows: list[tuple[object, ...]] = [("id", "title", "text"), (7.0, 2025, 3.5), (8, "=1+1", "نص"), (9, True, "نص")]
    found = items(workbook(s=rows), id="id")
    assert [(item.record_id, item.title, item.text) for item in found if isinstance(item, SourceItem)] == [
        ("7", "2025", "3.5"),
        ("8", "", "نص"),  # a formula whose value no program has stored
        ("9", "True", "نص"),
    ]


def test_a_sheet_that_is_no_table_does_not_hide_the_others() -> None:
    found = items(workbook(Prices=[("year", "price"), (2024, 17), (2025, 19)], Empty=[], News=[HEADER, WHEAT]))
    assert found[0] == Skip(
        "Prices", "None of its columns is known to hold the text (year, price): name it with --map text=…."
    )
    assert [item.record_id for item in found[1:] if isinstance(item, SourceItem)] == ["News!2"]


def test_a_mapped_column_that_a_sheet_does_not_have() -> None:
    assert items(workbook(s=[HEADER, WHEAT]), text="body") == [
        Skip("s", "There is no column 'body' to be the text; it has العنوان, النص, التاريخ, المصدر.")
    ]


def test_a_sheet_that_is_wrong_about_its_size() -> None:
    data = changed(workbook(s=[HEADER, WHEAT]), "xl/worksheets/sheet1.xml", r'ref="A1:D2"', 'ref="A1"')
    (item,) = items(data)
    assert isinstance(item, SourceItem)
    assert item.text.startswith("أعلنت")


def test_a_row_beyond_all_rows() -> None:
    data = changed(
        workbook(s=[HEADER, WHEAT, CABLE]), "xl/worksheets/sheet1.xml", r'<row r="3"(.*?)A3', r'<row r="9999999999"\1A3'
    )
    found = items(data)
    assert isinstance(found[0], SourceItem)
    assert found[1:] == [Skip("s", "It has more than 1,048,576 rows, and the others are left out.")]


def test_a_sheet_that_is_cut_short() -> None:
    rows: list[tuple[object, ...]] = [HEADER, *[WHEAT] * 5]
    data = changed(workbook(a=rows, b=[HEADER, CABLE]), "xl/worksheets/sheet1.xml", r'<row r="5".*', "")
    found = items(data)
    assert [one.record_id for one in found if isinstance(one, SourceItem)][-1] == "b!2"
    (skip,) = [one for one in found if isinstance(one, Skip)]
    assert skip.place == "a"
    assert skip.reason.startswith("The sheet is damaged: ")


def test_a_workbook_that_is_damaged() -> None:
    data = workbook(s=[HEADER, WHEAT])
    for broken in (changed(data, "xl/workbook.xml", "<sheets>.*", ""), data[:200], b""):
        with pytest.raises(SourceError, match="The workbook cannot be read: "):
            items(broken)
