"""Which language the interface speaks: by its address, by the browser, and at a click."""

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.web.html import one, parsed, select, with_class, words
from tests.web.test_api import ARABIC, ENGLISH
from tests.web.test_pages import HIT, get


@pytest.mark.parametrize("path", ["/ar", "/ar/"])
def test_the_arabic_interface_runs_from_right_to_left(client: TestClient, path: str) -> None:
    tree = get(client, path)
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert words(one(tree, "//form//button[@type='submit']")) == "ابحث"
    assert one(tree, "//form").get("action") == "/ar/"


@pytest.mark.parametrize(
    ("accepted", "lang"), [("ar-EG,ar;q=0.9,en;q=0.8", "ar"), ("en-GB,ar;q=0.5", "en"), ("fr", "en")]
)
def test_an_address_without_a_language_speaks_the_browser_s(client: TestClient, accepted: str, lang: str) -> None:
    answer = client.get("/", headers={"Accept": "text/html", "Accept-Language": accepted})
    assert "Accept-Language" in answer.headers["vary"]
    assert parsed(answer.text).get("lang") == lang
    english = client.get("/en/", headers={"Accept-Language": "ar"})
    assert parsed(english.text).get("lang") == "en"
    assert "Accept-Language" not in english.headers.get("vary", "")


@pytest.mark.parametrize("prefix", ["", "/en", "/ar"])
def test_every_link_stays_in_the_language_of_the_address(client: TestClient, prefix: str) -> None:
    tree = get(client, f"{prefix}/?q={quote(ARABIC)}")
    title = select(tree, HIT + "//h3/a")[0].get("href", "")
    assert title.startswith(f"{prefix}/documents/")
    back = one(get(client, title), with_class("back", "nav") + "/a").get("href", "")
    assert back.startswith(f"{prefix}/?q=")


def test_both_interfaces_load_the_same_files(client: TestClient) -> None:
    for loaded in ("//link[@rel='stylesheet']/@href", "//script/@src"):
        english, arabic, browser_s = (get(client, path).xpath(loaded) for path in ("/en/", "/ar/", "/"))
        assert english == arabic == browser_s
        assert all(address.startswith("/static/") for address in english)


def test_a_click_turns_to_the_other_language_and_keeps_what_was_asked(client: TestClient) -> None:
    asked = f"q={quote(ENGLISH).replace('%20', '+')}&lang=ar"
    tree = get(client, f"/?{asked}")
    switch = one(tree, with_class("interface", "a"))
    assert (switch.get("href"), switch.get("lang"), switch.get("dir")) == (f"/ar/?{asked}", "ar", "rtl")
    back = one(get(client, f"/ar/?{asked}"), with_class("interface", "a"))
    assert (back.get("href"), words(back)) == (f"/en/?{asked}", "English")


def test_arabic_indic_digits_go_along_with_every_link(client: TestClient) -> None:
    latin = get(client, f"/ar/?q={quote(ARABIC)}")
    assert "17" in words(latin)
    switch = one(latin, with_class("digits", "a")).get("href", "")
    indic = get(client, switch)
    dates = [words(date) for date in select(indic, HIT + "//time")]
    assert dates
    assert all(set("٠١٢٣٤٥٦٧٨٩") & set(date) and not set("0123456789") & set(date) for date in dates)
    document = get(client, select(indic, HIT + "//h3/a")[0].get("href", ""))
    assert set("٠١٢٣٤٥٦٧٨٩") & set(words(one(document, "//time")))
    hidden = one(indic, "//form//input[@name='digits']")
    assert hidden.get("value") == "arab"
    assert "digits" not in one(indic, with_class("digits", "a")).get("href", "")


def test_digits_that_are_none_are_latin_ones(client: TestClient) -> None:
    assert "digits=" not in one(get(client, "/ar/?digits=roman"), "//form").get("action", "")
    assert not select(get(client, "/ar/?digits=roman"), "//input[@name='digits']")


def test_an_error_speaks_the_language_of_the_address(client: TestClient) -> None:
    tree = get(client, "/ar/nowhere", 404)
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
