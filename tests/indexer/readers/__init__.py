"""The readers, each asked as the build asks it."""

from io import BytesIO
from pathlib import Path

from indexer.formats import Format, detect_format
from indexer.readers import Health, Reader, ReadOptions, Skip, SourceItem

PLAIN = ReadOptions()


def items(read: Reader, data: bytes, options: ReadOptions = PLAIN) -> list[SourceItem | Skip]:
    """What a reader makes of these bytes, without what it says of their state."""
    return [found for found in read(BytesIO(data), options) if not isinstance(found, Health)]


def format_of(path: Path) -> Format:
    """What the file is detected as."""
    with path.open("rb") as stream:
        return detect_format(stream, path.name)
