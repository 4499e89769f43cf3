"""What a PDF says beside the text of its pages: its properties, and for each page its notes and its picture."""

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from indexer.dates import parse_date
from search.errors import SourceError

# What programs put there by themselves: a file's name, the program's, the computer's.
_NO_TITLE = re.compile(
    r"\W*|untitled.*|microsoft (word|powerpoint|excel)\b.*|powerpoint presentation"
    r"|(document|slide|scan|مستند|عرض)\W*\d*"
    r"|.*\.(pdf|docx?|pptx?|xlsx?|indd|qxd|pages|rtf|txt|odt|html?|tmp)|(بدون|بلا) عنوان.*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"\W*|anonymous|unknown|(admin|user|owner|pc|hp|dell|acer|asus|lenovo|toshiba)\w*\W*\d*", re.IGNORECASE
)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself: `title` is "" and the others are None where that is nothing sensible."""

    title: str
    author: str | None
    date: str | None
    lang: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """Text typed onto a page afterwards, and the rectangle that shows it, in points from the page's left and foot."""

    text: str
    left: float
    right: float
    foot: float
    top: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey, as a PGM file, with so many pixels to a point."""

    pgm: bytes
    scale: float
    page_height: float


def opened(stream: BinaryIO) -> PdfDocument:
    """The document in a file. Raises `SourceError` for one that is empty, damaged, locked, or no PDF."""
    head = stream.read(1024)
    stream.seek(0)
    if not head.strip():
        raise SourceError("The file is empty.", hint="Leave it out, or fetch it again.")
    try:
        return PdfDocument(stream)
    except PdfiumError as error:
        raise _reason(error, head) from error


def properties(document: PdfDocument) -> Properties:
    """What a document says of itself, without what programs fill in where people say nothing."""
    title, author = (" ".join(document.get_metadata_value(name).split()) for name in ("Title", "Author"))
    date = _DATE.match(document.get_metadata_value("CreationDate"))
    lang = _string(lambda buffer, size: pdfium.FPDFCatalog_GetLanguage(document, buffer, size)).strip()
    return Properties(
        title="" if _NO_TITLE.fullmatch(title) or _is_mojibake(title) else title,
        author=None if _NO_AUTHOR.fullmatch(author) or _is_mojibake(author) else author,
        date=parse_date("-".join(date.groups())) if date else None,
        lang=lang or None,
    )


def notes(page: PdfPage) -> Iterator[Note]:
    """The free text annotations of a page, which pdfium does not count as its text."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FREETEXT:
                yield _note(annotation)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def picture(page: PdfPage, *, dpi: int) -> Picture:
    """A page as it is seen, with fewer dots to the inch where it is very large."""
    width, height = page.get_size()
    scale = min(dpi / 72, (_MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
    return Picture(b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + rows.tobytes(), scale, height)


def share_of_pictures(page: PdfPage) -> float:
    """How much of a page its largest picture covers, 0–1 or more."""
    bounds = [image.get_bounds() for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])]
    areas = [(right - left) * (top - foot) for left, foot, right, top in bounds]
    return float(max(areas, default=0.0) / (page.get_width() * page.get_height()))


def _reason(error: PdfiumError, head: bytes) -> SourceError:
    if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return SourceError("The PDF needs a password.", hint="Save a copy without one, and index that.")
    if b"%PDF-" not in head:
        return SourceError("The file is no PDF, whatever its name says.", hint="Give it its right ending.")
    return SourceError("The PDF is damaged or cut short.", hint="Fetch it again, or print it to a new PDF.")


def _note(annotation: Any) -> Note:
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, box)
    text = _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    return Note(text.replace("\r\n", "\n").replace("\r", "\n"), box.left, box.right, box.bottom, box.top)


def _string(ask: Callable[[Any, int], int]) -> str:
    """What pdfium writes in UTF-16 to a buffer: asked with none it says how large that has to be."""
    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    ask(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[:size].decode("utf-16-le", "ignore").rstrip("\0")


def _is_mojibake(text: str) -> bool:
    """Whether Arabic was written in the bytes of another code page, or lost."""
    strange = sum("\x80" <= character <= "\xff" or character in "\ufffd?" for character in text)
    return 2 * strange > len(text)
