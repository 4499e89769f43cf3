"""The page in a real browser, with JavaScript and without."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.test_api import ARABIC, ENGLISH, ROMANISED, UNANSWERED


@pytest.mark.parametrize(
    ("query", "lang", "dir_"), [(ENGLISH, "ar", "rtl"), (ARABIC, "en", "ltr")], ids=["en→ar", "ar→en"]
)
def test_a_query_in_one_language_leads_to_a_passage_in_the_other(page: Page, query: str, lang: str, dir_: str) -> None:
    page.goto("/")
    page.locator("#q").fill(query)
    page.get_by_role("button", name="Search").click()
    hit = page.locator(f"li.hit[lang={lang}]").first
    expect(hit).to_have_css("direction", dir_)
    snippet = (hit.locator(".passage").text_content() or "").strip("… \n")
    hit.locator("h3 a").click()
    marked = page.locator("mark#passage")
    expect(marked).to_be_in_viewport()
    expect(marked).to_have_css("direction", dir_)
    shown = "".join(page.locator("mark").all_text_contents())
    assert "".join(snippet.split()) in "".join(shown.split())
    page.get_by_role("link", name="Results for").click()
    expect(page.locator("#q")).to_have_value(query)


def test_a_query_in_latin_letters_is_read_as_arabic_until_the_reader_objects(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill(ROMANISED)
    page.get_by_role("button", name="Search").click()
    read = page.locator(".read-as")
    expect(read.locator("bdi")).to_have_text(ARABIC)
    expect(read.locator("bdi")).to_have_css("direction", "rtl")
    expect(read).to_have_css("direction", "ltr")
    read.get_by_role("link").click()
    expect(page.locator(".read-as")).to_have_count(0)
    page.get_by_role("button", name="Search").click()
    page.locator("a.names-on").click()
    expect(page.locator(".read-as")).to_be_visible()


def test_a_weak_match_is_drawn_lighter(page: Page) -> None:
    page.goto(f"/?q={UNANSWERED}")
    expect(page.locator(".unanswered")).to_be_visible()
    weak = page.locator("li.hit.weak").first
    expect(weak).to_contain_text("weak match")
    expect(weak).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(weak.locator("h3")).to_have_css("font-weight", "400")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("piracy")
    page.keyboard.press("Enter")
    expect(page.locator("li.hit")).to_have_count(10)


@pytest.mark.parametrize("width", [320, 390, 1600])
def test_nothing_sticks_out_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/",
        f"/?q={ENGLISH}&source=en",
        f"/?q={ROMANISED}",
        f"/?q={UNANSWERED}",
        f"/ar/?q={ENGLISH}&view=columns",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for card in page.locator(
            "li.hit, form, .field:visible, .views, .narrowings, .examples a, .notes, .unanswered"
        ).all():
            edges = card.bounding_box()
            assert edges
            assert edges["x"] >= 0
            assert edges["x"] + edges["width"] <= width


@pytest.mark.parametrize("interface", ["en", "ar"])
def test_side_by_side_arabic_stands_on_the_right_and_on_a_phone_each_has_the_whole_width(
    page: Page, interface: str
) -> None:
    page.goto(f"/{interface}/?q={ENGLISH}&view=columns")
    english, arabic = (page.locator(f".column:has([lang={lang}].column-name)") for lang in ("en", "ar"))
    left, right = english.bounding_box(), arabic.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    page.set_viewport_size({"width": 390, "height": 844})
    above, below = (each.bounding_box() for each in ((english, arabic) if interface == "en" else (arabic, english)))
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
    assert above["x"] == below["x"]


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no javascript"])
def test_balance_and_order_work_by_the_form_alone(page: Page) -> None:
    page.goto(f"/?q={ENGLISH}")
    page.get_by_role("slider", name="Balance").press("Home")
    page.get_by_label("Order").select_option("newest")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("sort=newest.*balance=-1"))
    expect(page.get_by_role("slider", name="Balance")).to_have_value("-1")
    expect(page.locator("li.hit")).to_have_count(10)
    page.get_by_text("Why this passage?").first.click()
    expect(page.locator(".why dl").first).to_be_visible()


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_the_api_reference_needs_nothing_from_elsewhere(page: Page) -> None:
    page.goto("/docs")
    paths = page.request.get("/openapi.json").json()["paths"]
    expect(page.locator(".opblock")).to_have_count(sum(map(len, paths.values())))
    page.locator(".opblock").first.click()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()


def _map(page: Page, query: str = "") -> None:
    page.goto("/map")
    expect(page.locator("figure.map")).to_be_visible(timeout=60_000)  # the page comes back until the map is drawn
    if query:
        page.get_by_role("searchbox").fill(query)
        page.get_by_role("button", name="Show on the map").click()


def test_a_point_of_the_map_leads_to_its_passage(page: Page) -> None:
    _map(page, "pirates board a ship near Bab al-Mandab")
    first = page.locator(".answers a").last
    title = first.locator("title").text_content() or ""
    expect(page.locator(".ranks text").last).to_have_text("1")
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title.removeprefix("1. "))
    expect(page.locator("mark#passage")).to_be_in_viewport()


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_the_map_is_walked_by_the_arrow_keys_and_zoomed(page: Page) -> None:
    _map(page)
    stops = page.locator("figure.map svg a[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    caption = page.locator(".map-caption")
    expect(caption).to_be_visible()
    seen = {caption.text_content()}
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        seen.add(caption.text_content())
    assert len(seen) > 1
    expect(stops).to_have_count(1)
    picture = page.locator("figure.map > svg")
    dot = picture.locator(".points a").first
    before = dot.bounding_box()
    page.keyboard.press("+")
    page.get_by_role("button", name="Zoom in").click()
    width = float((picture.get_attribute("viewBox") or "").split()[2])
    assert width == pytest.approx(1000 / 1.5**2)
    after = dot.bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(before["width"], rel=0.05)  # the map grows, its points do not
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Whole map").click()
    expect(picture).to_have_attribute("viewBox", "0 0 1000 640")
    page.locator("figure.map svg a[tabindex='0']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark#passage")).to_be_visible()


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_a_drag_moves_the_map_and_opens_nothing(page: Page) -> None:
    _map(page)
    page.get_by_role("button", name="Zoom in").click()
    picture = page.locator("figure.map > svg")
    box = picture.bounding_box()
    assert box
    before = picture.get_attribute("viewBox")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    assert picture.get_attribute("viewBox") != before
    assert urlsplit(page.url).path == "/map"


@pytest.mark.parametrize("width", [320, 1600])
def test_the_map_does_not_stick_out_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    _map(page)
    for part in page.locator("html, figure.map, figure.map > svg, .map-regions li").all():
        edges = part.bounding_box()
        assert edges
        assert edges["x"] >= 0
        assert edges["x"] + edges["width"] <= width
