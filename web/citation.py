"""A passage with where it comes from, as plain text to paste: in the language of its document."""

from search.records import Document, Passage
from web.wording import wording

_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


def citation(document: Document, passage: Passage | None, url: str) -> str:
    """The words of a passage in quotation marks and below them their source, or for no passage the source alone.

    The source is author, title, publisher, day and page, as far as they are known, and the address.
    """
    t = wording(document.lang)
    source = [
        document.author,
        t("cited-title", title=document.title or document.source),
        document.publisher,
        t.day(document.date) if document.date else None,
        t("page", page=passage.page) if passage and passage.page else None,
    ]
    said = [t("cited-passage", passage=" ".join(passage.text.split()))] if passage else []
    lines = [*said, t("list-comma").join(filter(None, source)), url]
    return "\n".join(lines).translate(_ISOLATES)
