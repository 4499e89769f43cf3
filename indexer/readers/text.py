"""Plain text in any encoding, with or without a YAML front matter."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

import yaml  # type: ignore[import-untyped]
from frontmatter.default_handlers import YAMLHandler

from indexer.dates import parse_date
from indexer.decoding import decode
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from indexer.readers.metadata import first
from search.errors import SourceError

_FRONT_MATTER = YAMLHandler()


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The file as one item, with what its front matter says."""
    text, encoding = decode(whole(stream))
    yield Health(encoding=encoding)
    yield with_front_matter(text)


def with_front_matter(text: str) -> SourceItem:
    """Text and what a YAML block between ``---`` lines at its head says. Raises `SourceError` when that is broken."""
    metadata, body = _parts(text.strip())
    return SourceItem(
        text=body.strip(),
        title=first(metadata, "title") or "",
        lang=first(metadata, "lang", "language"),
        date=parse_date(metadata.get("date")),
        publisher=first(metadata, "source", "publisher"),
    )


def _parts(text: str) -> tuple[Mapping[str, object], str]:
    """What the front matter says, and the text after it; where there is none, nothing and all of the text."""
    if not _FRONT_MATTER.detect(text):
        return {}, text
    try:
        block, body = _FRONT_MATTER.split(text)
    except ValueError:  # the block has no end
        return {}, text
    try:
        # Not libyaml, which is the default: it takes the process down when lists are nested deep enough.
        metadata = _FRONT_MATTER.load(block, Loader=yaml.SafeLoader) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise SourceError(
            f"The front matter is not YAML: {reason}", hint="Correct the lines between the --- lines."
        ) from error
    return (metadata, body) if isinstance(metadata, dict) else ({}, text)
