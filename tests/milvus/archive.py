"""A catalogue with all that a catalogue may hold: copies, pairs of documents, dates of every kind, and odd sources."""

import re
from dataclasses import dataclass
from pathlib import Path

from indexer.draft import Draft
from indexer.duplicates import Group
from indexer.entries import Entry, Piece, StoredItem, document_id
from indexer.files import SourceFile
from indexer.readers import SourceItem
from search.records import Document, Passage


@dataclass(frozen=True)
class Told:
    """What the archive holds of a document. What is said twice is a copy the second time."""

    source: str
    text: str
    lang: str = "en"
    date: str | None = None
    publisher: str | None = None
    author: str | None = None
    page_starts: tuple[int, ...] = ()
    record_id: str | None = None


def _path(told: Told) -> Path:
    return Path("/news", told.source)


def _id(told: Told) -> str:
    return document_id(_path(told), SourceItem(text="", record_id=told.record_id))


WHEAT = "Wheat rose at the harbour. Traders expect more of it next week."
SHIP = "حررت قوة بحرية سفينة الشحن فجر اليوم. وصلت السفينة إلى جدة مساءً."
LONG = "".join(f"وفي اليوم {day} من الرحلة هدأ البحر وعاد الصيادون إلى الميناء. 🌊\n" for day in range(1, 1500))

TOLD = [
    Told("ar/2024/سفينة.txt", SHIP, "ar", "2024-03-18", "صحيفة المرفأ", "هدى سالم", (0, 0, 38)),
    Told("ar/2024/b.txt", SHIP, "ar", "2024-03-31T22:10:00", "صحيفه المرفا"),
    Told("ar/2024.txt", "ارتفع سعر القمح في الميناء.", "ar", "2024-04", "Jisr Wire"),
    Told("ar-old/c.txt", "هدأ البحر.", "ar", "2023", "JISR WIRE"),
    Told("ar0/d.txt", "عاد الصيادون.", "ar", "2024-02-29"),
    Told("ar0/e/k.txt", "عاد الصيادون إلى الميناء.", "ar", "0987-06"),
    Told("ar0/l.txt", "عاد الصيادون أمس.", "ar", "2024-02-29", "ar0/e"),
    Told("أخبار/٢٠٢٤/«نور ستار».txt", LONG, "ar", "2024", 'وكالة "الجسر"'),
    Told("أخبار.txt", "عاد البحارة إلى أهلهم.", "ar", None, "صحيفة المرفأ"),
    Told("en/d%_.txt", WHEAT, "en", None, None),
    Told("en/100%/e.txt", WHEAT, "en", "2025-01-01", "Al-Marfa"),
    Told('en/"quoted"/f.txt', WHEAT, "en", "2022-07", "O'Neil \\ Sons"),
    Told("en/back\\slash.txt", "Oil fell.", "en", "2022-07-31", "O'Neil \\ Sons", 'Ann "Nan" O\'Neil', (), "items/7"),
    Told("en/back\\slash/g.txt", "Oil fell again.", "en", "2022", '" or true or "'),
    Told("en\\h.txt", "Oil fell a third time.", "en", "2022-08-01", "100% _News_"),
    Told("en/line\nbreak.txt", "Oil rose.", "en", "2021-12-31", "tab\tand\x1fmore"),
    Told("fr/i.txt", "Le blé a monté.", "fr", "2021-12", "Al-Marfa"),
    Told("🌊/j.txt", "The sea is calm.", "en", "2021", "Al-Marfa"),
]
SOURCES = [told.source for told in TOLD]
PUBLISHERS = sorted({told.publisher for told in TOLD if told.publisher})
FOLDERS = ["ar", "ar/2024", "en", "en/100%", 'en/"quoted"', "en/back\\slash", "أخبار", "أخبار/٢٠٢٤", "🌊"]
IDS = [_id(told) for told in TOLD]
NEAR = [Group(IDS[12], ((IDS[13], 0.95), (IDS[14], 0.85)))]
PAIRS = [(IDS[0], IDS[9], 0.9), (IDS[2], IDS[2], 0.9), (IDS[2], IDS[9], 0.7), (IDS[8], IDS[17], 0.8)]


def write(path: Path) -> None:
    """Write the catalogue."""
    draft, said = Draft(path), set()
    for told in TOLD:
        item = SourceItem(text=told.text, record_id=told.record_id)
        file = SourceFile(_path(told), told.source, 100, 1)
        draft.sources.add(file, "digest", [item])
        document = _document(told)
        draft.settle(StoredItem(document.doc_id, told.source, item), Entry(document), b"")
        draft.follow_leader(document.doc_id)
        if told.text not in said:
            draft.cut(document, [Piece(passage, f"{document.title} {passage.text}") for passage in _passages(document)])
        said.add(told.text)
    draft.number_passages()
    draft.add_near_duplicates(NEAR)
    draft.add_counterparts(PAIRS)
    draft.finish()


def _document(told: Told) -> Document:
    return Document(
        doc_id=_id(told),
        title=told.text[:20],
        lang=told.lang,
        date=told.date,
        source=told.source,
        publisher=told.publisher,
        author=told.author,
        record_id=told.record_id,
        text=told.text,
        page_starts=told.page_starts,
    )


def _passages(document: Document) -> list[Passage]:
    """One of each sentence, at most twenty."""
    sentences = list(re.finditer(r"[^.\s][^.]*\.", document.text))[:20]
    return [
        Passage(
            passage_id=f"{document.doc_id}-{number:04d}",
            doc_id=document.doc_id,
            lang=document.lang,
            text=sentence[0],
            start=sentence.start(),
            end=sentence.end(),
            page=document.page_of(sentence.start()),
        )
        for number, sentence in enumerate(sentences)
    ]
