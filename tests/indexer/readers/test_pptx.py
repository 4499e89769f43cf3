import datetime
from io import BytesIO

import pytest
from pptx import Presentation
from pptx.util import Inches

from indexer.readers import Health, Skip, SourceItem
from indexer.readers.pptx import read
from tests.indexer.readers import PLAIN, items
from tests.indexer.readers.packages import edited, one, paragraphs, related, slides, unzipped, xml, zipped


def shape(*lines: str, place: str = "", hidden: str = "") -> str:
    """A shape with a paragraph a line. A line that begins with markup is what is inside its paragraph."""
    runs = "".join(f"<a:p>{line if line.startswith('<') else run(line)}</a:p>" for line in lines)
    about = f"<p:nvSpPr><p:cNvPr{hidden}/><p:nvPr>{place and f'<p:ph {place}/>'}</p:nvPr></p:nvSpPr>"
    return f"<p:sp>{about}<p:txBody>{runs}</p:txBody></p:sp>"


def run(text: str) -> str:
    return f"<a:r><a:t>{text}</a:t></a:r>"


def test_a_presentation_of_python_pptx() -> None:
    deck = Presentation()
    deck.core_properties.created = datetime.datetime(2025, 5, 18, tzinfo=datetime.UTC)
    deck.core_properties.author = "مركز دراسات المتوسط"
    opening = deck.slides.add_slide(deck.slide_layouts[0])
    opening.shapes.title.text = "أمن الممرات\vالبحرية"
    opening.placeholders[1].text = "حلقة نقاش"
    deck.slides.add_slide(deck.slide_layouts[6])
    facts = deck.slides.add_slide(deck.slide_layouts[1])
    facts.placeholders[1].text = "عبرت القناة 47 سفينة يومياً\nتراجعت الحركة إلى النصف"
    table = facts.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(5), Inches(1)).table
    for (row, column), text in {(0, 0): "السنة", (0, 1): "السفن", (1, 0): "2024", (1, 1): "13213"}.items():
        table.cell(row, column).text = text
    facts.shapes.title.text = "باب المندب"
    facts.notes_slide.notes_text_frame.text = "يُذكر هنا أن الأرقام أولية."
    deck.slides.add_slide(deck.slide_layouts[6])
    stream = BytesIO()
    deck.save(stream)

    health, item = read(BytesIO(stream.getvalue()), PLAIN)
    assert health == Health(pages=4, empty_pages=(2, 4))
    assert isinstance(item, SourceItem)
    assert item.text.split("\n\n") == [
        "أمن الممرات\nالبحرية",
        "حلقة نقاش",
        "باب المندب",
        "عبرت القناة 47 سفينة يومياً",
        "تراجعت الحركة إلى النصف",
        "السنة | السفن",
        "2024 | 13213",
        "يُذكر هنا أن الأرقام أولية.",
    ]
    third = item.text.index("باب المندب")
    assert item.page_starts == (0, third, third, len(item.text))
    assert (item.title, item.author, item.date) == ("أمن الممرات البحرية", "مركز دراسات المتوسط", "2025-05-18")


def test_the_title_is_read_first_wherever_it_lies() -> None:
    tree = shape("النص") + shape("العنوان", place='type="title"')
    assert paragraphs(read, slides(tree)) == ["العنوان", "النص"]


def test_what_stands_on_every_slide_is_left_out() -> None:
    furniture = "".join(shape("12", place=f'type="{place}"') for place in ("dt", "ftr", "sldNum"))
    number = '<a:fld type="slidenum"><a:t>12</a:t></a:fld>'
    assert paragraphs(read, slides(furniture + shape(run("شريحة ") + number))) == ["شريحة"]


def test_groups_alternatives_and_breaks() -> None:
    group = f"<p:grpSp><p:nvGrpSpPr/>{shape('في مجموعة')}<p:grpSp>{shape('أعمق')}</p:grpSp></p:grpSp>"
    alternatives = (
        f'<mc:AlternateContent><mc:Choice Requires="a14">{shape("معادلة")}</mc:Choice>'
        f"<mc:Fallback>{shape('صورة المعادلة')}</mc:Fallback></mc:AlternateContent>"
    )
    broken = shape(f"{run('سطر')}<a:br><a:rPr/></a:br>{run('وآخر')}<a:fld type='datetime1'><a:t> 2025</a:t></a:fld>")
    assert paragraphs(read, slides(group + alternatives + broken)) == ["في مجموعة", "أعمق", "معادلة", "سطر\nوآخر 2025"]


def test_hidden_shapes_and_hidden_slides() -> None:
    deck = slides(shape("الأولى") + shape("خفي", hidden=' hidden="1"'), shape("مطوية"), shape("الثالثة"))
    skip, item = items(read, edited(deck, "ppt/slides/slide2.xml", "<p:sld ", '<p:sld show="0" '))
    assert skip == Skip("slide 2", "The slide is hidden.")
    assert isinstance(item, SourceItem)
    assert item.text == "الأولى\n\nالثالثة"
    assert item.page_starts == (0, 8, 8)


def test_a_damaged_slide_costs_no_other() -> None:
    deck = unzipped(slides(shape("الأولى"), shape("الثانية"))) | {"ppt/slides/slide1.xml": b"<p:sld"}
    skip, item = items(read, zipped(deck))
    assert isinstance(skip, Skip)
    assert skip.place == "slide 1"
    assert skip.reason.startswith("ppt/slides/slide1.xml is not XML: ")
    assert isinstance(item, SourceItem)
    assert (item.text, item.page_starts) == ("الثانية", (0, 0))


def test_slides_go_in_the_order_of_the_show() -> None:
    order = related(s1="slide slides/slide2.xml", s2="slide slides/slide1.xml", s3="slide slides/slide9.xml")
    deck = unzipped(slides(shape("صفر"), shape("واحد"))) | {"ppt/_rels/presentation.xml.rels": order.encode()}
    assert paragraphs(read, zipped(deck)) == ["واحد", "صفر"]


def test_a_diagram() -> None:
    def point(text: str, about: str = "") -> str:
        return f"<dgm:pt{about}><dgm:t><a:p>{text}</a:p></dgm:t></dgm:pt>"

    frame = '<p:graphicFrame><a:graphic><dgm:relIds r:dm="d"/></a:graphic></p:graphicFrame>'
    points = point(run("رصد") + run(" مبكر")) + point(run("سهم"), ' type="parTrans"') + point(run("إنذار"))
    data = xml("dgm:dataModel", f"<dgm:ptLst>{points}</dgm:ptLst>")
    relations = {"ppt/slides/_rels/slide1.xml.rels": related(d="diagramData ../diagrams/data1.xml")}
    assert paragraphs(read, slides(frame, **relations, **{"ppt/diagrams/data1.xml": data})) == ["رصد مبكر", "إنذار"]
    assert paragraphs(read, slides(frame + shape("نص"), **relations)) == ["نص"]


@pytest.mark.parametrize("count", [0, 2])
def test_a_presentation_without_text(count: int) -> None:
    item = one(read, slides(*[shape("")] * count))
    assert item == SourceItem(text="", page_starts=(0,) * count)
