"""Which language a text or a query is in, as a BCP-47 primary subtag, and which way it is written.

Script first, then letters and words that settle it, then statistics (py3langid) restricted to that script. The
statistics take a second to load, so text that the first steps settle never loads them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from search.arabic import encoder_form

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

UNDETERMINED = "und"

_BCP_47 = re.compile(r"(?!und\b)[A-Za-z]{2,3}(?:[-_]|$)")

# The languages told apart within each script; the first is what a short text is taken for. Names of scripts are the
# first word of their characters' Unicode names.
_LANGUAGES = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "ug"),
    "LATIN": (
        *("en", "fr", "de", "es", "it", "pt", "nl", "tr", "id", "ms", "sw", "so", "ca", "ro", "pl", "sv", "da", "no"),
        *("fi", "hu", "cs", "hr", "sq", "az", "uz", "vi", "tl", "la"),
    ),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "tt", "mn"),
    "HEBREW": ("he",),
    "GREEK": ("el",),
    "CJK": ("zh",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "BENGALI": ("bn", "as"),
    "ETHIOPIC": ("am",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "TAMIL": ("ta",),
    "THAI": ("th",),
    "THAANA": ("dv",),
    "SYRIAC": ("syr",),
}
_SCRIPT_OF = {language: script for script, languages in _LANGUAGES.items() for language in languages} | {
    **dict.fromkeys(("sd", "ks", "lrc", "mzn", "glk", "azb", "skr", "bal"), "ARABIC"),
    "yi": "HEBREW",
}

# ISO 15924, the codes that occur with the scripts above or are written from right to left.
_SCRIPT_CODES = {"Arab": "ARABIC", "Aran": "ARABIC", "Latn": "LATIN", "Cyrl": "CYRILLIC", "Hebr": "HEBREW"}
_SCRIPT_CODES |= {"Grek": "GREEK", "Hans": "CJK", "Hant": "CJK", "Jpan": "CJK", "Deva": "DEVANAGARI"}
_RTL_CODES = frozenset({"Arab", "Aran", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"})
_RTL_SCRIPTS = frozenset({"ARABIC", "HEBREW", "THAANA", "SYRIAC"})
_RTL_OTHERS = frozenset({"nqo", "rhg", "arc", "mid", "sam"})

# ISO 639-2/3 codes that metadata carries, as BCP-47 writes them; the Arabic dialects share one pool with Arabic.
_SHORT = {"eng": "en", "fas": "fa", "per": "fa", "pes": "fa", "prs": "fa", "urd": "ur", "pus": "ps", "heb": "he"}
_SHORT |= {"fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "tur": "tr", "rus": "ru", "iw": "he"}
_SHORT |= dict.fromkeys(("ara", "arb", "arz", "arq", "ary", "apc", "ajp", "acm", "afb", "aeb", "ayl", "apd"), "ar")

# Letters of one language's alphabet and of no other here, after Unicode chapter 9.2 and CLDR exemplar characters.
_OWN_LETTERS = {
    "ps": "ټډړږښځڅڼۍ",
    "ckb": "ڕڵێ",
    "ug": "ڭۇۈۋ",
    "sd": "ڀٿڄڃڇڊڌڏڙڦڪڳڱٻٺ",
    "ur": "ٹڈڑںےۓہۂھ",
    "fa": "پچژگ",
}
_PERSIAN_KEYBOARD = frozenset("یک")
_ARABIC_KEYBOARD = frozenset("يكى")
_ARABIC_SPELLING = frozenset("ةأإ")

# Measured on Tatoeba: below this, statistics call 21 of 813 Arabic sentences something else, above it 1 of 185.
_SHORT_LETTERS = 25
# A query is typed and waited for: unless it is a long one, its script is not worth the time that statistics load.
_SHORT_QUERY_LETTERS = 80
_SAMPLE_CHARS = 2000
# Which yeh and kaf a text has is a matter of the keyboard: Persian typed as Arabic, or Arabic as Persian, misleads
# the statistics (half of the Persian lines, a quarter of the Arabic ones), so they are not shown these letters.
_KEYBOARD_LETTERS = dict.fromkeys(map(ord, "يىیكک"))

# A guess of the statistics has to be this many times likelier than the script's first language to be believed. Four
# Arabic names in Latin letters stay under it in 98 of 100 cases; no French, German, Spanish, Italian, Portuguese,
# Dutch, Turkish or Indonesian sentence tried did.
_LEAD_OVER_FIRST = {"LATIN": 50.0}

# Words that Arabic and English have and the other languages of their script do not. Measured on passages and questions
# of XQuAD and ARCD: enough to settle 99 % of the Arabic and 97 % of the English, and no line in another language. A
# query has few words: one of these is enough.
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH_WORDS = {"the", "and", "what", "which", "how", "who", "why", "with", "from", "that", "this", "these", "their"}
_ENGLISH_WORDS |= {"were", "does", "did", "where", "when"}
_ENGLISH_SHARE = 0.08
_ARABIC_WORDS = {"في", "على", "عن", "هذا", "هذه", "التي", "الذي", "هل", "كان", "قد", "لم", "لن", "هو", "هي"}
_ARABIC_ARTICLE = re.compile("[وفبك]?ال.{3}")
_ARABIC_SHARE = 0.2

# What py3langid calls the languages that it names otherwise: Egyptian and Moroccan Arabic, Southern Kurdish.
_ALIASES = {"arz": "ar", "ary": "ar", "ku": "ckb", "sdh": "ckb"}


def detect(text: str, *, declared: str | None = None) -> str:
    """The language of most letters of `text`, or "und" where there is nothing to go by.

    `declared` is what metadata says (`ar-EG`, `en_US` and `ara` are understood). It wins where its script is the
    text's, except that text with the letters of Persian or Urdu is not called Arabic.
    """
    said = primary_subtag(declared) if declared and _BCP_47.match(declared.strip()) else None
    text = encoder_form(text).text  # of one shape whether it is vocalised, or a PDF's presentation forms
    scripts = _letters_by_script(text)
    if not scripts:
        return said or UNDETERMINED
    script, letters = scripts.most_common(1)[0]
    if said and _declared_script(declared or "", said) == script:
        return _by_letters(text) or said if said == "ar" else said
    return _undeclared(text, script, is_short=letters < _SHORT_LETTERS)


def query_language(query: str) -> str:
    """The language of `query`: "ar" or "en" for a short one in their script, unless its letters say otherwise.

    "und" for a query without letters.
    """
    text = encoder_form(query).text
    scripts = _letters_by_script(text)
    if not scripts:
        return UNDETERMINED
    script, letters = scripts.most_common(1)[0]
    return _undeclared(text, script, is_short=letters < _SHORT_QUERY_LETTERS, english_share=0.0)


def _undeclared(text: str, script: str, *, is_short: bool, english_share: float = _ENGLISH_SHARE) -> str:
    if script not in _LANGUAGES:
        return UNDETERMINED
    if is_short or len(_LANGUAGES[script]) == 1:
        return _by_script(text, script)
    sample = _sample(text, script)
    return _by_words(sample, script, english_share) or _by_statistics(sample, script)


def direction(lang: str) -> Literal["rtl", "ltr"]:
    """Which way text in the BCP-47 language `lang` is written: by its script subtag, or else by its language."""
    code = _script_code(lang)
    if code:
        return "rtl" if code in _RTL_CODES else "ltr"
    primary = primary_subtag(lang)
    return "rtl" if _SCRIPT_OF.get(primary) in _RTL_SCRIPTS or primary in _RTL_OTHERS else "ltr"


def primary_subtag(lang: str) -> str:
    """`lang` without script and region, in lower case, the two-letter code where there is one: `ara-EG` gives `ar`."""
    primary = re.split("[-_]", lang.strip().lower(), maxsplit=1)[0]
    return _SHORT.get(primary, primary)


def _script_code(lang: str) -> str | None:
    return next((part.title() for part in re.split("[-_]", lang)[1:] if len(part) == 4 and part.isalpha()), None)


def _declared_script(declared: str, primary: str) -> str:
    return _SCRIPT_CODES.get(_script_code(declared) or "") or _SCRIPT_OF.get(primary, "LATIN")


def _letters_by_script(text: str) -> Counter[str]:
    scripts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        script = _script(character)
        if script:
            scripts[script] += count
    if scripts["HIRAGANA"]:  # Japanese is written in three scripts at once
        scripts["HIRAGANA"] += scripts.pop("CJK", 0) + scripts.pop("KATAKANA", 0)
    return +scripts


@lru_cache(maxsize=4096)
def _script(character: str) -> str | None:
    if not character.isalpha():
        return None
    return unicodedata.name(character, "").split(" ", 1)[0] or None


def _sample(text: str, script: str) -> str:
    """The middle of what `text` has in `script`: menus and notices stand at the ends of a page."""
    others = {ord(c): " " for c in set(text) if c.isalpha() and _script(c) != script}
    own = " ".join(text.translate(others).split())
    begin = max(0, (len(own) - _SAMPLE_CHARS) // 2)
    return own[begin : begin + _SAMPLE_CHARS]


def _by_script(text: str, script: str) -> str:
    return (_by_letters(text) if script == "ARABIC" else None) or _LANGUAGES[script][0]


def _by_letters(text: str) -> str | None:
    """What the letters of a text in Arabic script prove; None where they may be those of Arabic."""
    counts = Counter(text)

    def share(letters: Iterable[str]) -> int:
        return sum(counts[letter] for letter in letters)

    language, own = max(((lang, share(letters)) for lang, letters in _OWN_LETTERS.items()), key=itemgetter(1))
    # A foreign name may bring its پ into an Arabic text; ة, أ and the article are hardly ever in a Persian one.
    arabic = 2 * share(_ARABIC_SPELLING) + sum(bool(_ARABIC_ARTICLE.match(word)) for word in _WORD.findall(text))
    if own > arabic:
        return language
    return "fa" if share(_PERSIAN_KEYBOARD) > arabic + share(_ARABIC_KEYBOARD) else None


def _by_words(text: str, script: str, english_share: float) -> str | None:
    words = _WORD.findall(text.lower())
    if script == "LATIN":
        english = sum(word in _ENGLISH_WORDS for word in words)
        return "en" if english and english >= english_share * len(words) else None
    if script == "ARABIC":
        return "ar" if sum(map(_is_arabic, words)) >= _ARABIC_SHARE * len(words) else None
    return None


def _is_arabic(word: str) -> bool:
    return word in _ARABIC_WORDS or bool(_ARABIC_ARTICLE.match(word)) or not _ARABIC_SPELLING.isdisjoint(word)


def _by_statistics(text: str, script: str) -> str:
    likelihoods: Counter[str] = Counter()
    for label, likelihood in _identifier().rank(text.translate(_KEYBOARD_LETTERS)):
        likelihoods[_ALIASES.get(label, label)] += likelihood
    first, *others = _LANGUAGES[script]
    best = max(others, key=lambda language: likelihoods[language])
    return best if likelihoods[best] > likelihoods[first] * _LEAD_OVER_FIRST.get(script, 1.0) else first


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = {language for languages in _LANGUAGES.values() if len(languages) > 1 for language in languages}
    identifier.set_languages(known.intersection(identifier.labels) | set(_ALIASES))
    return identifier
