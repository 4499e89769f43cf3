"""Columns of tables and fields of records: what ``--map`` says, and what is guessed without it."""

import pytest

from indexer.columns import assign, is_header, is_label, parse_map
from search.errors import SettingError, SourceError

PROSE = "قال وزير النقل إن الميناء الجديد سيستقبل أول سفينة في الربيع المقبل."


@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        (
            "title=headline,text=body,date=published",
            {"title": "headline", "text": "body", "date": "published"},
        ),
        (" Text = lead + body , source=Outlet name", {"text": "lead + body", "publisher": "Outlet name"}),
        ("language=اللغة,text=نص الخبر,author=الكاتب", {"lang": "اللغة", "text": "نص الخبر", "author": "الكاتب"}),
        ("id=a=b", {"id": "a=b"}),
    ],
)
def test_a_map(text: str, mapped: dict[str, str]) -> None:
    assert parse_map(text) == mapped


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' maps no field to a column."),
        ("text", "'text' maps no field to a column."),
        ("text=body,", "'' maps no field to a column."),
        ("=body", "'=body' maps no field to a column."),
        ("text=lead+", "'text=lead+' maps no field to a column."),
        ("body=text", "'body' is no field that columns are mapped to."),
        ("source=a,publisher=b", "The field 'publisher' is mapped twice."),
    ],
)
def test_what_is_no_map(text: str, said: str) -> None:
    with pytest.raises(SettingError) as caught:
        parse_map(text)
    assert caught.value.message == said
    assert caught.value.hint


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        (
            ["_id", "Headline", "Article_Body", "publishedAt", "Source Name", "BYLINE", "language", "URL"],
            {
                "id": "_id",
                "title": "Headline",
                "text": "Article_Body",
                "date": "publishedAt",
                "publisher": "Source Name",
                "author": "BYLINE",
                "lang": "language",
                "link": "URL",
            },
        ),
        (
            ["الرقم", "عنوان الخبر", "نصّ الخبر", "تاريخ النشر", "الصحيفه", "الكاتب", "اللغة", "الرابط"],
            {
                "title": "عنوان الخبر",
                "text": "نصّ الخبر",
                "date": "تاريخ النشر",
                "publisher": "الصحيفه",
                "author": "الكاتب",
                "lang": "اللغة",
                "link": "الرابط",
            },
        ),
        (["description", "content", "title"], {"title": "title", "text": "content"}),
    ],
)
def test_guessed_by_name(columns: list[str], chosen: dict[str, str]) -> None:
    roles = assign(columns, [], {})
    record = {column: column for column in columns}
    assert {field: roles.value(record, field) for field in roles.columns if roles.value(record, field)} == chosen


def test_guessed_by_the_words_in_it() -> None:
    rows = [{"رقم": "1", "وصف قصير": "ميناء", "مادة": PROSE}, {"رقم": "2", "مادة": PROSE}]
    assert assign(list(rows[0]), rows, {}).columns["text"] == ("مادة",)


def test_a_column_of_another_field_is_no_text_however_long() -> None:
    rows = [{"title": PROSE, "price": "12"}]
    with pytest.raises(SourceError) as caught:
        assign(["title", "price"], rows, {})
    assert caught.value.message == (
        "None of its columns is known to hold the text (title, price): name it with --map text=…."
    )


def test_the_first_that_says_something_and_all_that_are_mapped() -> None:
    record = {"text": "", "body": "متن", "lead": "مقدمة", "summary": "ملخص"}
    assert assign(list(record), [record], {}).value(record, "text") == "متن"
    roles = assign(list(record), [record], {"text": "lead+body", "title": "Summary"})
    item = roles.item(record, "row 2")
    assert (item.text, item.title, item.record_id) == ("مقدمة\n\nمتن", "ملخص", "row 2")


def test_several_authors_and_a_title_of_two_lines() -> None:
    record = {"title": "قمح\nمصر", "authors": "هالة منصور\n\nسامي الحداد", "text": "نص"}
    item = assign(list(record), [record], {}).item(record, "row 2")
    assert (item.title, item.author) == ("قمح مصر", "هالة منصور, سامي الحداد")


def test_a_mapped_column_is_not_guessed_for_another_field() -> None:
    record = {"title": "t", "body": PROSE, "source": "s"}
    roles = assign(list(record), [record], {"author": "source"})
    assert (roles.value(record, "author"), roles.value(record, "publisher")) == ("s", "")


def test_a_name_with_a_plus_in_it() -> None:
    assert assign(["lead+body"], [], {"text": "lead+body"}).columns["text"] == ("lead+body",)


def test_a_mapped_column_that_is_not_there() -> None:
    with pytest.raises(SourceError) as caught:
        assign(["العنوان", "النص"], [], {"text": "النص+body"})
    assert caught.value.message == "There is no column 'body' to be the text; it has العنوان, النص."
    assert caught.value.hint


def test_what_reads_like_a_header() -> None:
    assert is_header(["م", "العنوان", "التاريخ"], {})
    assert is_header(["x", "body"], {})
    assert is_header(["x", "y"], {"text": "Y"})
    assert not is_header(["x", "title"], {})
    assert is_label("عنوان الخبر")
    assert not is_label(PROSE)
    assert not is_label("2024-05-01")
    assert not is_label("17")
