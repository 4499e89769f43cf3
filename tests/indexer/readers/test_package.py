"""What may be wrong with a package, asked of each reader that opens one."""

import re
import struct
import time
import tracemalloc
from io import BytesIO
from zipfile import ZIP_LZMA

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers import Health, Reader, SourceItem, docx, epub, odt, package, pptx
from indexer.readers.package import MAX_MARKS, Package, resolve
from search.errors import SourceError
from tests.indexer.readers import PLAIN, items, packages
from tests.indexer.readers.packages import unzipped, zipped

TEXT = "أضرب عمال الشحن ثلاثة أيام"
DOCUMENTS: dict[str, tuple[Reader, bytes, str]] = {
    "docx": (docx.read, packages.word(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"), "word/document.xml"),
    "odt": (odt.read, packages.open_text(f"<office:text><text:p>{TEXT}</text:p></office:text>"), "content.xml"),
    "pptx": (
        pptx.read,
        packages.slides(f"<p:sp><p:txBody><a:p><a:r><a:t>{TEXT}</a:t></a:r></a:p></p:txBody></p:sp>"),
        "ppt/presentation.xml",
    ),
    "epub": (epub.read, packages.epub({"a.xhtml": f"<p>{TEXT}</p>"}), "OEBPS/content.opf"),
}
each_format = pytest.mark.parametrize(("read", "good", "part"), DOCUMENTS.values(), ids=DOCUMENTS)

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def refusal(read: Reader, data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        items(read, data)
    assert caught.value.hint
    return caught.value.message


@each_format
def test_the_documents_are_good(read: Reader, good: bytes, part: str) -> None:
    assert [item.text for item in items(read, good) if isinstance(item, SourceItem)] == [TEXT]


@each_format
def test_files_that_are_something_else(read: Reader, good: bytes, part: str) -> None:
    assert refusal(read, b"") == "The file is empty."
    assert "whatever its name says" in refusal(read, TEXT.encode())
    assert refusal(read, OLE + "EncryptedPackage".encode("utf-16-le")) == "The file needs a password."
    assert "before Office 2007" in refusal(read, OLE + "WordDocument".encode("utf-16-le"))
    assert "is a zip archive, but no" in refusal(read, zipped({"photo.jpg": b"\xff\xd8"}))
    others = [data for reader, data, _ in DOCUMENTS.values() if reader is not read]
    assert all("is a zip archive, but no" in refusal(read, data) for data in others)


@each_format
def test_files_that_are_cut_short(read: Reader, good: bytes, part: str) -> None:
    for length in (3, 4, len(good) // 2, len(good) - 1):
        assert "cut short or damaged" in refusal(read, good[:length])


@each_format
def test_a_part_that_is_missing_empty_or_no_xml(read: Reader, good: bytes, part: str) -> None:
    parts = unzipped(good)
    assert f"{part} is not XML: " in refusal(read, zipped(parts | {part: b""}))
    assert f"{part} is not XML: " in refusal(read, zipped(parts | {part: f"<a>{TEXT}"}))
    del parts[part]
    assert re.search("is missing|is a zip archive, but no", refusal(read, zipped(parts)))


@each_format
def test_entities_are_refused(read: Reader, good: bytes, part: str) -> None:
    tenfold = zip("abcdefgh", "bcdefghi", strict=True)
    laughs = "".join(f'<!ENTITY {later} "{f"&{earlier};" * 10}">' for earlier, later in tenfold)
    bomb = f'<!DOCTYPE x [<!ENTITY a "{TEXT}">{laughs}]><x b="{{}}">{{}}</x>'
    file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
    started = time.process_time()
    for content in (bomb.format("", "&i;"), bomb.format("&i;", ""), file):
        assert part in refusal(read, zipped(unzipped(good) | {part: content}))
    assert time.process_time() - started < 1


@each_format
def test_a_document_type_without_entities_does_no_harm(read: Reader, good: bytes, part: str) -> None:
    content = unzipped(good)[part]
    declaration, root = content.split(b"?>\n", 1) if b"?>" in content else (b'<?xml version="1.0"', content)
    root_name = root[1:].split()[0]
    typed = declaration + b"?><!DOCTYPE " + root_name + b' PUBLIC "-//X//EN" "http://example.invalid/x.dtd">' + root
    assert items(read, zipped(unzipped(good) | {part: typed})) == items(read, good)


def declaring(data: bytes, path: str, *, size: int | None = None, flags: int = 0) -> bytes:
    """The package whose list of contents says this of one of its parts."""
    changed = bytearray(data)
    entry = data.rindex(path.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    changed[entry + 8] |= flags
    changed[data.index(path.encode()) - 30 + 6] |= flags
    if size is not None:
        struct.pack_into("<I", changed, entry + 24, size)
    return bytes(changed)


@each_format
def test_a_part_that_is_too_large(read: Reader, good: bytes, part: str) -> None:
    assert refusal(read, declaring(good, part, size=2**26 + 1)) == f"{part} is too large: 67108865 bytes."


@each_format
def test_more_in_a_part_than_it_declares_is_not_inflated(read: Reader, good: bytes, part: str) -> None:
    bomb = declaring(zipped(unzipped(good) | {part: bytes(2**26)}), part, size=1000)
    tracemalloc.start()
    try:
        assert "damaged: Bad CRC-32" in refusal(read, bomb)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@each_format
def test_all_parts_together_are_bounded(read: Reader, good: bytes, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_PACKAGE_BYTES", 300)
    assert refusal(read, good) == "There are more than 300 bytes of text and markup in it."


@each_format
def test_more_tags_than_memory_holds(read: Reader, good: bytes, part: str) -> None:
    bomb = zipped(unzipped(good) | {part: b"<a>" + b"<a/>" * MAX_MARKS + b"</a>"})
    assert refusal(read, bomb) == f"{part} has more than {MAX_MARKS} tags and attributes."


@each_format
def test_ways_of_packing_that_documents_do_not_use(read: Reader, good: bytes, part: str) -> None:
    assert "is packed in a way" in refusal(read, zipped(unzipped(good), ZIP_LZMA))
    assert refusal(read, declaring(good, part, flags=1)) == "The file needs a password."


@each_format
def test_elements_nested_without_end(read: Reader, good: bytes, part: str) -> None:
    assert "depth" in refusal(read, zipped(unzipped(good) | {part: b"<a>" * 10**5 + b"</a>" * 10**5}))


def test_elements_nested_as_deep_as_is_read() -> None:
    deep = packages.word(f"{'<w:ins>' * 250}<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>{'</w:ins>' * 250}")
    assert packages.paragraphs(docx.read, deep) == [TEXT]


def read_or_refuse(read: Reader, data: bytes) -> None:
    try:
        found = list(read(BytesIO(data), PLAIN))
    except SourceError:
        return
    assert len([one for one in found if isinstance(one, Health)]) <= 1


@given(form=st.sampled_from(list(DOCUMENTS)), where=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(form: str, where: float, byte: int) -> None:
    read, good, _ = DOCUMENTS[form]
    damaged = bytearray(good)
    damaged[int(where * len(good))] = byte
    read_or_refuse(read, bytes(damaged))


@given(form=st.sampled_from(list(DOCUMENTS)), data=st.data())
def test_a_part_with_elements_out_of_place_is_read_or_refused(form: str, data: st.DataObject) -> None:
    """Tags of a document, shuffled: well-formed now and then, and never what the standard has."""
    read, good, _ = DOCUMENTS[form]
    parts = unzipped(good)
    part = data.draw(st.sampled_from(sorted(parts)))
    content = parts[part]
    pieces = content.split(b"<")
    at, to = data.draw(st.tuples(*[st.integers(0, len(pieces) - 1)] * 2))
    pieces[at], pieces[to] = pieces[to], pieces[at]
    read_or_refuse(read, zipped(parts | {part: b"<".join(pieces)}))


@pytest.mark.parametrize(
    ("path", "reference", "found"),
    [
        ("word/document.xml", "media/a.png", "word/media/a.png"),
        ("word/document.xml", "/docProps/core.xml", "docProps/core.xml"),
        ("OEBPS/toc/nav.xhtml", "../text/%D8%A3.xhtml#p", "OEBPS/text/أ.xhtml"),
        ("content.opf", "../../../etc/passwd", "etc/passwd"),
        ("", "word/document.xml", "word/document.xml"),
    ],
)
def test_references(path: str, reference: str, found: str) -> None:
    assert resolve(path, reference) == found


def test_the_case_of_paths_does_not_count() -> None:
    opened = Package(BytesIO(zipped({"Word\\Document.XML": TEXT})), "Word document")
    assert "word/document.xml" in opened
    assert opened.read("word/document.xml").decode() == TEXT
