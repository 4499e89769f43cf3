"""The interface's two catalogues, and how dates, numbers, counts and languages are set in each."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.errors import JisrError
from search.searcher import Options, Searcher
from web.rendering import HERE
from web.wording import INTERFACES, MESSAGES, Digits, endonym, names_of, preferred, snippet, wording

ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))
CATALOGUES = {lang: (MESSAGES / f"{lang}.ftl").read_text("utf-8") for lang in INTERFACES}


NAMES = {"Jisr", "جسر", "English", "العربية"}


def messages(lang: str) -> dict[str, str]:
    """The messages of a catalogue by name, without comments."""
    lines = "".join(line for line in CATALOGUES[lang].splitlines(keepends=True) if not line.startswith("#"))
    parts = re.split(r"(?m)^([a-z][\w-]*) =", lines)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def plain(text: str) -> str:
    return text.translate(ISOLATES)


def test_both_catalogues_have_the_same_messages_with_the_same_values() -> None:
    english, arabic = messages("en"), messages("ar")
    assert list(english) == list(names_of(CATALOGUES["en"])) == list(arabic)
    assert len(set(english)) == len(re.findall(r"(?m)^[a-z]\S* =", CATALOGUES["en"]))
    for name, text in english.items():
        assert set(re.findall(r"\$\w+", text)) == set(re.findall(r"\$\w+", arabic[name])), name


def test_each_catalogue_is_in_its_own_script() -> None:
    for name, text in messages("en").items():
        assert text.isascii(), name
    for name, text in messages("ar").items():
        said = re.sub(r"\{ [^}]*? ->|\[[\w-]+\]|\{[^}]*\}", "", text)
        assert not re.search("[a-zA-Z]", said), name


def used() -> Iterator[str]:
    for source in [*(HERE / "templates").glob("*.html"), *HERE.glob("*.py")]:
        yield from re.findall(r"\b(?:t|self|t_of)\(\s*\"([a-z-]+)\"", source.read_text("utf-8"))
    for source in [*HERE.rglob("*.py"), *(HERE.parent / "search").rglob("*.py")]:
        for fault in re.findall(r"\bfault=\"([a-z-]+)\"", source.read_text("utf-8")):
            yield from (f"fault-{fault}", f"fault-{fault}-hint")


def test_every_message_is_used_and_every_one_that_is_used_is_there() -> None:
    assert set(used()) == set(messages("en"))


def test_templates_hold_no_words_of_their_own() -> None:
    for template in _templates():
        markup = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", _without_class(template.read_text("utf-8")))
        visible = re.sub(r"(?s)<[^>]*>", " ", markup)
        assert set(re.findall(r"[^\W\d_]{2,}", visible)) <= NAMES, template.name
        assert not re.search(r"(?:aria-label|placeholder|title|alt)=\"[^\"]*[^\W\d_]{2,}", markup), template.name


def _without_class(markup: str) -> str:
    return re.sub(r"\{% block body_class %\}\w*\{% endblock %\}", "", markup)


def _templates() -> list[Path]:
    """All but the reference, which is Swagger's page and English."""
    return [path for path in (HERE / "templates").glob("*.html") if path.name != "reference.html"]


@pytest.mark.parametrize(
    ("lang", "count", "said"),
    [
        ("en", 1, "also in 1 other place"),
        ("en", 2, "also in 2 other places"),
        ("en", 11, "also in 11 other places"),
        ("ar", 1, "ورد أيضًا في موضع آخر"),
        ("ar", 2, "ورد أيضًا في موضعين آخرين"),
        ("ar", 3, "ورد أيضًا في 3 مواضع أخرى"),
        ("ar", 10, "ورد أيضًا في 10 مواضع أخرى"),
        ("ar", 11, "ورد أيضًا في 11 موضعًا آخر"),
        ("ar", 99, "ورد أيضًا في 99 موضعًا آخر"),
        ("ar", 100, "ورد أيضًا في 100 موضع آخر"),
        ("ar", 102, "ورد أيضًا في 102 موضع آخر"),
        ("ar", 103, "ورد أيضًا في 103 مواضع أخرى"),
    ],
)
def test_places_are_counted_in_the_right_form(lang: str, count: int, said: str) -> None:
    assert plain(wording(lang)("other-places", count=count)) == said


def test_what_is_put_into_a_sentence_is_isolated() -> None:
    assert wording("ar")("back-to-results", query="JF-17") == "نتائج البحث عن \u2068JF-17\u2069"


def test_figures_with_hyphens_keep_their_order_in_arabic() -> None:
    for name, text in messages("ar").items():
        figures = re.findall(r"[\d-]*\d-\d[\d-]*", text)
        assert figures == re.findall(r"\{\"\\u2066\"\}([\d-]+)\{\"\\u2069\"\}", text), name


def test_a_message_that_is_not_there_is_no_message() -> None:
    with pytest.raises(LookupError):
        wording("en")("no-such-message")
    with pytest.raises(KeyError, match="count"):
        wording("en")("other-places")


def test_who_speaks_neither_reads_english() -> None:
    assert wording("fr").lang == "en"


def test_counts_name_each_language_the_most_frequent_first() -> None:
    counts = {"en": 1, "ar": 3, "fa": 1}
    assert plain(wording("en").counts(counts)) == "3 Arabic, 1 English, 1 Persian"
    assert plain(wording("ar").counts(counts)) == "العربية: 3، الإنجليزية: 1، الفارسية: 1"


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (lambda searcher: searcher.answer("x" * 1001), "overlong-query"),
        (lambda searcher: searcher.answer("sea", Options(lang="xx")), "unknown-language"),
        (lambda searcher: searcher.answer("sea", Options(since="soon")), "no-date"),
        (lambda searcher: searcher.answer("sea", Options(since="2025", until="2024")), "no-day-between"),
        (lambda searcher: searcher.answer("sea", Options(source=("nobody",))), "unknown-source"),
        (lambda searcher: searcher.answer("sea", Options(source=("Red Sea Despatch",))), "misspelt-source"),
        (lambda searcher: searcher.answer("sea", Options(offset=1000)), "end-of-list"),
        (lambda searcher: searcher.document("nowhere"), "no-document"),
        (lambda searcher: searcher.passage("nowhere"), "no-passage"),
    ],
)
def test_a_reader_s_fault_is_told_in_either_language_as_the_error_tells_it(
    seed_searcher: Searcher, asked: Callable[[Searcher], object], fault: str
) -> None:
    with pytest.raises(JisrError) as caught:
        asked(seed_searcher)
    error = caught.value
    assert error.fault == fault
    english, arabic = wording("en").fault(error), wording("ar").fault(error)
    assert english is not None
    assert arabic is not None
    assert tuple(plain(line).replace("1,0", "10") for line in english) == (error.message, error.hint)
    assert all(re.search("[\u0621-\u064a]{3}", line) for line in arabic)


def test_what_only_an_operator_can_cause_is_not_translated() -> None:
    assert wording("ar").fault(JisrError("Nothing has been built.", hint="Run jisr index.")) is None


def test_a_language_without_a_name_shows_its_tag() -> None:
    assert (wording("en").language("x-none"), endonym("x-none"), endonym("ar")) == ("x-none", "x-none", "العربية")


@pytest.mark.parametrize(
    ("iso", "english", "arabic", "indic"),
    [
        ("2025-12-17", "17 December 2025", "17 ديسمبر 2025", "١٧ ديسمبر ٢٠٢٥"),
        ("2025-01-05T08:00:00+02:00", "5 January 2025", "5 يناير 2025", "٥ يناير ٢٠٢٥"),
        ("2025", "2025", "2025", "٢٠٢٥"),
    ],
)
def test_a_date_reads_as_a_day_or_stays_as_it_is(iso: str, english: str, arabic: str, indic: str) -> None:
    assert wording("en").day(iso) == english
    assert wording("ar").day(iso) == arabic
    assert wording("ar", Digits.ARABIC_INDIC).day(iso) == indic


def test_numbers_are_set_in_the_digits_that_the_reader_prefers() -> None:
    indic = wording("ar", Digits.ARABIC_INDIC)
    assert (wording("en").number(12345), wording("ar").number(12345), indic.number(12345)) == (
        "12,345",
        "12,345",
        "١٢٬٣٤٥",
    )
    assert (wording("en").number(0.9, 2), indic.number(0.9, 2)) == ("0.90", "٠٫٩٠")
    assert plain(indic("other-places", count=11)) == "ورد أيضًا في ١١ موضعًا آخر"
    assert plain(indic("score", score=0.5)) == "الدرجة ٠٫٥٠"


def test_english_has_latin_digits_only() -> None:
    assert wording("en", Digits.ARABIC_INDIC).number(17) == "17"


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("en-GB,en;q=0.9,ar;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,ar;q=0.5", "ar"),
        ("fr,de", "en"),
        ("en;q=0.2, ar;q=0.7", "ar"),
        ("ar;q=0", "en"),
        ("*", "en"),
        ("ar;q=,;;,en-", "en"),
    ],
)
def test_the_browser_s_preference_is_read(header: str, lang: str) -> None:
    assert preferred(header) == lang


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a short one", "a short one"),
        ("naval exercises in the sea", "naval exercises…"),
        ("مناورات بحرية مشتركة", "مناورات بحرية…"),
        ("exactly twelve words long", "exactly twelve…"),
        ("https://example.org/a/very/long/path", "https://example…"),
    ],
)
def test_a_snippet_ends_after_a_whole_word(text: str, shown: str) -> None:
    assert snippet(text, limit_chars=15) == shown
