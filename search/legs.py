"""The legs of one generation, and what they find for a query in one pool.

Each leg may bring candidates, and then says of every candidate what it is worth, in a unit of its own. What the units
weigh against each other is `search.fusion`'s business, the order of it all `search.ranking`'s.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
import numpy.typing as npt

from search.analysis import grams, query_terms
from search.counterparts import Counterparts
from search.dictionary import Dictionary, weights
from search.encoder import Vectors
from search.fusion import Leg
from search.late import LATE_DEPTH, TokenShift, standardised
from search.lexical import LexicalIndex, Weights
from search.names import NameMatch, NamesIndex
from search.pools import Pool
from search.tokens import TokenIndex
from search.vectors import Rows, VectorIndex
from search.vocabulary import Encode

ALL_LEGS = frozenset(Leg)

_BARE_NAME = 2.0
_LEAST_CEILING = 1e-6  # of a query without words


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as the legs need it.

    `text` has no quotation marks, `phrases` is what stood in them. `vector` ``(dim,)`` is neutral and of length 1,
    `tokens` ``(n, width)`` are ready for `TokenCodes.maxsim`, None without late interaction. `legs` are those that may
    speak, `counterparts` says whether passages of the two languages that say the same hear of each other.
    """

    text: str
    lang: str
    vector: Vectors
    tokens: Vectors | None = None
    phrases: tuple[str, ...] = ()
    legs: frozenset[Leg] = ALL_LEGS
    counterparts: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A pool's candidates: their rows ``(n,)``, what each leg says of them ``(n,)``, and the names they share.

    Dense values are standard scores in the pool; lexical ones and those of the dictionary are BM25 as a share of what
    it could reach for this query, 0–1; names' are the sum of what the shared ones are worth, times 1 to 3.
    """

    pool: Pool
    rows: Rows
    values: dict[Leg, Vectors]
    names: dict[int, NameMatch]


@dataclass(frozen=True, slots=True)
class _Words:
    """What BM25 looks for in a pool, and for which leg."""

    leg: Leg
    terms: Weights
    grams: Weights


@dataclass(frozen=True, slots=True)
class Legs:
    """Reading access to all that one generation finds passages by. `tokens` is None without late interaction."""

    vectors: VectorIndex
    lexical: LexicalIndex
    dictionary: Dictionary
    names: NamesIndex
    counterparts: Counterparts
    tokens: TokenIndex | None
    token_shift: TokenShift | None
    encode_words: Encode

    def find(self, query: EncodedQuery, pool: Pool, depth: int) -> Found:
        """The best `depth` passages of a pool by each leg; where some hold all of the query's phrases, only those."""
        words = self._words(query, pool)
        named = self._named(query, pool)
        rows = self._candidates(query, pool, words, named, depth)
        cosines = self.vectors.cosines(query.vector, rows.tolist())
        bm25 = self.lexical.scores_of(words.terms, pool.lang, rows.tolist(), grams=words.grams)
        ceiling = self.lexical.ceiling(words.terms, pool.lang, grams=words.grams)
        values = {
            Leg.DENSE: pool.standardise(query.vector, cosines),
            words.leg: _array(bm25[row] for row in rows.tolist()) / max(ceiling, _LEAST_CEILING),
            Leg.NAMES: _array(named[row].score if row in named else 0.0 for row in rows.tolist()) * _naming(query.text),
        }
        return Found(pool, rows, values, named)

    def late(self, query: EncodedQuery, pool: Pool, rows: Rows) -> Vectors | None:
        """How far each of these candidates ``(n,)`` stands out among them by late interaction, in standard deviations.

        Where there are fewer than `LATE_DEPTH`, passages of the background fill them up. None where it is off.
        """
        if self.tokens is None or self.token_shift is None or query.tokens is None:
            return None
        filling = self.token_shift.background_of(pool.lang).first(max(LATE_DEPTH - len(rows), 0))
        candidates = self.tokens.at(rows.tolist()).maxsim(query.tokens)
        return standardised(candidates, filling.maxsim(query.tokens))

    def _candidates(
        self, query: EncodedQuery, pool: Pool, words: _Words, named: dict[int, NameMatch], depth: int
    ) -> Rows:
        holding = self.lexical.containing(query.phrases, pool.lang)
        if holding:
            rows = np.array(sorted(holding), np.int64)
            cosines = self.vectors.cosines(query.vector, rows.tolist())
            return rows[np.argsort(-cosines, kind="stable")[:depth]]
        nearest, _ = self.vectors.search(query.vector, pool.rows, depth)
        lexical = self.lexical.scores(words.terms, pool.lang, depth, grams=words.grams)
        best_named = nsmallest(depth, named, key=lambda row: (-named[row].score, row))
        return _union(nearest, lexical, best_named)

    def _words(self, query: EncodedQuery, pool: Pool) -> _Words:
        if pool.lang == query.lang:
            chosen = Leg.LEXICAL in query.legs
            terms = Counter(query_terms(query.text, pool.lang)) if chosen else {}
            return _Words(Leg.LEXICAL, terms, Counter(grams(query.text)) if chosen else {})
        if Leg.DICTIONARY not in query.legs:
            return _Words(Leg.DICTIONARY, {}, {})
        translations = self.dictionary.translate(query.text, query.lang, pool.lang, self.encode_words)
        return _Words(Leg.DICTIONARY, weights(query.text, query.lang, translations), {})

    def _named(self, query: EncodedQuery, pool: Pool) -> dict[int, NameMatch]:
        if pool.lang == query.lang or Leg.NAMES not in query.legs:
            return {}
        return self.names.matches(query.text, query.lang, pool)


def _naming(query: str) -> float:
    """How much more names count, the fewer words there are beside them: a query of one word is a name and no more."""
    return 1 + _BARE_NAME / max(len(query.split()), 1)


def _union(*found: Iterable[int]) -> Rows:
    return np.array(list(dict.fromkeys(int(row) for rows in found for row in rows)), np.int64)


def _array(values: Iterable[float]) -> npt.NDArray[np.float32]:
    return np.fromiter(values, np.float32)
