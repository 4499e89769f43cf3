"""What the page gains by JavaScript: keys, results while typing, suggestions, earlier searches, marks that light up."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.test_api import ENGLISH

pytestmark = pytest.mark.parametrize("page", [True], indirect=True, ids=["javascript"])

RESULTS = f"/?q={quote(ENGLISH)}"


def title(page: Page, place: int) -> Locator:
    return page.locator("li.hit h3 a").nth(place)


def press(page: Page, key: str, code: str, *, shift: bool = False) -> None:
    """Press a key of a layout that the browser under test does not have."""
    page.evaluate(
        "pressed => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', pressed))",
        {"key": key, "code": code, "shiftKey": shift, "bubbles": True, "cancelable": True},
    )


def test_keys_move_between_hits_and_open_one(page: Page) -> None:
    page.goto(RESULTS)
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(title(page, place)).to_be_focused()
        expect(page.locator("li.hit").nth(place)).to_be_in_viewport()
    address = title(page, 1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_keys_work_on_an_arabic_layout(page: Page) -> None:
    page.goto(f"/ar{RESULTS}")
    press(page, "ت", "KeyJ")
    expect(title(page, 0)).to_be_focused()
    press(page, "ن", "KeyK")
    expect(title(page, 0)).to_be_focused()
    press(page, "ظ", "Slash")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    press(page, "؟", "Slash", shift=True)
    expect(page.get_by_role("dialog", name="لوحة المفاتيح")).to_be_visible()


def test_a_question_mark_lists_the_keys_which_can_be_turned_off(page: Page) -> None:
    page.goto(RESULTS)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    expect(keys.locator("kbd")).to_have_text(["/", "j", "k", "Enter", "?", "Esc"])
    page.keyboard.press("j")
    expect(title(page, 0)).not_to_be_focused()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    expect(title(page, 0)).not_to_be_focused()
    page.get_by_role("button", name="Keyboard").click()
    keys.get_by_role("checkbox").check()
    keys.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(title(page, 0)).to_be_focused()


def test_keys_are_letters_in_the_box_until_escape_leaves_it(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    box = page.locator("#q")
    expect(box).to_be_focused()
    page.keyboard.type("j/k?")
    expect(box).to_have_value("j/k?")
    for _ in range(2):  # the first closes the suggestions where there are any
        page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    expect(box).to_have_value("j/k?")


def test_results_appear_while_typing_and_the_way_back_is_kept(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("piracy")
    expect(page.locator("li.hit")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"/\?q=piracy$"))
    expect(page).to_have_title(re.compile("^piracy"))
    expect(page.get_by_role("status")).to_have_text(page.locator("#counts").inner_text())
    expect(page.locator("#q")).to_be_focused()
    first = title(page, 0).inner_text()
    page.keyboard.type(" off Somalia")
    expect(page).to_have_url(re.compile(r"/\?q=piracy\+off\+Somalia$"))
    page.keyboard.press("Enter")
    expect(page.locator("#counts")).to_be_focused()
    page.go_back()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#q")).to_have_value("")
    page.goto("/?q=piracy")
    assert title(page, 0).inner_text() == first


def test_an_answer_that_comes_late_is_dropped(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"\?q=water$"), hold)
    page.goto("/")
    page.locator("#q").press_sequentially("water")
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    page.locator("#q").press_sequentially("fowl")
    expect(page).to_have_url(re.compile("q=waterfowl$"))
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    assert held
    held[0].continue_()
    page.locator("#q").fill("wetlands")
    expect(page).to_have_url(re.compile("q=wetlands$"))
    expect(page).to_have_title(re.compile("^wetlands"))


def test_the_balance_answers_as_soon_as_it_is_moved(page: Page) -> None:
    page.goto(RESULTS)
    slider = page.get_by_role("slider", name="Balance")
    expect(slider).to_have_attribute("aria-valuetext", "both languages alike")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "Arabic first")
    expect(page).to_have_url(re.compile("balance=1$"))
    expect(page.locator("li.hit").first).to_have_attribute("lang", "ar")


def test_what_is_typed_is_completed_from_a_list(page: Page) -> None:
    page.goto("/")
    box = page.locator("#q")
    box.press_sequentially("desali")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    chosen = options.first.inner_text()
    expect(box).to_have_value(chosen)
    box.press("ArrowUp")
    expect(box).to_have_value("desali")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("li.hit").first).to_be_visible()
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=desali\w"))


def test_earlier_searches_are_offered_until_they_are_forgotten(page: Page) -> None:
    page.goto(RESULTS)
    page.goto("/?q=piracy")
    page.goto("/ar/")
    page.locator("#q").focus()
    listed = page.get_by_role("listbox", name="عمليات بحث سابقة").get_by_role("option")
    expect(listed).to_have_text(["piracy", ENGLISH])
    listed.last.click()
    expect(page.locator("li.hit").first).to_be_visible()
    expect(page.locator("#q")).to_have_value(ENGLISH)
    page.goto("/")
    page.locator("#q").focus()
    page.get_by_role("button", name="Forget these").click()
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.goto("/")
    page.locator("#q").focus()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_browser_that_keeps_nothing_loses_nothing_else(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('forbidden') }})"
    )
    page.goto(RESULTS)
    page.keyboard.press("j")
    expect(title(page, 0)).to_be_focused()
    page.locator("#q").fill("piracy")
    expect(page).to_have_url(re.compile("q=piracy$"))


def test_pointing_at_a_mark_lights_the_word_that_it_answers(page: Page) -> None:
    page.goto(RESULTS)
    mark = page.locator("li.hit[lang=ar] mark").first
    word = mark.get_attribute("data-word")
    asked = page.locator(f".echo [data-word='{word}']")
    assert asked.inner_text() in (mark.get_attribute("title") or "")
    expect(asked).not_to_have_class("lit")
    mark.hover()
    expect(asked).to_have_class("lit")
    expect(mark).to_have_class("lit")
    page.locator("#counts").hover()
    expect(asked).not_to_have_class("lit")
