"""The OpenAPI document: complete, and kept by the running server, whatever is asked of it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.config._checks import NegativeDataRejectionConfig

from indexer.desk import Desk
from search.language import query_language
from search.settings import Settings
from tests.web.serving import serving
from web.app import create_app

EXAMPLES = 10
# What is right by the schema may still make no sense: a date that no calendar has, a source that is not there. And who
# has no key may not write.
REFUSED_FOR_ITS_MEANING = ["2xx", "401", "404", "409", "422"]
REFUSED = ["400", "401", "404", "405", "409", "413", "414", "415", "422"]
KEY = "a-key-for-requests-that-are-made-up"


CONFIG = SchemathesisConfig(
    seed=1,
    projects=ProjectsConfig(
        default=ProjectConfig(
            request_timeout=60,
            generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, no_shrink=True, database="none"),
            checks=ChecksConfig(
                positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=REFUSED_FOR_ITS_MEANING),
                negative_data_rejection=NegativeDataRejectionConfig(expected_statuses=REFUSED),
            ),
        )
    ),
)
promised = schemathesis.openapi.from_dict(create_app(Settings.load()).openapi(), config=CONFIG)


@promised.exclude(tag="writing").parametrize()
def test_the_server_keeps_what_the_document_promises(case: "schemathesis.Case[Any]", address: str) -> None:
    case.call_and_validate(base_url=address)


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, seed_settings: Settings) -> Iterator[str]:
    """Where a server listens that takes documents, and has none yet."""
    index = tmp_path_factory.mktemp("writable") / "index"
    with serving(create_app(Settings(index=index, cache=seed_settings.cache, key=KEY), Desk)) as address:
        yield address


@promised.include(tag="writing").parametrize()
def test_writing_keeps_what_the_document_promises(case: "schemathesis.Case[Any]", writable: str) -> None:
    case.call_and_validate(base_url=writable)
    case.call_and_validate(base_url=writable, headers={"Authorization": f"Bearer {KEY}"})


def document(client: TestClient) -> dict[str, Any]:
    assert isinstance(client.app, FastAPI)
    return client.app.openapi()


def test_every_field_is_described_with_an_example(client: TestClient) -> None:
    schemas = document(client)["components"]["schemas"]
    own = {name: told for name, told in schemas.items() if told.get("type") == "object"}
    assert own.keys() >= {"HitBody", "SearchResponse", "SearchBody", "PassageAnswer", "MultiSearchResponse", "Problem"}
    for name, told in own.items():
        for field, described in told["properties"].items():
            assert described.get("description"), f"{name}.{field}"
            assert described.get("examples") or "$ref" in str(described), f"{name}.{field}"


def test_answers_hold_all_of_their_fields(client: TestClient) -> None:
    schemas = document(client)["components"]["schemas"]
    for name, told in schemas.items():
        if name.endswith(("Head", "Response", "Answer", "List", "HitBody", "FacetsBody", "PassageBody")):
            assert set(told["required"]) == set(told["properties"]), name


def test_every_route_and_parameter_is_described(client: TestClient) -> None:
    told = document(client)
    tags = {tag["name"] for tag in told["tags"] if tag["description"]}
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= tags
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (operation["operationId"], parameter["name"])
            assert parameter["schema"].get("examples") or parameter.get("examples"), parameter["name"]
        for status, answer in operation["responses"].items():
            assert answer["description"], (operation["operationId"], status)


def test_limits_stand_in_the_document(client: TestClient) -> None:
    parameters = {each["name"]: each for each in document(client)["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert set(parameters) == {
        *("q", "k", "cursor", "lang", "since", "until", "source"),
        *("balance", "min_score", "sort", "facets", "names", "explain", "highlight"),
    }
    assert (parameters["k"]["schema"]["minimum"], parameters["k"]["schema"]["maximum"]) == (1, 100)
    assert (parameters["q"]["schema"]["minLength"], parameters["q"]["schema"]["maxLength"]) == (1, 1000)
    languages = {language for each in parameters["q"]["schema"]["examples"] for language in [query_language(each)]}
    assert languages == {"ar", "en"}


@pytest.mark.parametrize("name", ["k1", "query", "digits"])
def test_a_parameter_that_is_not_described_is_refused(client: TestClient, name: str) -> None:
    answer = client.get("/api/v1/search", params={"q": "sea", name: "1"})
    assert (answer.status_code, name in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    "body", [b'{"q": "\\ud800"}', b'{"q": "sea", "k": "3"}', b'{"q": "sea", "names": 1}', b"[]", b"{}"]
)
def test_a_body_of_other_types_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/search", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_nul_in_a_query_is_looked_for_like_anything_else(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=sea%00port").status_code == 200


def test_a_method_that_does_not_work_is_told_all_that_do(client: TestClient) -> None:
    answer = client.delete("/api/v1/search")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
