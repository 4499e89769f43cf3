"""Which reader a file gets, and what all of them have in common."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.formats import Format
from indexer.readers import (
    Reader,
    Skip,
    SourceItem,
    csv_,
    eml,
    html,
    json_,
    jsonl,
    markdown,
    mbox,
    reader_of,
    text,
    xlsx,
    zip_,
)
from search.errors import SourceError
from tests.conftest import SEEDS
from tests.indexer.readers import format_of, items

# What the formats are made of, so that generated files go further than their first byte.
FRAGMENTS = [
    *("---\n", "title: ", "date: 2025-01-99", "- ", "# ", "**", "`", "](", "[", ">", "|", "\n\n", "\n", "    "),
    *(
        "<p>",
        "</p>",
        "<div",
        "<!--",
        "-->",
        "<script>",
        "&#xD800;",
        "&amp;",
        '<meta charset="utf-16">',
        "<html lang=ar>",
    ),
    *(
        '{"text": "',
        '"}',
        "\\ud83d",
        "\\u0000",
        '{"metadata": [',
        "قالت الوزيرة",
        "said the minister",
        "\u202e",
        "From a@b Sat Jan 06 09:15:00 2024\nSubject: =?windows-1256?Q?=C7=E1?=\n",
        "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n",
        "title,text\n",
        '"a,b"\t',
        "\ufffd",
    ),
]
sources = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(lambda parts: "".join(parts).encode())


def test_every_format_has_a_reader() -> None:
    for format_ in Format:
        assert callable(reader_of(format_))


def test_the_seeds_say_what_they_are() -> None:
    paths = sorted(path for path in (SEEDS / "documents").rglob("*") if path.is_file())
    read = [(path, item) for path in paths for item in items(reader_of(format_of(path)), path.read_bytes())]
    assert len(read) == 46
    for path, item in read:
        assert isinstance(item, SourceItem), path
        assert item.lang == path.parent.name
        assert item.title, path
        assert item.publisher, path
        assert item.date is not None, path
        assert item.date.startswith(("2024-", "2025-")), path
        assert len(item.text.split()) > 80, path
        assert bool(item.record_id) == (path.suffix == ".jsonl")


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | sources)
@pytest.mark.parametrize(
    "reader",
    [
        text.read,
        markdown.read,
        html.read,
        jsonl.read,
        json_.read,
        csv_.read,
        xlsx.read,
        eml.read,
        mbox.read,
        zip_.read,
    ],
)
def test_any_file_gives_items_that_can_be_stored_or_a_source_error(reader: Reader, data: bytes) -> None:
    try:
        found = items(reader, data)
    except SourceError:
        return
    for item in found:
        if isinstance(item, Skip):
            assert item.place
            assert item.reason
        else:
            for value in (item.text, item.title, item.lang, item.date, item.publisher, item.author, item.record_id):
                (value or "").encode()
