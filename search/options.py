"""How to search: what may be asked for beside the query itself, and what makes no sense."""

from dataclasses import dataclass, replace
from enum import StrEnum

from search.errors import QueryError
from search.filters import Facet, Filter
from search.fusion import Leg
from search.legs import ALL_LEGS

MAX_QUERY_CHARS = 1000
MAX_HITS = 1000
"""How far a list of hits goes, page by page."""


class Sort(StrEnum):
    """In which order hits stand. By date, the undated follow the dated, and then come weak matches, by their scores."""

    SCORE = "score"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to search.

    `k` hits after the first `offset`, of one language only with `lang`; only of documents that appeared from `since` to
    `until`, days, months or years in ISO 8601, both included, which leaves out those without a date; only of one
    `source` or another, each a publisher, or the path of a file or folder relative to what was indexed; only of the
    document `doc_id`. None of these changes a score, save that late interaction reaches further (see `search.ranking`).
    Hits that score less than `min_score` are left out.

    `balance` leans the order, never a score, from -1, English first, to 1, Arabic first (see `search.fusion.leaned`);
    `sort` may ask for another order. `facets` asks for counts of what the filters could be set to, `explain` for the
    arithmetic of each score, `highlight` for the words of each hit that answer the query's.

    Without `names`, spellings of names in the other script are not looked for, and no query is read as romanised
    Arabic. With `collapse`, near-duplicates stand under their best hit, and passages of a document that has enough in a
    page give place to others (see `search.diversity`). For measuring what each is worth: `legs` are those that may
    speak, without `counterparts` passages that say the same do not hear of each other, and `depth` is how many
    candidates are ranked before a deeper ranking is (see `search.listing`).
    """

    k: int = 10
    offset: int = 0
    lang: str | None = None
    since: str | None = None
    until: str | None = None
    source: tuple[str, ...] = ()
    doc_id: str | None = None
    min_score: float = 0.0
    balance: float = 0.0
    sort: Sort = Sort.SCORE
    names: bool = True
    collapse: bool = True
    facets: bool = False
    explain: bool = False
    highlight: bool = False
    legs: frozenset[Leg] = ALL_LEGS
    counterparts: bool = True
    depth: int = 100

    @property
    def filter(self) -> Filter | None:
        """What is asked of documents. Raises `QueryError` for what is no date."""
        return Filter.of(self.since, self.until, self.source, doc_id=self.doc_id)

    def without(self, facet: Facet) -> "Options":
        """The same without the filter that a facet is about."""
        if facet is Facet.LANGUAGE:
            return replace(self, lang=None)
        if facet is Facet.SOURCE:
            return replace(self, source=())
        return replace(self, since=None, until=None)

    def check(self) -> None:
        """Raise `QueryError` for a number out of range."""
        if not 1 <= self.k <= MAX_HITS:
            raise QueryError(f"{self.k} hits were asked for.", hint=f"Ask for 1 to {MAX_HITS}.")
        if not 0 <= self.offset <= MAX_HITS - self.k:
            raise QueryError(
                f"{self.k} hits after the first {self.offset} were asked for.",
                hint=f"A list ends after {MAX_HITS} hits: narrow the search with a language, a date or a source.",
                fault="end-of-list",
                k=self.k,
                offset=self.offset,
                most=MAX_HITS,
            )
        if not 0 <= self.min_score <= 1:
            raise QueryError(f"No hit can be held to a score of {self.min_score}.", hint="Scores are from 0 to 1.")
        if not -1 <= self.balance <= 1:
            raise QueryError(
                f"The balance {self.balance} is out of range.", hint="Give -1, English first, to 1, Arabic first."
            )


def checked(query: str) -> str:
    """A query without the spaces around it. Raises `QueryError` for an empty or overlong one."""
    text = query.strip()
    if not text:
        raise QueryError("The query is empty.", hint="Type a word or a question.")
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(
            f"The query has {len(text)} characters.",
            hint=f"Shorten it to {MAX_QUERY_CHARS} or fewer.",
            fault="overlong-query",
            count=len(text),
            most=MAX_QUERY_CHARS,
        )
    return text
