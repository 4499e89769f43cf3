"""The pages for people who search: the results, and what is like a passage. Plain HTML that needs no JavaScript."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from search.errors import JisrError
from search.searcher import Searcher
from web.api.newest import Newest, newest_searcher
from web.asked import Asked
from web.narrowing import narrowings
from web.problems import jisr_problem, retry
from web.rendering import page
from web.results import Results

OFFERED_PUBLISHERS = 200
ROMANISED = "ar-Latn"
EXAMPLES = (
    ("en", "joint naval exercises in the Red Sea and the Indian Ocean"),
    ("ar", "زيارة حفتر إلى باكستان"),
)

router = APIRouter(include_in_schema=False, default_response_class=Response)

AskedOfPage = Annotated[Asked, Depends()]


@router.api_route("/", methods=["GET", "HEAD"], name="search_page")
def search_page(request: Request, asked: AskedOfPage) -> Response:
    """The search box and, for a query, its hits. An error shows below the box, which keeps what was typed."""
    context: dict[str, Any] = {"asked": asked, "examples": EXAMPLES}
    try:
        searcher = newest_searcher(request)
        context["publishers"] = searcher.publishers()[:OFFERED_PUBLISHERS]
        found = _found(searcher, asked) if asked.q.strip() else {"index": searcher.manifest}
    except JisrError as error:
        problem = jisr_problem(request, error)
        context |= {"problem": problem, "error": error}
        return page(request, "search.html", context, status=problem.status, headers=retry(error))
    return page(request, "search.html", context | found)


@router.api_route("/similar/{passage_id}", methods=["GET", "HEAD"], name="similar_page")
def similar_page(request: Request, searcher: Newest, passage_id: str, asked: AskedOfPage) -> Response:
    """The passages of both languages that are most like one."""
    passage = searcher.passage(passage_id)
    answer = searcher.similar(passage_id, asked.options)
    context = {
        "asked": asked,
        "passage": passage,
        "document": searcher.document(passage.doc_id),
        "answer": answer,
        "results": Results.of(answer),
    }
    return page(request, "similar.html", context)


def _found(searcher: Searcher, asked: Asked) -> dict[str, Any]:
    answer = searcher.answer(asked.q, asked.options)
    return {
        "answer": answer,
        "results": Results.of(answer),
        "narrowings": narrowings(answer.facets, asked) if answer.facets else [],
        "corrections": [] if answer.answered or asked.page > 1 else searcher.corrections(asked.q),
        "query_lang": ROMANISED if answer.reading else answer.lang,
    }
