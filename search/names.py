"""The names leg: words of the other language's passages that sound like words of the query.

Written once per generation: which words sound how, and in which rows they stand, apart for each language. Names are
not told from other words; a match counts the more, the rarer it is, so common words that happen to sound alike add
next to nothing.
"""

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from search.catalogue import open_finished
from search.pools import Pool
from search.sounds import MIN_SIMILARITY, similarity, sound_keys, words

ABSENT_FACTOR = 2.5
"""How much more a name counts that the query's own language has nowhere: then only the other one can answer."""

_TOO_COMMON_ROWS = 5000


def write_names(path: Path, texts: Mapping[str, Iterable[tuple[int, str]]]) -> None:
    """Write the names of passages given, by language, as row and text."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
    connection.execute(
        "CREATE TABLE sounds (lang TEXT, key TEXT, word TEXT, PRIMARY KEY (lang, key, word)) WITHOUT ROWID"
    )
    for lang, passages in texts.items():
        connection.execute(f"CREATE VIRTUAL TABLE {_table(lang)} USING fts5 (words, content = '', detail = none)")
        vocabulary: set[str] = set()
        for row, text in passages:
            found = sorted(words(text))
            vocabulary.update(found)
            connection.execute(f"INSERT INTO {_table(lang)} (rowid, words) VALUES (?, ?)", (row, " ".join(found)))
        keys = sorted((lang, key, word) for word in vocabulary for key in sound_keys(word))
        connection.executemany("INSERT INTO sounds VALUES (?, ?, ?)", keys)
    connection.execute("COMMIT")
    connection.close()


class NamesIndex:
    """Reading access to what `write_names` wrote. One instance may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = open_finished(path)
        self._connection.execute("SELECT 1 FROM sounds LIMIT 1")

    def scores(self, query: str, lang: str, pool: Pool) -> dict[int, float]:
        """The rows of a pool that hold words which sound like words of a query in `lang`, with the sum of their worth.

        A match found in *n* of the pool's *N* rows is worth ``log(N/n) / log(N)``, 1 for one row and 0 for all, and
        `ABSENT_FACTOR` times that when no passage in the query's language has the word.
        """
        scores: dict[int, float] = {}
        for word in sorted(words(query)):
            rows = self._rows(self._alike(word, pool.lang), pool.lang)
            if not rows or len(pool.rows) < 2:
                continue
            worth = math.log(len(pool.rows) / len(rows)) / math.log(len(pool.rows))
            if not self._alike(word, lang):
                worth *= ABSENT_FACTOR
            for row in rows:
                scores[row] = scores.get(row, 0.0) + worth
        return scores

    def _alike(self, word: str, lang: str) -> list[str]:
        """The words of a language that sound like this one."""
        keys = sound_keys(word)
        found = self._connection.execute(
            f"SELECT DISTINCT word FROM sounds WHERE lang = ? AND key IN ({', '.join('?' * len(keys))})", (lang, *keys)
        )
        return [other for (other,) in found if similarity(word, other) >= MIN_SIMILARITY]

    def _rows(self, alike: Sequence[str], lang: str) -> list[int]:
        """The rows that hold one of these words; none when they are too many to tell anything."""
        if not alike:
            return []
        found = self._connection.execute(
            f"SELECT rowid FROM {_table(lang)} WHERE {_table(lang)} MATCH ? LIMIT ?",
            (" OR ".join(f'"{word}"' for word in alike), _TOO_COMMON_ROWS + 1),
        ).fetchall()
        return [row for (row,) in found] if len(found) <= _TOO_COMMON_ROWS else []


def _table(lang: str) -> str:
    return f'"rows_{lang}"'
