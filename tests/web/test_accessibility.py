"""WCAG 2.2 AA by axe-core in the browser: both interfaces, light and dark, phone and desktop."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

from tests.web.test_api import ARABIC, ROMANISED, UNANSWERED

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
PATHS = {
    "first page": "/",
    "list": f"/?q={quote(ROMANISED)}&lang=ar&since=2024&page=2",
    "columns": f"/?q={quote(ARABIC)}&view=columns",
    "no answer": f"/?q={quote(UNANSWERED)}",
    "nothing": "/?q=sea&until=1919",
    "error": "/?q=sea&since=soon",
}


def violations(page: Page, *rules: str) -> list[str]:
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    found = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html']} ({node['failureSummary']})" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("interface", ["en", "ar"])
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_axe_has_no_complaint(page: Page, path: str, interface: str) -> None:
    page.set_viewport_size(DESKTOP)
    page.goto(f"/{interface}{path}")
    for summary in page.locator("summary:visible").all()[:4]:
        summary.click()
    assert not violations(page)
    page.emulate_media(color_scheme="dark")
    assert not violations(page, "color-contrast")
    page.set_viewport_size(PHONE)
    assert not violations(page)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_axe_has_no_complaint_about_what_opens(page: Page) -> None:
    page.goto("/?q=piracy")
    page.locator("#q").press_sequentially(" of")
    page.locator("#q").fill("")
    page.get_by_role("option").first.wait_for()
    assert not violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert not violations(page)
    page.keyboard.press("Escape")
    page.locator("a.similar").first.click()
    page.wait_for_url("**/similar/**")
    assert not violations(page)


@pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])
def test_axe_sees_what_is_wrong(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('label[for=q]').remove(); document.getElementById('q').placeholder = ''")
    assert any(each.startswith("label") for each in violations(page))
