"""The pages for people: search, and a document with the passage marked. Plain HTML that needs no JavaScript."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from search.errors import JisrError, NotFoundError
from search.language import query_language
from search.records import Document, Passage
from search.searcher import Searcher
from web.api import Newest, newest_searcher
from web.problems import jisr_problem
from web.reading import paragraphs
from web.rendering import page
from web.wording import count_line

PAGE_HITS = 10
EXAMPLES = (
    ("en", "joint naval exercises in the Red Sea and the Indian Ocean"),
    ("ar", "زيارة حفتر إلى باكستان"),
)

router = APIRouter(include_in_schema=False, default_response_class=Response)


@router.api_route("/", methods=["GET", "HEAD"], name="search_page")
def search_page(request: Request, q: str = "", lang: str = "") -> Response:
    """The search box and, for a query, its hits. An error shows below the box, which keeps what was typed."""
    context: dict[str, Any] = {"q": q, "lang": lang, "examples": EXAMPLES}
    try:
        searcher = newest_searcher(request)
        found = _found(searcher, q, lang) if q.strip() else {"index": searcher.manifest}
    except JisrError as error:
        problem = jisr_problem(request, error)
        return page(request, "search.html", context | {"problem": problem}, status=problem.status)
    return page(request, "search.html", context | found)


@router.api_route("/documents/{doc_id}", methods=["GET", "HEAD"], name="document_page")
def document_page(
    request: Request, searcher: Newest, doc_id: str, passage: str = "", q: str = "", lang: str = ""
) -> Response:
    """One document, the passage marked if it is one of its own. `q` and `lang` lead back to the search."""
    document = searcher.document(doc_id)
    marked = _passage_of(searcher, document, passage)
    span = (marked.start, marked.end) if marked else (0, 0)
    context = {"document": document, "paragraphs": paragraphs(document.text, *span), "q": q, "lang": lang}
    return page(request, "document.html", context | {"lost_passage": bool(passage) and not marked})


def _found(searcher: Searcher, q: str, lang: str) -> dict[str, Any]:
    hits = searcher.search(q, k=PAGE_HITS, lang=lang or None)
    return {
        "hits": hits,
        "counts": count_line(hit.passage.lang for hit in hits),
        "query_lang": query_language(q),
    }


def _passage_of(searcher: Searcher, document: Document, passage_id: str) -> Passage | None:
    try:
        passage = searcher.passage(passage_id)
    except NotFoundError:
        return None
    return passage if document.text[passage.start : passage.end] == passage.text else None
