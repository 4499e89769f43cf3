"""Web pages: the article without its furniture, through trafilatura."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import trafilatura
from trafilatura.settings import Document

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from search.errors import SourceError

_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_LANG = re.compile(r"""<html[^>]*\slang=["']?([\w-]+)""", re.IGNORECASE)


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The page as one item."""
    data = whole(stream)
    declared = _CHARSET.search(data[:4096])
    source, encoding = decode(data, declared=declared[1].decode("ascii") if declared else None)
    yield Health(encoding=encoding)
    page = trafilatura.bare_extraction(source, with_metadata=True, include_comments=False, favor_recall=True)
    if not isinstance(page, Document) or not page.text:
        raise SourceError("The page has no text that could be found.", hint="Save the article itself as .txt or .md.")
    lang = _LANG.search(source[:4096])
    title = (page.title or "").strip()
    yield SourceItem(
        text=page.text.strip().removeprefix(title).strip().replace("\n", "\n\n"),
        title=title,
        lang=lang[1].partition("-")[0].lower() if lang else None,
        date=parse_date(page.date),
        publisher=page.sitename or None,
    )
