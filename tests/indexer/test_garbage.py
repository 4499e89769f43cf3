import json
from pathlib import Path

import pytest

from indexer.garbage import count, is_garbage

ARABIC = (
    "أعلنت وزارة الطاقة يوم الثلاثاء افتتاح محطة جديدة لتحلية المياه في جنوب البلاد، وقال الوزير إن المحطة ستغذي "
    "ثلاث محافظات وتوفر مياه الشرب لأكثر من مليون نسمة قبل نهاية العام المقبل."
)
PERSIAN = (
    "سخنگوی وزارت نیرو روز سه‌شنبه اعلام کرد که ذخیره سدهای تهران نسبت به سال گذشته بیست درصد کاهش یافته است. "
    "به گفته او، اگر بارش پاییزی به اندازه کافی نباشد، سهمیه‌بندی آب در چند استان اجتناب‌ناپذیر خواهد بود. "
    "کارشناسان می‌گویند مصرف کشاورزی بیش از هشتاد درصد منابع آب کشور را به خود اختصاص داده است."
)
URDU = (
    "لاہور میں محکمہ موسمیات نے کہا ہے کہ آئندہ دو روز کے دوران پنجاب کے بیشتر علاقوں میں بارش کا امکان ہے۔ "
    "حکام کے مطابق دریائے راوی میں پانی کی سطح بڑھ رہی ہے اور نشیبی علاقوں کے رہائشیوں کو محفوظ مقامات پر منتقل "
    "کرنے کے انتظامات مکمل کر لیے گئے ہیں۔ کسانوں نے شکایت کی کہ پچھلے سال کے سیلاب کا معاوضہ اب تک نہیں ملا۔"
)
ENGLISH = (
    "The energy ministry opened a desalination plant in the south on Tuesday, which it said would serve three "
    "governorates and more than a million people by the end of next year, at a cost of 340 million dollars."
)
NAMES = (
    "محمد عبد الرحمن الزهراني، فاطمة بنت سعيد الشمري، كريستيانو رونالدو، فلاديمير زيلينسكي، نغوين فان تشونغ، "
    "إيمانويل ماكرون، أولاف شولتس، ميتسوبيشي، تشيكوسلوفاكيا، سريلانكا، وولتر شتاينماير، غلوريا غيتشوهي"
)
MIXED = "اختبار الـDNA والـPCR على عينات من شركة Siemens ثم إرسال النتائج إلى منصة GitHub قبل نهاية الأسبوع الجاري"
NUMBERS = "\n".join(f"{year} {year * 7919 % 100003}" for year in range(1990, 2025))
VOCALISED = (
    "قَالَ أَبُو ٱلْهُذَيْلِ لِأَصْحَابِهِ: كَيْفَ رَأَيْتُمُ ٱلدَّجَاجَةَ؟ فَضَحِكُوا مِنْ سُؤَالِهِ، وَسَأَلُوهُ عَنْ شَيْءٍ آخَرَ، "
    "فَذَكَرَ لَهُمْ رُؤَسَاءَ ٱلْقَوْمِ وَمَنْ قَرَأَ عَلَيْهِمُ ٱلْكِتَابَ فِي بِئْرِ مَعُونَةَ."
)
RIGHT = [VOCALISED, ARABIC, PERSIAN, PERSIAN.replace("ی", "ي").replace("ک", "ك"), URDU, ENGLISH, NAMES, MIXED, NUMBERS]


@pytest.mark.parametrize(
    "text", RIGHT, ids=["vocalised", "ar", "fa", "fa typed as ar", "ur", "en", "names", "mixed", "numbers"]
)
def test_right_text_is_not_garbage(text: str) -> None:
    words, bad = count(text)
    assert not is_garbage(words, bad)
    assert bad <= words * 0.12


def test_letters_swapped_for_others_are_garbage() -> None:
    """As where a font's table of letters has slipped: the shapes are right, what stands behind them is not."""
    slipped = str.maketrans("ابتحدرسصطعفقكلمنهوي", "خوضدصاذلعثبكجفءشرةظ")
    assert is_garbage(*count(ARABIC.translate(slipped)))


def test_letters_drawn_twice_and_thrice_are_garbage() -> None:
    assert is_garbage(*count(ARABIC.replace("و", "ووو").replace("م", "ممم").replace("ي", "ييي")))


def test_scripts_mixed_within_words_are_garbage() -> None:
    assert is_garbage(*count("اور䆀ຝطا ٱĴǎرƹŎķ ㈉ᄹیہ䜫 ⪖عⵇد کᒒا⸗ن ᳆لو㉈ 䗂ںد⑬ح " * 2))


def test_latin_without_vowels_is_garbage() -> None:
    assert is_garbage(*count("Thr qckbrw fxjmpd vrthl zydg whlthgr dnvrstpd brkng lwdly " * 2))


def test_a_word_that_comes_back_counts_once() -> None:
    assert count("scrlttr " * 9 + "is the name of a package") == (4, 1)


def test_transliterated_arabic_is_not() -> None:
    assert count("raʾʾāsun, saʾʾālun, Qurʾān, Abū Maʿšar, al-Ǧāḥiẓ")[1] == 0


def test_a_few_strange_words_are_not() -> None:
    assert not is_garbage(*count("ARRR ثمممم ةبا ضظغص ءءأ"))


@pytest.mark.parametrize("corpus", ["arcd", "xquad", "tatoeba", "names"])
def test_no_text_of_the_public_sets_is_garbage(corpus: str, shared: Path) -> None:
    lines = (shared / "eval" / corpus / "corpus.jsonl").read_text("utf-8").splitlines()
    assert not [line for line in lines if is_garbage(*count(json.loads(line)["text"]))]
