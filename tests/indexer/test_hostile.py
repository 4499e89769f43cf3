"""A folder as nobody would wish it: it is indexed to the end, in bounded memory, and each problem is named once."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from indexer.formats import Format
from indexer.readers import _MODULES
from search import store
from search.catalogue import Catalogue
from tests.conftest import REPOSITORY
from tests.indexer.readers.packages import epub, open_text, slides, unzipped, word, zipped

ARABIC = "وصلت سفينة المساعدات إلى الميناء صباح اليوم بعد رحلة استغرقت تسعة أيام."
ENGLISH = "The aid ship reached the port this morning after a voyage of nine days."
PAGE = f"<html lang=ar><head><title>السفينة</title></head><body><article><p>{ARABIC}</p><p>{ARABIC}</p></article>"
CHAPTER = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{ARABIC}</p></body></html>'
MAIL = (
    "From: port@example.org\nTo: desk@example.org\nSubject: Arrival\nMessage-ID: <1@example.org>\n"
    f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{ENGLISH}\n"
)
MAX_MIB = 700
PDFS = Path(__file__).parent / "readers" / "pdfs"

PROGRAM = """
import json, re, resource, sys
from dataclasses import asdict
from pathlib import Path
from indexer.build import build
from search.settings import Late, Settings
summary = build([Path(sys.argv[1])], Settings.load(index=sys.argv[2], late=Late.OFF))
own_kib = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
readers_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([asdict(summary), [own_kib // 1024, readers_kib // 1024]]))
"""


def office(package: bytes) -> bytes:
    """The package as programs write it, with the part that tells it from any other zip file."""
    return zipped({"[Content_Types].xml": "<Types/>", **unzipped(package)})


def workbook() -> bytes:
    book, stream = openpyxl.Workbook(), BytesIO()
    for row in (("title", "text"), ("السفينة", ARABIC)):
        book.worksheets[0].append(row)
    book.save(stream)
    return stream.getvalue()


def encrypted(archive: bytes) -> bytes:
    """The archive with the mark of protection on its member (APPNOTE 4.4.4, bit 0)."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def bomb() -> bytes:
    return zipped({"zeros.txt": b"0" * 60 * 2**20})


def nested(depth: int) -> bytes:
    data = zipped({"اليوم.txt": ARABIC})
    for number in range(depth):
        data = zipped({f"{number}.zip": data})
    return data


def samples() -> dict[str, bytes]:
    """A good file of every format that is read; those that are cut short by half cannot be read."""
    return {
        "txt": ARABIC.encode(),
        "md": f"# السفينة\n\n{ARABIC}".encode(),
        "html": f"{PAGE}</body></html>".encode(),
        "docx": office(word(f"<w:p><w:r><w:t>{ARABIC}</w:t></w:r></w:p>")),
        "odt": open_text(f"<office:text><text:p>{ARABIC}</text:p></office:text>"),
        "pptx": office(slides(f"<p:sp><p:txBody><a:p><a:r><a:t>{ARABIC}</a:t></a:r></a:p></p:txBody></p:sp>")),
        "xlsx": workbook(),
        "csv": f"title,text\nالسفينة,{ARABIC}\nShip,{ENGLISH}\n".encode(),
        "jsonl": f'{{"_id": "a", "text": "{ARABIC}"}}\n{{"_id": "b", "text": "{ENGLISH}"}}\n'.encode(),
        "json": json.dumps([{"text": ARABIC}, {"text": ENGLISH}], ensure_ascii=False).encode(),
        "epub": epub({"c.xhtml": CHAPTER}),
        "eml": MAIL.encode(),
        "mbox": f"From port@example.org Sat Jan  6 09:15:00 2024\n{MAIL}".encode(),
        "pdf": (PDFS / "reportlab.pdf").read_bytes(),
        "zip": zipped({"خبر.txt": ARABIC}),
    }


PACKED = ("docx", "odt", "pptx", "xlsx", "epub", "zip")


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def fill(folder: Path) -> None:
    good = samples()
    write(folder / "good", {f"خبر.{ending}": data for ending, data in good.items()})
    write(folder / "empty", {f"{ending}.{ending}": b"" for ending in good})
    write(folder / "cut", {f"{ending}.{ending}": good[ending][: len(good[ending]) // 2] for ending in PACKED})
    write(folder / "cut", {"jsonl.jsonl": good["jsonl"][:-20], "json.json": good["json"][:-20]})
    write(
        folder / "wrong",
        {
            "page.docx": good["html"],
            "word.txt": good["docx"],
            "mail.html": good["eml"],
            "text.xlsx": good["csv"],
            "photo.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "program.md": b"\x7fELF\2\1\1" + bytes(64),
        },
    )
    write(folder / "pdf", {"locked.pdf": (PDFS / "locked.pdf").read_bytes(), "cut.pdf": good["pdf"][:3000]})
    write(
        folder / "zip",
        {
            "bomb.zip": bomb(),
            "deep.zip": nested(5),
            "locked.zip": encrypted(good["zip"]),
            "outside.zip": zipped({"../../outside.txt": ARABIC}),
        },
    )
    write(
        folder / "html",
        {
            "scripts.html": b"<html><body><script>for(;;){alert('menu')}</script><script src=x></script></body></html>",
            "both.html": good["html"].replace(b"<article>", b"<script>alert('menu')</script><article>"),
            "deep.html": b"<html><body>" + b"<div>" * 100_000 + ENGLISH.encode(),
        },
    )
    write(
        folder / "names",
        {"سطر\nثانٍ.txt": ARABIC.encode(), "\x1b[31mأحمر.png": b"\x89PNG\r\n\x1a\n", "%00 *?.txt": b"ok"},
    )
    write(folder / "/".join("طبقة" for _ in range(150)), {"عميق.txt": ARABIC.encode()})
    links(folder / "links")
    large(folder / "large")


def links(folder: Path) -> None:
    folder.mkdir()
    (folder / "again").symlink_to(folder)
    (folder / "up").symlink_to(folder.parent)
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    (folder / "nowhere.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.txt")


def large(folder: Path) -> None:
    """Files that take no room on the disk: nothing but zeros, and, of 2 GB, an article before the zeros."""
    folder.mkdir()
    write(folder, {"zeros.txt": b"", "ذيل.txt": f"{ARABIC}\n\n".encode() * 2000})
    os.truncate(folder / "zeros.txt", 2**27)
    os.truncate(folder / "ذيل.txt", 2**31)


REASONS = {
    **{f"empty/{ending}.{ending}": r"The file is empty\." for ending in samples()},
    **{f"cut/{ending}.{ending}": "cut short or damaged" for ending in PACKED},
    "cut/jsonl.jsonl, line 2": "The line is not JSON",
    "cut/json.json, record 2": "From here on the file cannot be read as JSON",
    "wrong/photo.txt": "PNG image",
    "wrong/program.md": "It is a program",
    "zip/bomb.zip, zeros.txt": "It unpacks to more than 1,000 times its size",
    "zip/deep.zip, 4.zip, 3.zip, 2.zip": "It is not opened",
    "zip/locked.zip, خبر.txt": "It needs a password",
    "pdf/locked.pdf": "The PDF needs a password",
    "pdf/cut.pdf": "damaged",
    "html/scripts.html": "The page has no text",
    "html/deep.html": "The page has no text",
    "names/\x1b[31mأحمر.png": "PNG image",
    "links/itself.txt": "Too many levels of symbolic links",
    "links/nowhere.txt": "No such file or directory",
    "links/pipe.txt": "It is a pipe",
    "large/zeros.txt": "neither text nor in any other format",
    "large/ذيل.txt": "larger than 64 MiB",
}


@dataclass(frozen=True)
class Indexed:
    summary: dict[str, object]
    skipped: dict[str, str]
    peaks_mib: list[int]
    index: Path


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    home = tmp_path_factory.mktemp("hostile")
    fill(home / "folder")
    command = [sys.executable, "-c", PROGRAM, str(home / "folder"), str(home / "index")]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    summary, peaks = json.loads(done.stdout)
    places = [skip["place"] for skip in summary["skipped"]]
    assert len(places) == len(set(places))
    yield Indexed(summary, {skip["place"]: skip["reason"] for skip in summary["skipped"]}, peaks, home / "index")
    subprocess.run(["rm", "-rf", home], check=True)  # noqa: S607


def test_every_problem_is_named_once_and_nothing_else(indexed: Indexed) -> None:
    assert indexed.skipped.keys() == REASONS.keys()
    for place, reason in REASONS.items():
        assert re.search(reason, indexed.skipped[place]), (place, indexed.skipped[place])


def test_what_can_be_read_is_in_the_index(indexed: Indexed) -> None:
    catalogue = Catalogue(store.current(indexed.index) / "catalogue.sqlite")
    documents = {document.source: document for document in catalogue.each_document()}
    assert {f"good/خبر.{ending}" for ending in samples()} <= documents.keys()
    assert {"cut/jsonl.jsonl", "cut/json.json", "zip/outside.zip", "html/both.html"} <= documents.keys()
    assert {f"wrong/{name}" for name in ("page.docx", "word.txt", "mail.html", "text.xlsx")} <= documents.keys()
    assert {"names/سطر\nثانٍ.txt", "names/%00 *?.txt"} <= documents.keys()
    assert any(source.endswith("طبقة/عميق.txt") for source in documents)
    assert not any(source.startswith("links/") for source in documents)
    assert not any("alert" in document.text for document in documents.values())


def test_memory_is_bounded(indexed: Indexed) -> None:
    """A process's own peak is not asked of getrusage, where that of the process before it counts, too."""
    assert max(indexed.peaks_mib) < MAX_MIB


def test_every_format_has_a_sample() -> None:
    read = {format_ for format_ in Format if importlib.util.find_spec(f"indexer.readers.{_MODULES[format_]}")}
    assert read == {Format(ending.replace("md", "markdown")) for ending in samples()}
