from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.web.html import HtmlElement, one, parsed, select, with_class, words
from tests.web.test_api import ARABIC, ENGLISH, search
from web.headers import SECURITY_HEADERS

HIT = with_class("hit", "li")


def get(client: TestClient, path: str, status: int = 200) -> HtmlElement:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    return parsed(answer.text)


def results(client: TestClient, query: str, lang: str = "") -> HtmlElement:
    return get(client, f"/?q={quote(query)}&lang={lang}")


def test_the_first_page_offers_an_example_in_each_language(client: TestClient) -> None:
    tree = get(client, "/")
    examples = select(tree, with_class("examples", "ul") + "/li")
    assert [(each.get("lang"), each.get("dir")) for each in examples] == [("en", "ltr"), ("ar", "rtl")]
    for example in examples:
        link = one(example, "./a").get("href", "")
        assert select(get(client, link), HIT)


def test_the_form_works_without_javascript(client: TestClient) -> None:
    tree = get(client, "/")
    form = one(tree, "//form")
    assert (form.get("action"), form.get("method"), form.get("role")) == ("/", "get", "search")
    assert [option.get("value") for option in select(form, ".//select/option")] == [
        *("", "ar", "en"),
        *("score", "newest", "oldest"),
    ]
    labelled = {label.get("for") for label in select(form, ".//label")}
    assert labelled == {field.get("id") for field in select(form, ".//input | .//select")}
    assert {field.get("name") for field in select(form, ".//input")} == {"q", "since", "until", "source", "balance"}


@pytest.mark.parametrize("path", ["/", f"/?q={quote(ENGLISH)}"])
def test_no_script_and_no_style_stands_in_the_page(client: TestClient, path: str) -> None:
    tree = get(client, path)
    assert not select(tree, "//style | //*[@style] | //@*[starts-with(name(), 'on')]")
    scripts = select(tree, "//script")
    assert scripts
    assert all(script.get("src") and not script.text for script in scripts)


def test_the_form_keeps_what_was_asked(client: TestClient) -> None:
    tree = results(client, ARABIC, "en")
    box = one(tree, "//input[@name='q']")
    assert (box.get("value"), box.get("lang"), box.get("dir")) == (ARABIC, "ar", "auto")
    assert [option.get("value") for option in select(tree, "//option[@selected]")] == ["en"]
    assert one(tree, "//title").text_content().startswith(ARABIC)


def test_the_filters_are_folded_away_until_they_are_used(client: TestClient) -> None:
    tree = get(client, f"/?q={quote(ENGLISH)}&since=&until=&source=")
    folded = one(tree, "//form" + with_class("filters", "details"))
    assert folded.get("open") is None
    offered = {option.get("value") for option in select(folded, ".//datalist/option")}
    assert {"صحيفة المرفأ", "Red Sea Dispatch"} <= offered


def test_the_filters_live_in_the_address(client: TestClient) -> None:
    address = f"/?q={quote(ENGLISH)}&since=2025-02&until=2025-11-30&source=en&source={quote('صحيفه المرفا')}&source="
    tree = get(client, address)
    parameters = {"q": ENGLISH, "since": "2025-02", "until": "2025-11-30", "source": ["en", "صحيفه المرفا"]}
    hits = client.get("/api/v1/search", params=parameters).json()["hits"]
    titles = [words(title) for title in select(tree, HIT + "//h3")]
    assert titles == [" ".join(hit["document"]["title"].split()) for hit in hits]
    form = one(tree, "//form")
    assert one(form, "." + with_class("filters", "details")).get("open") is None
    shown = [words(chip) for chip in select(tree, with_class("active") + with_class("chip", "a"))]
    assert shown == ["from 2025-02 ×", "until 30 November 2025 ×", "en ×", "صحيفه المرفا ×"]
    typed = {name: [field.get("value") for field in select(form, f".//input[@name='{name}']")] for name in parameters}
    assert typed == {
        "q": [ENGLISH],
        "since": ["2025-02"],
        "until": ["2025-11-30"],
        "source": ["en", "صحيفه المرفا", ""],
    }
    document = get(client, select(tree, HIT + "//h3/a")[0].get("href", ""))
    back = one(document, with_class("back", "nav") + "/a").get("href", "")
    assert parse_qs(urlsplit(back).query) == {
        name: value if isinstance(value, list) else [value] for name, value in parameters.items()
    }


def test_filters_that_leave_nothing_are_told_so(client: TestClient) -> None:
    nothing = one(get(client, "/?q=sea&until=2019"), with_class("nothing", "section"))
    assert "other dates or sources" in words(nothing)


@pytest.mark.parametrize("query", [ENGLISH, ARABIC])
def test_the_page_shows_the_hits_of_the_api_each_in_its_own_direction(client: TestClient, query: str) -> None:
    hits = search(client, q=query, k=10)["hits"]
    cards = select(results(client, query), HIT)
    assert len(cards) == len(hits) == 10
    for card, hit in zip(cards, hits, strict=True):
        passage, title = one(card, "." + with_class("passage", "p")), one(card, ".//h3")
        for element, lang in ((card, "passage"), (passage, "passage"), (title, "document")):
            assert element.get("lang") == hit[lang]["lang"]
            assert element.get("dir") == {"ar": "rtl", "en": "ltr"}[hit[lang]["lang"]]
        assert words(title) == " ".join(hit["document"]["title"].split())
        assert words(passage).strip("… ") in " ".join(hit["passage"]["text"].split())
        assert hit["document"]["source"] in words(one(card, "." + with_class("source", "li")))
        assert one(card, ".//time").get("datetime") == hit["document"]["date"]
        assert words(one(card, "." + with_class("badge", "span"))) in {"العربية", "English"}
        assert select(card, ".//bdi")


def test_the_languages_of_the_hits_are_counted(client: TestClient) -> None:
    tree = results(client, ENGLISH)
    langs = [card.get("lang") for card in select(tree, HIT)]
    line = words(one(tree, with_class("counts", "h2")))
    assert set(line.split(", ")) == {f"{langs.count('ar')} Arabic", f"{langs.count('en')} English"}
    assert words(one(results(client, ENGLISH, "ar"), with_class("counts", "h2"))) == "10 Arabic"


@pytest.mark.parametrize("query", [ENGLISH, ARABIC])
def test_a_title_leads_to_the_document_with_the_passage_marked(client: TestClient, query: str) -> None:
    hit = search(client, q=query, k=1)["hits"][0]
    link = one(select(results(client, query), HIT)[0], ".//h3/a").get("href", "")
    assert urlsplit(link).fragment == "passage"
    tree = get(client, link)
    marks = select(tree, with_class("current", "mark"))
    assert [mark.get("id") for mark in marks] == ["passage"] + [None] * (len(marks) - 1)
    assert " ".join(map(words, marks)) == " ".join(hit["passage"]["text"].split())
    text = one(tree, with_class("text", "div"))
    assert (text.get("lang"), text.get("dir")) == (
        hit["document"]["lang"],
        {"ar": "rtl", "en": "ltr"}[text.get("lang", "")],
    )
    assert words(one(tree, "//h1")) == " ".join(hit["document"]["title"].split())


def test_the_document_is_shown_whole_paragraph_by_paragraph(client: TestClient) -> None:
    doc_id = search(client, q=ARABIC, k=1)["hits"][0]["document"]["doc_id"]
    text = client.get(f"/api/v1/documents/{doc_id}").json()["text"]
    shown = [words(each) for each in select(get(client, f"/documents/{doc_id}"), with_class("text", "div") + "/p")]
    assert shown == [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def test_the_document_leads_back_to_the_search(client: TestClient) -> None:
    link = one(select(results(client, ARABIC, "en"), HIT)[0], ".//h3/a").get("href", "")
    back = one(get(client, link), with_class("back", "nav") + "/a").get("href", "")
    assert parse_qs(urlsplit(back).query) == {"q": [ARABIC], "lang": ["en"]}


def test_a_passage_that_the_index_no_longer_has_is_said_to_be_gone(client: TestClient) -> None:
    doc_id = search(client, q=ENGLISH, k=1)["hits"][0]["document"]["doc_id"]
    tree = get(client, f"/documents/{doc_id}?passage=gone")
    assert not select(tree, "//mark")
    assert "index has changed" in words(one(tree, with_class("notice", "p")))
    assert not select(get(client, f"/documents/{doc_id}"), with_class("notice", "p"))


@pytest.mark.parametrize(
    "path",
    [f"/?q={'x' * 1001}", "/?q=sea&lang=xx", "/?q=sea&since=soon", "/?q=sea&source=nobody"],
    ids=["overlong query", "unknown language", "no date", "unknown source"],
)
def test_a_query_that_makes_no_sense_keeps_the_box_and_shows_two_lines(client: TestClient, path: str) -> None:
    tree = get(client, path, 422)
    assert one(tree, "//input[@name='q']").get("value")
    assert bool(select(tree, "//form//details[@open]")) == ("&since" in path or "&source" in path)
    problem = one(tree, "//*[@role='alert']")
    assert words(one(problem, "./h2"))
    assert words(one(problem, "./p"))


def test_a_mistake_is_told_in_the_language_of_the_interface(client: TestClient) -> None:
    problem = one(get(client, "/ar/?q=sea&since=soon", 422), "//*[@role='alert']")
    assert "ليس تاريخًا" in words(one(problem, "./h2"))
    assert not select(problem, ".//*[@lang]")
    nowhere = one(get(client, "/ar/nowhere", 404), "//*[@role='alert']")
    assert words(one(nowhere, "./h2")) == "لا شيء في العنوان /ar/nowhere."
    refused = one(get(client, "/ar/?q=sea&balance=7", 422), "//*[@role='alert']")
    assert "balance" in words(one(refused, "./h2"))


def test_what_an_operator_has_to_do_is_told_in_english_and_said_to_be(unready: TestClient) -> None:
    problem = one(get(unready, "/ar/", 503), "//*[@role='alert']")
    assert {(line.get("lang"), line.get("dir")) for line in select(problem, "./*")} == {("en", "ltr")}


@pytest.mark.parametrize("path", ["/", "/?q=sea", "/documents/any"])
def test_without_an_index_every_page_says_what_to_do(unready: TestClient, path: str) -> None:
    problem = one(get(unready, path, 503), "//*[@role='alert']")
    assert "not-built" in words(one(problem, "./h2"))
    assert "jisr index" in words(one(problem, "./p"))


@pytest.mark.parametrize("path", ["/", f"/?q={quote(ENGLISH)}"])
def test_a_page_has_landmarks_and_a_way_to_skip_to_them(client: TestClient, path: str) -> None:
    tree = get(client, path)
    assert one(tree, "/html").get("lang") == "en"
    assert len(select(tree, "//h1")) == len(select(tree, "//main")) == 1
    assert select(tree, "/html/body/header")
    assert select(tree, "/html/body/footer")
    skip = select(tree, "/html/body/a")[0]
    assert skip.get("href") == f"#{one(tree, '//main').get('id')}"


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    for path in ("/", f"/?q={quote(ENGLISH)}", "/docs"):
        tree = parsed(client.get(path).text)
        loaded = [each.get("href") or each.get("src") or "" for each in select(tree, "//link | //script | //img")]
        assert loaded
        for address in loaded:
            assert address.startswith("/")
            assert not address.startswith("//")
            assert client.get(address).status_code == 200


def test_a_query_full_of_markup_shows_as_text(client: TestClient) -> None:
    query = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    tree = results(client, query)
    assert not select(tree, "//script[not(@src)] | //img")
    assert one(tree, "//input[@name='q']").get("value") == query
    for card in select(tree, HIT):
        assert query in parse_qs(urlsplit(one(card, ".//h3/a").get("href", "")).query)["q"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_answer_head(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == 200
