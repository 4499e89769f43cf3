from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from search.errors import JisrError, MissingIndexError, QueryError
from search.settings import Settings
from tests.web.html import one, parsed, words
from web.app import create_app
from web.headers import STRICT_POLICY
from web.problems import MEDIA_TYPE, STATUS


def tree_below(kind: type[JisrError]) -> Iterator[type[JisrError]]:
    for below in kind.__subclasses__():
        yield below
        yield from tree_below(below)


def test_every_error_of_the_tree_has_a_status_of_its_own() -> None:
    without = {kind.__name__ for kind in tree_below(JisrError)} - {kind.__name__ for kind in STATUS}
    assert not without, f"Give these a status in web/problems.py: {', '.join(sorted(without))}"


@pytest.fixture(scope="module")
def breaking(seed_settings: Settings) -> Iterator[TestClient]:
    """A server with routes that break in every way."""
    app = create_app(seed_settings)
    app.include_router(_breaking_routes())
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def _breaking_routes() -> APIRouter:
    router = APIRouter()

    @router.get("/break/{kind}")
    def break_(kind: str) -> None:
        kinds = {kind.__name__: kind for kind in STATUS}
        if kind in kinds:
            raise kinds[kind](f"A {kind} happened.", hint="Do this next.")
        if kind == "413":
            raise HTTPException(413)
        raise RuntimeError("the password is swordfish")

    return router


@pytest.mark.parametrize("kind", STATUS)
def test_an_error_answers_with_its_two_lines(breaking: TestClient, kind: type[JisrError]) -> None:
    answer = breaking.get(f"/break/{kind.__name__}")
    assert answer.status_code == STATUS[kind]
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = answer.json()
    assert problem["detail"] == f"A {kind.__name__} happened."
    assert problem["hint"] == "Do this next."
    assert problem["status"] == STATUS[kind]
    assert problem["title"] == STATUS[kind].phrase
    assert problem["instance"] == f"/break/{kind.__name__}"


def test_the_code_is_the_kind_of_error_in_words(breaking: TestClient) -> None:
    assert breaking.get(f"/break/{MissingIndexError.__name__}").json()["code"] == "missing-index"
    assert breaking.get(f"/break/{QueryError.__name__}").json()["code"] == "query"


def test_an_unexpected_error_tells_nothing_of_the_inside(breaking: TestClient) -> None:
    answer = breaking.get("/break/unexpectedly")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["content-security-policy"] == STRICT_POLICY
    assert "swordfish" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["code"] == "internal"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/static/nowhere.css", 404, "not-found"),
        ("DELETE", "/api/v1/search", 405, "method-not-allowed"),
        ("GET", "/break/413", 413, "request-entity-too-large"),
        ("GET", "/api/v1/search", 422, "parameter"),
        ("GET", "/api/v1/search?q=sea&k=0", 422, "parameter"),
        ("GET", "/api/v1/search?q=sea&k=many", 422, "parameter"),
        ("GET", f"/api/v1/search?q={'x' * 1001}", 422, "parameter"),
        ("GET", "/api/v1/search?q=sea&names=perhaps", 422, "parameter"),
        ("GET", "/api/v1/search?q=sea&explain=well", 422, "parameter"),
        ("GET", "/api/v1/search?q=%20", 422, "query"),
        ("GET", "/api/v1/search?q=sea&lang=xx", 422, "query"),
        ("GET", "/api/v1/documents/nowhere", 404, "not-found"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    breaking: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = breaking.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    problem = answer.json()
    assert problem["code"] == code
    assert problem["detail"]
    assert problem["hint"]


def test_a_refused_method_names_the_ones_that_work(breaking: TestClient) -> None:
    answer = breaking.delete("/api/v1/search")
    assert answer.headers["allow"] == "GET, POST"
    assert answer.json()["hint"] == "Use GET, POST."


def test_a_browser_gets_the_two_lines_as_a_page(breaking: TestClient) -> None:
    answer = breaking.get("/documents/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = one(parsed(answer.text), "//*[@role='alert']")
    assert "nowhere" in words(problem)


def test_the_api_answers_a_browser_with_a_problem(breaking: TestClient) -> None:
    answer = breaking.get("/api/v1/documents/nowhere", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_every_documented_error_is_a_problem(client: TestClient) -> None:
    assert isinstance(client.app, FastAPI)
    document = client.app.openapi()
    assert set(document["components"]["schemas"]["Problem"]["required"]) >= {"status", "detail", "hint", "instance"}
    errors = [
        response
        for path in document["paths"].values()
        for operation in path.values()
        for status, response in operation["responses"].items()
        if int(status) >= 400
    ]
    assert errors
    for response in errors:
        assert response["content"] == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
