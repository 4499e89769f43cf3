"""Documents whose passages are given, put into a draft as reading and settling would."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.draft import Draft
from indexer.entries import Entry, Piece, StoredItem, document_id
from indexer.files import SourceFile
from indexer.readers import Skip, SourceItem
from search.records import Document, Passage


@dataclass(frozen=True, slots=True)
class Story:
    """A document of passages, each given by language and text."""

    record_id: str
    passages: tuple[tuple[str, str], ...]

    @property
    def item(self) -> SourceItem:
        return SourceItem(text=" ".join(text for _, text in self.passages), title="Title", record_id=self.record_id)


SHIP = Story("ship", (("ar", "وصلت السفينة."), ("en", "The ship is here.")))
BREAD = Story("bread", (("ar", "سعر الخبز."), ("fr", "Le pain.")))


def file(name: str) -> SourceFile:
    return SourceFile(Path("/news", name), name, 10, 1)


def put(draft: Draft, of: SourceFile, *stories: Story, skips: Sequence[Skip] = ()) -> list[Document]:
    """These documents in a file, each cut into its passages."""
    draft.sources.add(of, f"digest of {of.source}", [*(story.item for story in stories), *skips])
    documents = []
    for story in stories:
        stored = StoredItem(document_id(of.path, story.item), of.source, story.item)
        document = Document(
            doc_id=stored.doc_id,
            title="Title",
            lang="ar",
            date=None,
            source=of.source,
            record_id=story.record_id,
            text=story.item.text,
        )
        draft.settle(stored, Entry(document), b"")
        draft.cut(document, [Piece(passage, f"Title\n{passage.text}") for passage in _passages(document, story)])
        documents.append(document)
    return documents


def _passages(document: Document, story: Story) -> list[Passage]:
    found = []
    for place, (lang, text) in enumerate(story.passages):
        start = document.text.index(text)
        passage_id = f"{document.doc_id}-{place}"
        found.append(
            Passage(
                passage_id=passage_id, doc_id=document.doc_id, lang=lang, text=text, start=start, end=start + len(text)
            )
        )
    return found
