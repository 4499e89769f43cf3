"""The application over the seed index: asked without a network, and by a real browser over the loopback interface."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from search.settings import Settings
from tests.web.serving import serving
from web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE_MS = 30_000
REFUSED = 422


@pytest.fixture(scope="session")
def client(seed_settings: Settings) -> Iterator[TestClient]:
    """A client of a server that is ready."""
    with TestClient(create_app(seed_settings)) as ready:
        yield ready


@pytest.fixture
def unready(tmp_path: Path, seed_settings: Settings) -> Iterator[TestClient]:
    """A client of a server that started before the first index was built."""
    settings = Settings(index=tmp_path / "not-built", cache=seed_settings.cache)
    with TestClient(create_app(settings)) as waiting:
        yield waiting


@pytest.fixture(scope="session")
def address(seed_settings: Settings) -> Iterator[str]:
    """Where a server over the seed documents listens."""
    with serving(create_app(seed_settings)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip where there is none; in CI its absence is a failure."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{CHROMIUM} is not here: apt-get install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def _is_complaint(line: ConsoleMessage) -> bool:
    """Whether a line of the console is one; that a page was refused with a reason is told there, too."""
    return line.type in {"error", "warning"} and f"status of {REFUSED}" not in line.text


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test if it asked another server for anything or the console had a complaint."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("console", lambda line: complaints.append(line.text) if _is_complaint(line) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    elsewhere = [
        url for url in asked if urlsplit(url).netloc != urlsplit(address).netloc and not url.startswith("data:")
    ]
    assert not elsewhere
    assert not complaints
