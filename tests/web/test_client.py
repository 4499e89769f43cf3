"""`jisr.Client`: every operation of the OpenAPI document under its own name, with its own parameters."""

import inspect
from typing import Any, get_type_hints

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import jisr
from tests.web.test_api import ARABIC, ENGLISH
from web.client import ApiError, Client

JSON = "application/json"


@pytest.fixture(scope="module")
def jisr_client(client: TestClient) -> Client:
    return Client(http=client)


def operations(client: TestClient) -> dict[str, tuple[str, dict[str, Any]]]:
    """Method and description of each operation, by its id."""
    assert isinstance(client.app, FastAPI)
    paths = client.app.openapi()["paths"].values()
    return {told["operationId"]: (method, told) for path in paths for method, told in path.items()}


def taken(client: TestClient, told: dict[str, Any]) -> set[str]:
    """The names of what an operation takes, in its path, its query and its body."""
    assert isinstance(client.app, FastAPI)
    names = {parameter["name"] for parameter in told.get("parameters", [])}
    if "requestBody" in told:
        reference = told["requestBody"]["content"][JSON]["schema"]["$ref"].rpartition("/")[2]
        names |= set(client.app.openapi()["components"]["schemas"][reference]["properties"])
    return names


def accepted(method: Any) -> set[str]:
    """The names of what a method of the client takes."""
    names = set()
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            (typed,) = get_type_hints(method)[name].__args__
            names |= set(typed.__annotations__) | {
                each for base in typed.__mro__ for each in inspect.get_annotations(base)
            }
            names |= set(get_type_hints(typed))
        elif name != "self":
            names.add(name)
    return names


def test_the_client_has_every_operation_with_all_it_takes(client: TestClient) -> None:
    told = operations(client)
    left_out = {
        "search": "search_by_body takes the same",
        "export": "a file, for browsers",
        "metrics": "for Prometheus",
        "add_documents": "takes the records themselves",
    }
    for name, (_, operation) in told.items():
        if name in left_out:
            continue
        method = getattr(Client, "search" if name == "search_by_body" else name)
        assert accepted(method) | {"format"} >= taken(client, operation) >= accepted(method), name
    own = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}
    assert own - set(told) == {"close", "search_all", "all_documents"}
    assert set(left_out) <= set(told)


def test_the_library_gives_the_client() -> None:
    assert jisr.Client is Client


def test_answers_come_as_the_models_of_the_server(jisr_client: Client) -> None:
    answer = jisr_client.search(ARABIC, k=3, lang="en", facets=True)
    assert [hit.passage.lang for hit in answer.hits] == ["en"] * 3
    assert answer.facets
    assert {count.value for count in answer.facets.languages} <= {"ar", "en"}
    hit = answer.hits[0]
    document = jisr_client.document(hit.document.doc_id)
    assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text
    passages = jisr_client.passages(hit.document.doc_id).passages
    at = passages.index(hit.passage)
    told = jisr_client.passage(hit.passage.passage_id)
    around = [None, *passages, None]
    assert (told.before, told.after) == (around[at], around[at + 2])
    assert told.document == hit.document


def test_hits_are_gone_through_page_by_page(jisr_client: Client) -> None:
    listed = list(jisr_client.search_all(ENGLISH, k=30))
    assert [hit.rank for hit in listed] == list(range(1, len(listed) + 1))
    assert len(listed) > 60


def test_documents_are_gone_through_page_by_page(jisr_client: Client) -> None:
    listed = [document.doc_id for document in jisr_client.all_documents(k=10)]
    assert len(set(listed)) == len(listed) == jisr_client.readyz().documents


def test_similar_passages_are_of_other_documents(jisr_client: Client) -> None:
    hit = jisr_client.search(ENGLISH, k=1).hits[0]
    for answer in (
        jisr_client.similar_passages(hit.passage.passage_id),
        jisr_client.similar_to_document(hit.document.doc_id),
    ):
        assert answer.hits
        assert hit.document.doc_id not in {other.document.doc_id for other in answer.hits}
        assert {other.passage.lang for other in answer.hits} == {"ar", "en"}


def test_one_bad_query_of_several_is_told_why(jisr_client: Client) -> None:
    first, second, third = jisr_client.multi_search(
        [{"q": ENGLISH, "k": 2}, {"q": ENGLISH, "since": "soon"}, {"q": ARABIC, "k": 1}]
    ).results
    assert (first.problem, third.problem, second.answer) == (None, None, None)
    assert first.answer
    assert third.answer
    assert (len(first.answer.hits), len(third.answer.hits)) == (2, 1)
    assert second.problem
    assert "soon" in second.problem.detail


def test_facets_count_all_documents(jisr_client: Client) -> None:
    facets = jisr_client.facets()
    assert sum(count.count for count in facets.languages) == jisr_client.readyz().documents
    narrowed = jisr_client.facets(lang="ar")
    assert narrowed.languages == facets.languages
    assert sum(count.count for count in narrowed.years) < sum(count.count for count in facets.years)


def test_a_problem_becomes_an_error_with_its_fields(jisr_client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        jisr_client.document("nowhere")
    error = caught.value
    assert (error.status, error.code, "nowhere" in error.detail, bool(error.hint)) == (404, "not-found", True, True)
    assert str(error).startswith("404: ")


def test_the_server_is_alive_and_ready(jisr_client: Client) -> None:
    assert (jisr_client.healthz().status, jisr_client.readyz().status) == ("ok", "ready")
