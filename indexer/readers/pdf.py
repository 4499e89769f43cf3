"""PDFs, above all Arabic ones: one item a file, with its text put together from where the glyphs stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pypdfium2 import PdfDocument, PdfiumError, PdfPage  # type: ignore[import-untyped]

from indexer import garbage
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.glyphs import RTL, rows
from indexer.readers.ocr import OcrFailedError, recognise
from indexer.readers.pdf_document import notes, opened, picture, properties, share_of_pictures
from indexer.readers.pdf_layout import compose
from indexer.readers.pdf_page import Line, lines, note_lines
from search.errors import SourceError

_USE_OCR = "Try --ocr, which reads pictures of pages with Tesseract."
_DPI = 300
# A page with a picture over most of it and no more than a stamp or a scanner's name as text is a scan.
_SCAN_CHARS = 40
_SCAN_AREA = 0.5


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The file as one item; its title is that of its properties, or else what its first page has in the largest type.

    A page that cannot be read, or whose text is garbage, is a `Skip`; with `options.ocr` the picture of a page without
    text or with garbage is read instead. Raises `SourceError` for a file that is no PDF, is damaged, needs a password,
    or has no text that can be used.
    """
    document = opened(stream)
    try:
        found = _Found()
        for number in range(1, len(document) + 1):
            _read_page(document, number, found, ocr=options.ocr)
        about = properties(document)
    finally:
        document.close()
    yield found.health()
    composed = compose(found.pages)
    if not composed.text:
        raise _no_text(found, options)
    yield from found.skips
    yield SourceItem(
        text=composed.text,
        title=next((title for title in (about.title, composed.title) if title and _is_readable(title)), ""),
        lang=about.lang,
        date=about.date,
        author=about.author,
        page_starts=composed.page_starts,
    )


@dataclass(slots=True)
class _Found:
    """What the pages hold, and how they were read."""

    pages: list[list[Line]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    words: int = 0
    garbage: int = 0

    def health(self) -> Health:
        return Health(
            pages=len(self.pages),
            empty_pages=tuple(self.empty),
            garbage_share=self.garbage / self.words if self.words else 0.0,
            repaired_lines=sum(line.repaired for page in self.pages for line in page),
        )


def _read_page(document: PdfDocument, number: int, found: _Found, *, ocr: bool) -> None:
    """Add a page's lines to what was found; a page always adds a list, be it an empty one."""
    found.pages.append([])
    try:
        page = document[number - 1]
        kept, refused = _sorted_out(_lines(page), found)
        found.pages[-1] = kept
        is_scan = not refused and _is_scan(page, kept)
        if ocr and (refused or is_scan):
            found.pages[-1], refused = _with_ocr(page, kept, refused)
        page.close()
    except (PdfiumError, OcrFailedError) as error:
        found.skips.append(Skip(f"page {number}", f"The page cannot be read: {error}"))
        return
    if refused:
        found.skips.append(Skip(f"page {number}", _reason(refused)))
    elif not found.pages[-1] or (is_scan and not ocr):
        found.empty.append(number)


def _lines(page: PdfPage) -> list[Line]:
    text = page.get_textpage()
    return [*lines(rows(text), text.get_text_range()), *(line for note in notes(page) for line in note_lines(note))]


def _sorted_out(page: list[Line], found: _Found) -> tuple[list[Line], list[Line]]:
    """The lines of a page whose words are words, and the others.

    Arabic and Latin script are judged apart: a page's English can be right where its Arabic is garbage.
    """
    kept: list[Line] = []
    refused: list[Line] = []
    for rtl in (True, False):
        chosen = [line for line in page if bool(RTL.search(line.text)) == rtl]
        words, bad = garbage.count(_text(chosen))
        found.words += words
        found.garbage += bad
        (refused if garbage.is_garbage(words, bad) else kept).extend(chosen)
    if garbage.count(_text(kept))[0] < garbage.count(_text(refused))[0]:  # page numbers and scraps
        return [], page
    lost = set(map(id, refused))
    return [line for line in page if id(line) not in lost], refused


def _with_ocr(page: PdfPage, kept: list[Line], refused: list[Line]) -> tuple[list[Line], list[Line]]:
    """A page's lines with those that can be seen where lines were refused, and what is still refused.

    Where nothing is kept, or hardly any text stands on a scan, all that can be seen takes its place.
    """
    seen = recognise(picture(page, dpi=_DPI))
    if kept and refused:
        places = [(line.baseline, line.size) for line in refused]
        seen = [line for line in seen if any(abs(line.baseline - height) < size for height, size in places)]
    if not seen or garbage.is_garbage(*garbage.count(_text(seen))):
        return kept, refused
    return ([*kept, *seen] if refused else seen), []


def _is_scan(page: PdfPage, kept: list[Line]) -> bool:
    letters = sum(len(line.text) for line in kept)
    return not letters or (letters <= _SCAN_CHARS and share_of_pictures(page) > _SCAN_AREA)


def _reason(refused: list[Line]) -> str:
    words, bad = garbage.count(_text(refused))
    return f"{bad} of {words} words in its text layer are none in any language: it holds other letters than it shows."


def _no_text(found: _Found, options: ReadOptions) -> SourceError:
    hint = "Tesseract cannot make out its pages either: leave it out." if options.ocr else _USE_OCR
    if found.skips:
        return SourceError(f"No page can be used. {found.skips[0].reason}", hint=hint)
    return SourceError("The PDF has no text, only pictures of it.", hint=hint)


def _is_readable(title: str) -> bool:
    words, bad = garbage.count(title)
    return 2 * bad <= words


def _text(page: list[Line]) -> str:
    return "\n".join(line.text for line in page)
