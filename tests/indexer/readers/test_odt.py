from io import BytesIO

import odfdo
import pytest

from indexer.readers import SourceItem
from indexer.readers.odt import read
from search.errors import SourceError
from tests.indexer.readers import items
from tests.indexer.readers.packages import one, open_text, paragraphs, unzipped, xml, zipped

LEAD = "فتحت صناديق الاقتراع في دوائر الساحل عند السابعة صباحاً وسط إقبال ضعيف."


def text(*content: str, styles: str = "") -> bytes:
    return open_text(f"<office:text>{''.join(content)}</office:text>", styles=styles)


def p(content: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def style(name: str, properties: str = "", family: str = "text", parent: str = "") -> str:
    about = f'style:name="{name}" style:family="{family}" style:parent-style-name="{parent}"'
    return f"<style:style {about}><style:text-properties {properties}/></style:style>"


def test_a_document_of_odfdo() -> None:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "بلديات الساحل تنتخب"))
    document.body.append(odfdo.Paragraph(LEAD))
    document.body.append(odfdo.List(["المحمودية: 21 مقعداً", "رأس البحر: 15 مقعداً"]))
    table = odfdo.Table("نتائج", width=2, height=2)
    table.set_values([["القائمة", "المقاعد"], ["الميناء أولاً", 9]])
    document.body.append(table)
    noted = odfdo.Paragraph("وطعنت قائمتان في الفرز.")
    noted.insert_note(after="قائمتان", note_id="n1", citation="1", body="هما قائمتا المرفأ والسوق.")
    noted.insert_annotation(after="الفرز", body="نحتاج مصدراً ثانياً", creator="المحرر")
    document.body.append(noted)
    document.meta.title = "انتخابات الساحل"
    document.meta.initial_creator = "رنا صباغ"
    document.meta.language = "ar-SY"
    stream = BytesIO()
    document.save(stream)
    item = one(read, stream.getvalue())
    assert (item.title, item.author, item.lang) == ("انتخابات الساحل", "رنا صباغ", "ar-SY")
    assert item.text.split("\n\n") == [
        "بلديات الساحل تنتخب",
        LEAD,
        "المحمودية: 21 مقعداً",
        "رأس البحر: 15 مقعداً",
        "القائمة | المقاعد",
        "الميناء أولاً | 9",
        "وطعنت قائمتان في الفرز.",
        "هما قائمتا المرفأ والسوق.",
    ]


def test_what_the_document_says_of_itself() -> None:
    meta = (
        "<dc:creator>المدقق</dc:creator><dc:date>2025-02-03T10:00:00.5</dc:date>"
        "<meta:creation-date>2024-11-30T23:59:59</meta:creation-date><dc:title> </dc:title>"
    )
    body = f'<office:text>{p("مقدمة")}<text:h text:outline-level="1">الساحل</text:h></office:text>'
    item = one(read, open_text(body, meta=meta))
    assert (item.title, item.author, item.date) == ("الساحل", "المدقق", "2024-11-30")


def test_a_title_goes_before_headings() -> None:
    styles = style("P1", family="paragraph", parent="Title") + style("Title", family="paragraph")
    assert one(read, text("<text:h>الباب</text:h>", p("تقرير الساحل", "P1"), styles=styles)).title == "تقرير الساحل"


def test_spaces_breaks_and_fields() -> None:
    body = p(
        'أ<text:s text:c="3"/>ب<text:tab/>ج<text:line-break/>الاقتصا\u00adدية\n  <text:span>«سوق»</text:span>'
        "<text:a>رابط</text:a> <text:page-number>3</text:page-number><text:soft-page-break/><text:bookmark/>"
        "<text:ruby><text:ruby-base>قط</text:ruby-base><text:ruby-text>خفي</text:ruby-text></text:ruby>"
    )
    assert paragraphs(read, text(body)) == ["أ ب ج\nالاقتصادية «سوق»رابط 3قط"]


def test_tracked_changes() -> None:
    gone = f"<text:changed-region><text:deletion>{p('محذوف')}</text:deletion></text:changed-region>"
    body = p('باقٍ<text:change text:change-id="c"/><text:change-start text:change-id="d"/> ومضاف<text:change-end/>')
    assert paragraphs(read, text(f"<text:tracked-changes>{gone}</text:tracked-changes>", body)) == ["باقٍ ومضاف"]


def test_hidden_text() -> None:
    styles = (
        style("T1", 'text:display="none"')
        + style("T2", parent="T1")
        + style("T3", 'text:display="true"', parent="T1")
        + style("T1", family="paragraph")
        + style("P9", 'text:display="none"', family="paragraph")
    )
    body = [
        p('أ<text:span text:style-name="T1">1</text:span><text:span text:style-name="T2">2</text:span>', "T1"),
        p('ب<text:span text:style-name="T3">3</text:span>'),
        p("كلها", "P9"),
        p('ج<text:hidden-paragraph text:is-hidden="true"/>'),
        p('د<text:hidden-text text:string-value="خفي">خفي</text:hidden-text>'),
        f'<text:section text:display="none">{p("قسم")}</text:section>',
        f"<text:section>{p('قسم ظاهر')}</text:section>",
    ]
    assert paragraphs(read, text(*body, styles=styles)) == ["أ", "ب3", "د", "قسم ظاهر"]


def test_styles_that_go_in_a_circle() -> None:
    styles = style("T1", parent="T2") + style("T2", parent="T1")
    assert paragraphs(read, text(p('<text:span text:style-name="T1">نص</text:span>'), styles=styles)) == ["نص"]


def test_frames_and_shapes_come_after_their_paragraph() -> None:
    bullets = f"<text:list><text:list-item>{p('بند')}</text:list-item></text:list>"
    box = f"<draw:text-box>{p('في إطار')}{bullets}</draw:text-box>"
    frame = f"<draw:frame>{box}<svg:title>صورة</svg:title><svg:desc>وصف</svg:desc></draw:frame>"
    shape = f"<draw:g><draw:path>{p('في شكل')}</draw:path></draw:g>"
    assert paragraphs(read, text(p(f"قبل {frame}وبعد{shape}"), p("تالٍ"))) == [
        "قبل وبعد",
        "في إطار",
        "بند",
        "في شكل",
        "تالٍ",
    ]


def test_indexes_and_numbers_are_left_out() -> None:
    contents = f"<text:table-of-content><text:index-body>{p('الباب 3')}</text:index-body></text:table-of-content>"
    assert paragraphs(read, text(contents, "<text:h><text:number>1.</text:number>الباب</text:h>")) == ["الباب"]


def test_tables() -> None:
    def cell(*content: str) -> str:
        return f"<table:table-cell>{''.join(map(p, content))}</table:table-cell>"

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    nested = f"<table:table-cell><table:table>{row(cell('ج'), cell('د'))}</table:table></table:table-cell>"
    headers = f"<table:table-header-rows>{row(cell('س'), cell('ص'))}</table:table-header-rows>"
    covered = f"<table:covered-table-cell>{p('تحت غيره')}</table:covered-table-cell>"
    table = row(cell("أ", "أ2"), cell("ب")) + row(nested, cell("هـ")) + row(cell("و"), covered, cell())
    assert paragraphs(read, text(f"<table:table>{headers}{table}</table:table>")) == [
        "س | ص",
        "أ",
        "أ2",
        "ب",
        "ج | د | هـ",
        "و",
    ]


def test_a_document_with_a_password() -> None:
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    manifest = {"META-INF/manifest.xml": xml("manifest:manifest", locked)}
    data = unzipped(text(p(LEAD))) | {"content.xml": b"\x8f\x02\x99"} | manifest
    with pytest.raises(SourceError, match=r"^The file needs a password\.$"):
        items(read, zipped(data))


def test_a_spreadsheet_is_no_text() -> None:
    with pytest.raises(SourceError, match=r"^The file is no OpenDocument text\.$"):
        items(read, open_text("<office:spreadsheet/>"))


def test_a_document_without_text() -> None:
    assert one(read, text(p(""))) == SourceItem(text="")
