from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

QUERY = "joint naval exercises in the Red Sea"


def test_a_ready_server_says_what_it_answers_from(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    body = client.get("/readyz").json()
    assert body["status"] == "ready"
    assert body["generation"] == client.get("/api/v1/search", params={"q": QUERY}).json()["generation"]
    assert body["documents"] >= 40
    assert sum(body["languages"].values()) == body["passages"]
    assert set(body["languages"]) >= {"ar", "en"}


def test_a_server_without_an_index_is_alive_and_says_what_is_missing(unready: TestClient) -> None:
    assert unready.get("/healthz").status_code == 200
    for path in ("/readyz", "/api/v1/search?q=sea", "/api/v1/documents/any"):
        answer = unready.get(path)
        assert answer.status_code == 503
        assert answer.json()["code"] == "missing-index"
        assert "not-built" in answer.json()["detail"]
        assert "jisr index" in answer.json()["hint"]


def test_the_status_tells_of_the_index_and_of_the_work_on_it(client: TestClient, unready: TestClient) -> None:
    body = client.get("/api/v1/status").json()
    assert body["index"] == client.get("/readyz").json()
    assert (body["version"], body["writable"], body["work"]) == ("0.1.0", False, None)
    without = unready.get("/api/v1/status")
    assert (without.status_code, without.json()["index"]) == (200, None)


def test_the_status_is_never_answered_from_memory(client: TestClient) -> None:
    assert "etag" not in client.get("/api/v1/status").headers


def test_prometheus_can_read_the_figures(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert names >= {"jisr_requests", "jisr_index_passages", "process_resident_memory_bytes"}
