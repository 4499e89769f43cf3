"""What users see of an index whose server is away, and of one that comes later."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from fastapi.testclient import TestClient

from indexer.build import build
from indexer.builder import Builder, Patience
from search.errors import UnavailableError
from search.searcher import Searcher
from search.settings import Settings
from search.submissions import WorkState
from tests.indexer.test_builder import wait_for
from tests.web.html import one, parsed, words
from web.app import create_app
from web.problems import MEDIA_TYPE

TIMEOUT_S = 0.4
NOBODY = "milvus://127.0.0.1:9/archive"  # the port of a service that nobody offers any more


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(index=NOBODY, timeout=TIMEOUT_S, workspace=tmp_path / "workspace")


@pytest.fixture
def server(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_search_says_that_the_server_is_away_and_how_to_wait_longer(settings: Settings) -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:9") as caught:
        Searcher.open(settings)
    assert "JISR_TIMEOUT" in caught.value.hint


def test_a_build_says_so_before_it_begins(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("The ferry to Suakin sails again.", "utf-8")
    with pytest.raises(UnavailableError):
        build([tmp_path / "news.txt"], settings)
    assert not list((settings.folder / "generations").iterdir())


@pytest.mark.parametrize("path", ["/readyz", "/api/v1/search?q=sea", "/api/v1/facets", "/api/v1/documents/any"])
def test_what_needs_the_index_answers_503_and_when_to_come_back(server: TestClient, path: str) -> None:
    answer = server.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (503, MEDIA_TYPE)
    assert answer.json()["code"] == "unavailable"
    assert int(answer.headers["retry-after"]) > 0


def test_what_needs_no_index_goes_on(server: TestClient) -> None:
    assert server.get("/healthz").status_code == 200
    assert server.get("/api/v1/status").json()["index"] is None
    assert "jisr_index_open 0.0" in server.get("/metrics").text


@pytest.mark.parametrize("path", ["/", "/?q=سفينة", "/map", "/documents/any"])
@pytest.mark.parametrize(("lang", "said"), [("en", "out of reach for the moment"), ("ar", "غير متاح في الوقت الحالي")])
def test_pages_say_so_in_the_language_of_the_reader(server: TestClient, path: str, lang: str, said: str) -> None:
    answer = server.get(f"/{lang}{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    problem = words(one(parsed(answer.text), "//*[@role='alert']"))
    assert said in problem
    assert "127.0.0.1" not in problem


def test_only_one_waits_for_a_server_that_is_away(server: TestClient) -> None:
    for _ in range(2):
        server.get("/readyz")
    started = monotonic()
    for _ in range(20):
        assert server.get("/api/v1/search?q=sea").status_code == 503
    assert monotonic() - started < 4 * TIMEOUT_S


def test_a_build_in_the_background_waits_for_the_server_and_says_so(settings: Settings, tmp_path: Path) -> None:
    builder = Builder(settings, Patience(first_s=0.05, longest_s=0.1))
    try:
        builder.ask([tmp_path])
        work = wait_for(builder, lambda work: work.state is WorkState.WAITING)
    finally:
        builder.close()
    assert work.fault is not None
    assert "127.0.0.1:9" in work.fault.message
