"""The API from Python: ``jisr.Client("http://127.0.0.1:8000").search("سفينة الشحن")``, each operation a method.

Parameters are those of the OpenAPI document, under the same names, and answers are the models that the server sends.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

import httpx2
from pydantic import BaseModel

from web.answers import HitBody, SearchResponse
from web.api.searching import MultiSearchResponse
from web.schemas import (
    DocumentBody,
    DocumentHead,
    DocumentList,
    FacetsBody,
    Health,
    PassageAnswer,
    PassageList,
    Readiness,
    SuggestionList,
)
from web.submissions import AcceptedBody, NewDocument, NewDocuments, StatusBody

_Body = TypeVar("_Body", bound=BaseModel)


class FilterParameters(TypedDict, total=False):
    """Which documents are looked at."""

    lang: str
    since: str
    until: str
    source: Sequence[str]


class ListParameters(FilterParameters, total=False):
    """Which part of a list is wanted."""

    k: int
    cursor: str


class HitsParameters(ListParameters, total=False):
    """How a list of hits is made."""

    balance: float
    min_score: float
    sort: Literal["score", "newest", "oldest"]
    facets: bool


class SearchParameters(HitsParameters, total=False):
    """How a query is answered."""

    names: bool
    explain: bool
    highlight: bool


class ApiError(Exception):
    """A problem that the server answered with, or that it answered with no problem at all.

    `status` is the HTTP status, `code` the kind of error, `detail` what happened, and `hint` what to do next.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.hint = str(problem.get("hint", ""))
        super().__init__(f"{status}: {self.detail} {self.hint}".strip())


class Client:
    """A connection to a server of Jisr; may be used by several threads, and in a ``with`` statement.

    Methods raise `ApiError` where the server answers with a problem, and `httpx2.HTTPError` where it does not answer.
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        timeout_seconds: float = 30,
        http: httpx2.Client | None = None,
    ) -> None:
        """Name the server, and its key to change the index; `http` is a connection to use instead of one of its own."""
        self._http = http or httpx2.Client(base_url=address, timeout=timeout_seconds)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def search(self, q: str, **parameters: Unpack[SearchParameters]) -> SearchResponse:
        """Passages that answer a query, in both languages, best first."""
        return self._post("/api/v1/search", SearchResponse, {"q": q, **parameters})

    def search_all(self, q: str, **parameters: Unpack[SearchParameters]) -> Iterator[HitBody]:
        """All hits of a query, asked for page by page, from one build of the index."""
        while True:
            answer = self.search(q, **parameters)
            yield from answer.hits
            if answer.next_cursor is None:
                return
            parameters["cursor"] = answer.next_cursor

    def multi_search(self, searches: Sequence[Mapping[str, Any]]) -> MultiSearchResponse:
        """Several queries at once, each with what `search` takes."""
        return self._post("/api/v1/multi-search", MultiSearchResponse, {"searches": [dict(each) for each in searches]})

    def similar_passages(self, passage_id: str, **parameters: Unpack[HitsParameters]) -> SearchResponse:
        """Passages on the same subject as a passage."""
        return self._get(f"/api/v1/passages/{quote(passage_id, safe='')}/similar", SearchResponse, parameters)

    def similar_to_document(self, doc_id: str, **parameters: Unpack[HitsParameters]) -> SearchResponse:
        """Passages on the same subject as a document."""
        return self._get(f"/api/v1/documents/{quote(doc_id, safe='')}/similar", SearchResponse, parameters)

    def list_documents(self, **parameters: Unpack[ListParameters]) -> DocumentList:
        """Some of the documents, in the order of their sources."""
        return self._get("/api/v1/documents", DocumentList, parameters)

    def all_documents(self, **parameters: Unpack[ListParameters]) -> Iterator[DocumentHead]:
        """All documents that the filters let through, asked for page by page."""
        while True:
            answer = self.list_documents(**parameters)
            yield from answer.documents
            if answer.next_cursor is None:
                return
            parameters["cursor"] = answer.next_cursor

    def document(self, doc_id: str) -> DocumentBody:
        """A document with its text."""
        return self._get(f"/api/v1/documents/{quote(doc_id, safe='')}", DocumentBody)

    def passages(self, doc_id: str) -> PassageList:
        """The passages of a document."""
        return self._get(f"/api/v1/documents/{quote(doc_id, safe='')}/passages", PassageList)

    def passage(self, passage_id: str) -> PassageAnswer:
        """A passage where it stands."""
        return self._get(f"/api/v1/passages/{quote(passage_id, safe='')}", PassageAnswer)

    def facets(self, **parameters: Unpack[FilterParameters]) -> FacetsBody:
        """How many documents there are by language, source and year."""
        return self._get("/api/v1/facets", FacetsBody, parameters)

    def suggest(self, q: str, *, limit: int = 8) -> SuggestionList:
        """What a query that is being typed may become."""
        return self._get("/api/v1/suggest", SuggestionList, {"q": q, "limit": limit})

    def add_documents(self, documents: Sequence[NewDocument]) -> AcceptedBody:
        """Add documents, for who has the key; they are found after the next build."""
        return self._post(
            "/api/v1/documents", AcceptedBody, NewDocuments(documents=list(documents)).model_dump(mode="json")
        )

    def delete_document(self, doc_id: str) -> AcceptedBody:
        """Delete a document that was added over HTTP, for who has the key."""
        return self._ask("DELETE", f"/api/v1/documents/{quote(doc_id, safe='')}", AcceptedBody)

    def reindex(self) -> AcceptedBody:
        """Bring the index up to date with the files that it was built from, for who has the key."""
        return self._ask("POST", "/api/v1/reindex", AcceptedBody)

    def status(self) -> StatusBody:
        """What the server is doing."""
        return self._get("/api/v1/status", StatusBody)

    def healthz(self) -> Health:
        """Whether the process is alive."""
        return self._get("/healthz", Health)

    def readyz(self) -> Readiness:
        """The build of the index that is open."""
        return self._get("/readyz", Readiness)

    def _get(self, path: str, model: type[_Body], parameters: Any = None) -> _Body:
        return self._ask("GET", path, model, params=parameters)

    def _post(self, path: str, model: type[_Body], body: dict[str, Any]) -> _Body:
        return self._ask("POST", path, model, json=body)

    def _ask(self, method: str, path: str, model: type[_Body], **sent: Any) -> _Body:
        return _read(self._http.request(method, path, headers=self._headers, **sent), model)


def _read(answer: httpx2.Response, model: type[_Body]) -> _Body:
    if answer.is_success:
        return model.model_validate_json(answer.content)
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.reason_phrase}
    raise ApiError(answer.status_code, problem if isinstance(problem, dict) else {})
