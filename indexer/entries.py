"""One item of a source file to the document that it is without furniture, and that to passages."""

import hashlib
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from indexer.bylines import author_of
from indexer.cleaning import Cleaned, Removed, clean, untouched
from indexer.dates import find_date, parse_date
from indexer.furniture import Reason
from indexer.headline import headline
from indexer.passages import Splitter
from indexer.readers import SourceItem
from search.language import detect
from search.records import Document, Passage

_TITLE_CHARS = 80
_HOST = re.compile(r"https?://([^/:?#\s]+)")


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its id and the file that it is from, relative to the folder that was indexed."""

    doc_id: str
    source: str
    item: SourceItem


@dataclass(frozen=True, slots=True)
class Entry:
    """A document, and what was taken away from its item."""

    document: Document
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage, and what the encoder reads for it."""

    passage: Passage
    input: str


def document_id(path: Path, item: SourceItem) -> str:
    """An id that stays the same as long as the file keeps its place, and the record its id."""
    return hashlib.blake2b(f"{path}\0{item.record_id or ''}".encode(), digest_size=8).hexdigest()


def site_of(path: Path, item: SourceItem) -> str:
    """Whose lines an item repeats: its publisher's where one is named, else its web host's.

    Where neither is known, the items of a file of many have one site, and the files of a folder.
    """
    if item.publisher:
        return " ".join(item.publisher.casefold().split())
    host = _HOST.match(item.record_id or "")
    if host:
        return host[1].lower()
    return str(path.parent if item.record_id is None else path)


def entry(stored: StoredItem, repeated: Set[bytes] = frozenset()) -> Entry | None:
    """The document that an item is, None for one that is nothing but furniture.

    `repeated` are hashes of its site's lines. What the file says of itself comes before what its text says.
    """
    item = stored.item
    cleaned = untouched(item.text) if item.page_starts else clean(item.text, title=item.title, repeated=repeated)
    if not cleaned.text:
        return None
    lang = detect(cleaned.text, declared=item.lang)
    document = Document(
        doc_id=stored.doc_id,
        title=_title(item.title, cleaned.text) or _opening(cleaned.text),
        lang=lang,
        date=item.date or _date(cleaned, lang),
        source=stored.source,
        publisher=item.publisher,
        author=item.author or _author(cleaned),
        record_id=item.record_id,
        text=cleaned.text,
        page_starts=tuple(map(cleaned.moved, item.page_starts)),
    )
    return Entry(document, cleaned.removed)


def pieces(document: Document, told_title: str, splitter: Splitter) -> Iterator[Piece]:
    """The passages of a document; `told_title` is what its file says that it is called, if anything."""
    title = _title(told_title, document.text)
    for number, span in enumerate(splitter.split(document.text, document.lang, title)):
        text = document.text[span.start : span.end]
        passage = Passage(
            passage_id=f"{document.doc_id}-{number:04d}",
            doc_id=document.doc_id,
            lang=detect(text, declared=document.lang),
            text=text,
            start=span.start,
            end=span.end,
            page=document.page_of(span.start),
        )
        yield Piece(passage, splitter.encoder_input(text, title))


def _title(told: str, text: str) -> str:
    """The title, as told or as the text has it; one that is all of the text would say everything twice."""
    found = told or headline(text)
    return found if told or found != text.strip() else ""


def _opening(text: str) -> str:
    """The first words, for a document without a title."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _TITLE_CHARS else f"{line[:_TITLE_CHARS].rpartition(' ')[0] or line[:_TITLE_CHARS]}…"


def _date(cleaned: Cleaned, lang: str) -> str | None:
    above = [line.text for line in cleaned.removed if line.reason in (Reason.DATE, Reason.BYLINE)]
    found = find_date("\n".join(above), lang=lang) or find_date(cleaned.text, lang=lang)
    return found or next(filter(None, map(parse_date, above)), None)


def _author(cleaned: Cleaned) -> str | None:
    bylines = (line.text for line in cleaned.removed if line.reason is Reason.BYLINE)
    return next(filter(None, map(author_of, bylines)), None)
