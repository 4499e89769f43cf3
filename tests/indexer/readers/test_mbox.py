"""Mailboxes, as Thunderbird, Google and `mailbox.mbox` write them."""

import mailbox
import tracemalloc
from pathlib import Path

from indexer.readers import MAX_WHOLE_BYTES, ReadOptions, Skip, SourceItem
from indexer.readers.mbox import read
from tests.indexer import readers
from tests.indexer.readers.test_eml import BODY, SUBJECT, attached, message

FROM = b"From - Tue Jan  2 10:11:12 2024\n"


def items(data: bytes) -> list[SourceItem | Skip]:
    return readers.items(read, data)


def test_what_mailbox_writes(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "Inbox")
    box.add(message())
    box.add(message("قبل\n\nFrom here on it is English.\nFrom there, too: 12:30 in 2024.\n"))
    box.add(attached([("a.txt", b"inside")]))
    box.close()
    assert items((tmp_path / "Inbox").read_bytes()) == [
        SourceItem(text=BODY.strip(), title=SUBJECT, date="2025-04-02", author="هالة منصور", record_id="message 1"),
        SourceItem(
            text="قبل\n\nFrom here on it is English.\nFrom there, too: 12:30 in 2024.",
            title=SUBJECT,
            date="2025-04-02",
            author="هالة منصور",
            record_id="message 2",
        ),
        SourceItem(text=BODY.strip(), title=SUBJECT, date="2025-04-02", author="هالة منصور", record_id="message 3"),
        SourceItem(text="inside", record_id="message 3, a.txt"),
    ]


def test_lines_that_begin_with_from() -> None:
    data = FROM + b"Subject: x\n\n>From the port\n>>From a quotation\n\nFrom Tartus, 12 ships left in 2024.\n"
    (item,) = items(data)
    assert isinstance(item, SourceItem)
    assert item.text == "From the port\nFrom a quotation\n\nFrom Tartus, 12 ships left in 2024."


def test_other_separators_and_line_ends() -> None:
    data = b"From 17@xxx Sat Jan 06 09:15:00 +0000 2024\r\nSubject: a\r\n\r\none\r\n" + FROM + b"Subject: b\n\ntwo\n"
    assert [item.title for item in items(data) if isinstance(item, SourceItem)] == ["a", "b"]


def test_a_broken_message_is_skipped_by_itself() -> None:
    data = FROM + b"Subject: a\n\none\n\n" + FROM + b"\nno header\n\n" + FROM + b"Subject: c\n\nthree\n"
    assert items(data) == [
        SourceItem(text="one", title="a", record_id="message 1"),
        Skip("message 2", "It has no header of a message."),
        SourceItem(text="three", title="c", record_id="message 3"),
    ]


def test_a_message_that_is_too_large_is_skipped_by_itself() -> None:
    large = FROM + b"Subject: b\n\n" + b"x" * (MAX_WHOLE_BYTES + 1)
    found = items(FROM + b"Subject: a\n\none\n\n" + large + b"\n\n" + FROM + b"Subject: c\n\nthree\n")
    assert found[1] == Skip("message 2", "It is larger than 64 MiB.")
    assert [one.record_id for one in found if isinstance(one, SourceItem)] == ["message 1", "message 3"]


def test_a_mailbox_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "Inbox"
    path.write_bytes((FROM + b"Subject: a\n\n" + b"one line of it, and a long one\n" * 200 + b"\n") * 1_000)
    tracemalloc.start()
    with path.open("rb") as stream:
        count = sum(isinstance(found, SourceItem) for found in read(stream, ReadOptions()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1_000
    assert peak < 2**20


def test_an_empty_mailbox() -> None:
    assert items(b"") == items(b"\n\n") == []
