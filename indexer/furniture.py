"""What a line is by itself: a share button, a cookie notice, a price in a ticker, … The words are in furniture.toml."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from indexer.blocks import words


class Reason(StrEnum):
    """Why a line is not the article's text. `BYLINE` and `DATE` are of the article itself, above its first sentence."""

    SHARE = "share"
    TICKER = "ticker"
    FORM = "form"
    PROMOTION = "promotion"
    RELATED = "related"
    NAVIGATION = "navigation"
    TAGS = "tags"
    NOTICE = "notice"
    ADVERTISEMENT = "advertisement"
    BYLINE = "byline"
    DATE = "date"
    REPEATED = "repeated"


class Role(Enum):
    """What follows from a line being furniture."""

    CERTAIN = 1
    """It goes wherever it stands."""
    COMPANY = 2
    """It goes next to other furniture; alone it may be a heading."""
    EDGE = 3
    """It goes above and below the article, never inside it."""
    LIST = 4
    """It goes, and so do the links to other articles that follow it."""
    ENDING = 5
    """It goes, and so does what follows it: the article is over."""


class Mark(NamedTuple):
    """What a line is, and how sure that is."""

    reason: Reason
    role: Role


_LONGEST_CHARS = 250
_REMEMBERED_CHARS = 80
_HEAD_CHARS = 160  # of a longer line, which tell how it begins
_BYLINE_WORDS = 8
_DATE_CHARS = 110
_TICKER_CHARS = 60
_TICKER_WORDS = 4
_SHORT_LINE_WORDS = 4  # what a breadcrumb's part may have

_MONTH = r"[^\W\d_]{3,10}\.?(?: (?:الأول|الثاني|الاول))?(?:\s?/\s?[^\W\d_]{3,10})?"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
    r"|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2})م?(?!\w)"
)
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_STAMP_WORDS_BESIDE_TIME = 3
_LETTER_OR_FIGURE = re.compile(r"[^\W_]")
_FIGURE = re.compile(r"\d")
_RATE = re.compile(r"[%٪▲▼↑↓$€£¥₿]|\b(?:USD|EUR|EGP|SAR|AED)\b")
_SYMBOL = re.compile(r"^[A-Z&]{2,6}\d{0,3}(?:/[A-Z]{3,4})?\s+[-+▲▼↑↓\d.,\s]+[%٪]?$")
_BREADCRUMB = re.compile(r"\s*[>›»|/•·]\s*")
_HASHTAGS = re.compile(r"#\w+(?:[\s,،]+#\w+)*")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of furniture.toml: lines as a whole, beginnings by their first word, phrases by their last."""

    lines: Mapping[str, Mark]
    openings: Mapping[str, Sequence[tuple[str, Mark]]]
    phrases: Mapping[str, Sequence[tuple[str, Mark]]]
    words: Mapping[Reason, frozenset[str]]


_FILLERS = frozenset({":", "and", "on", "و"})
_COMPANY = {Reason.FORM: Role.COMPANY, Reason.SHARE: Role.COMPANY, Reason.NAVIGATION: Role.EDGE}
_ROLES = {"lines": Role.CERTAIN, "lists": Role.LIST, "endings": Role.ENDING}


@cache
def _lexicon() -> _Lexicon:
    source = tomllib.loads(Path(__file__).with_name("furniture.toml").read_text("utf-8"))
    lines: dict[str, Mark] = {}
    openings: dict[str, list[tuple[str, Mark]]] = {}
    phrases: dict[str, list[tuple[str, Mark]]] = {}
    own_words: dict[Reason, frozenset[str]] = {}
    for name, table in source.items():
        reason = Reason(name)
        for key, role in _ROLES.items():
            for said in map(words, table.get(key, ())):
                lines[" ".join(said)] = Mark(reason, _line_role(reason, role, said))
        for key, index, at in (("openings", openings, 0), ("phrases", phrases, -1)):
            role = Role.EDGE if reason is Reason.BYLINE else Role.CERTAIN
            for said in map(words, table.get(key, ())):
                index.setdefault(said[at], []).append((" ".join(said) + " ", Mark(reason, role)))
        own_words[reason] = frozenset(word for said in table.get("words", ()) for word in words(said))
    return _Lexicon(lines, openings, phrases, own_words)


def _line_role(reason: Reason, role: Role, said: Sequence[str]) -> Role:
    if reason in (Reason.TAGS, Reason.DATE):
        return Role.EDGE
    if role is Role.CERTAIN and len(said) == 1 and reason is not Reason.ADVERTISEMENT:
        return Role.COMPANY
    return role


def mark(line: str) -> Mark | None:
    """What furniture a line is by its own words and shape, None where nothing speaks for it."""
    if len(line) <= _REMEMBERED_CHARS:
        return _remembered(line)
    if len(line) <= _LONGEST_CHARS:
        return _marked(line)
    said = words(line[:_HEAD_CHARS])
    return _opening(f"{' '.join(said)} ", said)


def _marked(line: str) -> Mark | None:
    said = words(line)
    return _by_words(line, said) or _by_shape(line, said)


_remembered = lru_cache(maxsize=2**14)(_marked)  # pages of a site have their short lines in common


def _by_words(text: str, said: Sequence[str]) -> Mark | None:
    if not said:
        return None
    lexicon = _lexicon()
    key = " ".join(said)
    found = None if text.endswith((".", "۔")) else lexicon.lines.get(key.rstrip(" :"))
    return found or _opening(f"{key} ", said) or _phrase(f"{key} ", said) or _company(said)


def _opening(key: str, said: Sequence[str]) -> Mark | None:
    for opening, found in _lexicon().openings.get(said[0] if said else "", ()):
        if key.startswith(opening) and (found.reason is not Reason.BYLINE or len(said) <= _BYLINE_WORDS):
            return found
    return None


def _phrase(key: str, said: Sequence[str]) -> Mark | None:
    phrases = _lexicon().phrases
    for word in said:
        for phrase, found in phrases.get(word, ()):
            if f" {phrase}" in f" {key}":
                return found
    return None


def _company(said: Sequence[str]) -> Mark | None:
    """Lines of nothing but the names of networks, of a form's fields, or of a site's sections."""
    own = _lexicon().words
    for reason, role in _COMPANY.items():
        if said[0] in own[reason] and own[reason].issuperset(word for word in said if word not in _FILLERS):
            return Mark(reason, role)
    return None


def _by_shape(text: str, said: Sequence[str]) -> Mark | None:
    if text[0] == "#" and _HASHTAGS.fullmatch(text):
        return Mark(Reason.TAGS, Role.EDGE)
    if not _LETTER_OR_FIGURE.search(text):
        return Mark(Reason.NAVIGATION, Role.EDGE)
    if len(text) > _DATE_CHARS:
        return None
    if _FIGURE.search(text):
        return _by_figures(text, said)
    parts = _BREADCRUMB.split(text) if len(said) > 2 else []
    if len(parts) > 2 and all(len(part.split()) <= _SHORT_LINE_WORDS for part in parts):
        return Mark(Reason.NAVIGATION, Role.EDGE)
    return None


def _by_figures(text: str, said: Sequence[str]) -> Mark | None:
    if is_stamp(text):
        return Mark(Reason.DATE, Role.EDGE)
    if len(text) <= _TICKER_CHARS and len(said) <= _TICKER_WORDS and _RATE.search(text) and not text.endswith("."):
        return Mark(Reason.TICKER, Role.EDGE)
    return None


def is_quote(text: str) -> bool:
    """Whether a line is a symbol of an exchange with its price or change."""
    return len(text) <= _TICKER_CHARS and bool(_SYMBOL.match(text))


def is_stamp(text: str) -> bool:
    """Whether a line is a date or an age ("3 hours ago"), with what sites write beside it, and nothing else."""
    date = _DATE.search(text)
    rest = words(_TIME.sub(" ", text[: date.start()] + text[date.end() :] if date else text))
    known = _lexicon().words[Reason.DATE]
    others = sum(word not in known and word != ":" for word in rest)
    if date:
        return others <= (_STAMP_WORDS_BESIDE_TIME if _TIME.search(text) else 0)
    return not others and len(rest) > 1
