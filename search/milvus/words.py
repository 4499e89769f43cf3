"""The words of each pool's passages in a Milvus, as `search.concordance` counted them."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import groupby

import numpy as np

from search.allowed import Rows
from search.concordance import Concordance
from search.milvus.entries import Entries, entry_key, record
from search.milvus.values import value_records
from search.postings import unpacked
from search.remembered import Remembered
from search.sounds import sound_keys
from search.wordlist import Counts, WordList
from search.words import is_arabic

_REMEMBERED_WORDS = 50_000
_REMEMBERED_BEGINNINGS = 100
_MOST_BEGUN = 3000
"""Where more words begin alike, so many of them are kept ready, the most frequent: as many as suggestions ask for."""

_Known = tuple[str, int]
"""A word, and in how many rows it stands."""


def word_records(concordance: Concordance) -> Iterator[dict[str, str]]:
    """The records that `MilvusWords` reads."""
    for lang in concordance.pools:
        rows: list[_Known] = []
        for word, counts, packed in concordance.every_word(lang):
            rows.append((word, counts.rows))
            place = counts.place
            if counts.rows == 1:  # as most words: the row itself serves as its place
                place = int(unpacked(packed)[0])
            else:
                yield from value_records(_place_key(place), b64encode(packed).decode())
            yield record(_word_key(lang, word), f"{counts.rows} {counts.large} {counts.small} {place}")
        for prefix, best in _begun(rows):
            yield from value_records(_begun_key(lang, prefix), best)
        for arabic, key, others in concordance.every_sound(lang):
            yield from value_records(_sound_key(lang, key, arabic=arabic), others)


class MilvusWords(WordList):
    """What `word_records` told, and the rows of each language. May be used by several threads."""

    def __init__(self, entries: Entries, pools: Mapping[str, range]) -> None:
        self.pools = dict(pools)
        self._entries = entries
        self._known = Remembered(self._looked_up, _REMEMBERED_WORDS)
        self._begun = Remembered(self._going_on, _REMEMBERED_BEGINNINGS)

    def counted(self, forms: Sequence[str], lang: str) -> dict[str, Counts]:
        """As `WordList.counted`."""
        known = self._known(_word_key(lang, form) for form in forms)
        return {form: counts for form in forms if (counts := known[_word_key(lang, form)])}

    def starting(self, prefix: str, lang: str, limit: int) -> list[tuple[str, int]]:
        """As `WordList.starting`."""
        if limit > _MOST_BEGUN:
            return _best(self._continuing(prefix, lang), limit)
        return self._begun([(lang, prefix)])[lang, prefix][:limit]

    def standing(self, counted: Sequence[Counts], lang: str) -> list[Rows]:
        """As `WordList.standing`."""
        first = self.pools[lang].start if counted else 0
        keys = {_place_key(counts.place) for counts in counted if counts.rows > 1}
        packed = self._entries.values(keys)
        return [
            first + (unpacked(b64decode(packed[_place_key(place)])) if rows > 1 else np.array([place], np.int64))
            for rows, place in ((counts.rows, counts.place) for counts in counted)
        ]

    def sounding(self, forms: Sequence[str], lang: str) -> dict[str, dict[str, str]]:
        """As `WordList.sounding`."""
        keys = {
            form: [_sound_key(lang, key, arabic=not is_arabic(form)) for key in sorted(sound_keys(form))]
            for form in forms
        }
        told = self._entries.values({key for those in keys.values() for key in those})
        return {form: dict(pair for key in those for pair in told.get(key, {}).items()) for form, those in keys.items()}

    def _going_on(self, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[_Known]]:
        """The words of a language that go on from a beginning, the most frequent first, `_MOST_BEGUN` at the most."""
        ready = self._entries.values([_begun_key(*each) for each in asked])
        return {
            (lang, prefix): [(word, rows) for word, rows in ready.get(_begun_key(lang, prefix), ())]
            or _best(self._continuing(prefix, lang))
            for lang, prefix in asked
        }

    def _continuing(self, prefix: str, lang: str) -> list[_Known]:
        before = len(_word_key(lang, ""))
        found = self._entries.continuing(_word_key(lang, prefix))
        return [(key[before:], _counts(text).rows) for key, text in found.items()]

    def _looked_up(self, keys: Sequence[str]) -> dict[str, Counts | None]:
        found = self._entries.texts(keys)
        return {key: _counts(found[key]) if key in found else None for key in keys}


def _begun(words: Sequence[_Known], at: int = 0) -> Iterator[tuple[str, list[_Known]]]:
    """The beginnings that too many of these words go on from, with the most frequent; all are alike up to `at`."""
    for _, group in groupby(words, key=lambda known: known[0][at]):
        alike = list(group)
        prefix = alike[0][0][: at + 1]
        going_on = alike[1:] if alike[0][0] == prefix else alike
        if len(going_on) > _MOST_BEGUN:
            yield prefix, _best(going_on)
            yield from _begun(going_on, at + 1)


def _best(words: Iterable[_Known], count: int = _MOST_BEGUN) -> list[_Known]:
    return nsmallest(count, words, key=lambda known: (-known[1], known[0]))


def _begun_key(lang: str, prefix: str) -> str:
    return entry_key("begun", lang, prefix)


def _counts(text: str) -> Counts:
    return Counts(*map(int, text.split()))


def _word_key(lang: str, word: str) -> str:
    return entry_key("word", lang, word)


def _place_key(place: int) -> str:
    return entry_key("place", str(place))


def _sound_key(lang: str, key: str, *, arabic: bool) -> str:
    return entry_key("sound", lang, "arabic" if arabic else "latin", key)
