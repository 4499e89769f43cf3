"""Dates as files and articles write them; what CLDR and hijridate say is the reference."""

import datetime
import time
from typing import Literal

import pytest
from babel.dates import format_date
from hijridate import Gregorian
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.calendars import _MONTHS
from indexer.dates import find_date, parse_date
from search.arabic import lexical_form

MONTHS_OF_REGIONS = {
    "Levant": "كانون الثاني، شباط، آذار، نيسان، أيار، حزيران، تموز، آب، أيلول، تشرين الأول، تشرين الثاني، كانون الأول",
    "Egypt": "يناير، فبراير، مارس، أبريل، مايو، يونيو، يوليو، أغسطس، سبتمبر، أكتوبر، نوفمبر، ديسمبر",
    "Gulf": "يناير، فبراير، مارس، إبريل، مايو، يونية، يولية، أغسطس، سبتمبر، اكتوبر، نوفمبر، ديسمبر",
    "Algeria and Tunisia": "جانفي، فيفري، مارس، أفريل، ماي، جوان، جويلية، أوت، سبتمبر، أكتوبر، نوفمبر، ديسمبر",
    "Morocco": "يناير، فبراير، مارس، أبريل، ماي، يونيو، يوليوز، غشت، شتنبر، أكتوبر، نونبر، دجنبر",
    "both names": "كانون الثاني/يناير، شباط/فبراير، آذار/مارس، نيسان/أبريل، أيار/مايو، حزيران/يونيو، تموز/يوليو، "
    "آب/أغسطس، أيلول/سبتمبر، تشرين الأول/أكتوبر، تشرين الثاني/نوفمبر، كانون الأول/ديسمبر",
}
LOCALES = [
    "en",
    "en_GB",
    "en_IN",
    "fr",
    "de",
    "nl",
    "da",
    "nb",
    "sv",
    "ar",
    "ar_EG",
    "ar_SA",
    "ar_LB",
    "ar_SY",
    "ar_JO",
]
LOCALES += ["ar_PS", "ar_IQ", "ar_DZ", "ar_TN", "ar_MA", "ar_MR", "ar_LY", "ar_SD"]
DIGITS = {
    "European": str.maketrans({}),
    "Arabic-Indic": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "Persian": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
}
LANGUAGES: list[Literal["ar", "en"]] = ["ar", "en"]
FIGURES = ["%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y"]
SLOW = ["12 a 2024 ", "1 ", "a ", "12/", "محرم ", "12:30 ", "(", "2024 ", "12 march 2024", " - "]
DATES = st.dates(datetime.date(1800, 1, 1), datetime.date(2100, 12, 31))

VALUES: list[tuple[object, str | None]] = [
    # what programs write
    (datetime.date(2025, 11, 12), "2025-11-12"),
    (datetime.datetime(2025, 11, 12, 23, 59, tzinfo=datetime.UTC), "2025-11-12"),
    ("2025-11-12", "2025-11-12"),
    (" 2025-11-12T16:30:00+03:00", "2025-11-12"),
    ("2025-11-12T00:30:00.123Z", "2025-11-12"),
    ("2025-11-12 and later", "2025-11-12"),
    ("20251112", "2025-11-12"),
    ("20251112T163000Z", "2025-11-12"),
    ("D:20240312", "2024-03-12"),
    ("D:20240312103000+02'00'", "2024-03-12"),
    ("D:20240312103000Z", "2024-03-12"),
    ("Tue, 12 Mar 2024 10:00:00 +0300", "2024-03-12"),
    ("12 Mar 2024 23:30 GMT", "2024-03-12"),
    # in words
    ("March 12, 2024", "2024-03-12"),
    ("Tuesday, March 12th, 2024 at 4:30 PM", "2024-03-12"),
    ("12 March 2024", "2024-03-12"),
    ("12th of March, 2024", "2024-03-12"),
    ("Sept. 3, 2020", "2020-09-03"),
    ("12-Mar-2024", "2024-03-12"),
    ("29 okt. 2025 09:31", "2025-10-29"),
    ("1er mars 2024", None),  # an ordinal in French
    ("12 مارس 2024", "2024-03-12"),
    ("مارس 12, 2024", "2024-03-12"),
    ("١٢ من شهر مارس لعام ٢٠٢٤", "2024-03-12"),
    ("الثلاثاء ١٢ مارس ٢٠٢٤م، الساعة ١٠:٣٠ صباحًا", "2024-03-12"),
    ("۱۲ آذار ۲۰۲۴", "2024-03-12"),
    ("۱۲ مارس ۲۰۲۴ ميلادي", "2024-03-12"),
    ("12 آذار (مارس) 2024", "2024-03-12"),
    ("\u200f12\u200f/03\u200f/2024", "2024-03-12"),
    ("3 كـانون الأوّل 2022", "2022-12-03"),
    ("12 آذار/نيسان 2024", None),  # two months
    # in figures
    ("12/11/2025", "2025-11-12"),
    ("3/4/2024", "2024-04-03"),
    ("٣/٤/٢٠٢٤", "2024-04-03"),
    ("25/3/2024", "2024-03-25"),
    ("3/25/2024", "2024-03-25"),
    ("25.03.2024", "2024-03-25"),
    ("3.25.2024", None),  # nobody writes the month first with dots
    ("25-3-2024 14:05", "2024-03-25"),
    ("2024/3/25", "2024-03-25"),
    ("٢٠٢٤/٣/٢٥", "2024-03-25"),
    ("25/3/24", None),  # of which century?
    # Hijri
    ("15 Ramadan 1445 AH", "2024-03-25"),
    ("Dhul-Hijjah 3, 1445", "2024-06-09"),
    ("12 Rabi' al-Awwal 1445", "2023-09-27"),
    ("١٥ رمضان ١٤٤٥هـ", "2024-03-25"),
    ("١٥ رمضان المبارك ١٤٤٥ هـ", "2024-03-25"),
    ("3 ذي الحجة 1445", "2024-06-09"),
    ("1 محرّم 1446 هـ", "2024-07-07"),
    ("15/9/1445هـ", "2024-03-25"),
    ("1445-09-15 هـ", "2024-03-25"),
    ("15/9/1445", None),  # no mark: of the sun or of the moon?
    ("15/1/1403 هـ.ش", None),  # of the sun
    ("30 شعبان 1445هـ", None),  # that month had 29 days
    ("15 رمضان 1299هـ", None),  # before what is known of Umm al-Qura
    ("الثلاثاء ٢ رمضان ١٤٤٥هـ الموافق ١٢ مارس ٢٠٢٤م", "2024-03-12"),
    ("12 مارس 2024 الموافق لـ 2 رمضان 1445", "2024-03-12"),
    ("12 مارس 2024 هـ", None),
    # more than one
    ("Published 12 March 2024, updated 14 March 2024", "2024-03-12"),
    ("Updated: 14 March 2024 | Published: 12 March 2024", "2024-03-12"),
    ("آخر تحديث: ١٤ مارس ٢٠٢٤ – نُشر في ١٢ مارس ٢٠٢٤", "2024-03-12"),
    ("12–14 March 2024", None),
    ("2024-03-12/2024-03-14", None),
    ("12 March 2024 to 14 March 2024", None),
    # none
    ("2025-02-30", None),
    ("31 April 2024", None),
    ("12 March 1799", None),
    ("12 March 2101", None),
    (datetime.date(1, 1, 1), None),
    ("1710230400", None),
    (1710230400, None),
    ("+963 11 2024 1203", None),
    ("May", None),
    ("May 2024", None),
    ("2024", None),
    ("مايو", None),
    ("في عام 2024", None),
    ("أمس", None),
    ("", None),
    (None, None),
    (7, None),
]

DATELINES = [
    # a date alone, or under a label
    ("12 March 2024", "2024-03-12"),
    ("Tuesday 12 March 2024 10:30 a.m. GMT", "2024-03-12"),
    ("Published: March 12, 2024", "2024-03-12"),
    ("First published on 12 March 2024 at 10:30", "2024-03-12"),
    ("Published 12 March 2024 | Last updated 14 March 2024", "2024-03-12"),
    ("Last updated: 14 March 2024", "2024-03-14"),
    ("By Hoda Mansour | Posted on 12/03/2024 | 3 min read", "2024-03-12"),
    ("الثلاثاء 12 آذار 2024", "2024-03-12"),
    ("نُشر في: ١٢ مارس ٢٠٢٤", "2024-03-12"),
    ("نُشر في ١٢ مارس ٢٠٢٤ الساعة ١٠:٣٠ ص بتوقيت غرينتش", "2024-03-12"),
    ("تاريخ النشر: الثلاثاء 12/03/2024 - 10:30", "2024-03-12"),
    ("آخر تحديث: 14 جوان 2023", "2023-06-14"),
    ("آخر تحديث 14/3/2024 - نشر بتاريخ 12/3/2024", "2024-03-12"),
    ("حُرّر في 7 غشت 2022", "2022-08-07"),
    # a byline, a place, a paper
    ("Cairo, 12 March 2024", "2024-03-12"),
    ("By Hoda Mansour in Cairo - 12 March 2024", "2024-03-12"),
    ("Egypt 29 okt. 2025 09:31", "2025-10-29"),
    ("Reuters | March 12, 2024 | 3 min read", "2024-03-12"),
    ("كتبت هدى منصور - الثلاثاء، 12 مارس 2024 10:30 م", "2024-03-12"),
    ("بيروت – ١٢ آذار ٢٠٢٤", "2024-03-12"),
    ("الرياض 14 رمضان 1445هـ الموافق 24 مارس 2024م واس", "2024-03-24"),
    # an agency's first paragraph
    ("CAIRO, March 12, 2024 (Reuters) - Egypt and Sudan reopened a river port on Tuesday.", "2024-03-12"),
    ("ABU DHABI, 12th March, 2024 (WAM) -- The Ministry of Energy said the new line is ready.", "2024-03-12"),
    ("Riyadh, March 24, 2024, SPA -- The wells in the north have been reopened.", "2024-03-24"),
    ("القاهرة في 12 مارس 2024 (أ ف ب) - أعلنت وزارة الري المصرية إعادة فتح القناة.", "2024-03-12"),
    ("أبوظبي في 12 مارس / وام / قالت الوزارة إن الخط جاهز منذ 2024.", None),  # no year
    ("أبوظبي في 12 مارس 2024 / وام / قالت الوزارة إن الخط الجديد جاهز.", "2024-03-12"),
    # sentences and headlines
    ("In a speech on 3 March 2011 the minister promised a new harbour.", None),
    ("On 24 October 2025, the two delegations met in Cairo.", None),
    ("On 24 October 2025", None),
    ("Protests began 25 January 2011.", None),
    ("Battle of Adwa, 1 March 1896", None),
    ("Born: 12 March 1950", None),
    ("Amin Khouli (born 1 May 1895)", None),
    ("Event date: 12 March 2024", None),
    ("Published on 3 March 2011, the report shows rising hunger", None),
    ("The report was published on 3 March 2011", None),
    ("Attack 11 September 2001 remembered", None),
    ("The 2011 census counted 12 towns and 2024 villages.", None),
    ("في 21 سبتمبر 2025م، شهدت القاهرة اجتماعًا مهمًّا.", None),
    ("وُلد في القاهرة، 12 مارس 1950", None),
    ("نُشر في 12 مارس 2024 تقرير عن حال المياه في السودان", None),
    ("أمين الخولي (1 مايو 1895 – 9 مارس 1966) أديب مصري.", None),
    ("منذ 25 يناير 2011", None),
    ("تاريخ الميلاد: 12 مارس 1950", None),
    ("مواليد القاهرة 12 مارس 1950", None),
    ("بتاريخ 12 مارس 2024 صدر قرار بإعادة فتح الميناء", None),
]


@pytest.mark.parametrize(("value", "date"), VALUES)
def test_values(value: object, date: str | None) -> None:
    assert parse_date(value) == date


@pytest.mark.parametrize(("line", "date"), DATELINES)
def test_datelines(line: str, date: str | None) -> None:
    story = "Two ships waited outside the harbour." if line.isascii() else "انتظرت سفينتان خارج الميناء."
    lang = "en" if line.isascii() else "ar"
    assert find_date(line, lang=lang) == date
    assert find_date(f"{line}\n\n{story}\n{story}", lang=lang) == date
    assert find_date(f"{story}\n\n" + f"{story}\n" * 200 + line, lang=lang) == date


@settings(deadline=None)  # the first example may load camel-tools
@given(DATES, st.sampled_from(sorted(DIGITS)), st.sampled_from(sorted(MONTHS_OF_REGIONS)))
def test_every_region_names_its_months(date: datetime.date, digits: str, region: str) -> None:
    month = MONTHS_OF_REGIONS[region].split("، ")[date.month - 1]
    line = f"{date.day} {month} {date.year}".translate(DIGITS[digits])
    assert parse_date(line) == find_date(f"نشر في {line}م", lang="ar") == date.isoformat()


@settings(deadline=None)  # the first example may load camel-tools
@given(DATES, st.sampled_from(LOCALES), st.sampled_from(["full", "long", "medium"]))
def test_dates_as_cldr_writes_them(date: datetime.date, locale: str, style: str) -> None:
    written = format_date(date, style, locale=locale)
    assert parse_date(written) == find_date(written, lang=locale[:2]) == date.isoformat()


@settings(deadline=None)  # the first example may load camel-tools
@given(
    DATES,
    st.sampled_from(sorted(DIGITS)),
    st.sampled_from(["%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y"]),
)
def test_dates_in_figures(date: datetime.date, digits: str, pattern: str) -> None:
    written = pattern.replace("%Y", str(date.year)).replace("%m", str(date.month)).replace("%d", str(date.day))
    assert parse_date(written.translate(DIGITS[digits])) == date.isoformat()


@settings(deadline=None)  # the first example may load camel-tools
@given(st.dates(datetime.date(1925, 1, 1), datetime.date(2077, 1, 1)), st.sampled_from(LANGUAGES), st.booleans())
def test_hijri_dates(date: datetime.date, lang: Literal["ar", "en"], in_figures: bool) -> None:
    hijri = Gregorian.fromdate(date).to_hijri()
    month = str(hijri.month) if in_figures else hijri.month_name(lang)
    mark = "/" if in_figures else " "
    written = f"{hijri.day}{mark}{month}{mark}{hijri.year} {hijri.notation(lang)}"
    assert parse_date(written) == find_date(written, lang=lang) == date.isoformat()


@settings(deadline=None)  # the first example may load camel-tools
@given(st.text(max_size=300), st.sampled_from(["ar", "en", "fa"]))
def test_any_text_will_do(text: str, lang: str) -> None:
    for date in (parse_date(text), find_date(text, lang=lang)):
        assert date is None or datetime.date.fromisoformat(date)


def test_month_names_are_in_lexical_form() -> None:
    assert [name for name in _MONTHS if lexical_form(name).text != name] == []


def test_the_month_first_only_in_english_and_only_where_it_must_be() -> None:
    assert find_date("Posted 3/25/2024", lang="en") == "2024-03-25"
    assert find_date("Posted 3/4/2024", lang="en") == "2024-04-03"
    assert find_date("نشر في 3/25/2024", lang="ar") is None


def test_the_surest_line_tells() -> None:
    byline, alone, label = "Cairo, 10 March 2024", "11 March 2024", "Published 12 March 2024"
    assert find_date(f"Wells reopen\n{byline}\n{alone}\n{label}\nStory.", lang="en") == "2024-03-12"
    assert find_date(f"Wells reopen\n{byline}\n{alone}\nStory.", lang="en") == "2024-03-11"
    assert find_date(f"Last updated 14 March 2024\n{byline}\nStory.", lang="en") == "2024-03-10"


def test_dates_that_contradict_each_other_tell_nothing() -> None:
    story = "The harbour is open.\n" * 20
    assert find_date(f"Cairo, 10 March 2024\nKhartoum, 11 March 2024\n{story}", lang="en") is None
    assert find_date(f"{story}11 March 2024\nMore stories\n10 March 2024\n", lang="en") is None
    assert find_date(f"{story}11 March 2024\nMore stories\n11 March 2024\n", lang="en") == "2024-03-11"


def test_dates_in_the_middle_are_the_storys_own() -> None:
    story = "انتظرت السفن خارج الميناء.\n" * 20
    assert find_date(f"{story}12 مارس 2024\n{story}", lang="ar") is None


def test_lines_without_dates_take_no_time() -> None:
    """80,000 a second were measured on an idle machine."""
    lines = [
        "قال الوزير إن السفن الثلاث دخلت الميناء في عام 2019",
        "Three ships entered the harbour of Sur in 2019",
    ] * 1000
    began = time.process_time()
    assert not any(find_date(line, lang="ar") for line in lines)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "piece", ["12 a 2024 ", "1 ", "a ", "12/", "محرم ", "12:30 ", "(", "2024 ", "12 march 2024", " - "]
)
def test_no_line_is_slow(piece: str) -> None:
    began = time.process_time()
    find_date(piece * (10_000 // len(piece)) + "2024\n", lang="en")
    find_date(piece * (149 // len(piece)) + "2024", lang="en")
    assert time.process_time() - began < 0.5
