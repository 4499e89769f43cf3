import datetime
from io import BytesIO

import docx as python_docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK

from indexer.readers import Skip, SourceItem
from indexer.readers.docx import read
from tests.indexer.readers import items
from tests.indexer.readers.packages import (
    NAMESPACES,
    one,
    paragraphs,
    related,
    unzipped,
    word,
    xml,
    zipped,
)

LEAD = "أعلنت وزارة الري أمس أن منسوب بحيرة القرعون انخفض 4 أمتار عن معدله في هذا الشهر."


def p(*content: str, style: str = "", mark: str = "") -> str:
    """A paragraph. Content that is no markup becomes a run."""
    runs = "".join(part if part.startswith("<") else f"<w:r><w:t>{part}</w:t></w:r>" for part in content)
    about = f'<w:pStyle w:val="{style}"/>' * bool(style) + f"<w:rPr>{mark}</w:rPr>" * bool(mark)
    return f"<w:p><w:pPr>{about}</w:pPr>{runs}</w:p>"


def style(key: str, name: str, content: str = "") -> str:
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{content}</w:style>'


def cell(*content: str) -> str:
    return f"<w:tc>{''.join(p(part) for part in content) or p()}</w:tc>"


def test_a_document_of_python_docx() -> None:
    document = python_docx.Document()
    document.core_properties.author = "هدى النحاس"
    document.core_properties.title = "بحيرة تنكمش"
    document.core_properties.created = datetime.datetime(2025, 3, 9, 7, 30, tzinfo=datetime.UTC)
    document.core_properties.language = "ar-LB"
    document.add_heading("القرعون في أدنى مستوى منذ 1989", level=1)
    document.add_paragraph(LEAD)
    document.add_paragraph("مولدات عبد العال", style="List Bullet")
    quoted = document.add_paragraph("قال مدير المصلحة: ")
    quoted.add_run("«نوزّع بالساعات").bold = True
    quoted.add_run().add_break(WD_BREAK.LINE)
    quoted.add_run("لا بالأيام».")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, [("الشهر", "المنسوب"), ("شباط", "842")], strict=True):
        for where, text in zip(row.cells, words, strict=True):
            where.text = text
    document.sections[0].header.paragraphs[0].text = "نشرة المياه"
    document.add_comment(quoted.runs, text="تحقق من الاسم", author="م")
    stream = BytesIO()
    document.save(stream)
    assert one(read, stream.getvalue()) == SourceItem(
        title="بحيرة تنكمش",
        author="هدى النحاس",
        date="2025-03-09",
        lang="ar-LB",
        text="\n\n".join(
            [
                "القرعون في أدنى مستوى منذ 1989",
                LEAD,
                "مولدات عبد العال",
                "قال مدير المصلحة: «نوزّع بالساعات\nلا بالأيام».",
                "الشهر | المنسوب",
                "شباط | 842",
            ]
        ),
    )


def test_what_the_template_of_python_docx_says_is_not_said_of_a_document() -> None:
    document = python_docx.Document()
    document.styles.add_style("عنوان التقرير", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Title"]
    document.add_heading("بند أول", level=2)
    document.add_paragraph("تقرير المياه", style="عنوان التقرير")
    stream = BytesIO()
    document.save(stream)
    item = one(read, stream.getvalue())
    assert (item.title, item.author, item.date) == ("تقرير المياه", None, None)


def test_the_first_heading_is_the_title_where_there_is_no_title() -> None:
    styles = xml("w:styles", style("a3", "heading 1") + style("a4", "Own", '<w:basedOn w:val="a3"/>'))
    data = word(p("تمهيد") + p("الباب الأول", style="a4") + p("الباب الثاني", style="a3"), styles=styles)
    assert one(read, data).title == "الباب الأول"


def test_markup_that_other_programs_write() -> None:
    link = '<w:hyperlink r:id="x" w:history="1"><w:r><w:t>صور</w:t></w:r></w:hyperlink>'
    tagged = '<w:smartTag w:uri="u" w:element="place"><w:smartTagPr/><w:r><w:t>النبطية</w:t></w:r></w:smartTag>'
    control = "<w:sdt><w:sdtPr><w:id/></w:sdtPr><w:sdtContent><w:r><w:t>بعلبك</w:t></w:r></w:sdtContent></w:sdt>"
    embedded = '<w:dir w:val="rtl"><w:bdo w:val="ltr"><w:r><w:t>Zahle</w:t></w:r></w:bdo></w:dir>'
    custom = f'<w:customXml w:element="e">{p("خارج الجدول")}</w:customXml>'
    block = f"<w:sdt><w:sdtContent>{p('في إطار')}</w:sdtContent></w:sdt>"
    assert paragraphs(read, word(p(link, "، ", tagged, "، ", control, "، ", embedded) + custom + block)) == [
        "صور، النبطية، بعلبك، Zahle",
        "خارج الجدول",
        "في إطار",
    ]


def test_tracked_changes() -> None:
    body = p(
        "قرر المجلس ",
        '<w:del w:id="1"><w:r><w:delText>رفض</w:delText></w:r></w:del>',
        '<w:ins w:id="2"><w:r><w:t>قبول</w:t></w:r></w:ins>',
        '<w:moveFrom w:id="3"><w:r><w:t> اليوم</w:t></w:r></w:moveFrom>',
        " العرض",
        '<w:moveTo w:id="4"><w:r><w:t> اليوم</w:t></w:r></w:moveTo>',
        ".",
    )
    assert paragraphs(read, word(body)) == ["قرر المجلس قبول العرض اليوم."]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p("بدأت الجلسة ", mark='<w:del w:id="1"/>') + p("وانتهت مساءً.") + p("ثم رفعت.")
    assert paragraphs(read, word(body)) == ["بدأت الجلسة وانتهت مساءً.", "ثم رفعت."]


def test_a_deleted_row() -> None:
    gone = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell("محذوف")}</w:tr>'
    assert paragraphs(read, word(f"<w:tbl><w:tr>{cell('باقٍ')}</w:tr>{gone}</w:tbl>")) == ["باقٍ"]


def test_hidden_text() -> None:
    styles = xml(
        "w:styles",
        style("z", "z-Top of Form", "<w:rPr><w:vanish/></w:rPr>")
        + '<w:style w:type="character" w:styleId="h"><w:name w:val="hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
        + '<w:style w:type="character" w:styleId="h2"><w:name w:val="hid2"/><w:basedOn w:val="h"/></w:style>',
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>سري</w:t></w:r>"
    shown = '<w:r><w:rPr><w:rStyle w:val="h"/><w:vanish w:val="0"/></w:rPr><w:t>علني</w:t></w:r>'
    by_style = '<w:r><w:rPr><w:rStyle w:val="h2"/></w:rPr><w:t>مستور</w:t></w:r>'
    body = p("نص ", hidden, shown, by_style) + p("أعلى النموذج", style="z") + p(LEAD)
    assert paragraphs(read, word(body, styles=styles)) == ["نص علني", LEAD]


@pytest.mark.parametrize("base", ["a", "b"])
def test_styles_that_go_in_a_circle(base: str) -> None:
    styles = xml(
        "w:styles", style("a", "A", f'<w:basedOn w:val="{base}"/>') + style("b", "B", '<w:basedOn w:val="a"/>')
    )
    assert paragraphs(read, word(p(LEAD, style="a"), styles=styles)) == [LEAD]


def test_text_boxes_are_read_once_and_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('صندوق في الهامش')}{p('سطره الثاني')}</w:txbxContent>"
    drawn = (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert paragraphs(read, word(p("قبل الصندوق ", drawn, "وبعده") + p("فقرة أخرى"))) == [
        "قبل الصندوق وبعده",
        "صندوق في الهامش",
        "سطره الثاني",
        "فقرة أخرى",
    ]


def test_text_boxes_and_lettering_of_old_versions() -> None:
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{p('صندوق')}</w:txbxContent></v:textbox></w:pict></w:r>"
    lettering = '<w:r><w:pict><v:shape><v:textpath string="جريدة الميناء"/></v:shape></w:pict></w:r>'
    lettering += lettering.replace("جريدة الميناء", "")
    assert paragraphs(read, word(p(lettering) + p("نص", box))) == ["جريدة الميناء", "نص", "صندوق"]


def test_a_diagram() -> None:
    point = '<dgm:pt modelId="{i}"{kind}><dgm:t><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
    points = point.format(i=1, kind="", text="استلام") + point.format(i=2, kind=' type="pres"', text="شكل")
    drawing = '<w:r><w:drawing><a:graphic><dgm:relIds r:dm="d1"/></a:graphic></w:drawing></w:r>'
    parts = {
        "word/_rels/document.xml.rels": related(d1="diagramData diagrams/data1.xml"),
        "word/diagrams/data1.xml": xml("dgm:dataModel", f"<dgm:ptLst>{points}</dgm:ptLst>"),
    }
    data = unzipped(word(p("مراحل العمل", drawing))) | parts
    assert paragraphs(read, zipped(data)) == ["مراحل العمل", "استلام"]


def test_notes_come_last_in_the_order_of_their_references() -> None:
    def note(key: str, text: str) -> str:
        return f'<w:footnote w:id="{key}">{p("<w:r><w:footnoteRef/></w:r>", text)}</w:footnote>'

    body = p("أول", '<w:r><w:footnoteReference w:id="3"/></w:r>', '<w:r><w:footnoteReference w:id="2"/></w:r>')
    body += p("ثانٍ", '<w:r><w:endnoteReference w:id="2"/></w:r>', '<w:r><w:footnoteReference w:id="3"/></w:r>')
    footnotes = xml("w:footnotes", note("-1", "فاصل") + note("2", "حاشية ثانية") + note("3", "حاشية أولى"))
    endnotes = xml("w:endnotes", f'<w:endnote w:id="2">{p("تعليق ختامي")}</w:endnote>')
    assert paragraphs(read, word(body, footnotes=footnotes, endnotes=endnotes)) == [
        "أول",
        "ثانٍ",
        "حاشية أولى",
        "حاشية ثانية",
        "تعليق ختامي",
    ]


def field(code: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


def test_fields_show_their_results() -> None:
    inner = field("MERGEFIELD مدينة", "<w:r><w:t>طرابلس</w:t></w:r>")
    outer = field("IF ", "<w:r><w:t>الشمال</w:t></w:r>").replace(
        "IF </w:instrText></w:r>", f"IF </w:instrText></w:r>{inner}"
    )
    simple = '<w:fldSimple w:instr="DATE"><w:r><w:t>9 آذار</w:t></w:r></w:fldSimple>'
    assert paragraphs(read, word(p("في ", field("HYPERLINK x", inner), " و", outer, " يوم ", simple))) == [
        "في طرابلس والشمال يوم 9 آذار"
    ]


def test_a_field_that_never_ends_costs_nothing_after_its_paragraph() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert paragraphs(read, word(p("قبل ", begin) + p(end, end, LEAD))) == ["قبل", LEAD]


def test_the_table_of_contents_is_left_out() -> None:
    styles = xml("w:styles", style("c1", "toc 1") + style("ch", "TOC Heading") + style("h1", "heading 1"))
    body = p("المحتويات", style="ch") + p("الباب الأول 3", style="c1") + p("الباب الأول", style="h1")
    assert paragraphs(read, word(body, styles=styles)) == ["الباب الأول"]
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    content = f"<w:sdtContent>{p('الفهرس')}{p('الباب الأول 3')}</w:sdtContent>"
    assert paragraphs(read, word(f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr>{content}</w:sdt>{p(LEAD)}")) == [LEAD]


def test_characters_that_are_elements() -> None:
    body = p(
        "<w:r><w:t>الاقتصا</w:t><w:softHyphen/><w:t>دية</w:t><w:tab/><w:t>ما\u00adلية</w:t></w:r>",
        "<w:r><w:t xml:space='preserve'>  A</w:t><w:noBreakHyphen/><w:t>320</w:t><w:br w:type='page'/></w:r>",
        "<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>",
    )
    assert paragraphs(read, word(body)) == ["الاقتصادية مالية A-320\nx=2"]


def test_two_line_breaks_part_paragraphs() -> None:
    assert paragraphs(read, word(p("سطر<w:br/>آخر".replace("<w:br/>", "</w:t><w:br/><w:t>")))) == ["سطر\nآخر"]
    assert paragraphs(read, word(p("أ</w:t><w:br/><w:t> </w:t><w:br/><w:br/><w:t>ب"))) == ["أ", "ب"]


def test_rows_are_lines_unless_they_are_layout() -> None:
    rows = [
        cell(
            "المحافظة",
        )
        + cell()
        + cell("عدد الآبار"),
        cell("البقاع", "الغربي") + cell("118"),
        cell(LEAD * 3) + cell("The lake has shrunk. " * 12),
        f"<w:sdt><w:sdtContent>{cell('في خانة')}</w:sdtContent></w:sdt>" + cell("64"),
        f"<w:tc><w:tbl><w:tr>{cell('جدول')}{cell('داخل جدول')}</w:tr></w:tbl>{p()}</w:tc>" + cell("9"),
        cell() + cell(),
    ]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    assert paragraphs(read, word(f"<w:tbl>{table}</w:tbl>")) == [
        "المحافظة | عدد الآبار",
        "البقاع",
        "الغربي",
        "118",
        LEAD * 3,
        ("The lake has shrunk. " * 12).strip(),
        "في خانة | 64",
        "جدول | داخل جدول | 9",
    ]


def test_a_prompt_to_fill_in_is_no_text() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert paragraphs(read, word(prompt.format(p("انقر هنا لإدخال نص")) + p(LEAD))) == [LEAD]


def test_another_document_inside_is_told() -> None:
    relation = '<Relationship Id="h" Type="http://x/aFChunk" Target="/word/part.mht"/>'
    found = items(read, word('<w:altChunk r:id="h"/>' + p(LEAD), relations=relation))
    assert found[1:] == [Skip("word/part.mht", "Another document stands in its place in this one; it is not read.")]


def test_documents_that_python_docx_refuses() -> None:
    """A document in the strict edition, with macros, with a relation to nothing; its parts in odd places and case."""
    strict = "http://purl.oclc.org/ooxml/"
    document = xml("w:document", f"<w:body>{p(LEAD)}</w:body>")
    document = document.replace(NAMESPACES["w"], f"{strict}wordprocessingml/main")
    dangling = '<Relationship Id="n" Type="http://x/image" Target="../NULL"/></Rel'
    data: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": related(m="officeDocument /Word/Document2.xml").replace(
            NAMESPACES["r"], f"{strict}relationships"
        ),
        "word\\document2.xml": document,
        "word\\_rels\\document2.xml.rels": related(v="vbaProject vbaProject.bin").replace("</Rel", dangling),
        "word\\vbaProject.bin": b"\xd0\xcf",
    }
    assert paragraphs(read, zipped(data)) == [LEAD]


def test_a_document_without_text() -> None:
    assert one(read, word(p() + "<w:sectPr/>")) == SourceItem(text="")
