"""Writing over HTTP, with a real builder behind it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from indexer.build import build
from indexer.desk import Desk
from search import store
from search.errors import SettingError
from search.settings import Settings
from web.app import create_app

KEY = "a-key-for-the-tests-of-writing"
PATIENCE_S = 120
SURVEY = {
    "text": "أنهى فريق المسح البحري خرائط قاع خليج السويس أمس.",
    "title": "خرائط جديدة لقاع خليج السويس",
    "id": "مسح",
}
STORKS = {"text": "The lighthouse keeper of Tartus counted eleven storks on the mole this morning."}


@pytest.fixture
def settings(tmp_path: Path, seed_settings: Settings) -> Settings:
    return Settings(index=tmp_path / "index", cache=seed_settings.cache, key=KEY)


@pytest.fixture
def server(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, Desk), headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


def accepted(client: TestClient, method: str, path: str, body: Any = None) -> list[str]:
    answer = client.request(method, path, json=body)
    assert answer.status_code == 202, answer.text
    doc_ids: list[str] = answer.json()["doc_ids"]
    return doc_ids


def built(client: TestClient) -> dict[str, Any]:
    """The status as soon as nothing is left to do."""
    deadline = time.monotonic() + PATIENCE_S
    while (work := client.get("/api/v1/status").json()["work"])["state"] != "idle" or work["pending"]:
        assert time.monotonic() < deadline, work
        time.sleep(0.05)
    status: dict[str, Any] = client.get("/api/v1/status").json()
    assert status["work"]["fault"] is None
    return status


def best(client: TestClient, query: str) -> str:
    doc_id: str = client.get("/api/v1/search", params={"q": query}).json()["hits"][0]["document"]["doc_id"]
    return doc_id


def test_documents_are_added_found_and_deleted(server: TestClient, settings: Settings, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "harbour.txt").write_text("The harbour master of Sfax closed the fishing port on Monday.", "utf-8")
    build([news], settings)
    from_file = best(server, "Sfax harbour")

    (news / "wells.txt").write_text("أعلنت وزارة المياه حفر عشرين بئرًا جديدة في واحة سيوة.", "utf-8")
    with store.building(settings.folder):  # so that one build does it all
        survey, storks = accepted(server, "POST", "/api/v1/documents", {"documents": [SURVEY, STORKS]})
        (pending,) = accepted(server, "POST", "/api/v1/documents", {"text": "A third ferry sails to Suakin."})
        assert accepted(server, "DELETE", f"/api/v1/documents/{pending}") == [pending]
        assert accepted(server, "POST", "/api/v1/reindex") == []
    assert built(server)["index"]["documents"] == 4
    assert best(server, "seabed survey of the Gulf of Suez") == survey
    assert best(server, "طيور اللقلق في طرطوس") == storks
    document = server.get(f"/api/v1/documents/{survey}").json()
    assert (document["title"], document["record_id"], document["lang"]) == (SURVEY["title"], "مسح", "ar")
    assert "سيوة" in server.get("/api/v1/search?q=new+wells+in+the+oasis").json()["hits"][0]["passage"]["text"]

    refused = server.delete(f"/api/v1/documents/{from_file}")
    assert (refused.status_code, refused.json()["code"]) == (409, "read-only")
    assert f"jisr remove {news / 'harbour.txt'}" in refused.json()["hint"]
    assert accepted(server, "DELETE", f"/api/v1/documents/{storks}") == [storks]
    assert built(server)["index"]["documents"] == 3
    assert server.get(f"/api/v1/documents/{storks}").status_code == 404
    assert server.delete(f"/api/v1/documents/{storks}").status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", "documents"), ("DELETE", "documents/any"), ("POST", "reindex")])
@pytest.mark.parametrize(
    "headers",
    [
        *(
            {},
            {"Authorization": ""},
            {"Authorization": "Bearer "},
            {"Authorization": "Bearer wrong-key-of-some-length"},
        ),
        *({"Authorization": f"Basic {KEY}"}, {"Authorization": f"Bearer {KEY}x"}, {"Authorization": "Bearer \u00e9"}),
    ],
    ids=range(7),
)
def test_nobody_writes_without_the_key(keyed: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = keyed.request(method, f"/api/v1/{path}", json=STORKS if path == "documents" else None, headers=raw)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert KEY not in answer.text


@pytest.fixture(scope="module")
def keyed(seed_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server with a key, asked by somebody who does not have it; nothing is built."""
    settings = Settings(index=tmp_path_factory.mktemp("keyed") / "index", cache=seed_settings.cache, key=KEY)
    with TestClient(create_app(settings, Desk)) as client:
        yield client


def test_a_server_without_a_key_says_how_to_have_one(client: TestClient) -> None:
    for path in ("/api/v1/documents", "/api/v1/reindex"):
        answer = client.post(path, json=STORKS, headers={"Authorization": f"Bearer {KEY}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "read-only-server")
        assert "JISR_KEY" in answer.json()["hint"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"text": " \n "}, "document.text: String should have at least 1 character"),
        ({"documents": []}, "list.documents: List should have at least 1 item"),
        ({"documents": [STORKS, {"text": ""}]}, "list.documents.1.document"),
        ({**STORKS, "date": "yesterday"}, "document.date"),
        ({**STORKS, "lang": "Arabic!"}, "document.lang"),
        ({**STORKS, "title": "two\nlines"}, "document.title"),
        ({**STORKS, "id": "a\0b"}, "document.id"),
        ({**STORKS, "id": ""}, "document.id"),
        ({**STORKS, "texte": "?"}, "document.texte: Extra inputs are not permitted"),
        ({"text": "x" * 2_000_001}, "document.text"),
        ([], "Input should be"),
    ],
)
def test_what_is_no_document_is_refused(keyed: TestClient, body: Any, complaint: str) -> None:
    answer = keyed.post("/api/v1/documents", json=body, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 422, answer.text
    assert complaint.replace(".1.document", ".1.text") in answer.json()["detail"]
    assert keyed.get("/api/v1/status").json()["work"]["finished"] is None


@pytest.mark.parametrize("key", ["short", "x" * 15, "مفتاح طويل بما يكفي", "a key with spaces in it"])
def test_a_key_that_will_not_do_is_refused_at_the_start(settings: Settings, key: str) -> None:
    with pytest.raises(SettingError, match="The key has") as caught:
        create_app(Settings(index=settings.index, key=key))
    assert key not in caught.value.message
    assert "secrets" in caught.value.hint
