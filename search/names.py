"""The names leg: words of the other language's passages that are written or sound like words of the query.

Written once per generation: which words sound how, in which rows they stand, and how often they had a capital letter,
apart for each language. A match counts the more, the rarer it is in both languages and the likelier it is a name, so
that common words that happen to sound alike add next to nothing.
"""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from search.catalogue import open_finished
from search.pools import Pool
from search.sounds import MIN_SIMILARITY, closest, length, near_keys, sound_keys, usual
from search.words import Word, words

MIN_NAMED = 0.15
"""How likely a word has to be a name, by its capital letters, to be looked up at all."""

MIN_SHOWN = 0.25
"""What a word has to be worth for the pair to be shown: the others may be chance."""

_FEW_WORDS = 3
_GOOD = 0.8
_SAME = 0.95
_WORSE = 0.12
_LONG_ENOUGH = 4.0
_MIN_RARITY = 0.3
_TOO_COMMON_ROWS = 2000
_MAX_VARIANTS = 30
_REMEMBERED_WORDS = 20_000
_LAST = "\U0010ffff"

Alike = tuple[str, float, int]
"""A word, its similarity and the number of its rows."""


@dataclass(slots=True)
class NameMatch:
    """What a row shares with a query: the worth of its words together, and the sure pairs (query word, passage word).

    Both words of a pair are in the form of `search.words`. Each query word adds from 0 to 1, once.
    """

    score: float = 0.0
    variants: list[tuple[str, str]] = field(default_factory=list)


def write_names(path: Path, texts: Mapping[str, Iterable[tuple[int, str]]]) -> None:
    """Write the names of passages given, by language, as row and text."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
        CREATE TABLE sounds (lang TEXT, key TEXT, word TEXT, usual TEXT, PRIMARY KEY (lang, key, word)) WITHOUT ROWID;
        CREATE TABLE words (
            lang TEXT, word TEXT, rows INTEGER, large INTEGER, small INTEGER, PRIMARY KEY (lang, word)
        ) WITHOUT ROWID;
        CREATE TABLE languages (lang TEXT PRIMARY KEY, rows INTEGER)
        """
    )
    for lang, passages in texts.items():
        _write_language(connection, lang, passages)
    connection.execute("COMMIT")
    connection.close()


def _write_language(connection: sqlite3.Connection, lang: str, passages: Iterable[tuple[int, str]]) -> None:
    # Hyphens are part of type designations.
    options = """words, content = '', detail = none, tokenize = "unicode61 remove_diacritics 0 tokenchars '-'" """
    connection.execute(f"CREATE VIRTUAL TABLE {_table(lang)} USING fts5 ({options})")
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    number = 0
    for number, (row, text) in enumerate(passages, start=1):  # noqa: B007
        found = words(text)
        forms = sorted({word.form for word in found})
        for form in forms:
            counts[form][0] += 1
        for word in found:
            if word.named is not None:
                counts[word.form][1 if word.named else 2] += 1
        connection.execute(f"INSERT INTO {_table(lang)} (rowid, words) VALUES (?, ?)", (row, " ".join(forms)))
    connection.execute("INSERT INTO languages VALUES (?, ?)", (lang, number))
    connection.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?, ?)", ((lang, word, *counts[word]) for word in sorted(counts))
    )
    likely = (word for word, (_, large, small) in counts.items() if _named(large, small) >= MIN_NAMED)
    connection.executemany(
        "INSERT INTO sounds VALUES (?, ?, ?, ?)",
        sorted((lang, key, word, usual(word)) for word in likely for key in sound_keys(word)),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a word in a language: the share of rows that it tells apart, and the likelihood of a name."""

    rarity: float
    named: float


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word that is another or sounds like it, with the likelihood of a name."""

    word: str
    similarity: float
    rows: int
    named: float


class NamesIndex:
    """Reading access to what `write_names` wrote. One instance may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = open_finished(path)
        self._rows: dict[str, int] = dict(self._connection.execute("SELECT lang, rows FROM languages"))
        self._remembered = lru_cache(maxsize=_REMEMBERED_WORDS)(self._alike)  # queries ask for the same words again

    def alike(self, word: str, lang: str, *, thorough: bool = False, within: float = 1.0) -> Sequence[Alike]:
        """The words of a language that are this one or sound like it, best first: word, similarity, number of rows.

        `word` is in the form of `search.words`. Similarities are `search.sounds.MIN_SIMILARITY` to 1. `thorough` looks
        for words with another consonant, too, when no other is much alike. Words less alike than the best by more than
        `within` may be missing.
        """
        return [(other.word, other.similarity, other.rows) for other in self._remembered(word, lang, thorough, within)]

    def counts(self, forms: Sequence[str], lang: str) -> dict[str, int]:
        """In how many rows of a language each of these words stands that are there; in the form of `search.words`."""
        return dict(self._select("SELECT word, rows FROM words WHERE lang = ? AND word", lang, list(forms)))

    def holds(self, forms: Sequence[str], lang: str) -> bool:
        """Whether the passages of a language have all of these words."""
        return len(self.counts(forms, lang)) == len(set(forms))

    def starting(self, prefix: str, lang: str, limit: int) -> list[tuple[str, int]]:
        """The words of a language that go on from this, with their numbers of rows, the most frequent first."""
        return self._connection.execute(
            "SELECT word, rows FROM words WHERE lang = ? AND word > ? AND word < ? ORDER BY rows DESC, word LIMIT ?",
            (lang, prefix, prefix + _LAST, limit),
        ).fetchall()

    def rows(self, forms: Sequence[str], lang: str, limit: int, *, any_of: Sequence[str] = ()) -> list[int]:
        """At most so many rows of a language that hold all of these words, and any of the others if there are any."""
        wanted = [_quoted(form) for form in forms]
        wanted += [f"({' OR '.join(map(_quoted, any_of))})"] if any_of else []
        return self._matching(" AND ".join(wanted), lang, limit) if wanted and lang in self._rows else []

    def matches(self, query: str, lang: str, pool: Pool) -> dict[int, NameMatch]:
        """The rows of a pool that hold words which are written or sound like words of a query in `lang`.

        A query word adds to a row's score the product of figures in 0–1: how surely the row's word is the same, how
        likely both are names, and how rare they are, in the pool and in the query's own language (``log(N/n) / log(N)``
        for n of N rows; words that sound alike are counted together with those that do so better).
        """
        matches: defaultdict[int, NameMatch] = defaultdict(NameMatch)
        found = {word.form: word for word in words(query)}
        for word in found.values():
            own = self._known(word, lang)
            if own.named < MIN_NAMED or own.rarity < _MIN_RARITY:
                continue
            for row, (score, variant) in self._scored(word.form, pool, thorough=len(found) <= _FEW_WORDS).items():
                worth = own.rarity * own.named * score
                matches[row].score += worth
                if worth >= MIN_SHOWN:
                    matches[row].variants.append((word.form, variant))
        return dict(matches)

    def _scored(self, word: str, pool: Pool, *, thorough: bool) -> dict[int, tuple[float, str]]:
        """The rows that hold the word or one like it, with its score and the word there."""
        scored: dict[int, tuple[float, str]] = {}
        seen = 0
        heard = self._remembered(word, pool.lang, thorough, _WORSE)
        for other in heard:
            seen += other.rows
            if seen > _TOO_COMMON_ROWS or other.similarity < heard[0].similarity - _WORSE:
                break
            score = _strength(word, other.word, other.similarity) * _rarity(seen, len(pool.rows)) * other.named
            for row in self._matching(_quoted(other.word), pool.lang):
                if score > scored.get(row, (0.0, ""))[0]:
                    scored[row] = score, other.word
        return scored

    def _alike(self, word: str, lang: str, thorough: bool, within: float) -> Sequence[_Heard]:
        keys = sound_keys(word)
        found = closest(word, self._sounding(keys, lang) | {word: usual(word)}, within=within)
        if thorough and (not found or found[0][1] < _GOOD):
            near = {near for key in keys[:3] for near in near_keys(key)}
            found = closest(word, self._sounding(near, lang), within=within)
        found = found[:_MAX_VARIANTS]
        statement = "SELECT word, rows, large, small FROM words WHERE lang = ? AND word"
        records = self._select(statement, lang, [other for other, _ in found])
        counts = {other: (rows, _named(large, small)) for other, rows, large, small in records}
        return tuple(_Heard(other, alike, *counts[other]) for other, alike in found if other in counts)

    def _known(self, word: Word, lang: str) -> _Known:
        counts = self._select("SELECT rows, large, small FROM words WHERE lang = ? AND word", lang, [word.form])
        rows, large, small = next(counts, (0, 0, 0))
        return _Known(_rarity(max(rows, 1), self._rows.get(lang, 0)), _named(large, small, word.named))

    def _sounding(self, keys: Iterable[str], lang: str) -> dict[str, str]:
        return dict(self._select("SELECT word, usual FROM sounds WHERE lang = ? AND key", lang, list(keys)))

    def _select(self, statement: str, lang: str, values: list[str]) -> Iterator[Any]:
        return iter(self._connection.execute(f"{statement} IN ({', '.join('?' * len(values))})", (lang, *values)))

    def _matching(self, expression: str, lang: str, limit: int = -1) -> list[int]:
        found = self._connection.execute(
            f"SELECT rowid FROM {_table(lang)} WHERE {_table(lang)} MATCH ? LIMIT ?", (expression, limit)
        )
        return [row for (row,) in found]


def _named(large: int, small: int, named: bool | None = None) -> float:
    """How likely a word is a name, by how often it is written large and small, and whether it is so in the query."""
    large_before, small_before = {True: (3.0, 0.0), False: (0.3, 0.7), None: (0.5, 0.0)}[named]
    return (large + large_before) / (large + small + large_before + small_before)


def _strength(word: str, other: str, alike: float) -> float:
    """What the likeness of two words proves: the less, the shorter they are."""
    if word == other:
        return 1.0
    certainty = min(1.0, (alike - MIN_SIMILARITY) / (_SAME - MIN_SIMILARITY)) ** 2
    return certainty * min(1.0, length(word) / _LONG_ENOUGH, length(other) / _LONG_ENOUGH)


def _rarity(rows: int, of: int) -> float:
    return max(0.0, math.log(of / rows) / math.log(of)) if of > 1 else 1.0


def _quoted(word: str) -> str:
    return f'"{word}"'


def _table(lang: str) -> str:
    return f'"rows_{lang}"'
