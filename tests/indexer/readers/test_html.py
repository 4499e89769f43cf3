import json
import textwrap
from pathlib import Path

import pytest

from indexer.cleaning import clean
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


def test_what_the_page_says_in_json_ld() -> None:
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "ثمانية فرق صعود تتخرج",
        "author": [{"@type": "Person", "name": "ليلى حداد"}, {"@type": "Person", "name": "عمر ناصر"}],
        "publisher": {"@type": "Organization", "name": "وكالة ضفاف"},
        "datePublished": "2025-06-26T16:30:00+03:00",
        "dateModified": "2025-07-01T08:00:00+03:00",
        "inLanguage": "ar-DJ",
    }
    head = f'<script type="application/ld+json">{json.dumps(said, ensure_ascii=False)}</script>'
    item = one(page(head=head, lang="").encode())
    assert item.title in ("ثمانية فرق صعود تتخرج", "ثمانية فرق صعود تتخرج في جيبوتي")
    assert item.author == "ليلى حداد; عمر ناصر"
    assert (item.publisher, item.date, item.lang) == ("وكالة ضفاف", "2025-06-26", "ar")


@pytest.mark.parametrize(
    "element",
    [
        '<span property="dc:date" datatype="xsd:dateTime" content="2025-06-26T00:00:00+03:00">الخميس</span>',
        '<time itemprop="datePublished" datetime="2025-06-26">الخميس</time>',
        '<meta property="article:published_time" content="2025-06-26T16:30:00+03:00">',
    ],
    ids=["RDFa", "microdata", "Open Graph"],
)
def test_a_date_that_an_element_declares(element: str) -> None:
    other = "<footer><p>عدد 24/06/2025 من الصحيفة</p></footer></body>"
    source = page(head=element) if "<meta" in element else page().replace("</h1>", f"</h1>{element}")
    assert one(source.replace("</body>", other).encode()).date == "2025-06-26"


def test_a_date_that_is_not_declared_is_not_guessed() -> None:
    assert one(page().replace("</body>", "<p>12 Feb 2020</p></body>").encode()).date is None


def test_the_title_without_the_site_s_name() -> None:
    head = (
        '<meta property="og:title" content="ثمانية فرق صعود تتخرج في جيبوتي - وكالة ضفاف">'
        '<meta property="og:site_name" content="وكالة ضفاف">'
    )
    item = one(page(head=head).encode())
    assert item.title == "ثمانية فرق صعود تتخرج في جيبوتي"
    assert item.text.split("\n\n") == ARTICLE


def test_a_sentence_that_begins_as_the_title_does_keeps_its_words() -> None:
    head = '<meta property="og:title" content="تخرجت في أكاديمية جيبوتي البحرية">'
    assert ARTICLE[0] in one(page(head=head).encode()).text


def test_headings_lists_and_tables_stay() -> None:
    inside = (
        "<h2>ما تعلموه</h2><ul><li>تفتيش السفن</li><li>الإسعاف الأولي في البحر</li></ul>"
        "<table><tr><th>الفرقة</th><th>العدد</th></tr><tr><td>الأولى</td><td>12</td></tr></table>"
    )
    text = one(page().replace("</article>", f"{inside}<p>{ARTICLE[2]}</p></article>").encode()).text
    lines = text.split("\n\n")
    assert "ما تعلموه" in lines
    assert [line.removeprefix("- ") for line in lines if line.startswith("- ")] == [
        "تفتيش السفن",
        "الإسعاف الأولي في البحر",
    ]
    assert "الفرقة | العدد" in lines
    assert "الأولى | 12" in lines
    assert "---" not in text


def test_a_page_laid_out_by_a_table() -> None:
    cells = f"<td>الرئيسية</td><td><b>ثمانية فرق صعود تتخرج</b><br>{'<br>'.join(ARTICLE)}</td><td>إعلان</td>"
    source = f"<html lang=ar><head><title>ثمانية فرق</title></head><body><table><tr>{cells}</tr></table></body></html>"
    assert [line for line in one(source.encode()).text.split("\n\n") if line in ARTICLE] == ARTICLE


def test_an_article_that_only_json_ld_holds() -> None:
    said = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(ARTICLE)}, ensure_ascii=False)
    source = f'<html><head><script type="application/ld+json">{said}</script></head><body><div></div></body></html>'
    assert one(source.encode()).text == " ".join(ARTICLE)


def test_a_newspaper_s_page(shared: Path) -> None:
    path = shared / "documents" / "files" / "trafilatura_assabah.com.tn.article.html"
    (told,) = json.loads((shared / "documents" / "expected" / "trafilatura_assabah.json").read_text("utf-8")).values()
    item = one(path.read_bytes())
    cleaned = clean(item.text, title=item.title)
    assert item.title.split() == told["title"].split()
    assert (item.lang, item.date, item.publisher, item.author) == ("ar", "2019-02-08", "Assabah News", None)
    assert cleaned.removed == ()
    for phrase in told["with"]:
        assert phrase in cleaned.text
    for phrase in told["without"]:
        assert phrase not in cleaned.text


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
        b"<html><title>Ports reopen after the storm</title><body><a href='/'>Home</a><p>Log in</p></body></html>",
    ],
    ids=["nothing", "no body", "script", "menu", "furniture"],
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
