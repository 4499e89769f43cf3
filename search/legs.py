"""The legs of one generation, and what they find for a query in one pool.

Each leg may bring candidates, and then says of every candidate what it is worth, in a unit of its own. What the units
weigh against each other is `search.fusion`'s business, the order of it all `search.ranking`'s.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from search.allowed import Allowed, Rows
from search.analysis import grams, query_terms
from search.backend import CounterpartStore, LexicalStore, TokenStore, VectorStore, Weights
from search.dictionary import Dictionary, weights
from search.encoder import Vectors
from search.fusion import Leg
from search.late import LATE_DEPTH, TokenShift, standardised
from search.maxsim import maxsim
from search.names import NO_NAMES, NameMatches, NamesIndex
from search.pools import Pool
from search.timing import Stopwatch
from search.vocabulary import Encode

ALL_LEGS = frozenset(Leg)

_BARE_NAME = 2.0
_LEAST_CEILING = 1e-6  # of a query without words


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as the legs need it.

    `text` has no quotation marks, `phrases` is what stood in them. `vector` ``(dim,)`` is neutral and of length 1,
    `tokens` ``(n, width)`` are ready for `search.maxsim`, None without late interaction. `legs` are those that may
    speak, `counterparts` says whether passages of the two languages that say the same hear of each other, `balance`
    which language the order leans to (see `search.fusion.leaned`). `allowed` are the passages that may be hits,
    None for all. `sought` is what `Legs.sought` gave for it; for a pool that is not there, `Legs.find` asks
    itself. `watch` measures the legs.
    """

    text: str
    lang: str
    vector: Vectors
    tokens: Vectors | None = None
    phrases: tuple[str, ...] = ()
    legs: frozenset[Leg] = ALL_LEGS
    counterparts: bool = True
    balance: float = 0.0
    allowed: Allowed | None = None
    sought: Mapping[str, "Sought"] = field(default_factory=dict)
    watch: Stopwatch = field(default_factory=Stopwatch, compare=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A pool's candidates: their rows ``(n,)``, what each leg says of them ``(n,)``, and the names they share.

    The first `typical` of them are the pool's best whether they may be hits or not: what the others are measured by.
    Dense values are standard scores in the pool; lexical ones and those of the dictionary are BM25 as a share of what
    it could reach for this query, 0–1; names' are the sum of what the shared ones are worth, times 1 to 3.
    """

    pool: Pool
    rows: Rows
    values: dict[Leg, Vectors]
    names: NameMatches
    typical: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What BM25 looks for in a pool, and for which leg; and the rows that names lead to."""

    leg: Leg
    terms: Weights
    grams: Weights
    named: NameMatches


@dataclass(frozen=True, slots=True)
class Legs:
    """Reading access to all that one generation finds passages by. `tokens` is None without late interaction.

    `absent` are the legs that this index has not, wherever it is kept.
    """

    vectors: VectorStore
    lexical: LexicalStore
    dictionary: Dictionary
    names: NamesIndex
    counterparts: CounterpartStore
    tokens: TokenStore | None
    token_shift: TokenShift | None
    encode_words: Encode
    absent: frozenset[Leg] = frozenset()

    def sought(
        self, text: str, lang: str, pools: Iterable[Pool], legs: Collection[Leg], watch: Stopwatch
    ) -> dict[str, Sought]:
        """What these legs look for by the words of a query in `lang`, for each pool: all that needs no vector of it."""
        return {pool.lang: self._sought(text, lang, pool, legs, watch) for pool in pools}

    def find(self, query: EncodedQuery, pool: Pool, depth: int) -> Found:
        """The best `depth` passages of a pool by each leg; where some hold all of the query's phrases, only those.

        Where only some passages may be hits, those of the best that may not are there, too, and the best that may.
        """
        sought = query.sought.get(pool.lang)
        if sought is None:
            sought = self._sought(query.text, query.lang, pool, query.legs, query.watch)
        rows = self._candidates(query, pool, sought, depth)
        typical = len(rows)
        if query.allowed is not None:
            among = query.allowed.within(pool.rows)
            rows = _union(rows, self._candidates(query, pool, sought, depth, among=among))
        with query.watch.step(Leg.DENSE):
            cosines = self.vectors.cosines(query.vector, rows.tolist())
        with query.watch.step(sought.leg):
            bm25 = self.lexical.scores_of(sought.terms, pool.lang, rows.tolist(), grams=sought.grams)
            ceiling = self.lexical.ceiling(sought.terms, pool.lang, grams=sought.grams)
        values = {
            Leg.DENSE: pool.standardise(query.vector, cosines),
            sought.leg: _array(bm25[row] for row in rows.tolist()) / max(ceiling, _LEAST_CEILING),
            Leg.NAMES: sought.named.scores_of(rows).astype(np.float32) * _naming(query.text),
        }
        return Found(pool, rows, values, sought.named, typical)

    def late(self, query: EncodedQuery, pool: Pool, rows: Rows, *, typical: int | None = None) -> Vectors | None:
        """How far each of these candidates ``(n,)`` stands out by late interaction, in standard deviations.

        That is among the first `typical` of them, or all; where those are fewer than `LATE_DEPTH`, passages of the
        background fill them up. None where it is off.
        """
        if self.tokens is None or self.token_shift is None or query.tokens is None:
            return None
        with query.watch.step(Leg.LATE):
            filling = self.token_shift.background_of(pool.lang).first(max(LATE_DEPTH - len(rows[:typical]), 0))
            candidates = maxsim(query.tokens, self.tokens.at(rows.tolist()))
            return standardised(candidates, maxsim(query.tokens, filling), typical=typical)

    def _candidates(
        self, query: EncodedQuery, pool: Pool, sought: Sought, depth: int, *, among: Allowed | None = None
    ) -> Rows:
        """The best of the pool, or `among` some of it."""
        holding = self.lexical.containing(query.phrases, pool.lang)
        if holding:
            rows = _those(holding, among)
            cosines = self.vectors.cosines(query.vector, rows.tolist())
            return rows[np.argsort(-cosines, kind="stable")[:depth]]
        with query.watch.step(Leg.DENSE):
            nearest, _ = self.vectors.search(query.vector, pool.rows, depth, among=among)
        with query.watch.step(sought.leg):
            lexical = self.lexical.scores(sought.terms, pool.lang, depth, grams=sought.grams, among=among)
        return _union(nearest, lexical, sought.named.best(depth, among=among))

    def _sought(self, text: str, lang: str, pool: Pool, legs: Collection[Leg], watch: Stopwatch) -> Sought:
        if pool.lang == lang:
            chosen = Leg.LEXICAL in legs
            terms = Counter(query_terms(text, lang)) if chosen else {}
            return Sought(Leg.LEXICAL, terms, Counter(grams(text)) if chosen else {}, NO_NAMES)
        with watch.step(Leg.NAMES):
            named = self.names.matches(text, lang, pool) if Leg.NAMES in legs else NO_NAMES
        if Leg.DICTIONARY not in legs:
            return Sought(Leg.DICTIONARY, {}, {}, named)
        with watch.step(Leg.DICTIONARY):
            translations = self.dictionary.translate(text, lang, pool.lang, self.encode_words)
            return Sought(Leg.DICTIONARY, weights(text, lang, translations), {}, named)


def _naming(query: str) -> float:
    """How much more names count, the fewer words there are beside them: a query of one word is a name and no more."""
    return 1 + _BARE_NAME / max(len(query.split()), 1)


def _those(rows: Collection[int], among: Allowed | None) -> Rows:
    """These rows in order, or those of them that are `among` others."""
    found = np.array(sorted(rows), np.int64)
    return found if among is None else found[among.mask(found)]


def _union(*found: Iterable[int]) -> Rows:
    return np.array(list(dict.fromkeys(int(row) for rows in found for row in rows)), np.int64)


def _array(values: Iterable[float]) -> npt.NDArray[np.float32]:
    return np.fromiter(values, np.float32)
