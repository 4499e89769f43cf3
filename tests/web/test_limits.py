from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from web.limits import MAX_BODY_BYTES, MAX_PARAMETERS, MAX_QUERY_BYTES
from web.problems import MEDIA_TYPE

BLOCK = b" " * 2**20


def blocks(count: int) -> Iterator[bytes]:
    """A body whose length nobody told."""
    return (BLOCK for _ in range(count))


@pytest.mark.parametrize("body", [b" " * (MAX_BODY_BYTES + 1), blocks(MAX_BODY_BYTES // len(BLOCK) + 1)])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, body: bytes | Iterator[bytes]) -> None:
    answer = client.post("/api/v1/documents", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, MEDIA_TYPE)
    assert "16 MiB" in answer.json()["detail"]
    assert answer.headers["content-security-policy"]


def test_a_body_within_the_limit_is_read(client: TestClient) -> None:
    answer = client.post("/api/v1/documents", content=blocks(2), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_query_string_beyond_the_limit_is_refused(client: TestClient) -> None:
    answer = client.get(f"/api/v1/search?q={'x' * MAX_QUERY_BYTES}")
    assert (answer.status_code, answer.json()["code"]) == (414, "request-uri-too-long")


def test_a_browser_is_refused_with_a_page(client: TestClient) -> None:
    answer = client.get(f"/ar/?q={'x' * MAX_QUERY_BYTES}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (414, "text/html; charset=utf-8")


def test_parameters_beyond_the_limit_are_refused(client: TestClient) -> None:
    for count, status in ((MAX_PARAMETERS, 200), (MAX_PARAMETERS + 1, 422)):
        answer = client.get("/api/v1/search?" + "&".join(["q=sea"] * count))
        assert answer.status_code == status
    assert "more than 100 parameters" in answer.json()["detail"]


def test_the_description_of_the_api_tells_of_the_limits(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "413" in paths["/api/v1/documents"]["post"]["responses"]
    for path in paths.values():
        for route in path.values():
            assert {"414", "422"} <= set(route["responses"])
