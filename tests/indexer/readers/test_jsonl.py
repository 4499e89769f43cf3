import json

from indexer.readers import Skip, SourceItem
from indexer.readers.jsonl import read
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
    assert reasons[4] == "The id 'a' stands in an earlier line, too."
    assert reasons[5].startswith("The line is not JSON: ")


def test_records_without_an_id_go_by_their_line() -> None:
    found = items({"text": "one"}, "", {"text": "two"}, {"_id": "line 1", "text": "three"})
    assert [item.record_id for item in found if isinstance(item, SourceItem)] == ["line 1", "line 3"]
    assert found[-1] == Skip("line 4", "The id 'line 1' stands in an earlier line, too.")


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
