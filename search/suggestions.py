"""What a query may become while it is typed, and what may have been meant by one that found nothing good.

All of it is taken from the index: words of the passages, titles, publishers. Words are compared as `search.words` has
them, so that hamzas and accents need not be typed, and shown as the passages spell them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import chain

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.filters import same_name
from search.generation import Generation
from search.keyboard import relaid
from search.language import query_language
from search.words import is_arabic, readings, spelling, words

_MAX_WORDS = 16
_MAX_PUBLISHERS = 2
_ROWS_READ = 3
_TITLE_ROWS = 200
_ARTICLE = "ال"
_MIN_BARE = 3
"""From so many letters on, the article may be left out: سودان for السودان."""

_MIN_CORRECTED = 4
_TWO_MISTAKES = 7
"""From so many letters on, a word may have two mistakes."""

_MIN_BEGINNING = 3
"""So many letters of these, or a third of them, must be right."""

_MAX_COMPARED = 3000
_ALPHABETS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤ", "en": "abcdefghijklmnopqrstuvwxyz"}
_LAST_WORD = re.compile(r"\S+$")
_CORE = re.compile(r"\w+")


class Kind(StrEnum):
    """What a suggestion is: three kinds of completions, two of corrections."""

    WORD = "word"
    TITLE = "title"
    PUBLISHER = "publisher"
    KEYBOARD = "keyboard"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query to ask instead, whole, and the language that it is in (see `search.language.query_language`)."""

    text: str
    kind: Kind
    lang: str


class Suggestions:
    """The suggestions of one generation."""

    def __init__(self, generation: Generation) -> None:
        self._catalogue = generation.catalogue
        self._words = generation.legs.names.words
        self._lexical = generation.legs.lexical

    def completions(self, text: str, limit: int) -> list[Suggestion]:
        """At most so many queries that continue a text, its last word being unfinished: by a word, by the title of a
        document, by the name of a publisher. None for a text without letters.
        """
        wanted = same_name(text)
        last = _LAST_WORD.search(text)
        forms = [word.form for word in words(text)]
        if not wanted or not forms:
            return []
        unfinished = forms.pop() if last and words(last[0]) else ""
        going_on = self._going_on(forms, unfinished) if unfinished else []
        shown = self._shown(going_on[:limit]) if last else []
        completed = [_suggestion(text[: last.start()] + word, Kind.WORD) for word in shown if last]
        begun = text[: last.start()] if last else text
        titles = self._titles(wanted, [begun + word for word in ([unfinished, *going_on] if unfinished else [""])])
        publishers = [
            _suggestion(name, Kind.PUBLISHER)
            for name in self._catalogue.publishers
            if _continues(same_name(name), wanted)
        ]
        first = completed[: (limit + 1) // 2] + publishers[:_MAX_PUBLISHERS]
        return _each_once(chain(first, titles, completed, publishers), but=wanted)[:limit]

    def corrections(self, query: str) -> list[Suggestion]:
        """The query as it reads in the other keyboard layout, or with words that the corpus has not replaced by those
        nearest to them that it has; often nothing.
        """
        other = relaid(query, self._words)
        if other is not None:
            return [_suggestion(other, Kind.KEYBOARD)]
        corrected = _CORE.sub(lambda word: self._corrected(word[0]), query)
        return [_suggestion(corrected, Kind.SPELLING)] if corrected != query else []

    def _going_on(self, before: list[str], unfinished: str) -> list[str]:
        """The words that go on from an unfinished one, the most frequent first; if any stand in a passage with all of
        those before, only these.
        """
        lang = _lang(unfinished)
        found = dict(self._words.starting(unfinished, lang, _MAX_WORDS))
        if lang == "ar" and len(unfinished) >= _MIN_BARE and not unfinished.startswith(_ARTICLE):
            found |= self._words.starting(_ARTICLE + unfinished, lang, _MAX_WORDS)
            found |= self._words.counts([_ARTICLE + unfinished], lang)
        frequent = sorted(found, key=lambda word: (-found[word], word))[:_MAX_WORDS]
        if not before or not frequent:
            return frequent
        standing = self._words.rows([*before, *frequent], lang)
        if not standing.keys() >= set(before):
            return frequent
        around = reduce(np.intersect1d, [standing[word] for word in before])
        return [word for word in frequent if word in standing and np.isin(standing[word], around).any()] or frequent

    def _titles(self, wanted: str, phrases: list[str]) -> list[Suggestion]:
        """The titles that hold one of these phrases, where it continues what is typed, the shortest of those that begin
        with it first; not all, if there are many.
        """
        rows = self._lexical.containing_any(phrases, _lang(wanted), _TITLE_ROWS)
        found = [(same_name(title), title) for title in self._catalogue.titles_at(rows)]
        fitting = sorted(
            (not name.startswith(wanted), len(name), title) for name, title in found if _continues(name, wanted)
        )
        return [_suggestion(title, Kind.TITLE) for *_, title in fitting]

    def _shown(self, forms: Sequence[str]) -> list[str]:
        """Words of one language as passages spell them, most of those that are looked at."""
        if not forms:
            return []
        found = self._words.rows(forms, _lang(forms[0]))
        looked_at = {form: rows[:_ROWS_READ].tolist() for form, rows in found.items()}
        texts = self._catalogue.inputs_at(sorted({row for rows in looked_at.values() for row in rows}))
        return [_usually(form, [texts[row] for row in looked_at.get(form, [])]) for form in forms]

    def _corrected(self, word: str) -> str:
        forms = [found.form for found in words(word)]
        if len(forms) != 1 or len(forms[0]) < _MIN_CORRECTED or not forms[0].isalpha():
            return word
        (form,) = forms
        if any(map(self._lexical.holds, readings(form))):
            return word
        nearest = self._nearest(form, _lang(form))
        return self._shown([nearest])[0] if nearest else word

    def _nearest(self, form: str, lang: str) -> str | None:
        """The word of the corpus with one mistake less, or two in a long one; the most frequent of several."""
        near = self._words.counts(sorted(_one_mistake(form, _ALPHABETS[lang])), lang)
        if not near and len(form) >= _TWO_MISTAKES:
            beginning = max(len(form) // 3, _MIN_BEGINNING) + (len(_ARTICLE) if form.startswith(_ARTICLE) else 0)
            known = dict(self._words.starting(form[:beginning], lang, _MAX_COMPARED))
            found = process.extract(form, list(known), scorer=OSA.distance, score_cutoff=2, limit=None)
            near = {word: known[word] for word, *_ in found}
        return min(near, key=lambda word: (-near[word], word), default=None)


def _usually(form: str, texts: Iterable[str]) -> str:
    """How a word is spelled in most of some texts that hold it."""
    spellings = Counter(spelling(text, form) for text in texts)
    return max(spellings, key=lambda shown: (spellings[shown], shown.islower()), default=form)


def _one_mistake(word: str, alphabet: str) -> Iterator[str]:
    """All that a word may have been meant as if one letter is missing, wrong or too much, or two have changed places
    (Damerau, "A technique for computer detection and correction of spelling errors", 1964).
    """
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in alphabet)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in alphabet)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _continues(name: str, wanted: str) -> bool:
    """Whether a name begins with what is wanted, at one of its words."""
    return f" {wanted}" in f" {name}"


def _lang(word: str) -> str:
    return "ar" if is_arabic(word) else "en"


def _suggestion(text: str, kind: Kind) -> Suggestion:
    return Suggestion(text, kind, query_language(text))


def _each_once(suggestions: Iterable[Suggestion], *, but: str) -> list[Suggestion]:
    """The first suggestion of each text, whatever its spelling, none for what is there already."""
    found: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        found.setdefault(same_name(suggestion.text), suggestion)
    found.pop(but, None)
    return list(found.values())
