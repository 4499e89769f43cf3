"""Web pages: the article without its furniture, through trafilatura."""

import re
from collections.abc import Iterator

import trafilatura
from trafilatura.settings import Document

from indexer.decoding import decode
from indexer.readers import Skip, SourceItem
from indexer.readers.metadata import iso_date
from search.errors import SourceError

_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_LANG = re.compile(r"""<html[^>]*\slang=["']?([\w-]+)""", re.IGNORECASE)


def read(data: bytes) -> Iterator[SourceItem | Skip]:
    """The page as one item."""
    declared = _CHARSET.search(data[:4096])
    source, _ = decode(data, declared=declared[1].decode("ascii") if declared else None)
    page = trafilatura.bare_extraction(source, with_metadata=True, include_comments=False, favor_recall=True)
    if not isinstance(page, Document) or not page.text:
        raise SourceError("The page has no text that could be found.", hint="Save the article itself as .txt or .md.")
    lang = _LANG.search(source[:4096])
    title = (page.title or "").strip()
    yield SourceItem(
        text=page.text.strip().removeprefix(title).strip().replace("\n", "\n\n"),
        title=title,
        lang=lang[1].partition("-")[0].lower() if lang else None,
        date=iso_date(page.date),
        publisher=page.sitename or None,
    )
