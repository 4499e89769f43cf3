import tomllib
from pathlib import Path

import pytest

import indexer.furniture
from indexer.blocks import words
from indexer.furniture import Reason, Role, is_quote, is_stamp, mark

LEXICON = tomllib.loads(Path(indexer.furniture.__file__).with_name("furniture.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("line", "reason", "role"),
    [
        ("Share this article", Reason.SHARE, Role.CERTAIN),
        ("Facebook Twitter WhatsApp", Reason.SHARE, Role.COMPANY),
        ("فيسبوك", Reason.SHARE, Role.COMPANY),
        ("Share", Reason.SHARE, Role.COMPANY),
        ("لن يتم نشر عنوان بريدك الإلكتروني.", Reason.FORM, Role.CERTAIN),
        ("Email *", Reason.FORM, Role.COMPANY),
        ("Leave a Reply", Reason.FORM, Role.ENDING),
        ("اتركْ تعليقًا", Reason.FORM, Role.ENDING),
        ("Your email address will not be published. Required fields are marked *", Reason.FORM, Role.CERTAIN),
        ("اشترك في النشرة البريدية ليصلك كل جديد.", Reason.PROMOTION, Role.CERTAIN),
        ("All of it straight to your inbox, for free.", Reason.PROMOTION, Role.CERTAIN),
        ("Read also", Reason.RELATED, Role.LIST),
        ("إقرأ أيضًا: مصر تشتري القمح", Reason.RELATED, Role.CERTAIN),
        ("اكتشف المزيد", Reason.RELATED, Role.ENDING),
        ("Home > World > Egypt", Reason.NAVIGATION, Role.EDGE),
        ("الرئيسية | سياسة | اقتصاد", Reason.NAVIGATION, Role.EDGE),
        ("Defence & Security", Reason.NAVIGATION, Role.EDGE),
        ("* * *", Reason.NAVIGATION, Role.EDGE),
        ("Tags: ports, storm", Reason.TAGS, Role.CERTAIN),
        ("#موانئ #عاصفة", Reason.TAGS, Role.EDGE),
        ("© 2025 The Lantern. All rights reserved.", Reason.NOTICE, Role.CERTAIN),
        ("جميع الحقوق محفوظة © ٢٠٢٥", Reason.NOTICE, Role.CERTAIN),
        ("We use cookies to see how our pages are read. " * 8, Reason.NOTICE, Role.CERTAIN),
        ("ADVERTISEMENT", Reason.ADVERTISEMENT, Role.CERTAIN),
        ("By Nadia Farrow and Omar Nasser", Reason.BYLINE, Role.EDGE),
        ("بقلم: سامر الحلاق", Reason.BYLINE, Role.EDGE),
        ("4 min read", Reason.DATE, Role.EDGE),
        ("Brent $83.12 ▲0.4%", Reason.TICKER, Role.EDGE),
    ],
)
def test_furniture_is_known_by_itself(line: str, reason: Reason, role: Role) -> None:
    assert mark(line) == (reason, role)


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell",
        "Comments angered the fishermen",
        "Follow us.",
        "Read the full judgment",
        "By the time the ship came in, the quay was dark and the crowd was gone",
        "تابع الوزير: لم نخسر سفينة واحدة",
        "شارك الآلاف في تنظيف الأرصفة",
        "Ports reopen after the storm",
        "In 2025 prices rose by 3% in all ports of the coast",
        "عاجل: الموانئ تعود إلى العمل",
    ],
)
def test_what_an_article_may_say_is_not_furniture(line: str) -> None:
    assert mark(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "29 okt. 2025 09:31",
        "Egypt 29 October 2025 09:31",
        "Published: November 12, 2025 at 9:31 AM",
        "Wednesday, 12 November 2025",
        "2025-11-12",
        "الأربعاء 12 تشرين الثاني/نوفمبر 2025",
        "نُشر في ١٢ نوفمبر ٢٠٢٥ - ٠٩:٣١",
        "آخر تحديث: 12/11/2025 10:05 (توقيت مكة)",
        "الأربعاء 21/5/1447 هـ - الموافق 12/11/2025 م (آخر تحديث) الساعة 16:25 (مكة المكرمة)، 13:25 (غرينتش)",
        "3 hours ago",
        "منذ 3 ساعات",
    ],
)
def test_dates_with_what_sites_write_beside_them(line: str) -> None:
    assert is_stamp(line)


@pytest.mark.parametrize(
    "line", ["Riots in Cairo, 12 March 2025", "The 12th of March", "12 ships in 2025", "معركة 6 أكتوبر 1973"]
)
def test_a_headline_with_a_date_is_no_date(line: str) -> None:
    assert not is_stamp(line)


@pytest.mark.parametrize(
    ("line", "quoted"),
    [("BTC 3.28%", True), ("EUR/USD 1.0842 -0.1%", True), ("S&P500 5,432.10 ▲0.5%", True), ("$92,051", False)],
)
def test_a_symbol_with_its_price(line: str, quoted: bool) -> None:
    assert is_quote(line) is quoted


def test_every_reason_in_the_lexicon_is_one_and_no_line_stands_there_twice() -> None:
    assert {Reason(name) for name in LEXICON} == set(Reason) - {Reason.REPEATED}
    whole = [
        " ".join(words(line))
        for table in LEXICON.values()
        for key in ("lines", "lists", "endings")
        for line in table.get(key, ())
    ]
    assert len(whole) == len(set(whole))
    assert "" not in whole
