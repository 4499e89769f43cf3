import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import Words, analyse, grams, query_terms, quoted, surface, terms
from search.stopwords import STOP_WORDS


def test_every_form_of_a_word_with_proclitics_has_one_stem() -> None:
    forms = "مدرسة المدرسة والمدرسة بالمدرسة للمدرسة وللمدرسة كالمدرسة فالمدرسة وبالمدرسة فللمدرسة"
    assert len(set(terms(forms, "ar"))) == 1


@pytest.mark.parametrize("word", ["ولد", "بلد", "وزن", "كلب", "والد", "فلك"])
def test_a_letter_of_the_root_is_no_proclitic(word: str) -> None:
    assert terms(word, "ar") == [word]


def test_spelling_variants_and_diacritics_give_one_term() -> None:
    assert terms("أُوروبّا", "ar") == terms("اوروبا", "ar")
    assert terms("مكتبة", "ar") == terms("مكتبه", "ar")


def test_english_is_stemmed_whatever_its_case() -> None:
    assert terms("Libraries LIBRARY library", "en") == ["librari"] * 3


def test_each_word_is_analysed_by_its_own_script() -> None:
    assert terms("تدريبات JF-17 fighters", "ar")[1:] == ["jf", "17", "jf17", "fighter"]
    assert terms("the word والمدرسة", "en")[2] == terms("مدرسة", "ar")[0]


def test_words_of_other_languages_do_not_get_the_stems_of_these_two() -> None:
    assert terms("والسلام", "ur") == ["والسلام"]
    assert terms("nations", "sw") == ["nations"]
    assert terms("nations", "en") == ["nation"]
    assert terms("Bibliotheken", "de") == terms("Bibliothek", "de")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F-16", ["f", "16", "f16"]),
        ("COVID‐19", ["covid", "19", "covid19"]),
        ("AT&T", ["at", "t", "att"]),
        ("U.S. and U.N.", ["us", "and", "un"]),
        ("the city’s mayor", ["the", "citi", "mayor"]),
        ("don't", ["don't"]),
        ("1,234.5 and 12,000 and 3.5km", ["1234.5", "and", "12000", "and", "3.5", "km"]),
        ("١٬٢٣٤٫٥", ["1234.5"]),
        ("end.Next", ["end", "next"]),
        ("snake_case", ["snake", "case"]),
        ("الـ20 دولة", ["ال", "20", "دول"]),
        ("हिन्दी", ["हिन्दी"]),
        ("東京都", ["東京", "京都"]),
        ("… — !", []),
    ],
)
def test_what_counts_as_a_word(text: str, expected: list[str]) -> None:
    assert terms(text, "ar" if "د" in text else "en" if text.isascii() or "’" in text else "und") == expected


def test_a_query_loses_its_stop_words_unless_it_has_nothing_else() -> None:
    assert query_terms("What is the height of the tower?", "en") == ["height", "tower"]
    assert query_terms("ما هو ارتفاع البرج وأين هو؟", "ar") == terms("ارتفاع البرج", "ar")
    assert query_terms("to be or not to be", "en") == ["to", "be", "or", "not", "to", "be"]
    assert query_terms("عليّ", "ar") == terms("علي", "ar") != []


def test_arabic_stop_words_are_matched_after_normalising() -> None:
    assert "الى" not in STOP_WORDS
    assert query_terms("إلى الى إلي المدينة", "ar") == terms("المدينة", "ar")


def test_grams_are_the_runs_of_four_characters_of_padded_words() -> None:
    assert grams("قهوة") == ["_قهو", "قهوه", "هوه_"]
    assert grams("a cup of tea") == ["_cup", "cup_", "_tea", "tea_"]
    assert grams("x y2") == ["_x_", "_y2_"]


def test_surface_keeps_each_form_apart() -> None:
    assert surface("كِتاب كتب الكتاب") == ["كتاب", "كتب", "الكتاب"]
    assert surface("The JF-17's wings") == ["the", "jf", "17", "s", "wings"]


@given(st.text(), st.sampled_from(["ar", "en", "fa", "fr", "und"]))
def test_words_hold_no_space_and_are_the_same_whole_or_apart(text: str, lang: str) -> None:
    words = analyse(text, lang)
    assert words == Words(terms(text, lang), grams(text), surface(text))
    assert all(word and not any(map(str.isspace, word)) for word in words.terms + words.grams + words.surface)


def test_an_endless_word_is_cut() -> None:
    assert surface("ab" * 5000) == ["ab" * 32]


@pytest.mark.parametrize(
    ("query", "phrases", "plain"),
    [
        ('who flew the "Thunder 17" first', ["Thunder 17"], "who flew the Thunder 17 first"),
        ("قرأت «مئة عام» و“العزلة”", ["مئة عام", "العزلة"], "قرأت مئة عام والعزلة"),
        ("„Haus am See“", ["Haus am See"], "Haus am See"),
        (
            'Minister says "no retreat" on the river dam as talks fail',
            [],
            "Minister says no retreat on the river dam as talks fail",
        ),
        ('a 5" pipe and a 6" pipe', [], 'a 5" pipe and a 6" pipe'),
        ('an open "quotation', [], 'an open "quotation'),
        ('nothing "…" said', [], 'nothing "…" said'),
    ],
)
def test_quoted_text_is_a_phrase(query: str, phrases: list[str], plain: str) -> None:
    assert quoted(query) == (phrases, plain)


def test_several_threads_may_analyse() -> None:
    texts = [f"running tests {number} والمدارس الجديدة" for number in range(500)]
    expected = [terms(text, "ar") for text in texts]
    found: list[list[list[str]]] = []
    threads = [threading.Thread(target=lambda: found.append([terms(text, "ar") for text in texts])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
