"""All documents of an index as JSON lines, which `jisr index` reads again."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from search import store
from search.catalogue import Catalogue
from search.errors import SourceError


def export(index: Path, stream: BinaryIO) -> int:
    """Write what the catalogue has of each document, a line each and in the order of the files; how many there are.

    `source`, the file that a document is from, is called `file`: a reader of tables takes a source for a publisher.
    What is not known is left out. Raises `StoreError` when the index cannot be read.
    """
    count = 0
    for line in _lines(store.current(index)):
        stream.write(line)
        count += 1
    return count


def export_to(index: Path, file: Path) -> int:
    """`export` into a file, which is there in full or, when that fails, as it was."""
    new = file.with_name(f".{file.name}.new")
    try:
        try:
            with new.open("wb") as stream:
                count = export(index, stream)
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(
            f"{file} cannot be written: {error.strerror}.", hint="Name another file with --out."
        ) from error
    return count


def _lines(generation: Path) -> Iterator[bytes]:
    store.Manifest.read(generation)
    with closing(Catalogue(generation / "catalogue.sqlite")) as catalogue:
        for document in catalogue.each_document():
            known = {name: value for name, value in asdict(document).items() if value not in (None, "", ())}
            text, file = known.pop("text"), known.pop("source")
            record = {**known, "file": file, "text": text}
            yield json.dumps(record, ensure_ascii=False).encode() + b"\n"
