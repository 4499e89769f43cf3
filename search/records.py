"""The records that travel between reading, indexing, ranking and showing."""

import bisect
from dataclasses import dataclass

from search.facets import Facets
from search.fusion import Explanation
from search.romanised import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What is known of a source item without its text.

    `lang` is a BCP-47 tag, `date` ISO 8601 or None where the source gives none, `source` the file's path relative to
    the folder that was indexed. `record_id` is the item's own id inside a file that holds several (JSONL).
    """

    doc_id: str
    title: str
    lang: str
    date: str | None
    source: str
    publisher: str | None = None
    author: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(DocumentInfo):
    """One source item with its clean text, the string that passage offsets count in.

    `page_starts` are the offsets at which the pages of its source begin, empty where that has no pages.
    """

    text: str
    page_starts: tuple[int, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """The page, from 1, that holds a character of the text; None where there are no pages."""
        return max(bisect.bisect_right(self.page_starts, offset), 1) if self.page_starts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit that is indexed: `text` is characters `start` to `end` of its document's text.

    It begins on `page` of its source, from 1, None where that has no pages.
    """

    passage_id: str
    doc_id: str
    lang: str
    text: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Documents that tell what another one tells.

    `copies` have the same text, `near_duplicates` nearly the same words, the most alike first; `counterparts` tell it
    in the other language, the nearest first.
    """

    copies: tuple[DocumentInfo, ...] = ()
    near_duplicates: tuple[DocumentInfo, ...] = ()
    counterparts: tuple[DocumentInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A passage that says nearly the same as a hit in the same language, and where it stands."""

    passage_id: str
    doc_id: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a passage that answers a word of a query.

    Characters `start` to `end` of the passage's text, a whole word, answer `query_start` to `query_end` of
    `Answer.query`.
    """

    start: int
    end: int
    query_start: int
    query_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result.

    `rank` counts from 1. `score` is 0–1, comparable between queries: about the probability that the passage is
    relevant (see `search.fusion`); `weak` says that it is below the line under which it mostly is not. `duplicates` are
    near-duplicates that were ranked below it, best first. `variants` are pairs of a name in the query and the spelling
    of it that the passage has in the other script. `copies` are other documents with the
    same text as the hit's, `counterpart` is the one in the other language that tells the same, where the index knows
    one. `marks` are the words of the passage that answer words of the query, in the order of the text, and
    `explanation` is the arithmetic of the score, both there when they were asked for.
    """

    rank: int
    score: float
    weak: bool
    passage: Passage
    document: DocumentInfo
    duplicates: tuple[Duplicate, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()
    counterpart: DocumentInfo | None = None
    copies: tuple[DocumentInfo, ...] = ()
    marks: tuple[Mark, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query gave.

    `lang` is the language that it was searched as. `reading` is there when it was Arabic in Latin letters: what it was
    read as. `generation` names the build of the index that answered. `facets` are there when they were asked for: how
    many documents hold a hit that is not weak, among the first candidates (`search.options.Options.depth` of them).

    `total` is how many hits there are as far as was looked: the candidates of the rankings that this page took, less
    the near-duplicates that stand under a hit so far; so it is a lower bound, and may differ from page to page. `more`
    says whether hits follow those given.
    """

    query: str
    lang: str
    reading: Reading | None
    generation: str
    hits: list[Hit]
    facets: Facets | None = None
    total: int = 0
    more: bool = False

    @property
    def answered(self) -> bool:
        """Whether any hit is more than a weak match."""
        return any(not hit.weak for hit in self.hits)
