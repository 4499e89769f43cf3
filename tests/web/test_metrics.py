from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from search.settings import Settings
from search.timing import STEPS
from web.app import create_app
from web.metrics import Metrics


@pytest.fixture(scope="module")
def client(seed_settings: Settings) -> Iterator[TestClient]:
    """A server whose figures nobody else moves."""
    with TestClient(create_app(seed_settings)) as ready:
        yield ready


def value(client: TestClient, name: str, **labels: str) -> float:
    assert client.app.state.metrics  # type: ignore[attr-defined]
    metrics: Metrics = client.app.state.metrics  # type: ignore[attr-defined]
    return metrics.registry.get_sample_value(name, labels) or 0.0


def test_requests_are_counted_by_route_and_not_by_address(client: TestClient) -> None:
    for doc_id in ("one", "two"):
        client.get(f"/api/v1/documents/{doc_id}")
    client.get("/nowhere")
    client.request("BREW", "/healthz")
    route = "/api/v1/documents/{doc_id}"
    assert value(client, "jisr_requests_total", method="GET", route=route, status="404") == 2
    assert value(client, "jisr_request_seconds_count", route=route) == 2
    assert value(client, "jisr_requests_total", method="GET", route="none", status="404") == 1
    assert value(client, "jisr_requests_total", method="other", route="/healthz", status="405") == 1


def test_the_steps_of_a_search_are_measured_and_its_hits_counted(client: TestClient) -> None:
    hits = client.get("/api/v1/search?q=Haftar+visit+to+Rawalpindi&k=6&highlight=true").json()["hits"]
    client.get("/?q=Haftar+visit+to+Rawalpindi")
    for step in STEPS:
        taken = 1 if step == "encode" else 2
        assert value(client, "jisr_search_step_seconds_count", step=step) == taken, step
    assert [value(client, "jisr_query_vectors_total", origin=origin) for origin in ("model", "memory")] == [1, 1]
    assert value(client, "jisr_search_step_seconds_sum", step="encode") > 0
    assert value(client, "jisr_searches_total", query_lang="en", answered="true") == 2
    counted = {lang: value(client, "jisr_hits_total", query_lang="en", lang=lang) for lang in ("ar", "en")}
    assert sum(counted.values()) == 6 + 10
    assert all(counted[hit["passage"]["lang"]] for hit in hits)


def test_the_index_is_told_of(client: TestClient) -> None:
    told = client.get("/readyz").json()
    assert value(client, "jisr_index_documents") == told["documents"]
    assert {lang: value(client, "jisr_index_passages", lang=lang) for lang in told["languages"]} == told["languages"]
    assert value(client, "jisr_index_age_seconds") > 0
    assert value(client, "jisr_generation_switches_total") == 0


def test_without_an_index_there_is_nothing_to_tell_of_it(unready: TestClient) -> None:
    assert "jisr_index_age_seconds" not in unready.get("/metrics").text
