import pytest

from indexer.readers.pdf_furniture import without_furniture
from indexer.readers.pdf_layout import compose
from indexer.readers.pdf_page import Line


def _column(*texts: str, left: float = 50, right: float = 300, top: float = 700, rtl: bool = False) -> list[Line]:
    """Lines of 10 points below each other; one that ends in a bar ends at two fifths of its column."""
    lines = []
    for at, text in enumerate(texts):
        room = 0.6 * (right - left) if text.endswith("|") else 0.0
        sides = (left + room, right) if rtl else (left, right - room)
        lines.append(Line(text.rstrip("|"), *sides, baseline=top - 12.0 * at, size=10.0, rtl=rtl))
    return lines


def _text(*pages: list[Line]) -> str:
    return compose(list(pages)).text


def test_wrapped_lines_are_one_paragraph() -> None:
    assert _text(_column("The dam has filled", "with silt.")) == "The dam has filled with silt."


def test_a_line_that_ends_short_ends_a_paragraph() -> None:
    page = _column("The dam has filled with", "silt.|", "A dredger works on it by", "day and night.")
    assert _text(page) == "The dam has filled with silt.\n\nA dredger works on it by day and night."


def test_in_arabic_it_is_the_left_end_that_counts() -> None:
    page = _column("امتلأ السد بالطمي قبل", "أعوام.|", "وتعمل جرافة على تنظيفه", "ليل نهار.", rtl=True)
    assert _text(page) == "امتلأ السد بالطمي قبل أعوام.\n\nوتعمل جرافة على تنظيفه ليل نهار."


def test_arabic_set_flush_left_by_mistake() -> None:
    lines = [
        Line("امتلأ السد بالطمي قبل أعوام طويلة", 50, 300, 700, 10, rtl=True),
        Line("من الإهمال.", 50, 120, 688, 10, rtl=True),
        Line("وتعمل جرافة على تنظيفه ليل نهار", 50, 296, 676, 10, rtl=True),
    ]
    assert _text(lines) == "امتلأ السد بالطمي قبل أعوام طويلة من الإهمال.\n\nوتعمل جرافة على تنظيفه ليل نهار"


def test_an_indent_begins_a_paragraph() -> None:
    page = _column("The dam has filled with silt.", "A dredger works on it by", "day, and by night as well.")
    page[1] = Line("A dredger works on it by", 70, 300, page[1].baseline, 10)
    assert _text(page).split("\n\n")[1].startswith("A dredger works")


@pytest.mark.parametrize("bullet", ["• ", "- ", "2. ", "b) "])
def test_a_bullet_begins_a_paragraph(bullet: str) -> None:
    assert "\n\n" in _text(_column("Grain comes from three", f"{bullet}countries on the coast"))


def test_words_cut_by_a_hyphen_are_whole() -> None:
    assert _text(_column("doing noth-", "ing with al-", "Janub")) == "doing nothing with al-Janub"


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    texts = ["انتقل الثقل إلى البحر منذ", "سنوات، فأجرت القوتان", "مناورات في البحر الأحمر", "وفي المحيط الهندي، كما"]
    right = _column(*texts, "شاركتا في مناورات أخرى", "وتعاونتا في", left=320, right=570, rtl=True)
    left = _column("مكافحة القرصنة.", rtl=True)
    assert _text(right + left).endswith("أخرى وتعاونتا في مكافحة القرصنة.")


def test_a_foot_that_was_written_first_comes_last() -> None:
    foot = _column("Printed in Amman", top=30)
    assert _text(foot + _column("The dam has filled.")).endswith("\n\nPrinted in Amman")


def test_cells_of_a_table_stay_apart() -> None:
    row = _column("مشاور", left=400, right=500, rtl=True) + _column("كارگزاری", left=100, right=200, rtl=True)
    assert _text(row) == "مشاور\n\nكارگزاری"


def test_the_title_is_what_stands_largest() -> None:
    title = Line("سعر الخبز", 50, 300, 760, 18, rtl=True)
    assert compose([[title, *_column("رفعت الحكومة سعر الرغيف.", rtl=True)]]).title == "سعر الخبز"
    assert compose([_column("رفعت الحكومة سعر الرغيف.", rtl=True)]).title == ""


def test_an_empty_page_begins_where_the_text_stands() -> None:
    composed = compose([_column("One."), [], _column("Two.")])
    assert composed.text == "One.\n\nTwo."
    assert composed.page_starts == (0, 4, 6)


def test_no_pages_no_text() -> None:
    assert compose([]).text == ""
    assert compose([[]]).page_starts == (0,)


def _page(number: int, *body: str) -> list[Line]:
    head = Line("صحيفة المرفأ", 200, 300, 780, 9, rtl=True)
    return [head, *_column(*body), Line(f"- {number} -", 240, 260, 20, 9)]


def test_what_stands_on_every_page_is_left_out() -> None:
    pages = list(without_furniture([_page(1, "The dam."), _page(2, "The dredger."), _page(3, "The silt.")]))
    assert [[line.text for line in page] for page in pages] == [["The dam."], ["The dredger."], ["The silt."]]


@pytest.mark.parametrize("number", ["7", "Page 7", "صفحة ٧", "- 7 -", "7 / 12", "xiv"])
def test_a_page_number_on_a_single_page_is_left_out(number: str) -> None:
    foot = Line(number, 240, 260, 20, 9)
    assert [line.text for line in next(without_furniture([[*_column("The dam."), foot]]))] == ["The dam."]


def test_the_last_figure_of_a_table_is_no_page_number() -> None:
    page = _column("2023", "2024", "2025")
    assert list(without_furniture([page])) == [page]
