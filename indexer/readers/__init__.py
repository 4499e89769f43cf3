"""Source files to items of clean text: one module a format, all with one interface.

A reader takes a file that is open for reading bytes, and can be sought in, and yields in the order of the file
`SourceItem`s, `Skip`s for records that it cannot read, and at most one `Health`. A file that it cannot read at all
raises `SourceError`.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from indexer.archives import Budget
from indexer.formats import Format
from search.errors import SourceError

MAX_WHOLE_BYTES = 2**26
"""A file that has to be in memory as a whole, a text or a page, has at most so many bytes: a thick novel takes 2 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """One document as its file tells it.

    `text` has paragraphs apart by an empty line. `lang`, `date` (ISO 8601), `publisher` and `author` are what the file
    says of itself, None where it says nothing; `title` is then empty. `record_id` tells the items of one file apart.
    `page_starts` are the offsets in `text`, in characters, at which each page begins, empty where there are no pages.
    """

    text: str
    title: str = ""
    lang: str | None = None
    date: str | None = None
    publisher: str | None = None
    author: str | None = None
    record_id: str | None = None
    page_starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not read: a `place` in a file, or a file, and the reason for people."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What reading showed of a file's state.

    `format` is told by the content before a reader is chosen, which leaves it out. `encoding` is that of a text file.
    `pages` counts pages, `empty_pages` are the numbers, from 1, of those without text. `garbage_share` is the share,
    0–1, of the text's words that are none in any language. `repaired_lines` counts lines that stood reversed or were
    put right otherwise.
    """

    format: Format | None = None
    encoding: str | None = None
    pages: int = 0
    empty_pages: tuple[int, ...] = ()
    garbage_share: float = 0.0
    repaired_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read: `columns` maps our fields (`title`, `text`, `date`, …) to a table's columns, `ocr` reads scans.

    A file that lies in others, `depth` of them one in another, is read with what they leave it of their `budget`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    ocr: bool = False
    depth: int = 0
    budget: Budget | None = None


Reader = Callable[[BinaryIO, ReadOptions], Iterator[SourceItem | Skip | Health]]


def whole(stream: BinaryIO) -> bytes:
    """All bytes of a file. Raises `SourceError` for one of more than `MAX_WHOLE_BYTES`."""
    data = stream.read(MAX_WHOLE_BYTES + 1)
    if len(data) > MAX_WHOLE_BYTES:
        raise SourceError(
            f"The file is larger than {MAX_WHOLE_BYTES // 2**20} MiB, too large for one document.",
            hint="Split it into the documents that it holds.",
        )
    return data


_MODULES = {
    Format.TXT: "text",
    Format.MARKDOWN: "markdown",
    Format.HTML: "html",
    Format.PDF: "pdf",
    Format.DOCX: "docx",
    Format.ODT: "odt",
    Format.PPTX: "pptx",
    Format.XLSX: "xlsx",
    Format.CSV: "csv_",
    Format.JSONL: "jsonl",
    Format.JSON: "json_",
    Format.EPUB: "epub",
    Format.EML: "eml",
    Format.MBOX: "mbox",
    Format.ZIP: "zip_",
}


def reader_of(format_: Format) -> Reader:
    """The reader for a format. Its module, and the library behind it, is imported when it is first asked for."""
    read: Reader = importlib.import_module(f"indexer.readers.{_MODULES[format_]}").read
    return read
