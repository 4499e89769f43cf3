"""The map page without a browser: its points, what it lights up, and what it says while it is being drawn."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from indexer.build import build
from search.settings import Settings
from tests.web.html import HtmlElement, one, parsed, select, with_class, words
from tests.web.test_api import UNANSWERED, search
from tests.web.test_pages import get
from web.app import create_app
from web.maps import HEIGHT, LIT, WIDTH
from web.rendering import HERE

POINTS = with_class("points") + "/a"
ANSWERS = with_class("answers") + "/a"
PIRATES = "pirates board a ship near Bab al-Mandab"
PATIENCE_SECONDS = 120


def drawn(client: TestClient, path: str = "/map") -> HtmlElement:
    """The map page once it has a map."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while client.get("/map").status_code == 202 and time.monotonic() < deadline:
        time.sleep(0.1)
    return get(client, path)


@pytest.fixture(scope="module")
def atlas(client: TestClient) -> HtmlElement:
    return drawn(client)


def test_every_passage_is_a_point_that_leads_to_it(client: TestClient, atlas: HtmlElement) -> None:
    points = select(atlas, POINTS)
    assert len(points) == client.get("/readyz").json()["passages"]
    counted = {kind: len(select(atlas, f"{POINTS}[@class='{kind}']")) for kind in ("ar", "en")}
    assert counted == client.get("/readyz").json()["languages"]
    for point in points[::40]:
        dot = one(point, "./use")
        assert 0 <= float(dot.get("x", "")) <= WIDTH
        assert 0 <= float(dot.get("y", "")) <= HEIGHT
        assert dot.get("href") == f"#dot-{point.get('class')}"
        document = get(client, point.get("href", ""))
        assert words(one(document, "//h1")) == words(one(point, "./title"))
        assert select(document, "//mark[@id='passage']")


def test_regions_are_labelled_in_both_languages_each_in_its_own_direction(atlas: HtmlElement) -> None:
    labels = select(atlas, with_class("labels") + "/text")
    assert {(label.get("lang"), label.get("direction")) for label in labels} == {("ar", "rtl"), ("en", "ltr")}
    listed = select(atlas, with_class("map-regions") + "//li")
    assert len(listed) >= 5
    assert all(select(entry, ".//a/bdi[@lang and @dir]") for entry in listed)


def test_nothing_on_the_page_needs_an_inline_style_or_script(atlas: HtmlElement) -> None:
    assert not select(atlas, "//script[not(@src)] | //*[@style] | //style | //@*[starts-with(name(), 'on')]")


def test_the_style_of_the_map_works_in_both_directions_and_loads_nothing() -> None:
    style = (HERE / "static" / "map.css").read_text("utf-8")
    assert not re.findall(
        r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|float)\s*:", style
    )
    assert not re.findall(r"text-align:\s*(?:left|right)|url\(|@import", style)


def test_the_hits_of_a_query_are_lit_up_with_their_ranks(client: TestClient) -> None:
    tree = drawn(client, f"/map?q={quote(PIRATES)}")
    hits = [hit for hit in search(client, q=PIRATES, k=LIT)["hits"] if not hit["weak"]]
    assert {hit["passage"]["lang"] for hit in hits} == {"ar", "en"}
    lit = select(tree, ANSWERS)
    found = [parse_qs(urlsplit(link.get("href", "")).query) for link in reversed(lit)]
    assert [each["passage"] for each in found] == [[hit["passage"]["passage_id"]] for hit in hits]
    assert all(each["q"] == [PIRATES] for each in found)
    assert all(select(link, "./use[@href='#ring']") for link in lit)
    assert [words(rank) for rank in select(tree, with_class("ranks") + "/text")][::-1] == [
        str(hit["rank"]) for hit in hits
    ]
    listed = select(tree, with_class("map-hits") + "//li//a")
    assert [words(link) for link in listed] == [" ".join(hit["document"]["title"].split()) for hit in hits]
    assert len(select(tree, POINTS)) + len(lit) == client.get("/readyz").json()["passages"]
    assert not select(drawn(client), ANSWERS)


def test_what_nothing_answers_lights_nothing_up(client: TestClient) -> None:
    tree = drawn(client, f"/map?q={quote(UNANSWERED)}")
    assert not select(tree, ANSWERS)
    assert "Nothing on the map" in words(one(tree, with_class("map-hits")))


def test_the_map_is_arabic_below_ar(client: TestClient) -> None:
    tree = drawn(client, f"/ar/map?q={quote(PIRATES)}&digits=arab")
    assert (tree.get("dir"), words(one(tree, "//h1"))) == ("rtl", "خريطة الوثائق")
    assert {link.get("href", "").split("/")[1] for link in select(tree, POINTS)} == {"ar"}
    assert parse_qs(urlsplit(select(tree, POINTS)[0].get("href", "")).query)["digits"] == ["arab"]
    assert words(select(tree, with_class("ranks") + "/text")[-1]) == "١"


def test_a_query_full_of_markup_shows_as_text(client: TestClient) -> None:
    query = '"><script>alert(1)</script>&passage=x'
    tree = drawn(client, f"/map?q={quote(query)}")
    assert not select(tree, "//script[not(@src)]")
    link = parse_qs(urlsplit(select(tree, POINTS)[0].get("href", "")).query)
    assert link["q"] == [query]
    assert len(link["passage"]) == 1


@pytest.mark.parametrize(("path", "status"), [("/map?q=sea&lang=xx", 422), (f"/map?q={'x' * 1001}", 422)])
def test_a_query_that_makes_no_sense_shows_two_lines(client: TestClient, path: str, status: int) -> None:
    drawn(client)
    assert words(one(get(client, path, status), "//*[@role='alert']/h2"))


def test_without_an_index_the_page_says_what_to_do(unready: TestClient) -> None:
    assert "jisr index" in words(one(get(unready, "/map", 503), "//*[@role='alert']/p"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[TestClient, Path, Settings]]:
    """A server over an index of two documents, whose folder and settings come with it."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "well.txt").write_text("بئر القرية\n\nحفر المزارعون بئرًا جديدة قرب القرية.", "utf-8")
    (documents / "ship.txt").write_text("A ship\n\nThe ship left the port of Aden at dawn.", "utf-8")
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(Settings.load().cache / "models")
    settings = Settings(index=tmp_path / "index", cache=cache)
    build([documents], settings)
    with TestClient(create_app(settings)) as client:
        yield client, documents, settings


def test_while_a_map_is_drawn_the_page_says_so_and_a_new_generation_gets_a_new_one(
    own: tuple[TestClient, Path, Settings],
) -> None:
    client, documents, settings = own
    waiting = client.get("/map", headers={"Accept": "text/html"})
    assert (waiting.status_code, waiting.headers["refresh"]) == (202, "2")
    assert "being drawn" in words(one(parsed(waiting.text), "//*[@role='status']"))
    assert len(select(drawn(client), POINTS)) == 2
    (documents / "wheat.txt").write_text("Wheat\n\nThe price of wheat fell in Cairo.", "utf-8")
    build([documents], settings)
    before = get(client, "/map")
    assert len(select(before, POINTS)) == 2
    assert "index has changed" in words(one(before, with_class("notice", "p")))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(select(after := get(client, "/map"), POINTS)) == 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(select(after, POINTS)) == 3
    assert not select(after, with_class("notice", "p"))
    assert len(list((settings.cache / "maps").iterdir())) == 2
