"""The server beside builds of its index: before the first one, after the next, and after one that went wrong."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from indexer.build import build
from search.settings import Settings
from web.api.newest import newest_searcher
from web.app import create_app

HARBOUR = "The harbour master of Sfax closed the fishing port on Monday because of the gale."
WELLS = "أعلنت وزارة المياه حفر عشرين بئرا جديدة في واحة سيوة قبل نهاية العام."


@pytest.fixture
def settings(tmp_path: Path, seed_settings: Settings) -> Settings:
    """An index that is not there yet."""
    return Settings(index=tmp_path / "index", cache=seed_settings.cache)


@pytest.fixture
def server(settings: Settings) -> Iterator[TestClient]:
    """A server that was started before the index was built."""
    with TestClient(create_app(settings)) as client:
        yield client


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_server_answers_as_soon_as_the_first_index_is_there(
    server: TestClient, settings: Settings, tmp_path: Path
) -> None:
    assert server.get("/readyz").status_code == 503
    build([write(tmp_path / "news", "harbour.txt", HARBOUR)], settings)
    assert server.get("/readyz").json()["documents"] == 1
    assert server.get("/api/v1/search?q=ميناء+صفاقس").json()["hits"][0]["passage"]["text"] == HARBOUR


def test_a_new_generation_answers_without_a_restart(server: TestClient, settings: Settings, tmp_path: Path) -> None:
    build([write(tmp_path / "news", "harbour.txt", HARBOUR)], settings)
    before = server.get("/api/v1/search?q=new+wells+in+the+oasis")
    known = {"If-None-Match": before.headers["etag"]}
    assert server.get("/api/v1/search?q=new+wells+in+the+oasis", headers=known).status_code == 304
    build([write(tmp_path / "news", "wells.txt", WELLS)], settings)
    after = server.get("/api/v1/search?q=new+wells+in+the+oasis", headers=known)
    assert after.json()["generation"] != before.json()["generation"]
    assert after.json()["hits"][0]["passage"]["text"] == WELLS
    assert after.headers["etag"] != before.headers["etag"]
    assert "jisr_generation_switches_total 1.0" in server.get("/metrics").text


def test_a_damaged_generation_leaves_the_one_before_answering(
    server: TestClient, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build([write(tmp_path / "news", "harbour.txt", HARBOUR)], settings)
    assert server.get("/readyz").status_code == 200
    (settings.folder / "CURRENT").write_text("20990101T000000-missing\n", "utf-8")
    for _ in range(3):
        assert server.get("/api/v1/search?q=harbour").json()["hits"]
    warnings = [record.getMessage() for record in caplog.records if record.name == "web.index"]
    assert len([line for line in warnings if "20990101T000000-missing" in line]) == 1


def test_requests_go_on_while_a_generation_is_published(server: TestClient, settings: Settings, tmp_path: Path) -> None:
    folder = write(tmp_path / "news", "harbour.txt", HARBOUR)
    build([folder], settings)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(server.get, "/api/v1/search?q=harbour") for _ in range(40)]
        build([write(folder, "wells.txt", WELLS)], settings)
        answers += [pool.submit(server.get, "/api/v1/search?q=harbour") for _ in range(10)]
    assert {answer.result().status_code for answer in answers} == {200}
    assert len(answers[-1].result().json()["hits"]) == 2


def test_all_of_one_request_is_answered_from_one_generation(
    server: TestClient, settings: Settings, tmp_path: Path
) -> None:
    folder = write(tmp_path / "news", "harbour.txt", HARBOUR)
    build([folder], settings)
    request = Request({"type": "http", "app": server.app})
    searcher = newest_searcher(request)
    build([write(folder, "wells.txt", WELLS)], settings)
    assert len(newest_searcher(request).documents()) == 2
    assert len(searcher.documents()) == 1
