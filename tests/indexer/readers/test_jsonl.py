import json
import tracemalloc
from pathlib import Path

import pytest

from indexer.lines import MAX_LINE_CHARS
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.readers.jsonl import read
from search.errors import SourceError
from tests.indexer import readers


def lines(*records: object) -> bytes:
    return "\n".join(
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    ).encode()


def items(*records: object) -> list[SourceItem | Skip]:
    return readers.items(read, lines(*records))


def test_a_record_as_beir_has_it() -> None:
    record = {
        "_id": "cholera-vaccination-port",
        "title": "جرعة في الفم وقارب إلى كمران",
        "text": "أنهت فرق صحية حملة تطعيم.\n\nوشارك 2400 متطوع.",
        "metadata": {"lang": "ar", "date": "2025-09-09", "source": "بريد المشرق"},
    }
    assert items(record) == [
        SourceItem(
            text="أنهت فرق صحية حملة تطعيم.\n\nوشارك 2400 متطوع.",
            title="جرعة في الفم وقارب إلى كمران",
            lang="ar",
            date="2025-09-09",
            publisher="بريد المشرق",
            record_id="cholera-vaccination-port",
        )
    ]


def test_other_names_of_the_fields() -> None:
    record = {
        "id": 7,
        "headline": "Wheat",
        "body": "Tender opened.",
        "language": "en",
        "published": "2025-01-31T08:00Z",
    }
    assert items({**record, "publisher": "The Harbor Ledger"}) == [
        SourceItem(
            text="Tender opened.",
            title="Wheat",
            lang="en",
            date="2025-01-31",
            publisher="The Harbor Ledger",
            record_id="7",
        )
    ]
    assert items({"content": "نص."}) == [SourceItem(text="نص.", record_id="line 1")]


def test_what_the_record_says_goes_before_its_metadata() -> None:
    (item,) = items({"text": "نص.", "lang": "fa", "metadata": {"lang": "ar", "date": "2024-05-01"}})
    assert isinstance(item, SourceItem)
    assert (item.lang, item.date) == ("fa", "2024-05-01")


def test_an_empty_field_of_the_record_does_not_hide_its_metadata() -> None:
    (item,) = items({"title": "", "text": "نص.", "metadata": {"title": "عنوان"}})
    assert isinstance(item, SourceItem)
    assert item.title == "عنوان"


def test_bad_lines_are_skipped_by_themselves() -> None:
    found = items(
        {"_id": "a", "text": "أول."},
        '{"_id": "b", "text": "cut of',
        "",
        "[1, 2]",
        {"_id": "c", "title": "No text"},
        {"_id": "d", "text": "  "},
        {"_id": "a", "text": "مرة أخرى."},
        "[" * 100_000,
        {"_id": "e", "text": "آخر."},
    )
    assert [item.record_id if isinstance(item, SourceItem) else item.place for item in found] == [
        "a",
        "line 2",
        "line 4",
        "line 5",
        "line 6",
        "line 7",
        "line 8",
        "e",
    ]
    reasons = [item.reason for item in found if isinstance(item, Skip)]
    assert reasons[0].startswith("The line is not JSON: ")
    assert reasons[1] == "The line is not a JSON object."
    assert reasons[2] == reasons[3] == "The record has no text."
    assert reasons[4] == "The id 'a' stands further up, too."
    assert reasons[5].startswith("The line is not JSON: ")


def test_records_without_an_id_go_by_their_line() -> None:
    found = items({"text": "one"}, "", {"text": "two"}, {"_id": "line 1", "text": "three"})
    assert [item.record_id for item in found if isinstance(item, SourceItem)] == ["line 1", "line 3"]
    assert found[-1] == Skip("line 4", "The id 'line 1' stands further up, too.")


def test_half_an_emoji_is_left_out() -> None:
    assert items('{"_id": "\\ud83d", "title": "ok \\ud83d\\ude00", "text": "cut \\ud83d"}') == [
        SourceItem(text="cut", title="ok 😀", record_id="line 1")
    ]


def test_line_separators_inside_a_record() -> None:
    (item,) = items({"text": "قبل\u2028بعد\u0085آخر"})
    assert isinstance(item, SourceItem)
    assert item.text == "قبل\u2028بعد\u0085آخر"


def test_windows_line_ends_and_an_empty_file() -> None:
    assert [
        item.text for item in readers.items(read, b'{"text": "a"}\r\n{"text": "b"}\r\n') if isinstance(item, SourceItem)
    ] == [
        "a",
        "b",
    ]
    assert readers.items(read, b"") == []


def test_fields_that_are_mapped() -> None:
    record = {"headline": "قمح", "lead": "مقدمة.", "body": "متن.", "outlet": {"name": "بريد المشرق"}, "by": "هالة"}
    options = ReadOptions(columns={"title": "headline", "text": "lead+body", "publisher": "outlet.name"})
    assert readers.items(read, lines(record), options) == [
        SourceItem(title="قمح", text="مقدمة.\n\nمتن.", publisher="بريد المشرق", author="هالة", record_id="line 1")
    ]


def test_arabic_names_of_the_fields() -> None:
    record = {"العنوان": "قمح", "نص الخبر": "متن.", "تاريخ النشر": "2025-04-02", "المصدر": "بريد المشرق"}
    assert items({**record, "الكاتب": "هالة منصور", "الرابط": "https://example.org/1"}) == [
        SourceItem(
            title="قمح",
            text="متن.",
            date="2025-04-02",
            publisher="بريد المشرق",
            author="هالة منصور",
            record_id="https://example.org/1",
        )
    ]


def test_what_news_services_send() -> None:
    record = {
        "source": {"id": None, "name": "The Harbor Ledger"},
        "author": ["A. Haddad", "B. Cole"],
        "url": "https://example.org",
        "publishedAt": "2025-04-03T08:00:00Z",
        "description": "Short.",
        "content": ["First.", "Second."],
    }
    found = items(record, record)
    assert found[0] == SourceItem(
        text="First.\n\nSecond.",
        date="2025-04-03",
        publisher="The Harbor Ledger",
        author="A. Haddad, B. Cole",
        record_id="https://example.org",
    )
    assert isinstance(found[1], SourceItem)  # many give the address of their site
    assert found[1].record_id == "line 2"


def test_a_field_of_running_text_whatever_its_name() -> None:
    (item,) = items({"رقم": 7, "منشور المستخدم": "قال وزير النقل إن الميناء سيستقبل أول سفينة قريباً."})
    assert isinstance(item, SourceItem)
    assert item.text.startswith("قال وزير النقل")


def test_no_field_is_the_text() -> None:
    with pytest.raises(SourceError, match=r"None of its columns is known to hold the text \(name, price\)"):
        items({"name": "قمح", "price": 7})
    with pytest.raises(SourceError, match=r"There is no column 'body' to be the text; it has name\."):
        readers.items(read, lines({"name": "قمح"}), ReadOptions(columns={"text": "body"}))


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    source = '{"title": "قمح", "text": "ارتفعت الأسعار أمس في الأسواق."}\n' * 2
    assert len(readers.items(read, source.encode(encoding))) == 2


def test_a_corpus_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    line = json.dumps({"title": "قمح", "text": "ارتفعت الأسعار أمس. " * 500}, ensure_ascii=False) + "\n"
    path = tmp_path / "corpus.jsonl"
    path.write_text(line * 2_000, "utf-8")
    assert path.stat().st_size > 30 * 2**20
    tracemalloc.start()
    with path.open("rb") as stream:
        count = sum(isinstance(found, SourceItem) for found in read(stream, ReadOptions()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 12 * 2**20


def test_a_line_without_an_end() -> None:
    data = b'{"text": "one"}\n{"text": "' + b"x" * (MAX_LINE_CHARS + 2**21) + b'"}\n{"text": "three"}'
    found = readers.items(read, data)
    assert found[1] == Skip("line 2", "The line is longer than 67,108,864 characters.")
    assert [item.text for item in found if isinstance(item, SourceItem)] == ["one", "three"]
