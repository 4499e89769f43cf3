"""The lexical leg in a Milvus: exact BM25 by inner products of sparse vectors, and phrases by searching in texts.

Milvus's own BM25 is not used: it counts the words of all languages together, takes no weights for a query's words, and
tells nobody its statistics.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from search.allowed import Allowed
from search.analysis import surface
from search.backend import NOTHING, Weights
from search.bm25 import SATURATION, idf
from search.lexical import GRAM_WEIGHT
from search.milvus.allowed import condition
from search.milvus.connection import Connection
from search.milvus.entries import Entries
from search.milvus.expressions import LONGEST, all_of, any_of, quoted
from search.milvus.lexicon import GRAMS, SURFACE, TERMS, WORDS, idf_key, surface_key
from search.remembered import Remembered

_REMEMBERED_WORDS = 50_000


class _Known(NamedTuple):
    """The dimension of a word and how many passages hold it."""

    dimension: int
    rows: int


class MilvusLexical:
    """The words of a generation, a `search.backend.LexicalStore`. May be used by several threads.

    `passages` is the collection with the fields that `search.milvus.lexicon.Lexicon` made, `entries` are what it told
    of each word, and `pools` the rows of each language. Where the server has no sparse vectors, no passage is found by
    its words; what is known of the words themselves is told all the same.
    """

    def __init__(self, connection: Connection, passages: str, entries: Entries, pools: Mapping[str, range]) -> None:
        self._connection = connection
        self._passages = passages
        self._entries = entries
        self._pools = pools
        self._known = Remembered(self._looked_up, _REMEMBERED_WORDS)

    def scores(
        self, terms: Weights, lang: str, depth: int, *, grams: Weights = NOTHING, among: Allowed | None = None
    ) -> dict[int, float]:
        """As `LexicalStore.scores`."""
        return self._found(self._vector(terms, grams, lang), lang, depth, condition(among))

    def scores_of(
        self, terms: Weights, lang: str, rows: Sequence[int], *, grams: Weights = NOTHING
    ) -> dict[int, float]:
        """As `LexicalStore.scores_of`."""
        found = dict.fromkeys(map(int, rows), 0.0)
        vector, asked = self._vector(terms, grams, lang), list(found)
        for piece in (asked[at : at + LONGEST] for at in range(0, len(asked), LONGEST)):
            found |= self._found(vector, lang, len(piece), any_of("row", piece))
        return found

    def ceiling(self, terms: Weights, lang: str, *, grams: Weights = NOTHING) -> float:
        """As `LexicalStore.ceiling`."""
        weighted = self._weighted(terms, grams, lang)
        return (SATURATION + 1) * sum(weight * self._idf(known, lang) for known, weight in weighted)

    def rarity(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """As `LexicalStore.rarity`."""
        keys = {term: idf_key(TERMS, lang, term) for term in terms}
        known = self._known(keys.values())
        return {term: self._idf(known[key], lang) for term, key in keys.items()}

    def containing(self, phrases: Sequence[str], lang: str) -> set[int]:
        """As `LexicalStore.containing`."""
        return set(self._holding(phrases, lang, " and ", None))

    def containing_any(self, phrases: Sequence[str], lang: str, limit: int) -> list[int]:
        """As `LexicalStore.containing_any`."""
        return self._holding(phrases, lang, " or ", limit)

    def holds(self, word: str) -> bool:
        """As `LexicalStore.holds`."""
        keys = set(map(surface_key, surface(word)))
        return self._entries.texts(keys).keys() == keys

    def _weighted(self, terms: Weights, grams: Weights, lang: str) -> list[tuple[_Known | None, float]]:
        """What is known of the words of a query, and what each weighs."""
        weights = {idf_key(TERMS, lang, term): weight for term, weight in terms.items()}
        weights |= {idf_key(GRAMS, lang, gram): weight * GRAM_WEIGHT for gram, weight in grams.items()}
        known = self._known(weights)
        return [(known[key], weight) for key, weight in weights.items() if weight > 0]

    def _vector(self, terms: Weights, grams: Weights, lang: str) -> dict[int, float]:
        weighted = self._weighted(terms, grams, lang)
        return {known.dimension: weight * self._idf(known, lang) for known, weight in weighted if known}

    def _found(self, vector: Mapping[int, float], lang: str, depth: int, where: str) -> dict[int, float]:
        """The best `depth` rows of those that meet a condition, with their scores."""
        if not vector or depth < 1 or not self._connection.has_sparse:
            return {}
        (hits,) = self._connection.nearest(
            self._passages, WORDS, [vector], depth, fields=["row"], expression=all_of(_speaks(lang), where)
        )
        best = sorted((-score, record["row"]) for record, score in hits if score > 0)
        return {row: -score for score, row in best}

    def _holding(self, phrases: Sequence[str], lang: str, joined_by: str, limit: int | None) -> list[int]:
        """The rows that hold all of these phrases, or any of them."""
        # What a phrase is made of, letters, digits and points, has no meaning of its own in a pattern.
        patterns = [f"% {' '.join(words)} %" for words in map(surface, phrases) if words]
        if not patterns or not self._connection.has_sparse:
            return []
        held = joined_by.join(f"{SURFACE} like {quoted(pattern)}" for pattern in dict.fromkeys(patterns))
        found = self._connection.query(self._passages, ["row"], all_of(_speaks(lang), held), limit=limit)
        return [int(record["row"]) for record in found]

    def _idf(self, known: _Known | None, lang: str) -> float:
        return idf(known.rows if known else 0, len(self._pools.get(lang, ())))

    def _looked_up(self, keys: Sequence[str]) -> dict[str, _Known | None]:
        found = self._entries.texts(keys)
        return {key: _Known(*map(int, found[key].split())) if key in found else None for key in keys}


def _speaks(lang: str) -> str:
    return f"lang == {quoted(lang)}"
