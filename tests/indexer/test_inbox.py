from dataclasses import replace
from pathlib import Path

import pytest

from indexer.entries import document_id
from indexer.inbox import Inbox
from indexer.known import KnownFile
from indexer.readers import ReadOptions, SourceItem
from indexer.reading import read_items
from search.errors import StoreError
from search.submissions import Submission

NILE = Submission(
    text="ارتفع منسوب النيل الأزرق عند الخرطوم أمس.\n\nوحذّرت الوزارة سكان الجزر.",
    title="النيل الأزرق يرتفع",
    lang="ar",
    date="2025-08-19",
    publisher="صحيفة المرفأ",
    author="هدى سالم",
    record_id="موجز ٧",
)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "index")


def read(path: Path) -> SourceItem:
    (item,) = (found for found in read_items(path, ReadOptions()) if isinstance(found, SourceItem))
    return item


def only(inbox: Inbox) -> Path:
    (path,) = inbox.folder.iterdir()
    return path


@pytest.mark.parametrize(
    "submission",
    [
        NILE,
        replace(NILE, text="<html><body>مرحبا</body></html>"),
        replace(NILE, text="From ali Mon Jan 1 00:00:00 2024\nSubject: x"),
        replace(NILE, text="كلمة " * 100_000),
        replace(NILE, text='{"text": "a \\ud83d quote \\" and a line\\n"}', title="[1, 2]"),
    ],
    ids=["plain", "markup", "mail", "long", "json"],
)
def test_a_build_reads_what_was_handed_in(inbox: Inbox, submission: Submission) -> None:
    doc_id = inbox.put(submission)
    item = read(only(inbox))
    assert document_id(only(inbox), item) == doc_id
    names = ("title", "lang", "date", "publisher", "author", "record_id")
    assert {name: getattr(item, name) for name in names} == {name: getattr(submission, name) for name in names}
    assert item.text == submission.text.strip()


def test_the_same_id_takes_the_place_of_the_earlier_document(inbox: Inbox) -> None:
    first = inbox.put(NILE)
    assert inbox.put(replace(NILE, text="انخفض منسوب النيل الأزرق اليوم.")) == first
    assert read(only(inbox)).text == "انخفض منسوب النيل الأزرق اليوم."


def test_without_an_id_the_content_tells_documents_apart(inbox: Inbox) -> None:
    nameless = replace(NILE, record_id=None)
    assert inbox.put(nameless) == inbox.put(nameless)
    assert inbox.put(nameless) != inbox.put(replace(nameless, title="فيضان"))
    assert len(list(inbox.folder.iterdir())) == 2


def test_a_document_is_found_by_its_id_and_taken_out(inbox: Inbox) -> None:
    kept = inbox.put(replace(NILE, record_id="kept"))
    gone = inbox.put(NILE)
    path = inbox.find(gone)
    assert path is not None
    inbox.take(path)
    inbox.take(path)
    assert inbox.find(gone) is None
    assert inbox.find(kept) == only(inbox)


def known(*paths: Path) -> list[KnownFile]:
    """These files as a build would have recorded them just now."""
    states = [(path, path.stat()) for path in paths]
    return [KnownFile(at, path, state.st_size, state.st_mtime_ns, "") for at, (path, state) in enumerate(states)]


def test_an_inbox_knows_what_no_build_has_seen(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("The ferry to Suakin sails again.", "utf-8")
    elsewhere = known(tmp_path / "elsewhere.txt")
    assert not inbox.is_ahead_of(elsewhere)
    inbox.put(NILE)
    assert inbox.is_ahead_of(elsewhere)
    seen = known(only(inbox))
    assert not inbox.is_ahead_of([*seen, *elsewhere])
    inbox.put(replace(NILE, title="النيل الأزرق ينخفض"))
    assert inbox.is_ahead_of(seen)
    inbox.take(only(inbox))
    assert inbox.is_ahead_of(seen)
    assert not inbox.is_ahead_of([])


def test_a_file_that_was_not_finished_is_no_document(inbox: Inbox) -> None:
    inbox.put(NILE)
    seen = known(only(inbox))
    (inbox.folder / ".half.json").write_text('{"id": "ha', "utf-8")
    assert not inbox.is_ahead_of(seen)
    assert inbox.find("nothing") is None


def test_a_folder_that_cannot_be_written_is_told_of(inbox: Inbox) -> None:
    inbox.folder.parent.mkdir()
    inbox.folder.write_text("in the way", "utf-8")
    with pytest.raises(StoreError, match="cannot be kept") as caught:
        inbox.put(NILE)
    assert caught.value.hint
