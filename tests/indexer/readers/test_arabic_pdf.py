import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.arabic_pdf import is_rtl, reading
from indexer.readers.glyphs import Glyph

SIZE = 10.0


def _drawn(visual: str) -> list[Glyph]:
    """Glyphs of 5 points each from the left, with nothing where there is a space."""
    return [Glyph(letter, 5.0 * at, 5.0 * at + 5) for at, letter in enumerate(visual) if letter != " "]


def _shown(*runs: str) -> str:
    """What stands on a page from the left, given run by run from the right: Arabic runs turn round, others do not."""
    return "".join(run[::-1] if is_rtl(run) else run for run in reversed(runs))


@pytest.mark.parametrize(
    "runs",
    [
        ["مرحبا بكم في عمان"],
        ["وصل عام ", "1973", "، ثم عاد"],
        ["بلغت ", "2.1", " سنت و", "1,250", " ساعة"],
        ["سعره ", "٢٫١", " دينار منذ ", "١٩٩٨"],
        ["في ", "1403/09/19", " صباحا"],
        ["طائرة ", "JF-17", " الجديدة"],
        ["معرض ", "EDEX 2025", " في القاهرة"],
        ["مكتبة ", "pandas", " في ", "Python", " لإدارة البيانات"],
        ["مقاتلة ", "F-16C/D Block 52", " أميركية"],
        ["حداقل ", "50", "% از توليد"],
    ],
    ids="".join,
)
def test_lines_from_the_right_are_read_as_they_were_written(runs: list[str]) -> None:
    assert reading(_drawn(_shown(*runs)), SIZE, rtl=True) == "".join(runs)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["أعلنت", "وزارة", "الطاقة", "في", "عمّان", "لا", "القرى"]),
            st.sampled_from(["", "2027", "١٤٣٤", "1,250", "٢٫١", "F-16", "Python", "EDEX 2025"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_words_with_a_figure_or_a_latin_name_between_them(pairs: list[tuple[str, str]]) -> None:
    runs = [run for word, other in pairs for run in (f" {word} ", other)]
    assert reading(_drawn(_shown(*runs)), SIZE, rtl=True) == " ".join("".join(runs).split())


def test_arabic_within_a_line_from_the_left() -> None:
    visual = "A line with " + "العربية"[::-1] + " in it."
    assert reading(_drawn(visual), SIZE, rtl=False) == "A line with العربية in it."


def test_a_number_before_the_first_letter_keeps_its_hyphen() -> None:
    assert reading(_drawn("الاك درادناتسا -2-5"), SIZE, rtl=True) == "2-5- استاندارد كالا"


@pytest.mark.parametrize("drawn", ["(رياني)", ")رياني(", "(رياني(", ")رياني)"])
def test_brackets_open_before_words_and_close_after_them(drawn: str) -> None:
    """pdfium turns some of them round and some not."""
    assert reading(_drawn(f"رهش {drawn} دعب"), SIZE, rtl=True) == "بعد (يناير) شهر"


def test_presentation_forms_are_folded() -> None:
    forms = "\ufe8e\ufbff\ufeee\ufedb"[::-1]
    assert reading(_drawn(forms), SIZE, rtl=True) == "\u0627\u06cc\u0648\u0643"


@pytest.mark.parametrize("ligature", ["لا", "ال", "\ufefb"])
def test_lam_and_alef_in_one_glyph(ligature: str) -> None:
    glyphs = [Glyph("م", 0, 5), Glyph(ligature, 5, 12), Glyph("س", 12, 17)]
    assert reading(glyphs, SIZE, rtl=True) == "سلام"


@pytest.mark.parametrize("ligature", ["لخ", "خل"])
def test_other_letters_in_one_glyph_stand_as_their_neighbours_ask(ligature: str) -> None:
    glyphs = [Glyph("ط", 0, 5), Glyph(ligature, 5, 12), Glyph("ا", 12, 17)]
    assert reading(glyphs, SIZE, rtl=True) == "الخط"


def test_marks_follow_their_letter() -> None:
    glyphs = [Glyph("د", 0, 5), Glyph("م", 5, 10, "ّ"), Glyph("ح", 10, 15), Glyph("م", 15, 20, "ُ")]
    assert reading(glyphs, SIZE, rtl=True) == "مُحمّد"


def test_a_line_that_was_drawn_backwards_is_taken_from_the_left() -> None:
    line = "150 ميغاواط تحت خليج العقبة (الأردن)"
    assert reading(_drawn(line), SIZE, rtl=True, backwards=True) == line


def test_justified_words_lose_their_tatweel_and_abbreviations_keep_it() -> None:
    visual = "سنة 1446 هـ في القومــــي"[::-1].replace("6441", "1446")
    assert reading(_drawn(visual), SIZE, rtl=True) == "سنة 1446 هـ في القومي"


def test_latin_words_do_not_stick_to_the_arabic_after_them() -> None:
    assert reading(_drawn(_shown("لغة ", "Python", "من")), SIZE, rtl=True) == "لغة Python من"


def test_the_halves_of_an_emoji_are_one() -> None:
    assert reading([Glyph("\ud83d", 0, 0), Glyph("\udc4d", 0, 8)], SIZE, rtl=False) == "👍"
