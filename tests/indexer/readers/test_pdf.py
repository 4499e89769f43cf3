from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from indexer.readers import Health, ReadOptions, Skip, SourceItem, pdf
from search.errors import SourceError
from tests.indexer.readers import items
from tests.indexer.readers.cer import character_error_rate

PDFS = Path(__file__).parent / "pdfs"
OURS = [path.stem for path in sorted(PDFS.glob("*.pdf")) if path.stem not in ("locked", "scan")]
WITH_EXPECTED_TEXT = [
    "docling_right_to_left_01",
    "docling_right_to_left_03",
    "pdfbox_4531_bidi_ligature_1",
    "pdfbox_4531_bidi_ligature_2",
    "pdfbox_BidiSample",
]
# A PDF of what the next two are given: each page's lines below each other in Helvetica.
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _item(data: bytes) -> SourceItem:
    return next(found for found in items(pdf.read, data) if isinstance(found, SourceItem))


def _ours(name: str) -> SourceItem:
    return _item((PDFS / f"{name}.pdf").read_bytes())


def _health(data: bytes) -> Health:
    return next(found for found in _found(data) if isinstance(found, Health))


def _found(data: bytes) -> Iterator[SourceItem | Skip | Health]:
    return pdf.read(BytesIO(data), ReadOptions())


def _error(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(_found(data))
    return caught.value


def _pdf(*pages: list[str], size: int = 400, missing: int | None = None) -> bytes:
    """A PDF of these pages of lines, from the top; the page numbered `missing` is named and not there."""
    numbers = [4 + 2 * at for at in range(len(pages))]
    kids = " ".join(f"{999 if at == missing else number} 0 R" for at, number in enumerate(numbers, start=1))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>", _FONT]
    objects[1] %= kids.encode(), len(pages)
    for number, lines in zip(numbers, pages, strict=True):
        shown = "".join(f"BT /F 12 Tf 40 {size - 40 - 15 * at} Td ({line}) Tj ET " for at, line in enumerate(lines))
        resources = f"/Resources << /Font << /F 3 0 R >> >> /Contents {number + 1} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size} {size}] {resources} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown.encode()))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


@pytest.mark.parametrize("name", OURS)
def test_what_each_producer_wrote_is_read_within_2_percent_of_the_characters(name: str) -> None:
    expected = (PDFS / f"{name}.txt").read_text("utf-8")
    assert character_error_rate(_ours(name).text, expected) <= 0.02


@pytest.mark.parametrize("name", OURS)
def test_paragraphs_are_those_of_the_text(name: str) -> None:
    expected = (PDFS / f"{name}.txt").read_text("utf-8").strip().split("\n\n")
    read = _ours(name).text.split("\n\n")
    assert [paragraph.split()[0] for paragraph in read] == [paragraph.split()[0] for paragraph in expected]


@pytest.mark.parametrize("name", WITH_EXPECTED_TEXT)
def test_public_pdfs_are_read_within_2_percent_of_the_expected_characters(name: str, shared: Path) -> None:
    folder = shared / "documents"
    expected = next((folder / "expected").glob(f"{name}.*")).read_text("utf-8")
    item = _item((folder / "files" / f"{name}.pdf").read_bytes())
    assert character_error_rate(item.text, expected) <= 0.02


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pdfjs_ArabicCIDTrueType",
            "انواع الخطوط العربية انواع الخطوط العربية انواع الخطوط العربية انواع الخطوط العربية",
        ),
        ("pdfjs_issue5677", "عذراً. إشترى ماذا؟ السّيّدة"),
    ],
)
def test_what_public_pdfs_without_expected_text_show(name: str, text: str, shared: Path) -> None:
    item = _item((shared / "documents" / "files" / f"{name}.pdf").read_bytes())
    assert character_error_rate(item.text, text) == 0


def test_text_typed_onto_a_page_is_read(shared: Path) -> None:
    item = _item((shared / "documents" / "files" / "pdfjs_freetext_no_appearance.pdf").read_bytes())
    assert item.text.startswith("الإنترنت العالمي المفتوح")
    assert "الإنسانية" in item.text


@pytest.mark.parametrize("name", ["docling_right_to_left_02", "pdfjs_issue5874"])
def test_a_text_layer_that_is_garbage_is_refused(name: str, shared: Path) -> None:
    data = (shared / "documents" / "files" / f"{name}.pdf").read_bytes()
    error = _error(data)
    assert "words in its text layer are none in any language" in error.message
    assert "--ocr" in error.hint


def test_garbage_beside_good_text_is_refused_by_itself(shared: Path) -> None:
    data = (shared / "documents" / "files" / "pdfjs_issue19971.pdf").read_bytes()
    skip = next(found for found in items(pdf.read, data) if isinstance(found, Skip))
    text = _item(data).text
    assert skip.place == "page 6"
    assert "This is an additional longer paragraph" in text
    assert "地理を学ぶことの重要性" in text
    assert "أأكث" not in text


def test_health_tells_pages_and_repairs() -> None:
    health = _health((PDFS / "xelatex.pdf").read_bytes())
    assert health.pages == 2
    assert health.empty_pages == ()
    assert 0 < health.repaired_lines < 10
    assert health.garbage_share < 0.1
    assert _health((PDFS / "xelatex_english.pdf").read_bytes()).repaired_lines == 0


def test_every_line_that_was_drawn_backwards_counts_as_repaired() -> None:
    assert _health((PDFS / "reportlab_unshaped.pdf").read_bytes()).repaired_lines >= 15


def test_pages_begin_where_they_begin() -> None:
    item = _ours("xelatex")
    first, second = item.page_starts
    assert first == 0
    assert item.text[second:].startswith("ويختلف المسار المصري")


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    item = _item(
        _pdf(["The minister opened the bridge and", "said that it would soon carry"], ["trains from next year."])
    )
    assert item.text == "The minister opened the bridge and said that it would soon carry trains from next year."
    assert item.text[item.page_starts[1] :] == "trains from next year."


def test_a_sentence_that_has_ended_does_not() -> None:
    item = _item(_pdf(["The minister opened the bridge."], ["Trains will use it from next year."]))
    assert item.text == "The minister opened the bridge.\n\nTrains will use it from next year."
    assert item.page_starts == (0, 33)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    text = _ours("xelatex").text
    assert "العدد ٤١٢" not in text
    assert not text.endswith("2")


def test_title_date_and_language_come_from_the_properties() -> None:
    item = _ours("chromium")
    assert item.title == "ثمانية فرق صعود تتخرج في جيبوتي لحراسة خليج عدن"
    assert item.lang == "ar"
    assert item.date is not None
    assert item.date.startswith("20")
    assert item.author is None


def test_a_title_that_is_not_stated_is_what_stands_largest() -> None:
    assert _ours("xelatex").title == "مصر تدعو الشركات الباكستانية إلى معرض EDEX 2025"


def test_a_scan_is_refused_with_the_way_to_read_it() -> None:
    data = (PDFS / "scan.pdf").read_bytes()
    error = _error(data)
    assert error.message == "The PDF has no text, only pictures of it."
    assert "--ocr" in error.hint
    assert _health(data).empty_pages == (1,)


def test_pages_without_text_are_told() -> None:
    assert _health(_pdf(["A page."], [], ["Another page."])).empty_pages == (2,)


def test_a_page_that_cannot_be_read_costs_that_page() -> None:
    skip, item = items(pdf.read, _pdf(["The first page."], ["Lost."], ["The last page."], missing=2))
    assert isinstance(skip, Skip)
    assert isinstance(item, SourceItem)
    assert skip.place == "page 2"
    assert item.text == "The first page.\n\nThe last page."
    assert item.page_starts == (0, 15, 17)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        ("نص عادي".encode(), "The file is no PDF, whatever its name says."),
        (b"%PDF-1.7\n", "The PDF is damaged or cut short."),
        ((PDFS / "xelatex.pdf").read_bytes()[:20_000], "The PDF is damaged or cut short."),
        ((PDFS / "locked.pdf").read_bytes(), "The PDF needs a password."),
    ],
    ids=["empty", "text", "head", "truncated", "locked"],
)
def test_files_that_cannot_be_read_say_why(data: bytes, message: str) -> None:
    error = _error(data)
    assert error.message == message
    assert error.hint


def test_english_is_not_taken_for_anything_else() -> None:
    item = _ours("xelatex_english")
    assert "nothing at all" in item.text  # hyphenated at the end of a line
    assert "al-Janub" in item.text
    assert _health((PDFS / "xelatex_english.pdf").read_bytes()).garbage_share == 0


def test_a_table_of_numbers_is_read() -> None:
    rows = [f"{year} {year * 7 % 911} {year * 3 % 577}" for year in range(2000, 2020)]
    assert "2019" in _item(_pdf(rows)).text
