from collections.abc import Iterator

from indexer.readers import Health, Skip, SourceItem
from indexer.readers.members import Names, within
from search.errors import SourceError


def stopped() -> Iterator[SourceItem | Skip | Health]:
    yield Health(pages=4, empty_pages=(2, 3))
    yield SourceItem(text="عاد الصيادون إلى الميناء.", page_starts=(0, 9, 9, 9))
    yield Skip("page 4", "The page cannot be read.")
    raise SourceError("The file ends too early.", hint="Copy it again.")


def test_all_is_named_by_both_names() -> None:
    assert list(within("report.pdf", stopped())) == [
        Skip("report.pdf, pages 2, 3", "There is no text on them."),
        SourceItem(text="عاد الصيادون إلى الميناء.", page_starts=(0, 9, 9, 9), record_id="report.pdf"),
        Skip("report.pdf, page 4", "The page cannot be read."),
        Skip("report.pdf", "The file ends too early."),
    ]


def test_a_scan_is_named_once() -> None:
    def scan() -> Iterator[SourceItem | Skip | Health]:
        yield Health(pages=1, empty_pages=(1,))
        raise SourceError("The PDF has no text.", hint="Add --ocr.")

    assert list(within("scan.pdf", scan())) == [Skip("scan.pdf", "The PDF has no text.")]


def test_names_are_told_apart() -> None:
    names = Names()
    assert [names.distinct(name) for name in ("a.txt", "b.txt", "a.txt", "a.txt")] == [
        "a.txt",
        "b.txt",
        "a.txt (2)",
        "a.txt (3)",
    ]
