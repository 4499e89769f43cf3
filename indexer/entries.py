"""One source file to the documents and passages that go into the catalogue."""

import hashlib
from dataclasses import dataclass, field

from indexer.changes import digest
from indexer.draft import Entry
from indexer.files import SourceFile
from indexer.formats import detect_format
from indexer.passages import Splitter
from indexer.readers import Health, ReadOptions, Skip, SourceItem, reader_of
from search.errors import SourceError
from search.language import detect
from search.records import Document, Passage

_TITLE_CHARS = 80


@dataclass(slots=True)
class FileEntries:
    """What came of a file: a fingerprint of its content, its documents, and what had to be skipped."""

    digest: str = ""
    entries: list[Entry] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


def read_file(file: SourceFile, splitter: Splitter) -> FileEntries:
    """Read and split a file. What cannot be read is in the result's `skips`, never raised."""
    result = FileEntries()
    try:
        with file.path.open("rb") as stream:
            result.digest = digest(stream)
            read = reader_of(detect_format(stream, file.path.name))
            for found in read(stream, ReadOptions()):
                _add(result, file, found, splitter)
    except SourceError as error:
        result.skips.append(Skip("", error.message))
    except OSError as error:
        result.skips.append(Skip("", f"{error.strerror}."))
    except Exception as error:  # whatever a parser stumbles over costs this file, not the build
        result.skips.append(Skip("", f"Reading it failed: {type(error).__name__}: {error}"))
    return result


def _add(result: FileEntries, file: SourceFile, found: SourceItem | Skip | Health, splitter: Splitter) -> None:
    if isinstance(found, Health):
        return
    if isinstance(found, Skip):
        result.skips.append(found)
    elif found.text.strip():
        result.entries.append(_entry(file, found, splitter))
    else:
        result.skips.append(Skip(found.record_id or "", "There is no text in it."))


def _entry(file: SourceFile, item: SourceItem, splitter: Splitter) -> Entry:
    document = Document(
        doc_id=_doc_id(file, item),
        title=item.title or _opening(item.text),
        lang=detect(item.text, declared=item.lang),
        date=item.date,
        source=file.source,
        publisher=item.publisher,
        record_id=item.record_id,
        text=item.text,
    )
    passages = []
    for number, span in enumerate(splitter.split(document.text, document.lang, item.title)):
        text = document.text[span.start : span.end]
        passages.append(
            Passage(
                passage_id=f"{document.doc_id}-{number:04d}",
                doc_id=document.doc_id,
                lang=detect(text, declared=document.lang),
                text=text,
                start=span.start,
                end=span.end,
            )
        )
    inputs = [splitter.encoder_input(passage.text, item.title) for passage in passages]
    return Entry(document, passages, inputs)


def _doc_id(file: SourceFile, item: SourceItem) -> str:
    """An id that stays the same as long as the file keeps its place, and the record its id."""
    return hashlib.blake2b(f"{file.path}\0{item.record_id or ''}".encode(), digest_size=8).hexdigest()


def _opening(text: str) -> str:
    """The first words, for a document without a title."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _TITLE_CHARS else f"{line[:_TITLE_CHARS].rpartition(' ')[0] or line[:_TITLE_CHARS]}…"
