"""Items to documents: what their files do not say is taken from their text."""

from pathlib import Path
from typing import Any

import pytest

from indexer.entries import Entry, StoredItem, document_id, entry, pieces, site_of
from indexer.furniture import Reason
from indexer.passages import Splitter
from indexer.readers import SourceItem
from indexer.repetition import line_hashes
from search.records import Document
from tests.indexer.words import WordEncoder

PAGE = """\
Skip to main content
Click to share on Facebook
الرئيسية | آخر الأخبار | سياسة واقتصاد

Ports reopen after the storm

By Nadia Farrow and Omar Nasser
Published: 3 March 2025 at 10:30

Ports along the coast reopened on Wednesday. Fishing boats left Aden before dawn.

The harbour master of Mukalla said that two cranes had to be repaired first.

Leave a comment
"""


def stored(text: str, *, title: str = "", **told: Any) -> StoredItem:
    return StoredItem("17", "en/ports.txt", SourceItem(text=text, title=title, **told))


def settled(item: StoredItem) -> Entry:
    found = entry(item)
    assert found
    return found


def document(text: str, *, title: str = "", **told: Any) -> Document:
    return settled(stored(text, title=title, **told)).document


def test_what_a_page_says_of_its_article() -> None:
    found = document(PAGE)
    assert (found.title, found.lang) == ("Ports reopen after the storm", "en")
    assert (found.date, found.author) == ("2025-03-03", "Nadia Farrow and Omar Nasser")
    assert found.text.startswith("Ports reopen after the storm\n\nPorts along")
    assert found.text.endswith("repaired first.")


def test_what_the_file_says_comes_first() -> None:
    found = document(PAGE, title="The storm", date="2025-03-04", author="Huda Salem", publisher="Harbour Post")
    assert (found.title, found.date, found.author) == ("The storm", "2025-03-04", "Huda Salem")
    assert found.publisher == "Harbour Post"


def test_what_was_removed_is_told() -> None:
    removed = settled(stored(PAGE)).removed
    assert {line.text: line.reason for line in removed}["Leave a comment"] is Reason.FORM
    assert [line.reason for line in removed].count(Reason.BYLINE) == 1


def test_a_page_of_nothing_but_furniture_is_no_document() -> None:
    assert entry(stored("Share\n\nLeave a comment\n\nSkip to main content")) is None


def test_a_line_of_the_site_goes() -> None:
    text = "The tide tables of the Harbour Post\n\nPorts along the coast reopened on Wednesday."
    repeated = line_hashes("The tide tables of the Harbour Post")
    found = entry(stored(text), repeated)
    assert found
    assert found.document.text == "Ports along the coast reopened on Wednesday."
    assert found.removed[0].reason is Reason.REPEATED
    assert found.document.title == "Ports along the coast reopened on Wednesday."


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("الجزائر تفوز بكأس إفريقيا لكرة اليد", "الجزائر تفوز بكأس إفريقيا لكرة اليد"),
        ("2025-11-12\nThe dam that fills with its own mountain", "The dam that fills with its own mountain"),
        ("Rabat, Tunis, Cairo and then the sea", ""),
        ("The minister said so on Monday.", ""),
        ("أخبار", ""),
        ("12 400 77 1,900 3 000 8", ""),
        (f"A headline far below {'x' * 200}\nA headline that would do it", ""),
    ],
    ids=["headline", "date first", "commas", "full stop", "one word", "figures", "prose"],
)
def test_the_title_is_a_line_that_reads_like_one(opening: str, title: str) -> None:
    found = document(f"{opening}\n\nHundreds of people, most of them farmers, came on Monday.\n")
    (piece,) = pieces(found, "", Splitter(WordEncoder()))
    if title:
        assert found.title == title
        assert piece.input == f"{title}\n{found.text}"
    else:
        assert found.text.startswith(found.title.removesuffix("…"))
        assert piece.input == found.text


def test_a_text_of_one_line_is_not_said_twice() -> None:
    found = document("Ports reopen after the storm")
    (piece,) = pieces(found, "", Splitter(WordEncoder()))
    assert (found.title, piece.input) == (found.text, found.text)


def test_what_has_pages_is_no_web_page() -> None:
    text = "Share on Facebook\n\nPorts along the coast reopened.\n\nLeave a comment\n\nBoats left Aden before dawn."
    item = SourceItem(text=text, page_starts=(0, text.index("Leave"), text.index("Boats")))
    entry = settled(StoredItem("17", "a.pdf", item))
    assert (entry.document.text, entry.removed) == (text, ())
    assert entry.document.page_starts == item.page_starts
    assert entry.document.page_of(text.index("Aden")) == 3
    assert entry.document.page_of(0) == 1


@pytest.mark.parametrize(
    ("path", "told", "site"),
    [
        ("/news/ar/a.txt", {"publisher": "The  Harbour Post"}, "the harbour post"),
        ("/news/ar/a.txt", {}, "/news/ar"),
        ("/news/all.jsonl", {"record_id": "https://Harbour.example:8080/1?x=2"}, "harbour.example"),
        ("/news/all.jsonl", {"record_id": "line 7"}, "/news/all.jsonl"),
        ("/news/all.jsonl", {"record_id": "line 7", "publisher": "المرفأ"}, "المرفأ"),
    ],
)
def test_whose_lines_an_item_repeats(path: str, told: dict[str, Any], site: str) -> None:
    assert site_of(Path(path), SourceItem(text="", **told)) == site


def test_ids_tell_records_and_files_apart() -> None:
    items = [SourceItem(text="same"), SourceItem(text="same", record_id="1"), SourceItem(text="same", record_id="2")]
    ids = {document_id(Path(path), item) for path in ("/a", "/b") for item in items}
    assert len(ids) == 6
