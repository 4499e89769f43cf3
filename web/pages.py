"""The pages for people: search, and a document with the passage marked. Plain HTML that needs no JavaScript."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from search.errors import JisrError, NotFoundError
from search.records import Document, Passage
from search.searcher import Options, Searcher
from web.api import MAX_SOURCES, Newest, newest_searcher
from web.problems import jisr_problem
from web.reading import paragraphs
from web.rendering import page

PAGE_HITS = 10
OFFERED_PUBLISHERS = 200
ROMANISED = "ar-Latn"
EXAMPLES = (
    ("en", "joint naval exercises in the Red Sea and the Indian Ocean"),
    ("ar", "زيارة حفتر إلى باكستان"),
)

router = APIRouter(include_in_schema=False, default_response_class=Response)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked, as its address has it: `lang` is empty for all languages, as the others are for any."""

    q: str = ""
    lang: str = ""
    since: str = ""
    until: str = ""
    source: Annotated[tuple[str, ...], Query(max_length=MAX_SOURCES)] = ()
    names: bool = True

    @property
    def sources(self) -> list[str]:
        """The sources that are named."""
        return [source for source in self.source if source.strip()]

    @property
    def is_filtered(self) -> bool:
        """Whether only documents of some days or sources are wanted."""
        return bool(self.since or self.until or self.sources)

    @property
    def parameters(self) -> dict[str, str | list[str]]:
        """The parameters of an address that asks the same; empty ones are what an address leaves out."""
        return {
            "q": self.q,
            "lang": self.lang,
            "since": self.since,
            "until": self.until,
            "source": self.sources,
            "names": "" if self.names else "off",
        }

    @property
    def options(self) -> Options:
        """How to search for it."""
        return Options(
            k=PAGE_HITS,
            lang=self.lang or None,
            since=self.since,
            until=self.until,
            source=self.source,
            names=self.names,
        )


@router.api_route("/", methods=["GET", "HEAD"], name="search_page")
def search_page(request: Request, asked: Annotated[Asked, Depends()]) -> Response:
    """The search box and, for a query, its hits. An error shows below the box, which keeps what was typed."""
    context: dict[str, Any] = {"asked": asked, "examples": EXAMPLES}
    try:
        searcher = newest_searcher(request)
        context["publishers"] = searcher.publishers()[:OFFERED_PUBLISHERS]
        found = _found(searcher, asked) if asked.q.strip() else {"index": searcher.manifest}
    except JisrError as error:
        problem = jisr_problem(request, error)
        return page(request, "search.html", context | {"problem": problem}, status=problem.status)
    return page(request, "search.html", context | found)


@router.api_route("/documents/{doc_id}", methods=["GET", "HEAD"], name="document_page")
def document_page(
    request: Request, searcher: Newest, doc_id: str, asked: Annotated[Asked, Depends()], passage: str = ""
) -> Response:
    """One document, the passage marked if it is one of its own. What was asked leads back to the search."""
    document = searcher.document(doc_id)
    marked = _passage_of(searcher, document, passage)
    span = (marked.start, marked.end) if marked else (0, 0)
    context = {
        "document": document,
        "paragraphs": paragraphs(document.text, *span),
        "lost_passage": bool(passage) and not marked,
        "related": searcher.related(doc_id),
        "asked": asked,
    }
    return page(request, "document.html", context)


def _found(searcher: Searcher, asked: Asked) -> dict[str, Any]:
    answer = searcher.answer(asked.q, asked.options)
    return {
        "answer": answer,
        "counts": Counter(hit.passage.lang for hit in answer.hits),
        "has_variants": any(hit.variants for hit in answer.hits),
        "query_lang": ROMANISED if answer.reading else answer.lang,
    }


def _passage_of(searcher: Searcher, document: Document, passage_id: str) -> Passage | None:
    try:
        passage = searcher.passage(passage_id)
    except NotFoundError:
        return None
    return passage if document.text[passage.start : passage.end] == passage.text else None
