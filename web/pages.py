"""The pages for people: search, and a document with the passage marked. Plain HTML that needs no JavaScript."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from search.errors import JisrError, NotFoundError
from search.language import query_language
from search.records import Document, Passage
from search.searcher import Options, Searcher
from web.api import Newest, newest_searcher
from web.notes import notes_for
from web.problems import jisr_problem
from web.reading import paragraphs
from web.rendering import page
from web.wording import count_line

PAGE_HITS = 10
ROMANISED = "ar-Latn"
EXAMPLES = (
    ("en", "joint naval exercises in the Red Sea and the Indian Ocean"),
    ("ar", "زيارة حفتر إلى باكستان"),
)

router = APIRouter(include_in_schema=False, default_response_class=Response)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked, as its address has it: `lang` is empty for all languages."""

    q: str = ""
    lang: str = ""
    names: bool = True

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of an address that asks the same; empty ones are what an address leaves out."""
        return {"q": self.q, "lang": self.lang, "names": "" if self.names else "off"}


@router.api_route("/", methods=["GET", "HEAD"], name="search_page")
def search_page(request: Request, asked: Annotated[Asked, Depends()]) -> Response:
    """The search box and, for a query, its hits. An error shows below the box, which keeps what was typed."""
    context: dict[str, Any] = {"asked": asked, "examples": EXAMPLES}
    try:
        searcher = newest_searcher(request)
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
    context = {"document": document, "paragraphs": paragraphs(document.text, *span), "asked": asked}
    return page(request, "document.html", context | {"lost_passage": bool(passage) and not marked})


def _found(searcher: Searcher, asked: Asked) -> dict[str, Any]:
    answer = searcher.answer(asked.q, Options(k=PAGE_HITS, lang=asked.lang or None, names=asked.names))
    return {
        "answer": answer,
        "counts": count_line(hit.passage.lang for hit in answer.hits),
        "has_variants": any(hit.variants for hit in answer.hits),
        "query_lang": ROMANISED if answer.reading else answer.lang,
        # In the language that was typed, which the reader is sure to know: a reading may be mistaken.
        "notes": notes_for(query_language(asked.q)),
    }


def _passage_of(searcher: Searcher, document: Document, passage_id: str) -> Passage | None:
    try:
        passage = searcher.passage(passage_id)
    except NotFoundError:
        return None
    return passage if document.text[passage.start : passage.end] == passage.text else None
