from dataclasses import replace

import pytest

from indexer.readers import Skip, SourceItem
from indexer.readers.epub import read
from search.errors import SourceError
from tests.indexer.readers import items
from tests.indexer.readers.packages import edited, epub

FIRST = "خرج الصيادون من ميناء الفاو قبل الفجر، ولم يعد منهم إلا زورق واحد."
SECOND = "بعد عشرين سنة ما زالت أم كاظم تعدّ الأسماء على أصابعها."


def page(body: str, *, title: str = "", encoding: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" dir="rtl">'
        f"<head><title>{title}</title><style>p {{ color: black }}</style></head><body>{body}</body></html>"
    )


def chapter(body: str) -> list[str]:
    (found,) = items(read, epub({"c.xhtml": page(body)}))
    assert isinstance(found, SourceItem)
    return found.text.split("\n\n") if found.text else []


METADATA = (
    '<dc:title id="t">شط\n العرب</dc:title><dc:title>حكايات</dc:title><dc:creator>ناظم العبيدي</dc:creator>'
    "<dc:creator>وداد السالم</dc:creator><dc:contributor>رسام</dc:contributor><dc:language>ar</dc:language>"
    '<dc:publisher>دار الرافدين</dc:publisher><dc:date opf:event="modification">2021-01-01</dc:date>'
    '<dc:date opf:event="publication">2014-09-01</dc:date>'
)


def test_a_document_a_chapter() -> None:
    chapters = {
        "text/one.xhtml": page(f"<h1>الفجر</h1><p>{FIRST}</p>"),
        "text/two%20b.xhtml": page(f"<p>{SECOND}</p>"),
    }
    data = epub(chapters, metadata=METADATA, **{"OEBPS/text/two b.xhtml": chapters["text/two%20b.xhtml"]})
    about = SourceItem(
        text="", author="ناظم العبيدي; وداد السالم", lang="ar", publisher="دار الرافدين", date="2014-09-01"
    )
    assert items(read, data) == [
        replace(about, text=f"الفجر\n\n{FIRST}", title="شط العرب — الفجر", record_id="OEBPS/text/one.xhtml"),
        replace(about, text=SECOND, title="شط العرب — الفجر", record_id="OEBPS/text/two b.xhtml"),
    ]


NAV = page(
    '<nav epub:type="landmarks"><a href="../a.xhtml">غلاف</a></nav><nav epub:type="toc"><ol><li><a href="../a.xhtml">'
    'الباب <b>الأول</b></a></li><li><a href="../a.xhtml#s2">فصل</a></li>'
    '<li><a href="../b.xhtml#x">الثاني</a></li></ol></nav>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>الباب الأول</text></navLabel>'
    '<content src="../a.xhtml"/><navPoint><navLabel><text>فصل</text></navLabel><content src="../a.xhtml#s2"/>'
    "</navPoint></navPoint>"
    '<navPoint><navLabel><text>الثاني</text></navLabel><content src="../b.xhtml"/></navPoint></navMap></ncx>'
)


@pytest.mark.parametrize(
    ("entry", "contents"),
    [('media-type="application/xhtml+xml" properties="nav"', NAV), ('media-type="application/x-dtbncx+xml"', NCX)],
    ids=["EPUB 3", "EPUB 2"],
)
def test_the_table_of_contents_names_the_chapters(entry: str, contents: str) -> None:
    chapters = {name: page(f"<h2>عنوان فرعي</h2><p>{FIRST}</p>") for name in ("a.xhtml", "b.xhtml", "c.xhtml")}
    data = epub(chapters, manifest=f'<item id="n" href="toc/n" {entry}/>', **{"OEBPS/toc/n": contents})
    titles = [item.title for item in items(read, data) if isinstance(item, SourceItem)]
    assert titles == ["الباب الأول", "الثاني", "عنوان فرعي"]


def test_a_broken_table_of_contents_costs_only_the_titles() -> None:
    entry = '<item id="n" href="n" media-type="application/x-dtbncx+xml"/>'
    (item,) = items(read, epub({"a.xhtml": page(f"<p>{FIRST}</p>")}, manifest=entry, **{"OEBPS/n": "<ncx>"}))
    assert item == SourceItem(text=FIRST, record_id="OEBPS/a.xhtml")


def test_the_books_own_contents_are_no_chapter() -> None:
    book = epub({"nav.xhtml": NAV, "a.xhtml": page(f"<p>{FIRST}</p>")})
    assert len(items(read, book)) == 2
    book = edited(book, "OEBPS/content.opf", 'href="nav.xhtml"', 'properties="nav" href="nav.xhtml"')
    (item,) = items(read, book)
    assert isinstance(item, SourceItem)
    assert item.record_id == "OEBPS/a.xhtml"


def test_paragraphs_of_a_page() -> None:
    body = f"""
        <h1>الفجر<br/>في الفاو</h1>
        <div>سطر بلا فقرة <span>ثم <i>مائل</i></span>
          <p>{FIRST}</p> ذيل
        </div>
        <ul><li>واحد</li><li><p>اثنان</p><ol><li>ثلاثة</li></ol></li></ul>
        <table><caption>جدول</caption><tr><th>الزورق</th><th>العدد</th></tr>
        <tr><td>الأمل</td><td>7</td></tr></table>
        <p>كتا&#173;ب&nbsp;&laquo;الماء&raquo; &amp; الملح</p>"""
    assert chapter(body) == [
        "الفجر\nفي الفاو",
        "سطر بلا فقرة ثم مائل",
        FIRST,
        "ذيل",
        "واحد",
        "اثنان",
        "ثلاثة",
        "جدول",
        "الزورق | العدد",
        "الأمل | 7",
        "كتاب «الماء» & الملح",
    ]


def test_what_is_not_of_the_text() -> None:
    body = (
        "<p>قال<a epub:type='noteref' href='#n'>1</a> أحمد<sup><a href='#m'>2</a></sup> إن"
        "<span role='doc-pagebreak'>12</span> المد<script>x()</script> عالٍ<!-- لا --> 5 م<sup>2</sup>.</p>"
        "<p hidden=''>خفي</p><p style='display: none'>خفي</p><svg><text>رسم</text></svg>"
        "<p><ruby>قط<rt>نطق</rt></ruby></p><aside epub:type='footnote'>حاشية</aside>"
    )
    assert chapter(body) == ["قال أحمد إن المد عالٍ 5 م2.", "قط", "حاشية"]


def test_pages_that_are_not_well_formed() -> None:
    assert chapter("<p>أول<p>ثانٍ <b>عريض</p><a id='x'/><p>ثالث & رابع &nbsp;") == ["أول", "ثانٍ عريض", "ثالث & رابع"]


def test_a_page_in_windows_1256() -> None:
    source = page(f"<p>{FIRST}</p>", encoding="windows-1256").encode("windows-1256")
    (item,) = items(read, epub({"c.xhtml": source}))
    assert isinstance(item, SourceItem)
    assert item.text == FIRST


def test_chapters_that_cannot_be_read_are_told() -> None:
    deep = "<div>" * 400 + FIRST + "</div>" * 400
    chapters = {
        "one.xhtml": "",
        "binary.xhtml": "\x00\x01\x02",
        "deep.xhtml": page(deep),
        "cover.xhtml": page("<img src='c.jpg' alt='غلاف'/>"),
        "empty.xhtml": "",
        "locked.xhtml": "\x99",
        "good.xhtml": page(FIRST),
    }
    encryption = '<encryption><d><CipherReference URI="OEBPS/locked.xhtml"/></d></encryption>'
    data = epub(
        chapters,
        manifest='<item id="map" href="map.svg" media-type="image/svg+xml"/>',
        **{"META-INF/encryption.xml": encryption},
    )
    data = edited(data, "OEBPS/content.opf", "<spine>", '<spine><itemref idref="map"/>')
    data = edited(data, "OEBPS/content.opf", 'href="one.xhtml"', 'href="missing.xhtml"')
    found = items(read, data)
    assert [item for item in found if isinstance(item, Skip)] == [
        Skip("OEBPS/map.svg", "It is image/svg+xml, not text."),
        Skip("OEBPS/missing.xhtml", "The file is not a whole book in EPUB: OEBPS/missing.xhtml is missing."),
        Skip("OEBPS/binary.xhtml", "not text: 3 of 3 bytes are control codes"),
        Skip("OEBPS/deep.xhtml", "The page has elements nested deeper than 255."),
        Skip("OEBPS/locked.xhtml", "It is encrypted."),
    ]
    assert {item.record_id: item.text for item in found if isinstance(item, SourceItem)} == {
        "OEBPS/cover.xhtml": "",
        "OEBPS/empty.xhtml": "",
        "OEBPS/good.xhtml": FIRST,
    }


def test_a_book_of_no_chapters() -> None:
    with pytest.raises(SourceError, match="no chapters"):
        items(read, epub({}))


def test_a_locked_book() -> None:
    encryption = '<encryption><CipherReference URI="OEBPS/a.xhtml"/></encryption>'
    with pytest.raises(SourceError, match="DRM"):
        items(read, epub({"a.xhtml": "\x99"}, **{"META-INF/encryption.xml": encryption}))


def test_a_chapter_is_read_once_however_often_it_is_listed() -> None:
    book = epub({"a.xhtml": page(FIRST)})
    assert len(items(read, edited(book, "OEBPS/content.opf", "<spine>", '<spine><itemref idref="c0"/>'))) == 1
