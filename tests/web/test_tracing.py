import logging
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from search.settings import Settings
from web.app import create_app
from web.tracing import HEADER, RequestIdFilter, current_id


@pytest.fixture(scope="module")
def client(seed_settings: Settings) -> Iterator[TestClient]:
    """A server with a route that fails."""
    app = create_app(seed_settings)

    @app.get("/break")
    def break_() -> None:
        raise RuntimeError("on purpose")

    with TestClient(app, raise_server_exceptions=False) as ready:
        yield ready


def test_a_request_keeps_the_id_that_it_brings(client: TestClient) -> None:
    assert client.get("/healthz", headers={HEADER: "trace-7f/3"}).headers[HEADER] == "trace-7f/3"


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "a\tb", "‎جسر".encode().decode("latin-1")])
def test_an_id_that_makes_no_sense_is_replaced(client: TestClient, given: str) -> None:
    headers = {HEADER.encode(): given.encode("latin-1")}
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/healthz", headers=headers).headers[HEADER])


def test_requests_have_different_ids(client: TestClient) -> None:
    assert client.get("/healthz").headers[HEADER] != client.get("/healthz").headers[HEADER]


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/api/v1/search", 422), ("/break", 500)])
def test_a_problem_has_the_id_of_its_request(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers={HEADER: "abc-1"})
    assert (answer.status_code, answer.json()["request_id"], answer.headers[HEADER]) == (status, "abc-1", "abc-1")


def test_the_log_has_a_line_for_each_request_without_what_was_looked_for(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "web.tracing"):
        client.get("/api/v1/search?q=secret", headers={HEADER: "abc-2"})
        client.get("/no%0Awhere")
    lines = [record.getMessage() for record in caplog.records if record.name == "web.tracing"]
    assert [re.sub(r"\d+ ms", "", line) for line in lines] == ["GET /api/v1/search 200, ", "GET /no%0Awhere 404, "]


def test_a_record_of_the_log_has_the_id() -> None:
    record = logging.makeLogRecord({})
    assert RequestIdFilter().filter(record)
    assert record.request_id == current_id() == "-"  # type: ignore[attr-defined]
