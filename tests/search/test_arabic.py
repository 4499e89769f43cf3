import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.arabic import NormalForm, encoder_form, lexical_form

SHARED = Path(__file__).parents[2].parent / "shared"
PAIRS = SHARED / "eval" / "normalisation.jsonl"

FORMS = pytest.mark.parametrize("form", [encoder_form, lexical_form], ids=["encoder", "lexical"])
Form = Callable[[str], NormalForm]

# Arabic with every kind of mark, presentation forms, controls, and Latin that composes.
ARABIC = st.characters(min_codepoint=0x600, max_codepoint=0x6FF)
PRESENTATION = st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF)
AWKWARD = st.sampled_from("eEßİ\u0301\u0323\u0345\u200e\u061c\u0640\u0654\u0651\u064e \n7٧۷\u1100\u1161\u11a8ﷺﷻ﷽ﬁ")
MIXED = st.text(st.one_of(ARABIC, PRESENTATION, AWKWARD), max_size=12)
TEXTS = st.one_of(st.text(max_size=20), MIXED)
UNTIMED = settings(deadline=None)  # the first example may import camel-tools


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        ("وَصَلَ الرَّئِيسُ إِلَى القاهِرَةِ", "وصل الرئيس إلى القاهرة"),
        ("بِسۡمِ ٱللَّهِ ٱلرَّحۡمَٰنِ ٱلرَّحِيمِ", "بسم ٱلله ٱلرحمن ٱلرحيم"),
        ("إِنَّهُۥ كَانَ بِهِۦ", "إنه كان به"),
        ("مـــحـــمـــد", "محمد"),
        ("\u200fحفتر\u200e (Haftar)\u202c", "حفتر (Haftar)"),
        ("ﻻ ﺍﻟﻌﺮﺑﻴﺔ", "لا العربية"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("١٠٠ ﷼", "١٠٠ ريال"),
        ("﷽", "بسم الله الرحمن الرحيم"),
        ("كﹶتب", "كتب"),
        ("caf\u0065\u0301", "café"),
        ("اتفاق ١٩٩٤ بين ايران وپاکستان", "اتفاق ١٩٩٤ بين ايران وپاکستان"),
        ("ٱلۡعَٰلَمِينَ۝مَٰلِكِ", "ٱلعلمين۝ملك"),
    ],
)
def test_encoder_form(source: str, normal: str) -> None:
    assert encoder_form(source).text == normal


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        ("أُسامة وإبراهيم وآمنة", "اسامه وابراهيم وامنه"),
        ("مستشفى على الطريق", "مستشفي علي الطريق"),
        ("٢٥ يناير ۲۰۱۱", "25 يناير 2011"),
        ("علی خامنه‌ای در کرمان", "علي خامنه‌اي در كرمان"),
        ("خانهٔ پدری", "خانه پدري"),
        ("طائرة JF-17 Thunder", "طائره jf-17 thunder"),
        ("STRASSE Straße", "strasse strasse"),
        ("Øresund ÉTÉ", "øresund été"),
    ],
)
def test_lexical_form(source: str, normal: str) -> None:
    assert lexical_form(source).text == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("گل", "كل"),  # a flower, all
        ("پر", "بر"),  # full, on
        ("ژاله", "زاله"),
        ("چین", "جین"),  # China, jeans
        ("لڑکی", "لڑکے"),  # a girl, boys
        ("کھا", "کہا"),  # eat, said
        ("مؤمن", "مومن"),
        ("سأل", "سئل"),  # he asked, he was asked
    ],
)
def test_letters_that_tell_words_apart_are_not_merged(one: str, other: str) -> None:
    assert lexical_form(one).text != lexical_form(other).text


STEMMING = {
    "light_stem": "stems, which the lexical leg makes from the lexical form",
    "analyze(normalize+stop+stem)": "stop words and stems; its digits are tested below",
}


@pytest.mark.skipif(not PAIRS.exists(), reason="the shared folder with normalisation.jsonl is not beside the project")
def test_published_pairs() -> None:
    expected: dict[str, Callable[[str, str], bool]] = {
        "normalize": lambda source, normal: lexical_form(source).text == normal,
        "normalize_unicode": lambda source, normal: encoder_form(source).text == normal,
        "presentation_forms_nfkc": lambda source, normal: encoder_form(source).text == normal,
        # One rule of ours at a time: the rest of them applies to both sides.
        "normalize_alef_ar": lambda source, normal: lexical_form(source).text == lexical_form(normal).text,
        "normalize_alef_maksura_ar": lambda source, normal: lexical_form(source).text == lexical_form(normal).text,
        "normalize_teh_marbuta_ar": lambda source, normal: lexical_form(source).text == lexical_form(normal).text,
    }
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert {pair["function"] for pair in pairs} == expected.keys() | STEMMING.keys()
    tested = [pair for pair in pairs if pair["function"] in expected]
    assert len(tested) == 24
    wrong = [pair for pair in tested if not expected[pair["function"]](pair["input"], pair["expected"])]
    assert wrong == []


def test_digits_of_the_published_analyses() -> None:
    assert lexical_form("١٢٣٤").text == "1234"
    assert lexical_form("English text.").text == "english text."


@pytest.mark.parametrize(
    ("source", "word", "found"),
    [
        ("قال الرَّئِيسُ أمس", "الرئيس", "الرَّئِيس"),
        ("مـــحـــمـــد عاد", "محمد", "مـــحـــمـــد"),
        ("ثم ﻻ شيء", "لا", "ﻻ"),
        ("ثم ﻻ شيء", "ل", "ﻻ"),
        ("في caf\u0065\u0301 صغير", "é", "e\u0301"),
        ("عام ۲۰۱۱م", "2011", "۲۰۱۱"),
        ("Die STRAẞE nach Tripolis", "strasse", "STRAẞE"),
        ("و\u200fحفتر\u200e قال", "حفتر", "حفتر"),
        ("Haftar and Sarraj", "sarraj", "Sarraj"),
    ],
)
def test_source_span_is_the_smallest(source: str, word: str, found: str) -> None:
    form = lexical_form(source)
    at = form.text.index(word)
    start, end = form.source_span(at, at + len(word))
    assert source[start:end] == found


def test_source_span_holds_all_that_composed() -> None:
    form = encoder_form("ا\u064e\u0654حمد")  # NFKC composes alef and hamza across the fatha
    assert form.text == "أحمد"
    assert form.source_span(0, 1) == (0, 3)


def test_empty_spans_are_empty() -> None:
    form = lexical_form("مـــحمدٌ")
    assert [form.source_span(at, at) for at in range(5)] == [(0, 0), (4, 4), (5, 5), (6, 6), (7, 7)]
    assert lexical_form("ـــ").source_span(0, 0) == (0, 0)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 5)])
def test_a_span_outside_the_text(start: int, end: int) -> None:
    with pytest.raises(IndexError, match="is not inside a text of 4 characters"):
        lexical_form("مُحَمَّد").source_span(start, end)


@FORMS
@UNTIMED
@given(text=TEXTS)
def test_normalising_is_idempotent(form: Form, text: str) -> None:
    once = form(text).text
    assert form(once).text == once


@FORMS
@UNTIMED
@given(text=TEXTS)
def test_every_character_comes_from_its_span(form: Form, text: str) -> None:
    normal = form(text)
    for at, character in enumerate(normal.text):
        start, end = normal.source_span(at, at + 1)
        assert character in form(text[start:end]).text


@FORMS
@UNTIMED
@given(text=TEXTS)
def test_the_whole_comes_from_its_span(form: Form, text: str) -> None:
    normal = form(text)
    start, end = normal.source_span(0, len(normal.text))
    assert form(text[start:end]).text == normal.text


@FORMS
@UNTIMED
@given(text=TEXTS)
def test_spans_are_monotone_and_within_the_source(form: Form, text: str) -> None:
    normal = form(text)
    spans = [normal.source_span(at, at + 1) for at in range(len(normal.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@FORMS
@UNTIMED
@given(text=TEXTS)
def test_a_span_normalises_to_no_less_when_shrunk(form: Form, text: str) -> None:
    normal = form(text)
    start, end = normal.source_span(0, len(normal.text))
    if normal.text:
        assert form(text[start + 1 : end]).text != normal.text
        assert form(text[start : end - 1]).text != normal.text


@FORMS
def test_a_long_run_of_marks_is_mapped(form: Form) -> None:
    normal = form("ب" + "ـ" * 5000 + "ت e" + "\u0301" * 300)
    assert normal.source_span(0, 1) == (0, 1)
    assert normal.source_span(1, 2) == (5001, 5002)
    assert normal.source_span(0, len(normal.text)) == (0, 5304)


def test_the_diacritics_are_those_of_camel_tools() -> None:
    from camel_tools.utils.dediac import dediac_ar  # type: ignore[import-untyped]

    for code_point in range(sys.maxunicode + 1):
        character = chr(code_point)
        if not dediac_ar(character):
            assert encoder_form(f"س{character}س").text == "سس"
    assert encoder_form("مُدَرِّسٌ ذٰلك").text == dediac_ar("مُدَرِّسٌ ذٰلك")


def test_the_character_sets_of_camel_tools_are_never_imported() -> None:
    program = (
        "import sys; from search.arabic import lexical_form\n"
        "lexical_form('قَالَ الأُسْتَاذُ إِنَّ ٱلقُرَّاءَ كَثِيرُونَ، ﷺ والمدرسة على الطريق: ٣ ﷼')\n"
        "print([name for name in sys.modules if name in ('camel_tools.utils.charsets', 'emoji')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_camel_tools_is_not_imported_for_text_without_its_characters() -> None:
    program = (
        "import sys; from search.arabic import encoder_form, lexical_form\n"
        "lexical_form('Haftar met ٣ ministers'); encoder_form('وصل رئيس الوزراء إلى العاصمة')\n"
        "print([name for name in sys.modules if name.startswith('camel_tools')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
