"""Files that lie in others, in an archive or in a mail: read like any file, and named by both names."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.archives import MAX_DEPTH, Budget
from indexer.formats import detect_format
from indexer.readers import Health, ReadOptions, Skip, SourceItem, reader_of
from search.errors import SourceError


def inside(options: ReadOptions) -> tuple[ReadOptions, Budget]:
    """How to read what lies in a container that is read with `options`, and the budget that all of it shares.

    Raises `SourceError` for a container that lies too deep in others to be opened.
    """
    if options.depth >= MAX_DEPTH:
        raise SourceError(
            f"It is not opened: {MAX_DEPTH} containers lie one in another around it.", hint="Unpack the outermost."
        )
    budget = options.budget or Budget()
    return replace(options, depth=options.depth + 1, budget=budget), budget


def read_member(stream: BinaryIO, name: str, options: ReadOptions) -> Iterator[SourceItem | Skip]:
    """What the reader for a file of this name and content makes of it."""
    yield from within(name, _read(stream, name, options))


def within(name: str, found: Iterator[SourceItem | Skip | Health]) -> Iterator[SourceItem | Skip]:
    """Items and skips with this name before their own; what stops the reader is a skip of what was left.

    Of the health of what lies in another file, that pages are without text is told, as a skip.
    """
    try:
        for one in found:
            if isinstance(one, SourceItem):
                yield replace(one, record_id=_joined(name, one.record_id))
            elif isinstance(one, Skip):
                yield Skip(_joined(name, one.place), one.reason)
            elif 0 < len(one.empty_pages) < one.pages:
                yield Skip(_joined(name, f"pages {', '.join(map(str, one.empty_pages))}"), "There is no text on them.")
    except SourceError as error:
        yield Skip(name, error.message)
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser stumbles over costs this member, not the others
        yield Skip(name, f"Reading it failed: {type(error).__name__}: {error}")


class Names:
    """Names made distinct: the second ``image.pdf`` is ``image.pdf (2)``."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def distinct(self, name: str) -> str:
        """The name, numbered when it was asked for before."""
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return name if count == 1 else f"{name} ({count})"


def _read(stream: BinaryIO, name: str, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    yield from reader_of(detect_format(stream, name))(stream, options)


def _joined(name: str, inner: str | None) -> str:
    return f"{name}, {inner}" if inner else name
