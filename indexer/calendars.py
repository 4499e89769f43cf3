"""Complete dates in a line of text, in the Gregorian and the Hijri calendar, as Arabic and English articles write them.

Which of them tells when a document appeared is decided in `indexer/dates.py`.
"""

import datetime
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hijridate import Hijri

YEARS = range(1800, 2101)
"""Gregorian years outside of these are misprints or numbers of another kind."""

# Month names in `lexical_form`, the months apart by lines: Levantine, Egyptian and Gulf, Maghrebi (Algeria and Tunisia,
# Morocco, Mauritania), English, and what the pages of English articles show to a reader in Europe.
_GREGORIAN = """
    كانون الثاني, كانون ثاني, يناير, جانفي; january, jan, januar, januari, janvier, janv
    شباط, فبراير, فيفري; february, feb, februar, februari, février, févr
    اذار, مارس; march, mar, märz, mrz, maart, mrt, marts, mars
    نيسان, ابريل, افريل; april, apr, avril, avr
    ايار, مايو, مايس, ماي; may, mai, mei, maj
    حزيران, يونيو, يونيه, جوان; june, jun, juni, juin
    تموز, يوليو, يوليه, جويليه, يوليوز; july, jul, juli, juillet, juil
    اب, اغسطس, اوت, غشت, اغشت; august, aug, augustus, augusti, août
    ايلول, سبتمبر, شتنبر, شتمبر; september, sept, sep, septembre
    تشرين الاول, تشرين اول, اكتوبر; october, oct, oktober, okt, octobre
    تشرين الثاني, تشرين ثاني, نوفمبر, نونبر; november, nov, novembre
    كانون الاول, كانون اول, ديسمبر, دجنبر, دجمبر; december, dec, dezember, dez, desember, des, décembre, déc
"""
_HIJRI = """
    محرم, المحرم, محرم الحرام; muharram, al muharram
    صفر, صفر الخير; safar
    ربيع الاول, ربيع اول; rabi al awwal, rabi al awal, rabi ul awwal, rabi ul awal, rabi i
    ربيع الاخر, ربيع الثاني, ربيع ثاني; rabi al thani, rabi ath thani, rabi al akhir, rabi ul thani, rabi ii
    جمادي الاولي, جمادي الاول; jumada al ula, jumada al awwal, jumad al ula, jumadal ula, jumada i
    جمادي الاخره, جمادي الاخر, جمادي الثانيه, جمادي الثاني; jumada al akhira, jumada al akhirah, jumada al thani, \
        jumada al thaniya, jumada ath thaniyah, jumada ii
    رجب; rajab
    شعبان; shaban, shaaban
    رمضان, رمضان المبارك; ramadan, ramadhan, ramadaan, ramazan
    شوال; shawwal, shawal
    ذو القعده, ذي القعده; dhu al qidah, dhu al qadah, dhu al qada, dhu al qida, dhul qadah, dhul qada, dhul qidah, \
        dhul qida, zul qadah
    ذو الحجه, ذي الحجه; dhu al hijjah, dhu al hijja, dhul hijjah, dhul hijja, zul hijjah
"""
_NOT_LETTERS = re.compile(r"[\W\d_]+")
# "12th of March", "١٢ من شهر مارس لعام ٢٠٢٤".
_FILLERS = re.compile(r"\b(?:of|من|شهر|لعام|عام|لسنه|سنه)\b")

_DAY_NAME_YEAR = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?P<name>[^\d\n:;|]{2,40}?)(?P<year>\d{4})(?!\d)"
)
# "March 12, 2024" from its day on: a pattern that began with letters would be tried at every word.
_DAY_YEAR = re.compile(r"(?<![\w.])(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s*[,،]\s*|\s+)(?P<year>\d{4})(?!\d)")
_NAME_CHARS = 30
_WORD = re.compile(r"(?<!\w)[^\W\d_]")
_DAY_FIRST = re.compile(
    r"(?<![\d/.\-])(?P<day>\d{1,2})\s?(?P<mark>[/.\-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})(?!\d|[/\-]\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<![\d/.\-])(?P<year>\d{4})\s?(?P<mark>[/.\-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})(?!\d|[/\-]\d)"
)
# The last days of a span, "12–14 March 2024", but not a time before a date, "10:30 - 14 March 2024".
_SPAN = re.compile(r"(?<![\d:.])\d{1,2}\s*[-–—]\s*$")
# What stands between the two halves of "٢ رمضان ١٤٤٥هـ الموافق ١٢ مارس ٢٠٢٤م".
_PAIRED = re.compile(r"[^\d.;؛]{0,35}")
# Solar Hijri years (Iran, Afghanistan) bear the same letter as lunar ones.
_ERA = re.compile(r"\s*(?:(?P<solar>ه\W{0,2}ش\b|هجري شمسي)|(?P<hijri>(?:ه|هجريه?|ah)\b|a\.h\.)|(?:م|ميلاديه?|ce|ad)\b)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A date at characters `start` to `end` of a line; `hijri` if it was converted from that calendar.

    A date that is given in both calendars side by side is one, as its Gregorian half says.
    """

    start: int
    end: int
    date: datetime.date
    hijri: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """What was matched, before it is known to be a date. `hijri` is None where only a mark behind it can tell."""

    match: re.Match[str]
    start: int
    month: int
    day: int
    hijri: bool | None


def mentions(line: str, *, month_first: bool = True) -> list[Mention]:
    """The dates in a line of text in its `lexical_form`, in their order: day, month and year, in the years 1800–2100.

    "3/12/2024" has the day first, as everywhere but in the United States; the month comes first only where no other
    reading is possible, and `month_first` allows it. Hijri dates are those with a Hijri month's name or the mark "هـ"
    or "AH", by the Umm al-Qura calendar, which is known for the years 1343 to 1500.
    """
    found: list[Mention] = []
    dates = [mention for written in _written(line, month_first) if (mention := _mention(line, written))]
    for mention in sorted(dates, key=lambda mention: (mention.start, -mention.end)):
        before = found[-1] if found else None
        if before and before.hijri != mention.hijri and _PAIRED.fullmatch(line, before.end, mention.start):
            gregorian = before if mention.hijri else mention
            found[-1] = Mention(before.start, mention.end, gregorian.date, hijri=False)
        elif not before or mention.start >= before.end:
            found.append(mention)
    return found


def month_of(name: str) -> tuple[bool, int] | None:
    """Whether a month's name, in `lexical_form`, is Hijri, and its number from 1; None for any other words.

    Two names of the same month count as one: "نيسان/أبريل".
    """
    name = _FILLERS.sub(" ", name)
    known = _MONTHS.get(_letters(name))
    if known:
        return known
    both = {_MONTHS.get(_letters(part)) for part in re.split(r"[/()\-–]", name) if _letters(part)}
    return both.pop() if len(both) == 1 else None


def _letters(name: str) -> str:
    return _NOT_LETTERS.sub("", name)


def _table(names: str, *, hijri: bool) -> dict[str, tuple[bool, int]]:
    return {
        _letters(name): (hijri, number)
        for number, line in enumerate(names.strip().splitlines(), start=1)
        for name in re.split("[,;]", line)
    }


_MONTHS = _table(_GREGORIAN, hijri=False) | _table(_HIJRI, hijri=True)


def _written(line: str, month_first: bool) -> Iterator[_Written]:
    for match in _DAY_NAME_YEAR.finditer(line):
        named = month_of(match["name"])
        if named:
            yield _Written(match, match.start(), named[1], int(match["day"]), named[0])
    for match in _DAY_YEAR.finditer(line):
        before = _month_at_the_end(line[: match.start()])
        if before:
            start, (hijri, number) = before
            yield _Written(match, start, number, int(match["day"]), hijri)
    for match in itertools.chain(_YEAR_FIRST.finditer(line), _DAY_FIRST.finditer(line)):
        month, day = int(match["month"]), int(match["day"])
        if month_first and match.re is _DAY_FIRST and month > 12 >= day and match["mark"] != ".":
            month, day = day, month
        yield _Written(match, match.start(), month, day, None)


def _month_at_the_end(text: str) -> tuple[int, tuple[bool, int]] | None:
    """Where in "Tuesday, March" or "Cairo, Dhul Hijjah" the month's name begins, and the month."""
    for word in _WORD.finditer(text, max(0, len(text) - _NAME_CHARS)):
        month = month_of(text[word.start() :])
        if month:
            return word.start(), month
    return None


def _mention(line: str, written: _Written) -> Mention | None:
    """The date, None if there is no such day, or if the mark behind it says that it is of another calendar."""
    end = written.match.end()
    era = _ERA.match(line, end)
    marked_hijri = bool(era and era["hijri"])
    if (era and era["solar"]) or (marked_hijri and written.hijri is False):
        return None
    if _SPAN.search(line[: written.match.start()]):
        return None
    hijri = marked_hijri or bool(written.hijri)
    date = _date(int(written.match["year"]), written.month, written.day, hijri=hijri)
    return Mention(written.start, era.end() if era else end, date, hijri) if date else None


def _date(year: int, month: int, day: int, *, hijri: bool) -> datetime.date | None:
    try:
        if hijri:
            return datetime.date.fromordinal(Hijri(year, month, day).to_gregorian().toordinal())
        return datetime.date(year, month, day) if year in YEARS else None
    except (ValueError, OverflowError):
        return None
