import pytest

from search.words import Word, words


def _forms(text: str) -> list[str]:
    return [word.form for word in words(text)]


def test_words_come_in_their_lexical_form_without_accents() -> None:
    assert _forms("قَابَلَ وفدٌ في القاهرة") == ["قابل", "وفد", "في", "القاهره"]
    assert _forms("Málaga, Kraków and Tromsø") == ["malaga", "krakow", "and", "tromso"]
    assert _forms("Ka'ba Qur’an") == _forms("Kaba Quran")


def test_a_possessive_is_no_part_of_a_name() -> None:
    assert _forms("Haftar's envoy") == ["haftar", "envoy"]


@pytest.mark.parametrize("text", ["JF-17", "jf17", "مقاتلة JF-17", "مقاتلة JF-١٧"])
def test_a_type_designation_is_one_word_and_its_parts(text: str) -> None:
    assert _forms(text)[-3:] == ["jf-17", "jf", "17"]


def test_numbers_are_words_in_either_digits() -> None:
    assert _forms("عام ٢٠٢٥") == ["عام", "2025"]
    assert _forms("chapter 7") == ["chapter"]


def test_a_capital_in_mid_sentence_tells_a_name() -> None:
    assert words("Yesterday the envoy met Haftar. Talks go on.") == [
        Word("yesterday", None),
        Word("the", named=False),
        Word("envoy", named=False),
        Word("met", named=False),
        Word("haftar", named=True),
        Word("talks", None),
        Word("go", named=False),
        Word("on", named=False),
    ]


@pytest.mark.parametrize("text", ["Haftar Meets Envoy In Cairo", "HAFTAR IN CAIRO", "haftar cairo", "حفتر في القاهرة"])
def test_headlines_and_scripts_without_capitals_tell_nothing(text: str) -> None:
    assert {word.named for word in words(text)} == {None}
