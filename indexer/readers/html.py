"""Web pages: the article and what the page says of itself, through trafilatura.

What trafilatura leaves of the page's furniture is for indexer/cleaning.py.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import trafilatura
from trafilatura.settings import Document

from indexer.blocks import blocks, words
from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.furniture import mark
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from search.errors import SourceError

_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_LANG = (
    re.compile(r"""<html[^>]{0,2000}\slang=["']?([\w-]+)""", re.IGNORECASE),
    re.compile(r"""<meta[^>]{1,200}og:locale["'][^>]{1,200}content=["']([\w-]+)""", re.IGNORECASE),
    re.compile(r'"inLanguage"\s*:\s*"([\w-]+)"'),
)
# What an element, not only <meta>, says in RDFa or microdata (dc:date, schema.org). trafilatura goes by the dates that
# stand in the page before that; told to search extensively, it takes another story's for an article that has none.
_PUBLISHED = re.compile(
    r"""\b(?:property|itemprop)=["'](?:dc:date|dcterms:(?:date|created|issued)|(?:schema:)?datePublished)["']"""
    r"""[^>]{0,500}?\b(?:content|datetime)=["']([^"']+)""",
    re.IGNORECASE,
)
_DATE = {"extensive_search": False, "original_date": True}
_LAYOUT_ROW = re.compile(r"^\| .{200}", re.MULTILINE)  # a table that holds an article, not figures
_LITTLE_CHARS = 250
_MUCH_MORE = 3


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The page as one item."""
    data = whole(stream)
    declared = _CHARSET.search(data[:4096])
    source, encoding = decode(data, declared=declared[1].decode("ascii") if declared else None)
    yield Health(encoding=encoding)
    page = trafilatura.bare_extraction(
        source, with_metadata=True, include_comments=False, favor_recall=True, date_extraction_params=_DATE
    )
    if not isinstance(page, Document):
        page = Document()
    text = _text(source, page.text or "")
    if all(mark(block.text) for block in blocks(text)):
        raise SourceError("The page has no text that could be found.", hint="Save the article itself as .txt or .md.")
    title = _title(page)
    published = _PUBLISHED.search(source)
    yield SourceItem(
        text=_without_title(text, title).replace("\n", "\n\n"),
        title=title,
        lang=_lang(source),
        date=parse_date(published[1] if published else None) or parse_date(page.date),
        publisher=page.sitename or None,
        author=page.author or None,
    )


def _text(source: str, extracted: str) -> str:
    """The article's lines. Where trafilatura found hardly any, or a table that lays out the page: all that is text."""
    if len(extracted) < _LITTLE_CHARS or _LAYOUT_ROW.search(extracted):
        _, everything, _ = trafilatura.baseline(source)
        if len(everything) > _MUCH_MORE * len(extracted) or _LAYOUT_ROW.search(extracted):
            extracted = everything
    return "\n".join(filter(None, map(_line, extracted.splitlines())))


def _line(line: str) -> str:
    """A line without the bars at the ends of a table's row, and nothing of the rule below its head."""
    if not line.startswith("|"):
        return line.strip()
    return line.strip("| ").replace("\\|", "|") if line.strip("|-") else ""


def _title(page: Document) -> str:
    """The title without the site's name, which many pages put behind it."""
    title = (page.title or "").strip()
    return re.sub(rf"\s*[|–—-]\s*{re.escape(page.sitename)}$", "", title) if page.sitename else title


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if rest and words(first) == words(title) else text


def _lang(source: str) -> str | None:
    head = source[: 2**16]
    found = next((match for match in (said.search(head) for said in _LANG) if match), None)
    return re.split("[-_]", found[1])[0].lower() if found else None
