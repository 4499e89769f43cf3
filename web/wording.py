"""The interface in Arabic and in English: what `messages/LANG.ftl` says, with dates, numbers and languages set right.

The messages are Project Fluent's, which knows the plural forms of Unicode CLDR and isolates what is put into a sentence
(FSI … PDI), so that a Latin name does not upset a line of Arabic.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

from search.errors import JisrError
from search.language import direction

MESSAGES = Path(__file__).parent / "messages"
INTERFACES = ("en", "ar")
"""The languages of the interface, the one for strangers first."""

_ENDONYMS = {"ar": "العربية", "en": "English", "fa": "فارسی", "ur": "اردو"}
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_DAY = "d MMMM y"
_DAY_CHARS = len("2025-12-31")


class Digits(StrEnum):
    """Which digits a reader prefers, by the names that CLDR has for them."""

    LATIN = "latn"
    ARABIC_INDIC = "arab"


class Wording:
    """The interface in one language and one kind of digits. Messages are plain text, for templates to escape."""

    def __init__(self, lang: str, digits: Digits = Digits.LATIN) -> None:
        """Read the messages of one of `INTERFACES`; Arabic-Indic digits are for Arabic alone."""
        self.lang = lang
        self.dir = direction(lang)
        self.digits = digits if lang == "ar" else Digits.LATIN
        self._locale = Locale.parse(lang)
        self._bundle = FluentBundle([lang], functions={"NUMBER": self.number})  # type: ignore[dict-item]  # a str will do
        self._bundle.add_resource(FluentResource((MESSAGES / f"{lang}.ftl").read_text("utf-8")))

    def __call__(self, message: str, /, **values: str | int | float) -> str:
        """The message of this name, as ``messages/en.ftl`` has them, with its values. Raises KeyError for no message.

        Numbers choose among plural forms; ``NUMBER($count)`` sets one in the reader's digits.
        """
        pattern = self._bundle.get_message(message).value
        if pattern is None:
            raise KeyError(message)
        text, faults = self._bundle.format_pattern(pattern, values)
        if faults:
            raise KeyError(f"{message}: {faults[0]}")
        return str(text)

    def fault(self, error: JisrError) -> tuple[str, str] | None:
        """What happened and what to do next, None for an error that only an operator can cause."""
        if not error.fault:
            return None
        return self(f"fault-{error.fault}", **error.values), self(f"fault-{error.fault}-hint", **error.values)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with its thousands apart, and so many decimals."""
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return self.in_digits(
            format_decimal(value, format=pattern, locale=self._locale, numbering_system=self.digits.value)
        )

    def signed(self, value: float) -> str:
        """A number with one decimal and its sign: ``+4.6``."""
        return f"{'−' if value < 0 else '+'}{self.number(abs(value), 1)}"

    def day(self, iso: str) -> str:
        """``2025-12-17`` → ``17 December 2025``; a date that names no day keeps its form."""
        try:
            moment = date.fromisoformat(iso[:_DAY_CHARS])
        except ValueError:
            return self.in_digits(iso)
        return self.in_digits(format_date(moment, _DAY, locale=self._locale))

    def language(self, tag: str) -> str:
        """Name of a language, or its tag where CLDR has none."""
        return str(self._locale.languages.get(tag, tag))

    def counts(self, tags: Mapping[str, int]) -> str:
        """How many of each language, the most frequent first: ``6 Arabic, 4 English``."""
        most_first = sorted(tags.items(), key=lambda item: -item[1])
        each = (self("count-of-language", count=count, language=self.language(tag)) for tag, count in most_first)
        return self("list-comma").join(each)

    def in_digits(self, text: str) -> str:
        """The text of a number or a date in the reader's digits."""
        return text.translate(_ARABIC_INDIC) if self.digits is Digits.ARABIC_INDIC else text


@cache
def wording(lang: str, digits: Digits = Digits.LATIN) -> Wording:
    """The interface in a language; English for one that is not of `INTERFACES`."""
    return Wording(lang if lang in INTERFACES else INTERFACES[0], digits)


def preferred(accept_language: str) -> str:
    """Which of `INTERFACES` the value of an ``Accept-Language`` header likes best (RFC 9110, 12.5.4)."""
    liked = dict.fromkeys(INTERFACES, 0.0)
    for tag, quality in re.findall(r"([a-zA-Z*]+)[a-zA-Z0-9-]*\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?))?", accept_language):
        if tag.lower() in liked:
            liked[tag.lower()] = max(liked[tag.lower()], float(quality or 1))
    return max(INTERFACES, key=lambda lang: liked[lang])


def endonym(tag: str) -> str:
    """Name of a language in that language, or its tag where we have none."""
    return _ENDONYMS.get(tag, tag)


def snippet(text: str, limit_chars: int = 420) -> str:
    """The text, cut after a whole word where it is longer than the limit."""
    if len(text) <= limit_chars:
        return text
    whole_words = re.match(r"(.*\S)\s", text[: limit_chars + 1], re.DOTALL)
    return f"{whole_words[1] if whole_words else text[:limit_chars]}…"


def names_of(messages: str) -> Iterable[str]:
    """The names of the messages in the text of a catalogue."""
    return re.findall(r"(?m)^([a-z][\w-]*) =", messages)
