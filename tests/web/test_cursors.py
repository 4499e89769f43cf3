"""Cursors: lists in parts that fit together, also while the index changes, and what is no cursor."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build
from search.errors import QueryError
from search.settings import Settings
from tests.web.test_api import ARABIC, ENGLISH
from web.api.cursors import Place
from web.app import create_app

PASSAGES = "/api/v1/search"


def ask(client: TestClient, path: str, status: int = 200, **parameters: Any) -> dict[str, Any]:
    answer = client.get(path, params=parameters)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def parts(client: TestClient, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        part = ask(client, path, cursor=cursor, **parameters)
        yield part
        cursor = part["next_cursor"]


@pytest.mark.parametrize("sort", ["score", "newest"])
def test_a_list_in_parts_is_the_whole_list(client: TestClient, sort: str) -> None:
    whole = ask(client, PASSAGES, q=ARABIC, k=100, sort=sort)["hits"]
    for k in (7, 40):
        listed = [hit for part in parts(client, PASSAGES, q=ARABIC, k=k, sort=sort) for hit in part["hits"]]
        assert [hit["rank"] for hit in listed] == list(range(1, len(listed) + 1))
        assert listed[: len(whole)] == whole
        names = [hit["passage"]["passage_id"] for hit in listed]
        assert len(set(names)) == len(names)


def test_documents_are_listed_in_parts_in_the_order_of_their_sources(client: TestClient) -> None:
    listed = [each for part in parts(client, "/api/v1/documents", k=9) for each in part["documents"]]
    assert [each["source"] for each in listed] == sorted(each["source"] for each in listed)
    assert len({each["doc_id"] for each in listed}) == len(listed) == ask(client, "/api/v1/documents")["total"]
    arabic = [each for part in parts(client, "/api/v1/documents", lang="ar") for each in part["documents"]]
    assert arabic == [each for each in listed if each["lang"] == "ar"]


def test_k_may_change_on_the_way_and_nothing_else(client: TestClient) -> None:
    cursor = ask(client, PASSAGES, q=ENGLISH, k=3)["next_cursor"]
    assert [hit["rank"] for hit in ask(client, PASSAGES, q=ENGLISH, k=2, explain=True, cursor=cursor)["hits"]] == [4, 5]
    for other in (
        {"q": ARABIC},
        {"q": ENGLISH, "lang": "ar"},
        {"q": ENGLISH, "balance": 0.5},
        {"q": ENGLISH, "sort": "newest"},
    ):
        problem = ask(client, PASSAGES, 422, cursor=cursor, **other)
        assert "another search" in problem["detail"]
    assert "another search" in ask(client, "/api/v1/documents", 422, cursor=cursor)["detail"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "////", "W1tbW1tb", "bnVsbA", "MQ", "WzEsMiwzXQ", "é", base64.b64encode(b'["a",1e400,"b"]').decode()],
)
def test_what_is_no_cursor_is_said_to_be_none(client: TestClient, cursor: str) -> None:
    problem = ask(client, PASSAGES, 422, q=ENGLISH, cursor=cursor)
    assert (problem["code"], "no cursor" in problem["detail"]) == ("query", True)


@given(generation=st.text(max_size=30), offset=st.integers(0, 2**31), digest=st.text(max_size=20))
def test_a_cursor_is_read_as_it_was_written(generation: str, offset: int, digest: str) -> None:
    place = Place(generation, offset, digest)
    assert Place.read(place.written()) == place
    assert place.after(3).offset == offset + 3


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_anything_else_is_refused(text: str) -> None:
    for cursor in (text, base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode()):
        try:
            place = Place.read(cursor)
        except QueryError:
            continue
        assert Place.read(place.written()) == place


def test_a_list_goes_on_in_the_build_that_it_began_in(tmp_path: Path, seed_settings: Settings) -> None:
    settings = Settings(index=tmp_path / "index", cache=seed_settings.cache)
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"The harbour of port {number} was dredged again in spring.\n", "utf-8")
    build([folder], settings)
    with TestClient(create_app(settings)) as client:
        before = [hit for part in parts(client, PASSAGES, q="harbour", k=2) for hit in part["hits"]]
        first = ask(client, PASSAGES, q="harbour", k=2)
        for name in ("0", "3"):
            (folder / f"{name}.txt").unlink()
        build([folder], settings)
        assert ask(client, PASSAGES, q="harbour", k=6)["generation"] != first["generation"]
        second = ask(client, PASSAGES, q="harbour", k=6, cursor=first["next_cursor"])
        assert second["generation"] == first["generation"]
        assert [*first["hits"], *second["hits"]] == before
        for name in ("1", "2"):
            (folder / f"{name}.txt").unlink()
            build([folder], settings)
            ask(client, PASSAGES, q="harbour")
        gone = ask(client, PASSAGES, 410, q="harbour", k=2, cursor=first["next_cursor"])
        assert (gone["code"], first["generation"] in gone["detail"]) == ("expired", True)
