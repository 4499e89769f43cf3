"""What a client that has an answer already is told."""

import pytest
from fastapi.testclient import TestClient

SEARCH = "/api/v1/search?q=sea&k=2"


def tag_of(client: TestClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    tag: str = answer.headers["etag"]
    return tag


@pytest.fixture(scope="module")
def document(client: TestClient) -> str:
    doc_id: str = client.get(SEARCH).json()["hits"][0]["document"]["doc_id"]
    return doc_id


@pytest.mark.parametrize("path", [SEARCH, "/?q=sea", "/", "/api/v1/documents/{}", "/documents/{}"])
def test_who_has_an_answer_already_is_told_so(client: TestClient, document: str, path: str) -> None:
    path = path.format(document)
    tag = tag_of(client, path)
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert (answer.headers["etag"], answer.headers["cache-control"]) == (tag, "no-cache")
        assert answer.headers["content-security-policy"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_request_for_headers_alone_has_the_same_tag(client: TestClient) -> None:
    tag = tag_of(client, "/?q=sea")
    assert client.head("/?q=sea").headers["etag"] == tag
    assert client.head("/?q=sea", headers={"If-None-Match": tag}).status_code == 304


def test_another_question_has_another_tag(client: TestClient) -> None:
    tags = [
        tag_of(client, SEARCH),
        tag_of(client, f"{SEARCH}&lang=ar"),
        tag_of(client, "/?q=sea"),
        tag_of(client, "/?q=sea", **{"Accept-Language": "ar"}),
        tag_of(client, "/ar/?q=sea"),
        tag_of(client, "/en/?q=sea"),
        tag_of(client, "/ar/?q=sea&digits=arab"),
    ]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/api/v1/search?q=%20", "/documents/nowhere"])
def test_what_is_no_answer_out_of_the_index_has_no_tag(client: TestClient, path: str) -> None:
    assert "etag" not in client.get(path).headers


def test_long_answers_are_packed_and_short_ones_are_not(client: TestClient) -> None:
    long = client.get(SEARCH, headers={"Accept-Encoding": "gzip"})
    assert (long.headers["content-encoding"], long.headers["vary"]) == ("gzip", "Accept-Encoding, Accept-Language")
    assert long.json()["hits"]
    assert "content-encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
    assert "content-encoding" not in client.get(SEARCH, headers={"Accept-Encoding": "identity"}).headers


def test_without_an_index_nothing_is_known(unready: TestClient) -> None:
    assert unready.get(SEARCH, headers={"If-None-Match": '"any"'}).status_code == 503
