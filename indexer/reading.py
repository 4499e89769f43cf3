"""One source file to what it holds: whatever is wrong with it becomes a `Skip`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from indexer.formats import detect_format
from indexer.readers import Health, ReadOptions, Skip, SourceItem, reader_of
from search.errors import SourceError


def read_items(path: Path, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """What a file holds, in its order, and at the end its health.

    What cannot be read is among it as `Skip`; all items have text. Nothing is raised but `MemoryError`, which leaves a
    process that should go no further.
    """
    health = Health()
    try:
        with path.open("rb") as stream:
            format_ = detect_format(stream, path.name)
            health = Health(format=format_)
            for found in reader_of(format_)(stream, options):
                if isinstance(found, Health):
                    health = replace(found, format=format_)
                elif isinstance(found, SourceItem) and not found.text.strip():
                    yield Skip(found.record_id or "", "There is no text in it.")
                else:
                    yield found
    except SourceError as error:
        yield Skip("", error.message)
    except OSError as error:
        yield Skip("", f"{error.strerror}.")
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser stumbles over costs this file, not the build
        yield Skip("", f"Reading it failed: {type(error).__name__}: {error}")
    yield health
