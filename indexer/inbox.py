"""The folder where documents lie that were handed in by themselves: a JSON file each, which a build reads like any.

    INDEX/inbox/NAME.json

A file is on the disk for good before `put` returns. That folder is a part of the index's folder, yet it is a source
like others: whoever starts over without it has its documents back by indexing it again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from indexer.entries import document_id
from indexer.known import KnownFile
from indexer.readers import SourceItem
from search.errors import StoreError
from search.submissions import Submission

FOLDER = "inbox"


class Inbox:
    """Writing access to the inbox of an index. May be used by several threads."""

    def __init__(self, index: Path) -> None:
        self.folder = index.resolve() / FOLDER

    def put(self, submission: Submission) -> str:
        """Keeps a document, in the place of an earlier one of the same id; its `doc_id` once it is indexed.

        Raises `StoreError` when there is no room for it.
        """
        record_id = submission.record_id or _digest(json.dumps(asdict(submission), sort_keys=True))
        path = self.folder / _name(record_id)
        fields = asdict(submission) | {"id": record_id, "record_id": None}
        text = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, text)
        except OSError as error:
            raise StoreError(
                f"The document cannot be kept in {self.folder}: {error.strerror}.", hint="Make room on its disk."
            ) from error
        return _doc_id(path, record_id)

    def take(self, path: Path) -> None:
        """Takes a document out, by its file."""
        path.unlink(missing_ok=True)
        _sync(self.folder)

    def find(self, doc_id: str) -> Path | None:
        """The file of a document that no index may know yet; looks into every file."""
        return next((path for path in self._files() if _doc_id(path, _record_id(path)) == doc_id), None)

    def is_ahead_of(self, known: Iterable[KnownFile]) -> bool:
        """Whether it holds other files than an index knows, or files in another state."""
        held = {(path, state.st_size, state.st_mtime_ns) for path in self._files() for state in (path.stat(),)}
        return held != {(file.path, file.size, file.mtime_ns) for file in known if file.path.parent == self.folder}

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.glob("*.json") if not path.name.startswith("."))


def _name(record_id: str) -> str:
    return f"{_digest(record_id)}.json"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _doc_id(path: Path, record_id: str) -> str:
    return document_id(path, SourceItem(text="", record_id=record_id))


def _record_id(path: Path) -> str:
    try:
        return str(json.loads(path.read_bytes())["id"])
    except FileNotFoundError:  # taken out just now
        return ""


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}")  # hidden: a build passes it over
    with new.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
