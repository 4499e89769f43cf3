"""Reading a document in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from search.records import Hit, Passage
from search.searcher import Searcher
from tests.web.test_accessibility import violations
from tests.web.test_documents import ANSWERING, address, counterparts, hits_of_one_document

DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
WITH_JAVASCRIPT = pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])


@pytest.fixture(scope="module")
def hits(seed_searcher: Searcher) -> list[Hit]:
    return hits_of_one_document(seed_searcher)


@pytest.fixture(scope="module")
def pair(seed_searcher: Searcher) -> tuple[Passage, Passage]:
    """An Arabic passage late in its document, and the English one that says the same."""
    told = [each for each in counterparts(seed_searcher) if each[0].lang == "ar"]
    return max(told, key=lambda each: each[0].start + each[1].start)


def left_of(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["x"]


def test_links_lead_from_hit_to_hit(page: Page, hits: list[Hit]) -> None:
    page.goto(address(hits[0].passage, ANSWERING))
    page.get_by_role("link", name="Next hit").click()
    expect(page.locator("#passage")).to_be_in_viewport()
    expect(page.locator(".places nav")).to_contain_text("\u20682\u2069 of")
    page.locator("a.number").first.click()
    expect(page.locator(".places nav")).to_contain_text("\u20681\u2069 of")
    expect(page.locator("#passage b").first).to_have_attribute("title", "answers \u2068Pakistan\u2069")
    expect(page.locator("mark.current").first).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


@WITH_JAVASCRIPT
def test_keys_lead_from_hit_to_hit(page: Page, hits: list[Hit]) -> None:
    page.goto(address(hits[0].passage, ANSWERING))
    where = page.locator(".places nav")
    page.keyboard.press("n")
    expect(where).to_contain_text("\u20682\u2069 of")
    page.keyboard.press("p")
    expect(where).to_contain_text("\u20681\u2069 of")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ى', code: 'KeyN', bubbles: true}))")
    expect(where).to_contain_text("\u20682\u2069 of")
    page.keyboard.press("Control+p")
    page.evaluate("localStorage.setItem('jisr.keys-off', '1')")
    page.keyboard.press("p")
    page.wait_for_timeout(100)
    expect(where).to_contain_text("\u20682\u2069 of")


@WITH_JAVASCRIPT
def test_a_passage_is_copied_with_its_source(page: Page, hits: list[Hit]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address(hits[0].passage, ANSWERING))
    page.locator("summary", has_text="Cite").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert " ".join(hits[0].passage.text.split()) in copied
    assert hits[0].document.title in copied
    assert copied.splitlines()[-1].endswith(f"?passage={hits[0].passage.passage_id}#passage")


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no javascript"])
def test_the_citation_can_be_selected_without_javascript(page: Page, hits: list[Hit]) -> None:
    page.goto(address(hits[0].passage, ANSWERING))
    expect(page.locator("#citation")).to_be_hidden()
    page.locator("summary", has_text="Cite").click()
    expect(page.locator("#citation")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()


@pytest.mark.parametrize("interface", ["en", "ar"])
def test_arabic_stands_on_the_right_and_english_on_the_left(
    page: Page, pair: tuple[Passage, Passage], interface: str
) -> None:
    for passage, other in (pair, pair[::-1]):
        page.set_viewport_size(DESKTOP)
        page.goto(f"/{interface}{address(passage, beside=other.doc_id)[3:]}#passage")
        arabic, english = page.locator("article[lang=ar]"), page.locator("article[lang=en]")
        assert left_of(arabic) >= left_of(english) + 400
        expect(arabic.locator("h1, h2")).to_have_css("direction", "rtl")
        expect(page.locator("#passage")).to_be_in_viewport()
        page.set_viewport_size(PHONE)
        assert left_of(arabic) == left_of(english)
        assert page.locator(f"article[lang={passage.lang}] h1").count() == 1


@WITH_JAVASCRIPT
def test_both_columns_open_at_the_passages_that_answer_each_other(page: Page, pair: tuple[Passage, Passage]) -> None:
    passage, other = pair
    page.set_viewport_size({"width": 1280, "height": 600})
    page.goto(f"{address(passage, beside=other.doc_id)}#passage")
    for mark in (page.locator("#passage"), page.locator("#answer")):
        expect(mark).to_be_in_viewport()


@WITH_JAVASCRIPT
@pytest.mark.parametrize("interface", ["en", "ar"])
def test_axe_has_no_complaint(page: Page, hits: list[Hit], pair: tuple[Passage, Passage], interface: str) -> None:
    passage, other = pair
    for path in (address(hits[0].passage, ANSWERING), address(passage, "sea", beside=other.doc_id)):
        page.set_viewport_size(DESKTOP)
        page.goto(f"/{interface}{path[3:]}")
        assert not violations(page)
        page.locator("summary", has_text="Cite" if interface == "en" else "اقتباس").click()
        page.emulate_media(color_scheme="dark")
        assert not violations(page, "color-contrast")
        page.set_viewport_size(PHONE)
        assert not violations(page)
        page.emulate_media(color_scheme="light")


@WITH_JAVASCRIPT
@pytest.mark.parametrize("width", [320, 1000, 1600])
def test_nothing_sticks_out_of_the_screen(
    page: Page, hits: list[Hit], pair: tuple[Passage, Passage], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    passage, other = pair
    for path in (address(hits[0].passage, ANSWERING), address(passage, beside=other.doc_id)):
        page.goto(path)
        page.locator("summary", has_text="Cite").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for part in page.locator("article, .bar, .panel, .text p").all():
            edges = part.bounding_box()
            assert edges
            assert edges["x"] >= 0
            assert edges["x"] + edges["width"] <= width


@WITH_JAVASCRIPT
def test_a_print_has_the_text_and_no_controls(page: Page, hits: list[Hit]) -> None:
    page.goto(address(hits[0].passage, ANSWERING))
    page.emulate_media(media="print")
    for part in (".masthead", ".footer", ".places", "a.number"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator("#passage")).to_be_visible()
    page.emulate_media(media="screen")
