"""Whether a line of an article is its dateline: a date by itself, under a label, in a byline, or before the story.

A date in a sentence is none, and where a line can be read either way it is taken for a sentence.
"""

import datetime
import re
from enum import IntEnum

from indexer.calendars import Mention, mentions
from search.arabic import lexical_form

_LINE_CHARS = 150
_MOST_WORDS = 10
_MOST_UNTIED_WORDS = 3
_MOST_PLACE_WORDS = 4
_SPAN_CHARS = 8

_YEAR = re.compile(r"\d{4}")

# From here on all is in lexical form.
_PUBLISHED = (
    "(?:(?:first|originally) )?published|publi(?:sh|shed|cation) date|date(?: published)?|posted|released|issued"
    "|(?:ال)?تاريخ(?: النشر| الاضافه| الاصدار)?|بتاريخ|(?:تم )?(?:ال)?نشرت?|اضيفت?|حرر|تحريرا"
)
_UPDATED = "(?:last )?(?:updated?|modified|revised)|(?:(?:اخر|تم) )?(?:ال)?تحديث|اخر تعديل"
_LABEL = re.compile(
    rf"(?:^|[|•·,،;()\[\-–—/])\W*(?:(?P<published>{_PUBLISHED})|(?P<updated>{_UPDATED}))\b"
    r"(?P<colon>\s*:)?(?:\W|\b(?:on|at|في|بتاريخ)\b)*$"
)
_WEEKDAY = (
    "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    "|الاحد|الاثنين|الثلاثاء?|الثلثاء|الاربعاء?|الخميس|الجمعه|السبت"
)
_HALF_OF_DAY = r"\s*(?:[ap]\.?m\b\.?|[صم]\b|صباحا|مساء|ظهرا)"
_TIME = (
    rf"t?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d+)?)?(?:{_HALF_OF_DAY}|z\b)?|\d{{1,2}}{_HALF_OF_DAY}"
    r"|[+-]\d{2}:?\d{2}|\b(?:gmt|utc|est|edt|cet|cest|eet|bst)\b(?:\s*[+-]\d{1,2})?|بتوقيت \w+(?: المكرمه)?"
)
_CLOCK = re.compile(rf"\b(?:{_WEEKDAY})\b|{_TIME}|\b(?:يوم|الساعه)\b|\bat(?=\s+\d)")

_COLUMN = re.compile(r"[|•·»›\t]|\s{3,}")
_BYLINE = re.compile(r"\W*(?:(?:(?:written|reported) )?by|كتبت?|كتبه|بقلم|اعداد|تحرير|source|المصدر)\b")
# Words that make a short line a sentence, a headline, or a note on a person.
_FUNCTION_WORD = re.compile(
    r"\b(?:on|in|at|since|until|till|from|to|by|before|after|dated|of|during|for|as|and|was|is|are|born|died"
    r"|في|منذ|حتي|الي|من|قبل|بعد|علي|عن|خلال|كان|كانت|ان|ولدت?|توفيت?|مواليد)\b"
)
_AGENCY = "(?:واس|وام|كونا|سونا|وفا|بترا|سانا|قنا|spa|wam|kuna|afp|ap|reuters)\\b"
_TIED_BEFORE = re.compile(r"[-–—,،)\]/]\s*$")
_TIED_AFTER = re.compile(rf"\s*(?:[-–—,،(\[/]|{_AGENCY})")
_SENTENCE_END = re.compile(r"[.!?؟…:]\W*$")
# What follows the date in "CAIRO, March 12, 2024 (Reuters) - Egypt …", "القاهرة في ١٢ مارس ٢٠٢٤ / وام / قالت …".
_STORY_BEGINS = re.compile(
    rf"\s*(?:/[^/\d]{{2,30}}/|\([^()\d]{{2,40}}\)\s*:\s|(?:\([^()\d]{{2,40}}\)|[,،]?\s*{_AGENCY})?\s*[-–—]+\s)"
)


class Kind(IntEnum):
    """How a line tells its date, the surest first."""

    PUBLISHED = 0
    ALONE = 1
    AMONG_WORDS = 2
    UPDATED = 3


def dateline(line: str, *, month_first: bool) -> tuple[Kind, datetime.date] | None:
    """The date that a line of an article gives as that of its appearance, None for a line of any other sort.

    `month_first` as in `indexer.calendars.mentions`.
    """
    if not _YEAR.search(line, 0, _LINE_CHARS):
        return None
    start = lexical_form(line[:_LINE_CHARS]).text
    found = mentions(start, month_first=month_first)
    if not found:
        return None
    if len(line) > _LINE_CHARS:
        return _labelled(start, found, colon=True) or _newswire(start, found)
    return _labelled(start, found) or _among_few_words(start, found) or _newswire(start, found)


def label_before(line: str, mention: Mention) -> re.Match[str] | None:
    """What says, right before a date, that a document was `published` or `updated` then; the groups tell which."""
    return _LABEL.search(_CLOCK.sub(" ", line[: mention.start]))


def _labelled(line: str, found: list[Mention], *, colon: bool = False) -> tuple[Kind, datetime.date] | None:
    """The best date under a label; `colon` asks for a colon behind the label, which no sentence has there."""
    labelled = []
    for mention in found:
        label = label_before(line, mention)
        if label and (label["colon"] or (not colon and not _goes_on(line[mention.end :]))):
            labelled.append((Kind.PUBLISHED if label["published"] else Kind.UPDATED, mention.date))
    return min(labelled, key=lambda told: told[0], default=None)


def _goes_on(closing: str) -> bool:
    """Whether a sentence does: "Published on 3 March 2011, the report says …"."""
    rest = _CLOCK.sub(" ", _COLUMN.split(closing)[0])
    return bool(re.search(r"\w", rest)) and not (
        _BYLINE.match(rest) or re.match(rf"\W*(?:{_UPDATED}|{_PUBLISHED})\b|\s*[-–—(]", rest)
    )


def _among_few_words(line: str, found: list[Mention]) -> tuple[Kind, datetime.date] | None:
    """The date of a line that holds nothing else, or the name of an author, a place or a paper."""
    if len({mention.date for mention in found}) > 1:
        return None
    opening = _CLOCK.sub(" ", _COLUMN.split(line[: found[0].start])[-1])
    closing = _CLOCK.sub(" ", _COLUMN.split(line[found[-1].end :])[0])
    before, after = re.findall(r"\w+", opening), re.findall(r"\w+", closing)
    if not before and not after:
        return Kind.ALONE, found[0].date
    if len(before) + len(after) > _MOST_WORDS or _SENTENCE_END.search(closing.strip() or opening):
        return None
    if _FUNCTION_WORD.search(f"{opening} {closing}") and not _BYLINE.match(opening):
        return None
    untied = [] if _TIED_BEFORE.search(opening) else [before]
    untied += [] if _TIED_AFTER.match(closing) else [after]
    few = len([words for words in untied if words]) < 2 and sum(map(len, untied)) <= _MOST_UNTIED_WORDS
    return (Kind.AMONG_WORDS, found[0].date) if few else None


def _newswire(line: str, found: list[Mention]) -> tuple[Kind, datetime.date] | None:
    """The date between the place and the story at the beginning of an agency's first paragraph."""
    first = found[0]
    place = re.sub(r"(?<=\w)\s+في\s*$", "", _CLOCK.sub(" ", line[: first.start]))
    if len(place.split()) > _MOST_PLACE_WORDS or _FUNCTION_WORD.search(place):
        return None
    # The years of a life, "(14 مارس 1879 – 18 أبريل 1955)", and other spans.
    if place.rstrip().endswith("(") or any(other.start - first.end < _SPAN_CHARS for other in found[1:]):
        return None
    return (Kind.AMONG_WORDS, first.date) if _STORY_BEGINS.match(line, first.end) else None
