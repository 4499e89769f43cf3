"""Source files to items of clean text: one module a format, all with one interface.

A reader takes the bytes of a file and yields, in the order of the file, `SourceItem`s and, for records that it cannot
read, `Skip`s. A file that it cannot read at all raises `SourceError`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from search.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """One document as its file tells it.

    `text` has paragraphs apart by an empty line. `lang`, `date` (ISO 8601) and `publisher` are what the file says of
    itself, None where it says nothing; `title` is then empty.
    """

    text: str
    title: str = ""
    lang: str | None = None
    date: str | None = None
    publisher: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not read: a `place` in a file, or a file, and the reason for people."""

    place: str
    reason: str


Reader = Callable[[bytes], Iterator[SourceItem | Skip]]


def reader_of(path: PurePath) -> Reader:
    """The reader for a file, by the ending of its name. Raises `SourceError` when there is none."""
    from indexer.readers import html, jsonl, markdown, text

    readers: dict[str, Reader] = {
        ".txt": text.read,
        ".md": markdown.read,
        ".markdown": markdown.read,
        ".html": html.read,
        ".htm": html.read,
        ".jsonl": jsonl.read,
    }
    try:
        return readers[path.suffix.lower()]
    except KeyError:
        raise SourceError(
            f"Files ending in {path.suffix!r} are not read."
            if path.suffix
            else "Files without an ending are not read.",
            hint=f"Jisr reads {', '.join(readers)}.",
        ) from None
