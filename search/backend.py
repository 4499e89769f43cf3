"""What a searcher needs of an index, wherever it is kept.

A `Backend` names the generation that is current and opens it as a `search.generation.Generation`, whose parts are these
protocols and the abstract classes `search.holdings.Holdings`, `search.wordlist.WordList` and
`search.dictionary.Terms`. `search.local` has them all in files; `search.milvus` has them in a Milvus. What is the same
for every backend, from BM25's idf to what a name is worth, is none of theirs: so they rank alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from search.allowed import Allowed, Rows
from search.encoder import Vectors
from search.fusion import Leg
from search.tokens import TokenCodes
from search.vocabulary import Encode

if TYPE_CHECKING:
    from search.generation import Generation
    from search.store import Manifest

Weights = Mapping[str, float]
"""Words, and how often each is said; that need be no whole number."""

NOTHING: Weights = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Server:
    """What keeps an index, and the legs that it cannot have there."""

    name: str
    version: str
    absent: tuple[Leg, ...] = ()


class Backend(Protocol):
    """One index. May be used by several threads. Whatever it does may raise `UnavailableError`."""

    @property
    def server(self) -> Server | None:
        """What keeps the index, None for a folder."""
        ...

    def current(self) -> str:
        """The name of the generation that is current. Raises `MissingIndexError` when nothing was built."""
        ...

    def manifest(self, generation: str) -> "Manifest":
        """What a generation says of itself. Raises `ExpiredError` when it is gone, `MismatchError`."""
        ...

    def open(self, generation: str, encode_words: Encode) -> "Generation":
        """A generation, open for reading; `encode_words` gives the vectors of single words.

        Raises `ExpiredError` when it is gone, `DamagedIndexError`, `MismatchError`.
        """
        ...


class VectorStore(Protocol):
    """The neutral vectors of a generation, ``(count, dim)`` float32 and of length 1, by row."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def dim(self) -> int:
        """Their length."""
        ...

    def at(self, rows: range | Rows) -> Vectors:
        """The vectors of these rows, ``(n, dim)``, in their order."""
        ...

    def search(self, query: Vectors, pool: range, depth: int, *, among: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The `depth` rows of a pool, or `among` some of it, that are nearest to `query` ``(dim,)``, best first, and
        their cosines.

        Where not all are compared, nearly all of those (`search.store.Manifest.recall`); the cosines are exact.
        """
        ...

    def cosines(self, query: Vectors, rows: list[int]) -> Vectors:
        """The cosines of `query` ``(dim,)`` to these rows, in their order."""
        ...


class LexicalStore(Protocol):
    """The words of each pool's passages as `search.analysis` gives them, and BM25 over them.

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with k1 = 1.2, b = 0.75 and
    Lucene's idf, over the passages of one language. A word counts as often as its weight says; n-grams, scored likewise
    in a field of their own, are added with `search.lexical.GRAM_WEIGHT`. A language without passages is answered as an
    empty pool.
    """

    def scores(
        self, terms: Weights, lang: str, depth: int, *, grams: Weights = NOTHING, among: Allowed | None = None
    ) -> dict[int, float]:
        """The best `depth` rows of a pool by BM25 and their scores, best first, each above 0 and below `ceiling`.

        Words that weigh nothing are passed over. `among` are the passages of the pool that may be found, all without
        it; it changes no score.
        """
        ...

    def scores_of(
        self, terms: Weights, lang: str, rows: Sequence[int], *, grams: Weights = NOTHING
    ) -> dict[int, float]:
        """What `scores` gives these rows of a pool, 0 for those that hold none of the words."""
        ...

    def ceiling(self, terms: Weights, lang: str, *, grams: Weights = NOTHING) -> float:
        """What no score for these words can reach: each as if it filled a passage, ``idf · (k1 + 1)``."""
        ...

    def rarity(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """The idf of each term in a pool, ``ln(1 + (N - n + 0.5) / (n + 0.5))`` for *n* of *N* rows; above 0."""
        ...

    def containing(self, phrases: Sequence[str], lang: str) -> set[int]:
        """The rows of a pool that hold every phrase, its words side by side in exactly this form (`surface`).

        Phrases without words are passed over; where there are no others, no row holds them.
        """
        ...

    def containing_any(self, phrases: Sequence[str], lang: str, limit: int) -> list[int]:
        """At most so many rows of a pool that hold any of these phrases, as `containing` has it, titles included."""
        ...

    def holds(self, word: str) -> bool:
        """Whether any passage or title has a word, whichever its language."""
        ...


class CounterpartStore(Protocol):
    """Which passages of the two languages say the same."""

    def of(self, rows: Rows) -> Rows:
        """The rows ``(n,)`` of the counterparts of these, -1 where there is none."""
        ...


class TokenStore(Protocol):
    """The token codes of passages, for late interaction."""

    def at(self, rows: Sequence[int]) -> TokenCodes:
        """The codes of these rows, in their order."""
        ...
