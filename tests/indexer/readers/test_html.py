import textwrap

import pytest

from indexer.readers import SourceItem
from indexer.readers.html import read
from search.errors import SourceError
from tests.conftest import SEEDS
from tests.indexer.readers import items

ARTICLE = [
    "تخرجت في أكاديمية جيبوتي البحرية أمس ثماني فرق صعود ستحرس خليج عدن في الأشهر المقبلة.",
    "وتدرب أفراد الفرق ستة أسابيع على تفتيش السفن وعلى الإسعاف الأولي في عرض البحر.",
    "وقال قائد الأكاديمية إن ثلاث نساء كن بين المتخرجين، وهن أول من أتم هذه الدورة.",
]


def page(*, charset: str = "utf-8", lang: str = 'lang="ar-DJ"', head: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in ARTICLE)
    return textwrap.dedent(
        """\
        <!doctype html>
        <html {lang} dir="rtl"><head><meta charset="{charset}">
        <title>ثمانية فرق صعود تتخرج - وكالة ضفاف</title>{head}
        <style>body {{ color: black }}</style></head>
        <body>
        <nav><ul><li><a href="/">آخر الأخبار</a></li><li><a href="/gulf">الخليج</a></li></ul></nav>
        <main><article><h1>ثمانية فرق صعود تتخرج في جيبوتي</h1>
        {paragraphs}</article></main>
        <aside><h2>الأكثر قراءة</h2><ul><li><a href="/x">أسعار الذهب اليوم</a></li></ul></aside>
        <footer><p>جميع الحقوق محفوظة © وكالة ضفاف</p></footer>
        <script>track("visitor")</script>
        </body></html>
        """
    ).format(lang=lang, charset=charset, head=head, paragraphs=paragraphs)


def one(data: bytes) -> SourceItem:
    (item,) = items(read, data)
    assert isinstance(item, SourceItem)
    return item


def test_the_article_without_its_furniture() -> None:
    paragraphs = one(page().encode()).text.split("\n\n")
    assert paragraphs[-3:] == ARTICLE
    assert paragraphs[:-3] in ([], ["ثمانية فرق صعود تتخرج في جيبوتي"])


def test_what_the_page_says_of_itself() -> None:
    head = (
        '<meta property="og:title" content="ثمانية فرق صعود تتخرج">'
        '<meta property="og:site_name" content="وكالة ضفاف">'
        '<meta property="article:published_time" content="2025-06-26T16:30:00+03:00">'
    )
    item = one(page(head=head).encode())
    assert item.title == "ثمانية فرق صعود تتخرج"
    assert item.publisher == "وكالة ضفاف"
    assert item.date == "2025-06-26"
    assert item.lang == "ar"


def test_a_page_that_says_nothing_of_its_language() -> None:
    assert one(page(lang="").encode()).lang is None


@pytest.mark.parametrize("declared", ["windows-1256", "WINDOWS-1256", "utf-8"], ids=["right", "capitals", "wrong"])
def test_a_page_in_windows_1256(declared: str) -> None:
    item = one(page(charset=declared).encode("windows-1256"))
    assert item.text.split("\n\n")[-3:] == ARTICLE


def test_an_encoding_declared_the_old_way() -> None:
    old = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-6">'
    source = page().replace('<meta charset="utf-8">', old).replace("©", "")
    assert one(source.encode("iso-8859-6")).text.split("\n\n")[-3:] == ARTICLE


def test_xhtml_with_an_xml_declaration() -> None:
    source = '<?xml version="1.0" encoding="utf-8"?>\n' + page()
    assert one(source.encode()).text.split("\n\n")[-3:] == ARTICLE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html></html>",
        b"<html><body><script>var a = 1</script></body></html>",
        b"<nav><a href='/'>Home</a></nav>",
    ],
    ids=["nothing", "no body", "script", "menu"],
)
def test_a_page_without_text(data: bytes) -> None:
    with pytest.raises(SourceError, match="no text") as caught:
        items(read, data)
    assert caught.value.hint


def test_the_seeds_have_no_menus() -> None:
    for path in sorted((SEEDS / "documents").rglob("*.html")):
        source = path.read_text("utf-8")
        item = one(source.encode())
        menu = source[source.index("<nav>") : source.index("</nav>")]
        footer = source[source.index("<footer") : source.index("</footer>")]
        assert "<p>" not in menu
        for furniture in (menu, footer):
            words = [
                part.partition("</")[0] for part in furniture.split(">") if len(part.partition("</")[0].split()) > 2
            ]
            assert not [phrase for phrase in words if phrase in item.text], path.name
