import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language import detect, direction, query_language

SHARED = Path(__file__).parents[2].parent / "shared"
PERSIAN_PAGE = SHARED / "documents" / "expected" / "docling_right_to_left_03.md"

SENTENCES = [
    ("ar", "وصل رئيس الوزراء اليوم إلى العاصمة في زيارة رسمية تستغرق يومين."),
    ("ar", "انخفضت أسعار النفط في الأسواق العالمية أمس."),
    ("ar", "إزيك عامل إيه النهارده؟ أنا رايح الشغل دلوقتي."),
    ("ar", "هبطت طائرة شرکة گوگل في مطار القاهرة الدولي مساء أمس"),
    ("ar", "ٱلۡحَمۡدُ لِلَّهِ رَبِّ ٱلۡعَٰلَمِينَ ٱلرَّحۡمَٰنِ ٱلرَّحِيمِ"),
    ("ar", "ﺍﻧﺨﻔﻀﺖ ﺃﺳﻌﺎﺭ ﺍﻟﻨﻔﻂ ﻓﻲ ﺍﻷﺳﻮﺍﻕ ﺍﻟﻌﺎﻟﻤﻴﺔ"),
    ("en", "The foreign minister arrived in Tripoli for talks on the ceasefire."),
    ("en", "Oil prices fell sharply on world markets yesterday."),
    ("fa", "رئیس‌جمهور ایران امروز برای دیداری رسمی وارد پایتخت عراق شد."),
    ("fa", "من هر روز صبح با اتوبوس به دانشگاه می‌روم."),
    ("fa", "كتابي كه ديروز خريدم درباره تاريخ هنر ايران است."),  # typed with Arabic yeh and kaf
    ("fa", "قيمت نفت در بازارهاي جهاني ديروز كاهش يافت."),
    ("ur", "وزیر اعظم نے آج اسلام آباد میں نئے اسپتال کا افتتاح کیا۔"),
    ("ur", "کسانوں نے پانی کی کمی کے خلاف احتجاج کیا۔"),
    ("ps", "د افغانستان په شمال کې سېلابونو ګڼ کورونه ویجاړ کړل."),
    ("ckb", "سەرۆکی هەرێمی کوردستان ئەمڕۆ گەیشتە بەغدا."),
    ("fr", "Le président a reçu hier son homologue algérien au palais de l'Élysée."),
    ("fr", "Quelles sont les conséquences de la guerre en Libye sur le Sahel ?"),
    ("de", "Der Bundeskanzler empfing gestern den ägyptischen Präsidenten in Berlin."),
    ("es", "Las negociaciones entre ambas partes fracasaron ayer en Madrid."),
    ("tr", "Petrol fiyatları dünya piyasalarında dün sert biçimde düştü."),
    ("it", "Il presidente ha ricevuto ieri il suo omologo tunisino a Roma."),
    ("id", "Presiden menerima kunjungan menteri luar negeri Mesir di Jakarta kemarin."),
    ("ru", "Правительство Египта объявило о повышении зарплат чиновникам."),
    ("he", "ראש הממשלה נפגש אתמול עם שר החוץ המצרי."),
    ("ja", "東京で昨日、両国の首脳会談が行われた。"),
    ("zh", "埃及总统昨天在北京同中国国家主席举行会谈。"),
]


@pytest.mark.parametrize(("lang", "sentence"), SENTENCES)
def test_sentences(lang: str, sentence: str) -> None:
    assert detect(sentence) == lang


@pytest.mark.parametrize(
    ("query", "lang"),
    [
        ("حفتر", "ar"),
        ("مضيق هرمز", "ar"),
        ("JF-17", "en"),
        ("مقاتلات JF-17 الباكستانية", "ar"),
        ("Khalifa Haftar Fayez al-Sarraj", "en"),
        ("Muammar Gaddafi Benghazi Tripoli Misrata", "en"),
        ("economic impact of drought in Morocco", "en"),
        ("guerre", "en"),
        ("Les effets du réchauffement climatique sur les réserves d'eau et les récoltes des pays du Maghreb", "fr"),
        ("پارلمان ایران", "fa"),
        ("وزیر خارجه", "fa"),
        ("چابهار", "fa"),
        ("لاہور", "ur"),
        ("شركة گوگل", "ar"),
        ("2011", "und"),
        ("", "und"),
        ("؟ …", "und"),
    ],
)
def test_queries(query: str, lang: str) -> None:
    assert query_language(query) == lang


def test_text_in_two_scripts_is_in_the_one_with_more_letters() -> None:
    arabic = "قال متحدث باسم الحكومة إن الاتفاق سيوقع الأسبوع المقبل في العاصمة"
    english = "The spokesman told Reuters that the deal would be signed next week"
    assert detect(f"{arabic} (Reuters, Agreement)") == "ar"
    assert detect(f"{english} (اتفاق السلام)") == "en"


@pytest.mark.skipif(not PERSIAN_PAGE.exists(), reason="the shared documents are not beside the project")
def test_a_persian_page_is_not_arabic() -> None:
    page = PERSIAN_PAGE.read_text(encoding="utf-8")
    assert detect(page) == "fa"
    assert detect(page, declared="ar") == "fa"


@pytest.mark.parametrize(
    ("text", "declared", "lang"),
    [
        ("بيان صحفي", "ar-EG", "ar"),
        ("اميدنامه", "fa", "fa"),
        ("Communiqué", "fr", "fr"),
        ("Press release", "ara", "en"),
        ("بيان صحفي", "en_US", "ar"),
        ("پارلمان ایران", "ar", "fa"),
        ("2011", "ar", "ar"),
        ("2011", "x-default", "und"),
        ("Bakı şəhəri", "az-Latn", "az"),
        ("Press release", "und", "en"),
        ("Press release", "", "en"),
    ],
)
def test_what_metadata_declares(text: str, declared: str, lang: str) -> None:
    assert detect(text, declared=declared) == lang


@pytest.mark.parametrize(
    "lang", ["ar", "ar-EG", "ara", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv", "az-Arab"]
)
def test_right_to_left(lang: str) -> None:
    assert direction(lang) == "rtl"


@pytest.mark.parametrize("lang", ["en", "fr", "tr", "ku-Latn", "ar-Latn", "und", "zh-Hans", ""])
def test_left_to_right(lang: str) -> None:
    assert direction(lang) == "ltr"


@settings(deadline=None)  # the first example may load the statistics
@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text).isalpha()


def test_statistics_are_not_loaded_for_plain_queries() -> None:
    program = (
        "import sys; from search.language import query_language as q\n"
        "q('What form of oxygen do marine animals acquire in greater amounts during cooler climatic conditions?');"
        "q('حفتر'); q('JF-17'); q('ما هي أسباب الأزمة الاقتصادية في لبنان؟'); q('what are the causes of the crisis')\n"
        "print('py3langid' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
