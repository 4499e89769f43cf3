"""The export of the result page: what is asked for, and what comes down."""

import csv
import json
from io import StringIO
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.web.html import one, select, with_class, words
from tests.web.test_api import ARABIC, ENGLISH, search
from tests.web.test_pages import get


def test_the_file_has_the_hits_of_the_page_and_those_after_them(client: TestClient) -> None:
    hits = search(client, q=ENGLISH, k=100)["hits"]
    told = client.get("/export", params={"q": ENGLISH, "format": "json"}).json()
    assert [record["passage"] for record in told["hits"]] == [hit["passage"]["text"] for hit in hits]


def test_the_filters_of_the_page_hold_for_the_file(client: TestClient) -> None:
    filters = {"q": ENGLISH, "lang": "ar", "since": "2025-02", "until": "2025-11-30", "source": "ar"}
    rows = list(csv.DictReader(StringIO(client.get("/export", params=filters).content.decode("utf-8-sig"))))
    assert rows
    assert {row["lang"] for row in rows} == {"ar"}
    assert all("2025-02" <= row["date"] < "2025-12" and row["source"].startswith("ar/") for row in rows)


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_an_address_in_the_file_leads_to_the_passage(client: TestClient, prefix: str) -> None:
    answer = client.get(f"{prefix}/export", params={"q": ARABIC, "format": "json"})
    record = json.loads(answer.content)["hits"][0]
    address = urlsplit(record["url"])
    assert (address.scheme, address.netloc, address.fragment) == ("http", "testserver", "passage")
    assert list(parse_qs(address.query)) == ["passage"]
    tree = get(client, f"{address.path}?{address.query}")
    assert words(one(tree, "//h1")) == " ".join(record["title"].split())
    assert one(tree, "//*[@id='passage']") is not None


def test_a_download_is_named_after_the_query(client: TestClient) -> None:
    answer = client.get("/export", params={"q": "naval exercises", "format": "bib"})
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="jisr-naval-exercises.bib"')
    assert "@misc{" in answer.text
    assert client.head("/export", params={"q": "naval exercises", "format": "ris"}).status_code == 200


@pytest.mark.parametrize("asked", ["q=", "q=sea&format=doc", "q=sea&since=soon"])
def test_what_cannot_be_exported_is_a_page_that_says_so(client: TestClient, asked: str) -> None:
    assert words(one(get(client, f"/export?{asked}", 422), "//*[@role='alert']/h2"))


def test_the_results_offer_the_files(client: TestClient) -> None:
    links = select(get(client, f"/ar/?q={quote(ENGLISH)}&lang=ar&page=2"), with_class("export", "nav") + "/a")
    assert [words(link) for link in links] == ["CSV", "JSON", "BibTeX", "RIS"]
    for link in links:
        address = link.get("href", "")
        assert parse_qs(urlsplit(address).query)["lang"] == ["ar"]
        assert client.get(address).headers["Content-Disposition"].startswith("attachment;")
