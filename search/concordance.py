"""The words of each pool's passages: how often each stands there and is written large, in which rows, how it sounds.

Kept in SQLite. What belongs to one word, or to one sound, is packed into one value, since a query reads few of them and
some are long. What the words mean for a ranking is left to `search.names`.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from search.allowed import Rows
from search.catalogue import open_finished
from search.postings import Postings, unpacked
from search.sounds import sound_keys, usual
from search.wordlist import MIN_NAMED, Counts, WordList
from search.words import is_arabic, words

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE pools (lang TEXT PRIMARY KEY, first INTEGER, rows INTEGER) WITHOUT ROWID;
CREATE TABLE words (
    lang TEXT, word TEXT, rows INTEGER, large INTEGER, small INTEGER, place INTEGER, PRIMARY KEY (lang, word)
) WITHOUT ROWID;
CREATE TABLE places (place INTEGER PRIMARY KEY, rows BLOB);
CREATE TABLE sounds (
    lang TEXT, arabic INTEGER, key TEXT, words TEXT, usual TEXT, PRIMARY KEY (lang, arabic, key)
) WITHOUT ROWID;
"""
_LAST = "\U0010ffff"


def write_names(path: Path, texts: Mapping[str, Iterable[tuple[int, str]]]) -> None:
    """Write the words of passages given, by language, as row and text, the rows one after the other."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(_SCHEMA)
    for lang, passages in texts.items():
        with TemporaryFile(dir=path.parent) as file:
            gathered = _Gathered(Postings(file))
            for row, text in passages:
                gathered.add(row, text)
            gathered.write(connection, lang)
    connection.execute("COMMIT")
    connection.close()


class _Gathered:
    """The words of a pool's passages, numbered as they come."""

    def __init__(self, postings: Postings) -> None:
        self._numbers: dict[str, int] = {}
        self._large, self._small = array("I"), array("I")
        self._postings = postings
        self._rows = range(0)

    def add(self, row: int, text: str) -> None:
        """Add the words of a passage."""
        self._rows = range(self._rows.start if self._rows else row, row + 1)
        found = [(self._numbers.setdefault(word.form, len(self._numbers)), word.named) for word in words(text)]
        for counts in (self._large, self._small):
            counts.extend(repeat(0, len(self._numbers) - len(counts)))
        for number, named in found:
            if named is not None:
                (self._large if named else self._small)[number] += 1
        self._postings.add(list({number for number, _ in found}), row - self._rows.start)

    def write(self, connection: sqlite3.Connection, lang: str) -> None:
        """Write it all as the words of a language."""
        forms = sorted(self._numbers)
        numbers = np.array([self._numbers[form] for form in forms], np.int64)
        every = (self._postings.counts(), np.array(self._large), np.array(self._small))
        counts = [counts[numbers].tolist() for counts in every]
        (first,) = connection.execute("SELECT count(*) FROM places").fetchone()
        connection.execute("INSERT INTO pools VALUES (?, ?, ?)", (lang, self._rows.start, len(self._rows)))
        records = zip(repeat(lang), forms, *counts, range(first, first + len(forms)), strict=False)
        connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?, ?)", records)
        connection.executemany("INSERT INTO places VALUES (?, ?)", enumerate(self._postings.packed(numbers), first))
        likely = (Counts(*each).named() >= MIN_NAMED for each in zip(*counts, strict=True))
        _write_sounds(connection, lang, compress(forms, likely))


def _write_sounds(connection: sqlite3.Connection, lang: str, forms: Iterable[str]) -> None:
    sounding: defaultdict[tuple[bool, str], list[str]] = defaultdict(list)
    for form in forms:
        for key in sound_keys(form):
            sounding[is_arabic(form), key].append(form)
    connection.executemany(
        "INSERT INTO sounds VALUES (?, ?, ?, ?, ?)",
        (
            (lang, arabic, key, " ".join(found), None if arabic else " ".join(map(usual, found)))
            for (arabic, key), found in sorted(sounding.items())
        ),
    )


class Concordance(WordList):
    """Reading access to what `write_names` wrote. One instance may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = open_finished(path)
        records = self._connection.execute("SELECT lang, first, rows FROM pools")
        self.pools = {lang: range(first, first + rows) for lang, first, rows in records}

    def counted(self, forms: Sequence[str], lang: str) -> dict[str, Counts]:
        """As `WordList.counted`."""
        known = "SELECT word, rows, large, small, place FROM words WHERE lang = ? AND word IN ({})"
        records = self._select(known, lang, among=forms)
        return {word: Counts(*counts) for word, *counts in records}

    def starting(self, prefix: str, lang: str, limit: int) -> list[tuple[str, int]]:
        """As `WordList.starting`."""
        return self._connection.execute(
            "SELECT word, rows FROM words WHERE lang = ? AND word > ? AND word < ? ORDER BY rows DESC, word LIMIT ?",
            (lang, prefix, prefix + _LAST, limit),
        ).fetchall()

    def standing(self, counted: Sequence[Counts], lang: str) -> list[Rows]:
        """As `WordList.standing`."""
        places = [counts.place for counts in counted]
        statement = f"SELECT place, rows FROM places WHERE place IN ({', '.join('?' * len(places))})"
        rows = {place: unpacked(data) for place, data in self._connection.execute(statement, places)}
        return [rows[place] + self.pools[lang].start for place in places]

    def sounding(self, forms: Sequence[str], lang: str) -> dict[str, dict[str, str]]:
        """As `WordList.sounding`."""
        return {form: self._sounding(form, lang) for form in forms}

    def every_word(self, lang: str) -> Iterator[tuple[str, Counts, bytes]]:
        """All words of a language in order, each with its rows from the first of the pool on, as `Postings` packs them.

        To be kept elsewhere, as is what `every_sound` gives.
        """
        records = self._connection.execute(
            "SELECT word, words.rows, large, small, place, places.rows FROM words JOIN places USING (place) "
            "WHERE lang = ? ORDER BY word",
            [lang],
        )
        return ((word, Counts(*counts), packed) for word, *counts, packed in records)

    def every_sound(self, lang: str) -> Iterator[tuple[bool, str, dict[str, str]]]:
        """All sound keys of the words of a language, whether these are Arabic, and the words with `usual` spellings."""
        records = self._connection.execute(
            "SELECT arabic, key, words, coalesce(usual, words) FROM sounds WHERE lang = ?", [lang]
        )
        return ((bool(arabic), key, _paired(others, usually)) for arabic, key, others, usually in records)

    def _sounding(self, word: str, lang: str) -> dict[str, str]:
        found: dict[str, str] = {}
        known = "SELECT words, coalesce(usual, words) FROM sounds WHERE lang = ? AND arabic = ? AND key IN ({})"
        for others, usually in self._select(f"{known} ORDER BY key", lang, not is_arabic(word), among=sound_keys(word)):
            found |= _paired(others, usually)
        return found

    def _select(self, statement: str, *values: object, among: Sequence[str]) -> Iterator[Any]:
        return self._connection.execute(statement.format(", ".join("?" * len(among))), (*values, *among))


def _paired(words: str, usually: str) -> dict[str, str]:
    return dict(zip(words.split(" "), usually.split(" "), strict=True))
