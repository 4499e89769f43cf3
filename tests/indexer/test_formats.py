"""Which format a file is in, told from real files of each kind and from wrong names."""

import contextlib
import gzip
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats import Format, detect_format
from search.errors import SourceError
from tests.conftest import SEEDS
from tests.indexer.readers import format_of

WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}
SLIDES = {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p:presentation/>"}
SHEETS = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
MAIL = "Return-Path: <desk@example.org>\nFrom: desk@example.org\nSubject: Bread\n\nPrices rose.\n"
PAGE = "<!DOCTYPE html>\n<html lang=ar><body><p>نص</p></body></html>"


def detect(content: bytes | str, name: str = "file") -> Format:
    return detect_format(BytesIO(content.encode() if isinstance(content, str) else content), name)


def packed(members: dict[str, str]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def compound(*streams: str) -> bytes:
    """A compound file whose directory, in its last sector, has these streams."""
    entries = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams)]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(4096, b"\0") + b"".join(entries)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("خبر.txt", Format.TXT),
        ("notes", Format.TXT),
        ("تقرير عام 2024.5", Format.TXT),
        ("README.md", Format.MARKDOWN),
        ("a.b.MARKDOWN", Format.MARKDOWN),
        ("PAGE.HTML", Format.HTML),
        ("page.htm", Format.HTML),
        ("table.csv", Format.CSV),
        ("table.tsv", Format.CSV),
        ("export.xls", Format.CSV),
        ("folder.txt/corpus.jsonl", Format.JSONL),
        ("corpus.ndjson", Format.JSONL),
        ("records.json", Format.JSON),
        ("message.eml", Format.EML),
        ("Inbox.mbox", Format.MBOX),
    ],
)
def test_of_text_the_ending_decides(name: str, expected: Format) -> None:
    assert detect("قالت الوزيرة إن الميناء سيفتح غداً.\n", name) is expected


@pytest.mark.parametrize("name", ["x.txt", "x.pdf", "x.docx", "x", "x.html", "x.jpg"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Format.PDF),
        (b"HTTP/1.1 200 OK\r\n\xff\0\r\n%PDF-1.4\n", Format.PDF),
        (packed(WORD), Format.DOCX),
        (packed(WORD | {"xl/workbook.xml": "embedded"}), Format.DOCX),
        (packed(SLIDES), Format.PPTX),
        (packed(SHEETS), Format.XLSX),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), Format.ODT),
        (packed({"mimetype": "application/epub+zip", "OEBPS/1.xhtml": ""}), Format.EPUB),
        (packed({"META-INF/container.xml": "", "OEBPS/1.xhtml": ""}), Format.EPUB),
        (packed({"word/list.txt": "كلمة"}), Format.ZIP),
        (packed({}), Format.ZIP),
        (PAGE, Format.HTML),
        (f'\ufeff<?xml version="1.0"?>\n<!-- saved -->\n{PAGE}', Format.HTML),
        ("\n <HTML><HEAD><TITLE>x</TITLE></HEAD></HTML>", Format.HTML),
        (PAGE.encode("utf-16"), Format.HTML),
        (MAIL, Format.EML),
        (MAIL.replace("\n", "\r\n"), Format.EML),
        ("From - Tue Jan  2 10:11:12 2024\n" + MAIL, Format.MBOX),
        ("From 17@xxx Sat Jan 06 09:15:00 +0000 2024\r\n" + MAIL, Format.MBOX),
    ],
)
def test_content_goes_before_the_ending(content: bytes | str, expected: Format, name: str) -> None:
    assert detect(content, name) is expected


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ('{"text": "نص"}\n{"text": "آخر"}\n', "corpus.json", Format.JSONL),
        ('{"text": "نص"}\n{"text": "آخر"}\n', "corpus", Format.JSONL),
        ('[\n  {"text": "نص"}\n]', "corpus.json", Format.JSON),
        ('[{"text": "نص"}]', "corpus.jsonl", Format.JSON),
        ('{\n  "text": "نص"\n}', "one.json", Format.JSON),
        ("[1] وثيقة من الأرشيف\n", "note.txt", Format.TXT),
        ("{ملاحظة} لم تُنشر\n", "note.txt", Format.TXT),
        ('{"text": "' + "نص " * 40_000, "long.jsonl", Format.JSONL),
    ],
)
def test_json_by_its_lines(content: str, name: str, expected: Format) -> None:
    assert detect(content, name) is expected


@pytest.mark.parametrize(
    "text",
    [
        "From the port of Tartus, 12 ships left in 2024.\nMore: later.\n",
        "Date: Monday\nFrom: Cairo\n\nThe minister said so.\n",
        "Note: one header is none\n",
        "A PDF file says it: %PDF-1.4 is how such a file begins.\n",
        "MZ is what programs begin with, and OTTO is a name, as ID3 tags of songs know, and more of the same.\n",
        "تنبيه: هذا نص\nالمصدر: الميناء\n",
    ],
)
def test_prose_that_only_begins_like_something_else(text: str) -> None:
    assert detect(text, "note.txt") is Format.TXT


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("shift", range(4))
def test_text_longer_than_what_is_looked_at(encoding: str, shift: int) -> None:
    text = "x" * shift + "خرجت الباخرة من الميناء 😀 ".replace("😀", "😀" if encoding.startswith("utf") else "") * 4000
    assert detect(text.encode(encoding), "long") is Format.TXT


def _image() -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(b"\0" * 100)


def _tar() -> bytes:
    target = BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return target.getvalue()


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE news (title TEXT)")
    return connection.serialize()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (_image(), "It is a PNG image, which is not read: add the PDF of the scan."),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "It is a JPEG image, which is not read: add the PDF of the scan."),
        (b"\0\0\0\x20ftypisom", "It is an MP4 video or sound file, which is not read."),
        (b"MZ\x90\0\3\0\0\0", "It is a program, which is not read."),
        (_database(), "It is an SQLite database, which is not read: export its table as .csv or .jsonl."),
        (gzip.compress(b"text"), "It is a compressed file, which is not read: unpack it."),
        (_tar(), "It is a tar archive, which is not read: unpack it."),
        (rb"{\rtf1\ansi\ansicpg1256", "It is an RTF document, which is not read: save it as .docx."),
        (compound("WordDocument"), "It is an old Word document (.doc), which is not read: save it as .docx."),
        (compound("Workbook"), "It is an old Excel workbook (.xls), which is not read: save it as .xlsx."),
        (
            compound("EncryptionInfo", "EncryptedPackage"),
            "It is an Office document that needs a password, which is not read: save it without one.",
        ),
        (compound("Anything"), "It is an old Office document, which is not read: save it in a format of today"),
        (packed(SHEETS | {"xl/workbook.bin": ""}), "It is a binary Excel workbook (.xlsb), which is not read"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "It is an OpenDocument spreadsheet, which is not read",
        ),
        (packed(WORD)[:60], "The file begins as a zip archive and has no list of its members"),
        (bytes(range(256)), "It is neither text nor in any other format that is read."),
    ],
)
def test_what_is_not_read_is_told_by_what_it_looks_like(content: bytes, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        detect(content, "letter.docx")
    assert caught.value.message.startswith(said)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("style.css", "body { direction: rtl }", "Files ending in '.css' hold text, but no documents."),
        ("feed.xml", "<?xml version='1.0'?><rss/>", "Files ending in '.xml' hold text, but no documents."),
        ("feed", "<?xml version='1.0'?><rss/>", "It is XML of a kind that is not read."),
    ],
)
def test_text_that_is_no_document(name: str, content: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        detect(content, name)
    assert caught.value.message == said


def test_a_document_that_would_not_stop_unpacking() -> None:
    with pytest.raises(SourceError, match=r"Unpacked, the file takes 32 MiB: no document does\."):
        detect(packed(WORD | {"word/media/zeros": "\0" * 2**25}))


def test_an_archive_whose_list_alone_is_too_long() -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 2**26, 22, 0)
    with pytest.raises(SourceError, match="list of members alone takes more than 32 MiB"):
        detect(b"PK\3\4" + end)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2**20, 2**20, 2**27, 4)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 4, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with pytest.raises(SourceError, match="list of members alone takes more than 32 MiB"):
        detect(b"PK\3\4" + record + locator + end)


def test_the_stream_is_left_at_its_start() -> None:
    for content in (b"text", packed(WORD), _image()):
        stream = BytesIO(content)
        stream.seek(3)
        with contextlib.suppress(SourceError):
            detect_format(stream, "x")
        assert stream.tell() == 0


def test_the_seeds() -> None:
    formats = {".txt": Format.TXT, ".md": Format.MARKDOWN, ".html": Format.HTML, ".jsonl": Format.JSONL}
    for path in (SEEDS / "documents").rglob("*.*"):
        assert format_of(path) is formats[path.suffix], path


def test_the_shared_documents(shared: Path) -> None:
    for path in (shared / "documents" / "files").rglob("*.*"):
        assert format_of(path).value == path.suffix.lower()[1:], path


@given(st.binary(max_size=400) | st.sampled_from([packed(WORD), compound("Book"), MAIL.encode()]), st.data())
def test_any_bytes_are_detected_or_refused(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    with contextlib.suppress(SourceError):
        assert detect(content[:cut], "x.docx") in Format
