import shutil
from io import BytesIO
from pathlib import Path

import pytest

from indexer.readers import Health, ReadOptions, SourceItem, ocr, pdf
from search.errors import SourceError
from tests.indexer.readers import items
from tests.indexer.readers.cer import character_error_rate

SCAN = Path(__file__).parent / "pdfs" / "scan.pdf"
OCR = ReadOptions(ocr=True)

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs Tesseract")


@pytest.fixture(autouse=True)
def _forget_the_program() -> None:
    ocr._program.cache_clear()


def _item(data: bytes) -> SourceItem:
    return next(found for found in items(pdf.read, data, OCR) if isinstance(found, SourceItem))


@needs_tesseract
def test_a_scan_is_read_from_its_picture() -> None:
    expected = SCAN.with_suffix(".txt").read_text("utf-8")
    item = _item(SCAN.read_bytes())
    assert character_error_rate(item.text, expected) < 0.08  # Tesseract's own share of mistakes, in figures mostly
    assert item.text.count("\n\n") == expected.strip().count("\n\n")


@needs_tesseract
def test_a_page_that_was_read_is_not_empty() -> None:
    health = next(found for found in pdf.read(BytesIO(SCAN.read_bytes()), OCR) if isinstance(found, Health))
    assert health.empty_pages == ()


@needs_tesseract
def test_a_picture_is_read_where_the_text_layer_is_garbage(shared: Path) -> None:
    item = _item((shared / "documents" / "files" / "docling_right_to_left_02.pdf").read_bytes())
    assert "الحكومة المصرية تضع صوب أعينها خلال المرحلة المقبلة" in item.text
    assert "عييهاوخ" not in item.text


@needs_tesseract
def test_what_tesseract_cannot_make_sense_of_is_refused(shared: Path) -> None:
    """Urdu in Nastaliq, which neither of its two languages is."""
    data = (shared / "documents" / "files" / "pdfjs_issue5874.pdf").read_bytes()
    with pytest.raises(SourceError, match="none in any language"):
        items(pdf.read, data, OCR)


def test_a_missing_tesseract_is_named_with_its_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError) as caught:
        items(pdf.read, SCAN.read_bytes(), OCR)
    assert "Tesseract, which is not installed" in caught.value.message
    assert "tesseract-ocr-ara" in caught.value.hint


def test_missing_arabic_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nprintf 'List of available languages (1):\\neng\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError) as caught:
        items(pdf.read, SCAN.read_bytes(), OCR)
    assert caught.value.message == "Tesseract has no data for ara."
    assert "tesseract-ocr-ara" in caught.value.hint


def test_a_tesseract_that_fails_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\nif [ "$1" = --list-langs ]; then echo ara; echo eng; else echo "out of memory" >&2; exit 1; fi\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="out of memory"):
        items(pdf.read, SCAN.read_bytes(), OCR)
