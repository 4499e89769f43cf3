import pytest

from indexer.letters import direction, likelier, likelihood

SENTENCES = [
    "أعلنت وزارة الطاقة افتتاح محطة جديدة لتحلية المياه في جنوب البلاد",
    "قال المتحدث إن المفاوضات ستستأنف الأسبوع المقبل في القاهرة",
    "تراجعت أسعار القمح في الأسواق العالمية للشهر الثالث",
]
PERSIAN = "سخنگوی وزارت نیرو اعلام کرد که ذخیره سدهای تهران نسبت به سال گذشته کاهش یافته است"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_arabic_runs_one_way(sentence: str) -> None:
    assert direction(sentence) > 20
    assert direction(sentence[::-1]) == pytest.approx(-direction(sentence))


def test_persian_is_not_taken_for_arabic_drawn_backwards() -> None:
    assert direction(PERSIAN) > -8


def test_what_is_not_arabic_runs_no_way() -> None:
    assert direction("Wheat fell in 2025.") == 0
    assert likelihood("Wheat fell in 2025.") == 0


def test_vowel_marks_and_tatweel_do_not_count() -> None:
    assert likelihood("مُحَمَّد") == likelihood("محمد") == likelihood("محـــمد")


def test_words_are_likelier_than_the_same_letters_shuffled() -> None:
    assert likelihood("المفاوضات") > likelihood("اضلتافموا")


@pytest.mark.parametrize(
    ("letters", "before", "after"),
    [("لخ", "ا", "ط"), ("لمح", "ا", "ا"), ("لله", "ا", " ")],  # الخطوط، المحامي، الله
)
def test_the_letters_of_a_ligature_are_put_in_order(letters: str, before: str, after: str) -> None:
    assert likelier(letters, letters[::-1], before=before, after=after) == letters
    assert likelier(letters[::-1], letters, before=before, after=after) == letters
