"""What is told of how folders are read, and for how long it holds."""

from pathlib import Path

import pytest

from indexer.formats import Format
from indexer.options import Asked, asked_for, dumped, heeded, loaded, options_of, rooted
from indexer.readers import ReadOptions

NEWS, DESK, FILE = Path("/news"), Path("/news/desk"), Path("/news/desk/2025/all.csv")
COLUMNS = {"title": "headline", "text": "lead+body"}
MAPPED, SCANNED = ReadOptions(columns=COLUMNS), ReadOptions(ocr=True)


def test_nothing_told() -> None:
    assert asked_for([NEWS], Asked(), {}) == {}
    assert options_of(FILE, {}) == ReadOptions()


def test_what_was_told_holds_until_it_is_told_otherwise() -> None:
    first = asked_for([NEWS], Asked(columns=COLUMNS), {})
    assert first == {NEWS: MAPPED}
    assert asked_for([NEWS], Asked(), first) == first
    both = asked_for([NEWS], Asked(ocr=True), first)
    assert both == {NEWS: ReadOptions(columns=COLUMNS, ocr=True)}
    assert asked_for([NEWS], Asked(columns={}, ocr=False), both) == {NEWS: ReadOptions()}


def test_the_nearest_folder_counts() -> None:
    options = asked_for([DESK], Asked(ocr=True), {NEWS: MAPPED})
    assert options == {NEWS: MAPPED, DESK: ReadOptions(columns=COLUMNS, ocr=True)}
    assert options_of(FILE, options).ocr
    assert not options_of(NEWS / "desktop.csv", options).ocr
    assert options_of(FILE, {FILE: SCANNED, NEWS: MAPPED}) == SCANNED


def test_the_paths_of_an_index_are_known_without_those_inside_of_others() -> None:
    assert rooted({}, [DESK]) == {DESK: ReadOptions()}
    assert rooted({DESK: SCANNED}, [DESK, FILE, NEWS]) == {DESK: SCANNED, NEWS: ReadOptions()}


def test_what_is_told_of_a_folder_is_told_of_all_in_it() -> None:
    assert asked_for([NEWS], Asked(columns=COLUMNS), {DESK: SCANNED, Path("/mail"): SCANNED}) == {
        NEWS: MAPPED,
        Path("/mail"): SCANNED,
    }


@pytest.mark.parametrize(
    ("format_", "columns", "ocr"),
    [
        (Format.CSV, True, False),
        (Format.XLSX, True, False),
        (Format.JSONL, True, False),
        (Format.JSON, True, False),
        (Format.PDF, False, True),
        (Format.ZIP, True, True),
        (Format.EML, True, True),
        (Format.TXT, False, False),
        (Format.DOCX, False, False),
        (None, False, False),
    ],
)
def test_formats_heed_what_concerns_them(format_: Format | None, columns: bool, ocr: bool) -> None:
    assert (heeded(format_, MAPPED) != heeded(format_, ReadOptions())) is columns
    assert (heeded(format_, SCANNED) != heeded(format_, ReadOptions())) is ocr


def test_the_order_of_fields_makes_no_difference() -> None:
    assert heeded("csv", MAPPED) == heeded("csv", ReadOptions(columns=dict(reversed(COLUMNS.items()))))


def test_options_are_kept_as_they_are() -> None:
    options = ReadOptions(columns={"title": "العنوان"}, ocr=True)
    assert loaded(dumped(options)) == options
    assert loaded(dumped(ReadOptions())) == ReadOptions()
