"""The readers, each asked as the build asks it."""

from io import BytesIO

from indexer.readers import Health, Reader, ReadOptions, Skip, SourceItem

PLAIN = ReadOptions()


def items(read: Reader, data: bytes, options: ReadOptions = PLAIN) -> list[SourceItem | Skip]:
    """What a reader makes of these bytes, without what it says of their state."""
    return [found for found in read(BytesIO(data), options) if not isinstance(found, Health)]
