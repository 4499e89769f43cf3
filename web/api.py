"""The JSON API: search, documents, and whether the server is alive and ready."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.openapi.models import Example

from search.searcher import Options, Searcher
from web.problems import documented
from web.schemas import DocumentBody, Health, Readiness, SearchResponse, document_body, search_response

MAX_QUERY_CHARS = 1000
MAX_K = 100
MAX_LANG_CHARS = 35
MAX_DATE_CHARS = 35
MAX_SOURCES = 50
MAX_ID_CHARS = 500

router = APIRouter()


def newest_searcher(request: Request) -> Searcher:
    """The searcher of the app, on its newest generation. Raises `StoreError` or `ModelError` while there is none."""
    searcher: Searcher = request.app.state.index.searcher()
    return searcher


Newest = Annotated[Searcher, Depends(newest_searcher)]
QueryText = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MAX_QUERY_CHARS,
        description="What to look for, in Arabic or English: a few words, a question, or a sentence.",
        openapi_examples={
            "English": Example(value="joint naval exercises in the Red Sea"),
            "Arabic": Example(value="زيارة حفتر إلى باكستان"),
        },
    ),
]
Count = Annotated[int, Query(ge=1, le=MAX_K, description="How many passages to return at the most.")]
Language = Annotated[
    str | None,
    Query(
        max_length=MAX_LANG_CHARS,
        description="Only passages in this language, a BCP-47 tag such as `ar` or `en`. Without it: all languages.",
        openapi_examples={
            "all": Example(summary="All languages", value=None),
            "Arabic": Example(value="ar"),
            "English": Example(value="en"),
        },
    ),
]
Since = Annotated[
    str | None,
    Query(
        max_length=MAX_DATE_CHARS,
        description="Only documents that appeared on this day or later: a day, a month or a year in ISO 8601. Those "
        "without a date are left out.",
        openapi_examples={
            "any": Example(summary="Any date", value=None),
            "day": Example(value="2024-03-18"),
            "year": Example(value="2024"),
        },
    ),
]
Until = Annotated[
    str | None,
    Query(
        max_length=MAX_DATE_CHARS,
        description="Only documents that appeared on this day or earlier, or in this month or year, or earlier. Those "
        "without a date are left out.",
        openapi_examples={"any": Example(summary="Any date", value=None), "month": Example(value="2024-03")},
    ),
]
Sources = Annotated[
    tuple[str, ...],
    Query(
        max_length=MAX_SOURCES,
        description="Only documents of this source: a publisher, or the path of a file or folder relative to what was "
        "indexed. May be given several times, for documents of any of them.",
    ),
]
Names = Annotated[
    bool,
    Query(
        description="`on` (or `true`): names are found in the spelling of either script, and Arabic in Latin letters "
        "is read as Arabic. `off` (or `false`): neither is done."
    ),
]
Explain = Annotated[bool, Query(description="`true`: each hit says how its score came about.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages may be hits."""

    lang: Language = None
    since: Since = None
    until: Until = None
    source: Sources = ()


@router.get(
    "/api/v1/search",
    tags=["search"],
    summary="Search passages in both languages",
    responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)
def search(
    searcher: Newest,
    q: QueryText,
    wanted: Annotated[Wanted, Depends()],
    k: Count = 10,
    names: Names = True,
    explain: Explain = False,
) -> SearchResponse:
    """Passages that answer the query, whichever of the two languages they are in, in one ranked list.

    The query is compared by meaning, so an English query finds Arabic passages and the reverse; names are found in the
    spelling of either script. Arabic in Latin letters is read as Arabic, and the answer says so. Text in quotation
    marks is looked for as it stands.
    """
    options = Options(
        k=k,
        lang=wanted.lang or None,
        since=wanted.since,
        until=wanted.until,
        source=wanted.source,
        names=names,
        explain=explain,
    )
    return search_response(searcher, q, options)


@router.get(
    "/api/v1/documents/{doc_id}",
    tags=["documents"],
    summary="Read one document",
    responses=documented(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)
def document(
    searcher: Newest,
    doc_id: Annotated[
        str, Path(max_length=MAX_ID_CHARS, description="`document.doc_id` of a hit.", examples=["656109c584bcb119"])
    ],
) -> DocumentBody:
    """The whole document. Its `text` is the string that the `start` and `end` of its passages count in."""
    return document_body(searcher.document(doc_id), searcher.related(doc_id))


@router.get("/healthz", tags=["operation"], summary="Is the process alive?")
def healthz() -> Health:
    """Answers as long as the process does, with an index or without."""
    return Health()


@router.get(
    "/readyz", tags=["operation"], summary="Can it search?", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE)
)
def readyz(searcher: Newest) -> Readiness:
    """Answers 200 with the open generation and its counts, or 503 with the reason while nothing can be searched."""
    return Readiness.model_validate(searcher.manifest)
