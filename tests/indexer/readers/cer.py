"""How far a text that was read is from the text that is expected."""

import re
import unicodedata

from rapidfuzz.distance import Levenshtein

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"^\s*(?:#+ |- )?(?:\[[ x]\] )?", re.MULTILINE)
_BEFORE_MARK = re.compile(r"\s+(?=[\u064b-\u0652])")


def character_error_rate(text: str, expected: str) -> float:
    """Insertions, deletions and substitutions of characters that make `expected` of `text`, for each of `expected`'s.

    Both are brought to NFKC; Markdown's comments, headings, bullets and check boxes are left out, spaces before a
    vowel mark too, and every run of white space counts as one space. Order and everything else counts as it stands.
    """
    one, other = _plain(text), _plain(expected)
    return Levenshtein.distance(one, other) / len(other)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.removeprefix("\ufeff"))
    return " ".join(_BEFORE_MARK.sub("", _MARKUP.sub("", _COMMENT.sub("", text))).split())
