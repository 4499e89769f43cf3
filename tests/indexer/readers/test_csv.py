"""Tables as text, written as the programs that people have write them."""

import csv
from io import BytesIO, StringIO

import pytest

from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.csv_ import read
from search.errors import SourceError
from tests.indexer import readers

HEADER = ["العنوان", "النص", "التاريخ", "الصحيفة", "الكاتب", "اللغة"]
WHEAT = [
    "مصر تطرح مناقصة لشراء القمح",
    "أعلنت هيئة السلع التموينية، أمس، مناقصة جديدة.\nوتشمل الشحنات شهر مايو.",
    "2025-04-02",
    "بريد المشرق",
    "هالة منصور",
    "ar",
]
CABLE = [
    'The "Bright Star" lays a cable',
    "The ship left Marseille on Monday, said its owner.",
    "2025-04-03",
    "The Harbor Ledger",
    "",
    "en",
]


def table(*rows: list[str], delimiter: str = ",", end: str = "\r\n") -> str:
    target = StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=end).writerows(rows)
    return target.getvalue()


def items(source: str | bytes, **columns: str) -> list[SourceItem | Skip]:
    data = source if isinstance(source, bytes) else source.encode()
    return readers.items(read, data, ReadOptions(columns=columns))


def texts(found: list[SourceItem | Skip]) -> list[str]:
    return [item.text for item in found if isinstance(item, SourceItem)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1256", "utf-16"])
def test_a_table_of_articles(delimiter: str, encoding: str) -> None:
    found = items(table(HEADER, WHEAT, CABLE, delimiter=delimiter).encode(encoding))
    assert found == [
        SourceItem(
            title=WHEAT[0],
            text=WHEAT[1],
            date="2025-04-02",
            publisher="بريد المشرق",
            author="هالة منصور",
            lang="ar",
            record_id="row 2",
        ),
        SourceItem(
            title=CABLE[0],
            text=CABLE[1],
            date="2025-04-03",
            publisher="The Harbor Ledger",
            lang="en",
            record_id="row 3",
        ),
    ]


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_other_line_ends(end: str) -> None:
    assert texts(items(table(HEADER, CABLE, end=end))) == [CABLE[1]]


def test_the_encoding_is_told() -> None:
    (health, *_) = read(BytesIO(table(HEADER, WHEAT).encode("windows-1256")), ReadOptions())
    assert health == Health(encoding="windows-1256")


def test_columns_that_are_mapped() -> None:
    source = table(["a", "b", "c", "d"], ["رقم ١", "مقدمة", "متن الخبر", "https://example.org/1"])
    assert items(source, title="A", text="b+c", id="d") == [
        SourceItem(title="رقم ١", text="مقدمة\n\nمتن الخبر", record_id="https://example.org/1")
    ]


def test_a_mapped_id_that_is_empty_or_stands_twice() -> None:
    source = table(["key", "text"], ["7", "أول"], ["", "ثانٍ"], ["7", "ثالث"])
    assert items(source, id="key") == [
        SourceItem(text="أول", record_id="7"),
        SourceItem(text="ثانٍ", record_id="row 3"),
        Skip("row 4", "The id '7' stands further up, too."),
    ]


def test_a_mapped_column_that_is_not_there() -> None:
    with pytest.raises(SourceError, match=r"There is no column 'body' to be the text; it has العنوان, النص, "):
        items(table(HEADER, WHEAT), text="body")
    with pytest.raises(SourceError, match=r"There is no column 'body' to be the text; it has a, b\."):
        items(table(["a", "b"], ["1", "2"]), text="body")


def test_a_table_of_figures() -> None:
    with pytest.raises(
        SourceError, match=r"None of its columns is known to hold the text \(السنة, السعر\): name it with --map text"
    ):
        items(table(["السنة", "السعر"], ["2023", "17.5"], ["2024", "19"]))


def test_without_a_header() -> None:
    source = table(["17", WHEAT[1], "x"], ["18", CABLE[1], "y"])
    assert items(source) == [
        SourceItem(text=WHEAT[1], record_id="row 1"),
        SourceItem(text=CABLE[1], record_id="row 2"),
    ]
    assert texts(items(source, text="2+3"))[1] == f"{CABLE[1]}\n\ny"


def test_a_header_with_names_that_nobody_knows() -> None:
    source = table(["رمز", "مادة", "مادة", ""], ["١", "", WHEAT[1], ""], ["٢", "", WHEAT[1], ""])
    assert items(source)[0] == SourceItem(text=WHEAT[1], record_id="row 2")
    with pytest.raises(SourceError, match=r"it has رمز, مادة, مادة 3\."):
        items(source, text="خبر")


def test_a_caption_above_the_header() -> None:
    source = table(["أرشيف الأخبار 2025", *[""] * 5], [""] * 6, HEADER, WHEAT)
    assert items(source)[0] == Skip("row 1", "It stands above the header.")
    assert [item.record_id for item in items(source) if isinstance(item, SourceItem)] == ["row 4"]


def test_what_excel_says_of_the_delimiter() -> None:
    assert texts(items("sep=;\r\n" + table(["title", "text"], ["a,b", "c,d,e"], delimiter=";"))) == ["c,d,e"]


def test_ragged_rows_are_skipped_by_themselves() -> None:
    source = "title,text,date\na,one,2024-01-01\nb,two\n\nc,three,2024-01-03,,\nd,four, with a comma,2024-01-04\n"
    assert items(source) == [
        SourceItem(title="a", text="one", date="2024-01-01", record_id="row 2"),
        Skip("row 3", "The row has 2 cells, the table 3 columns."),
        SourceItem(title="c", text="three", date="2024-01-03", record_id="row 5"),
        Skip("row 6", "The row has 4 cells, the table 3 columns."),
    ]


def test_tabs_with_quotation_marks_that_quote_nothing() -> None:
    source = 'title\ttext\n"صفقة القرن" من جديد\t"عادت الخطة إلى الواجهة\nثانٍ\tقال: "لا"\n'
    assert texts(items(source)) == ['"عادت الخطة إلى الواجهة', 'قال: "لا"']


def test_a_quotation_mark_that_is_never_closed() -> None:
    source = 'title,text\na,one\nb,"two\nc,three\nd,four\n'
    assert texts(items(source)) == ["one", '"two', "three", "four"]


def test_prose_full_of_commas() -> None:
    body = "In Rabat, Tunis, Cairo, and later, in Aden, prices rose; nobody, it seems, knew why."
    assert texts(items(f"title\ttext\na\t{body}\nb\t{body[:40]}\n")) == [body, body[:40]]


def test_a_very_long_cell() -> None:
    body = "خبر طويل " * 100_000
    assert texts(items(table(["title", "text"], ["a", body]))) == [body.strip()]


def test_lines_of_other_encodings() -> None:
    row = table(WHEAT[:2]).encode("windows-1256")
    source = table(HEADER[:2], WHEAT[:2]).encode() + row + table(CABLE[:2]).encode()
    assert texts(items(source)) == [WHEAT[1], WHEAT[1], CABLE[1]]


def test_arabic_far_below_a_beginning_in_ascii() -> None:
    source = table(["title", "text"], *[["a", "nothing but ASCII"]] * 60_000, ["b", "خبر من الميناء القديم"])
    assert texts(items(source.encode("windows-1256")))[-1] == "خبر من الميناء القديم"


def test_an_empty_table() -> None:
    assert items("\n\n") == []
    assert items(table(HEADER)) == []
