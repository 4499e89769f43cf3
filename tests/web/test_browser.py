"""The page in a real browser: Debian's Chromium, driven over a real server on the loopback interface."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from search.settings import Settings
from tests.web.test_api import ARABIC, ENGLISH, ROMANISED, UNANSWERED
from web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
START_SECONDS = 60


@pytest.fixture(scope="module")
def address(seed_settings: Settings) -> Iterator[str]:
    """Where the server listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(seed_settings), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip where there is none; in CI its absence is a failure."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{CHROMIUM} is not here: apt-get install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test if it asked another server for anything or the console had a complaint."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    elsewhere = [
        url for url in asked if urlsplit(url).netloc != urlsplit(address).netloc and not url.startswith("data:")
    ]
    assert not elsewhere
    assert not complaints


@pytest.mark.parametrize(
    ("query", "lang", "dir_"), [(ENGLISH, "ar", "rtl"), (ARABIC, "en", "ltr")], ids=["en→ar", "ar→en"]
)
def test_a_query_in_one_language_leads_to_a_passage_in_the_other(page: Page, query: str, lang: str, dir_: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("button", name="Search").click()
    hit = page.locator(f"li.hit[lang={lang}]").first
    expect(hit).to_have_css("direction", dir_)
    snippet = (hit.locator(".passage").text_content() or "").removesuffix("…").strip()
    hit.get_by_role("link").click()
    marked = page.locator("mark#passage")
    expect(marked).to_be_in_viewport()
    expect(marked).to_have_css("direction", dir_)
    shown = "".join(page.locator("mark").all_text_contents())
    assert "".join(shown.split()).startswith("".join(snippet.split()))
    page.get_by_role("link", name="Results for").click()
    expect(page.get_by_role("searchbox")).to_have_value(query)


def test_a_query_in_latin_letters_is_read_as_arabic_until_the_reader_objects(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(ROMANISED)
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
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("piracy")
    page.keyboard.press("Enter")
    expect(page.locator("li.hit")).to_have_count(10)


@pytest.mark.parametrize("width", [320, 390, 1600])
def test_nothing_sticks_out_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", f"/?q={ENGLISH}&source=en", f"/?q={ROMANISED}", f"/?q={UNANSWERED}"):
        page.goto(path)
        box = page.locator("html").bounding_box()
        assert box
        assert box["width"] <= width
        for card in page.locator("li.hit, form, .field:visible, .examples a, .notes, .unanswered").all():
            edges = card.bounding_box()
            assert edges
            assert edges["x"] >= 0
            assert edges["x"] + edges["width"] <= width


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_the_api_reference_needs_nothing_from_elsewhere(page: Page) -> None:
    page.goto("/docs")
    expect(page.locator(".opblock")).to_have_count(4)
    page.locator("#operations-search-search_api_v1_search_get").click()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()
