import textwrap

import pytest

from indexer.readers import SourceItem
from indexer.readers.text import read, with_front_matter
from search.errors import SourceError
from tests.indexer.readers import items


def one(source: str, encoding: str = "utf-8") -> SourceItem:
    (item,) = items(read, textwrap.dedent(source).encode(encoding))
    assert isinstance(item, SourceItem)
    return item


def test_front_matter() -> None:
    item = one(
        """\
        ---
        title: "تسع ساعات في الغرفة المحصنة: تحرير سفينة «نور ستار»"
        date: 2025-11-12
        source: صحيفة المرفأ
        lang: ar
        ---

        حين انقطع صوت الأقدام لم يصدّق البحارة.

        كانوا 22 رجلًا.
        """
    )
    assert item == SourceItem(
        text="حين انقطع صوت الأقدام لم يصدّق البحارة.\n\nكانوا 22 رجلًا.",
        title="تسع ساعات في الغرفة المحصنة: تحرير سفينة «نور ستار»",
        lang="ar",
        date="2025-11-12",
        publisher="صحيفة المرفأ",
    )


def test_other_names_of_the_fields() -> None:
    item = one(
        "---\ntitle: Bread\npublisher: The Levant Courier\nlanguage: en\ndate: 2025-10-14 08:30:00\n---\nPrices rose.\n"
    )
    assert (item.publisher, item.lang, item.date) == ("The Levant Courier", "en", "2025-10-14")


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16"])
def test_front_matter_in_other_encodings(encoding: str) -> None:
    item = one("---\ntitle: أسعار الخبز في تونس\n---\nارتفعت الأسعار أمس في الأسواق التونسية.\n", encoding)
    assert (item.title, item.text) == ("أسعار الخبز في تونس", "ارتفعت الأسعار أمس في الأسواق التونسية.")


def test_text_alone() -> None:
    item = one("ارتفعت الأسعار أمس.\n")
    assert item == SourceItem(text="ارتفعت الأسعار أمس.")


def test_furniture_stays_for_the_build_to_see_to() -> None:
    item = one("Skip to main content\n\nPorts reopen after the storm\n\nPorts reopened on Wednesday.\n")
    assert item.text.startswith("Skip to")
    assert item.title == ""


@pytest.mark.parametrize(
    "block",
    [
        'title: "never closed',
        "title: one: two: three",
        "title: [a, b",
        "date: 2025-13-45",
        f"tags: {'[' * 100_000}",
    ],
    ids=["quote", "colons", "list", "no such date", "deep"],
)
def test_broken_front_matter(block: str) -> None:
    with pytest.raises(SourceError, match=r"^The front matter is not YAML: [^\n]+$") as caught:
        items(read, f"---\n{block}\n---\nText.\n".encode())
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "---\nأول الكلام\n---\nوآخره",
        "---\n- one\n- two\n---\nthree",
        "---\nThe line above has no fellow.",
        "قبل\n---\ntitle: not at the head\n---\nبعد",
        '{\n"title": "not YAML"\n}\nText.',
    ],
    ids=["rules", "list", "no end", "later", "JSON"],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    item = with_front_matter(text)
    assert item.text == text
    assert item.title == ""


def test_empty_front_matter() -> None:
    assert with_front_matter("---\n---\nText.").text == "Text."


def test_fields_of_unexpected_kinds() -> None:
    item = with_front_matter("---\ntitle: 2025\nlang: 7\ndate: soon\nsource:\n---\nText.")
    assert (item.title, item.date, item.publisher) == ("2025", None, None)


def test_an_empty_file() -> None:
    assert one("") == SourceItem(text="")
