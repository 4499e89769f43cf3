"""One item of a source file to the document and the passages that go into the catalogue."""

import hashlib

from indexer.draft import Entry
from indexer.files import SourceFile
from indexer.passages import Splitter
from indexer.readers import SourceItem
from search.language import detect
from search.records import Document, Passage

_TITLE_CHARS = 80


def entry(file: SourceFile, item: SourceItem, splitter: Splitter) -> Entry:
    """The document that an item of a file is, cut into passages."""
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
