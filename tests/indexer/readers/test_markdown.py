import textwrap

import pytest

from indexer.readers import SourceItem
from indexer.readers.markdown import read
from search.errors import SourceError
from tests.indexer.readers import items


def one(source: str) -> SourceItem:
    (item,) = items(read, textwrap.dedent(source).encode())
    assert isinstance(item, SourceItem)
    return item


def test_marks_are_gone_and_words_stay() -> None:
    item = one(
        """\
        # السدّ الذي **يمتلئ** بجبله

        قالت [فاطمة الزهراء](https://example.org/a_b) إن *الطمي* أسوأ من ~الجفاف~
        و`1974` هي البداية.

        > خسرنا حجماً
        > أكبر.

        1. الجرافة
        2. المصاطب
           - خرّوب

        ![صورة السد](dam.jpg)

        ---

        ```
        96 مليون
        ```
        """
    )
    assert item.title == "السدّ الذي يمتلئ بجبله"
    assert item.text.split("\n\n") == [
        "السدّ الذي يمتلئ بجبله",
        "قالت فاطمة الزهراء إن الطمي أسوأ من ~الجفاف~\nو1974 هي البداية.",
        "خسرنا حجماً\nأكبر.",
        "الجرافة",
        "المصاطب",
        "خرّوب",
        "صورة السد",
        "96 مليون",
    ]


def test_front_matter_goes_before_the_heading() -> None:
    item = one("---\ntitle: من الملف\ndate: 2025-10-07\nsource: بريد المشرق\nlang: ar\n---\n\n# من المتن\n\nنص.\n")
    assert item == SourceItem(
        text="من المتن\n\nنص.", title="من الملف", lang="ar", date="2025-10-07", publisher="بريد المشرق"
    )


def test_the_first_heading_is_the_title_even_when_it_is_not_the_first_line() -> None:
    assert one("A word before.\n\nالعنوان\n=======\n\n## Next\n").title == "العنوان"
    assert one("No heading at all.\n").title == ""


def test_tables() -> None:
    item = one("| البلد | العاصمة |\n|---|---|\n| ليبيا | طرابلس |\n")
    assert item.text.split("\n\n") == ["البلد", "العاصمة", "ليبيا", "طرابلس"]


def test_html_inside() -> None:
    item = one(
        """\
        <div dir="rtl">سطر &amp; سطر <b>مهم</b></div>

        <!-- not for
        readers -->

        <script>
        alert("never")
        </script>

        نصّ <span class="x">آخر</span> &lt;هنا&gt;
        """
    )
    assert item.text.split("\n\n") == ["سطر & سطر مهم", "نصّ آخر <هنا>"]


def test_escapes_and_literal_marks() -> None:
    assert one(r"2 \* 3, snake_case_name, 5 * 6 and C\# " "\n").text == "2 * 3, snake_case_name, 5 * 6 and C#"


def test_broken_front_matter() -> None:
    with pytest.raises(SourceError, match="not YAML"):
        items(read, b"---\ntitle: [a\n---\n# Heading\n")
