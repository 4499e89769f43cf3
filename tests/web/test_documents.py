"""The page of a document, read as HTML."""

import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient

from indexer.build import build
from search.records import Hit, Passage
from search.searcher import Options, Searcher
from search.settings import Settings
from tests.conftest import REPOSITORY
from tests.web.html import HtmlElement, one, parsed, select, with_class, words
from tests.web.test_api import ARABIC, ENGLISH
from tests.web.test_pages import get
from web.app import create_app
from web.headers import STRICT_POLICY
from web.reading import WINDOW_CHARS

CURRENT = with_class("current", "mark")
OTHER = with_class("other", "mark")
ANSWERING = "Pakistan"
"""A query that several passages of one document of the seeds answer."""

MARKUP = '</title></h1></mark></p><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }} <b onclick="x()">&amp;'
HOSTILE = [
    f"{MARKUP} closed the port of Tartus for a day, the harbour master said. {MARKUP}",
    f'"><svg/onload=alert(3)> Dockers signed an agreement with the owners on Monday. {MARKUP}',
]
PARAGRAPH = "كان الميناء هادئًا، وكانت السفن تنتظر دورها عند المدخل، والبحارة يعدّون الحبال كما يفعلون كل صباح."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, seed_settings: Settings) -> Iterator[TestClient]:
    """A server over a hostile document, a long one and a PDF."""
    folder = tmp_path_factory.mktemp("shelf")
    record = {"id": MARKUP, "title": MARKUP, "author": MARKUP, "publisher": MARKUP, "text": "\n\n".join(HOSTILE)}
    (folder / "hostile.jsonl").write_text(json.dumps(record), "utf-8")
    (folder / "long.txt").write_text(f"{PARAGRAPH}\n\n" * 1_200, "utf-8")
    settings = Settings(index=folder / "index", cache=seed_settings.cache)
    build([folder, REPOSITORY / "tests/indexer/readers/pdfs/xelatex.pdf"], settings)
    with TestClient(create_app(settings)) as client:
        yield client


def address(passage: Passage, query: str = "", **parameters: str) -> str:
    asked = {"passage": passage.passage_id, "q": query, **parameters}
    return f"/en/documents/{passage.doc_id}?{urlencode({name: value for name, value in asked.items() if value})}"


def hits_in(searcher: Searcher, doc_id: str, query: str) -> list[Hit]:
    """What is to be marked in a document, in its order."""
    answer = searcher.answer(query, Options(k=50, doc_id=doc_id, collapse=False, highlight=True))
    return sorted((hit for hit in answer.hits if not hit.weak), key=lambda hit: hit.passage.start)


def hits_of_one_document(searcher: Searcher) -> list[Hit]:
    """The hits of `ANSWERING` in the document that has most of them."""
    answer = searcher.answer(ANSWERING, Options(k=50, collapse=False))
    ((doc_id, _),) = Counter(hit.document.doc_id for hit in answer.hits if not hit.weak).most_common(1)
    return hits_in(searcher, doc_id, ANSWERING)


@pytest.fixture(scope="module")
def answering(seed_searcher: Searcher) -> list[Hit]:
    return hits_of_one_document(seed_searcher)


def text_of(marks: list[HtmlElement]) -> str:
    """What is marked, without the numbers of hits and pages."""
    for mark in marks:
        for label in select(mark, f".{with_class('number')} | .{with_class('folio')}"):
            label.text = ""
            for part in label:
                part.text = ""
    return " ".join(map(words, marks))


def step(tree: HtmlElement, rel: str) -> list[str]:
    return [link.get("href", "") for link in select(tree, f"{with_class('places')}//a[@rel='{rel}']")]


@pytest.mark.parametrize("query", [ENGLISH, ARABIC])
def test_the_words_that_answer_are_marked_in_the_passage(
    client: TestClient, seed_searcher: Searcher, query: str
) -> None:
    lang = "en" if query == ARABIC else "ar"
    hit = next(hit for hit in seed_searcher.answer(query).hits if hit.passage.lang == lang)
    found = {each.passage: each for each in hits_in(seed_searcher, hit.document.doc_id, query)}[hit.passage]
    tree = get(client, address(hit.passage, query))
    marked = select(tree, f"{CURRENT}/b")
    assert marked
    assert [words(word) for word in marked] == [found.passage.text[mark.start : mark.end] for mark in found.marks]
    for word, mark in zip(marked, found.marks, strict=True):
        assert query[mark.query_start : mark.query_end] in word.get("title", "")


def test_other_hits_of_the_query_are_marked_lighter_and_numbered_in_their_order(
    client: TestClient, answering: list[Hit]
) -> None:
    assert len(answering) >= 3
    at = answering[1].passage
    tree = get(client, address(at, ANSWERING))
    numbers = [words(number) for number in select(tree, f"{OTHER}/a")]
    assert numbers == [str(number) for number in range(1, len(answering) + 1) if number != 2]
    assert text_of(select(tree, CURRENT)) == " ".join(at.text.split())
    others = " ".join(" ".join(hit.passage.text.split()) for hit in answering if hit.passage != at)
    assert text_of(select(tree, OTHER)) == others


def test_links_lead_from_hit_to_hit_and_back(client: TestClient, answering: list[Hit]) -> None:
    tree = get(client, f"/en/documents/{answering[0].passage.doc_id}?q={quote(ANSWERING)}")
    assert words(one(tree, f"{with_class('places')}//nav/span[not(@class)]")).startswith(str(len(answering)))
    seen = []
    while following := step(tree, "next"):
        assert urlsplit(following[0]).fragment == "passage"
        tree = get(client, following[0])
        seen.append(text_of(select(tree, CURRENT)))
    assert seen == [" ".join(hit.passage.text.split()) for hit in answering]
    assert words(one(tree, f"{with_class('places')}//nav/span[not(@class)]")) == f"{len(seen)} of {len(seen)}"
    (previous,) = step(tree, "prev")
    assert text_of(select(get(client, previous), CURRENT)) == seen[-2]
    assert parse_qs(urlsplit(previous).query)["q"] == [ANSWERING]


@pytest.mark.parametrize("query", ["", "x" * 2000], ids=["none", "overlong"])
def test_a_document_can_be_read_without_a_query_that_makes_sense(
    client: TestClient, answering: list[Hit], query: str
) -> None:
    tree = get(client, address(answering[0].passage, query))
    assert text_of(select(tree, CURRENT)) == " ".join(answering[0].passage.text.split())
    assert not select(tree, f"{OTHER} | {with_class('places')}//nav | //mark/b")


def test_more_like_the_passage_is_offered(client: TestClient, answering: list[Hit]) -> None:
    passage = answering[0].passage
    links = select(get(client, address(passage, ANSWERING)), f"{with_class('places')}//a[not(@rel)]/@href")
    assert [urlsplit(str(link)).path for link in links] == [f"/en/similar/{passage.passage_id}"]


def counterparts(searcher: Searcher) -> Iterator[tuple[Passage, Passage]]:
    for document in searcher.documents():
        for passage in searcher.passages(document.doc_id):
            other = searcher.counterpart_of(passage.passage_id)
            if other:
                yield passage, other


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_same_story_is_read_beside_with_the_passage_that_answers_marked(
    client: TestClient, seed_searcher: Searcher, lang: str
) -> None:
    passage, other = next(pair for pair in counterparts(seed_searcher) if pair[0].lang == lang)
    tree = get(client, address(passage, "sea"))
    (offered,) = select(tree, f"{with_class('side-by-side')}//a/@href")
    assert urlsplit(str(offered)).fragment == "passage"
    tree = get(client, str(offered))
    columns = select(tree, f"{with_class('pair')}/article")
    assert [column.get("lang") for column in columns] == [lang, other.lang]
    assert [column.get("dir") for column in columns] == [
        {"ar": "rtl", "en": "ltr"}[lang_] for lang_ in (lang, other.lang)
    ]
    headings = [words(one(column, "./header/*[self::h1 or self::h2]")) for column in columns]
    told = [seed_searcher.document(each.doc_id).title for each in (passage, other)]
    assert headings == [" ".join(title.split()) for title in told]
    for column, each in zip(columns, (passage, other), strict=True):
        assert text_of(select(column, f".{CURRENT}")) == " ".join(each.text.split())
    assert ("flipped" in one(tree, with_class("pair")).get("class", "")) == (lang == "ar")
    alone = [str(link) for link in select(tree, f"{with_class('side-by-side')}//a/@href")]
    assert [urlsplit(link).path for link in alone] == [f"/en/documents/{each.doc_id}" for each in (passage, other)]
    assert not select(get(client, alone[1]), with_class("pair"))


def test_what_is_not_there_cannot_be_read_beside(client: TestClient, answering: list[Hit]) -> None:
    get(client, address(answering[0].passage, beside="nowhere"), 404)


def test_a_passage_can_be_copied_with_its_source(client: TestClient, answering: list[Hit]) -> None:
    passage = answering[0].passage
    tree = get(client, address(passage, ANSWERING))
    folded = one(tree, f"{with_class('places')}//details")
    cited = one(folded, ".//*[@id='citation']")
    assert " ".join(passage.text.split()) in words(cited)
    assert words(one(tree, "//h1")) in words(cited)
    link = words(cited).split()[-1]
    assert (
        text_of(select(get(client, link.removeprefix("http://testserver")), CURRENT)) == words(cited).split("”")[0][1:]
    )
    assert one(folded, ".//button").get("hidden") is not None  # until JavaScript can copy


def found(client: TestClient, query: str, source: str) -> dict[str, str]:
    """The first hit of a source, as the export has it."""
    told = client.get("/export", params={"q": query, "format": "json", "source": source}).json()
    record: dict[str, str] = told["hits"][0]
    return record


def test_pages_of_the_source_stand_where_they_begin(shelf: TestClient) -> None:
    record = found(shelf, "المدينة", "xelatex.pdf")
    path = urlsplit(record["url"]).path
    folios = select(get(shelf, f"/en{path}"), with_class("folio"))
    assert [words(folio) for folio in folios] == ["p. 1", "p. 2"]
    assert [words(folio) for folio in select(get(shelf, f"/ar{path}?digits=arab"), with_class("folio"))] == [
        "ص ١",
        "ص ٢",
    ]


def test_a_long_document_is_read_in_parts(shelf: TestClient) -> None:
    record = found(shelf, "السفن تنتظر عند المدخل", "long.txt")
    path = f"/en{urlsplit(record['url']).path}"
    text = shelf.get(f"/api/v1/documents/{path.rpartition('/')[2]}").json()["text"]
    assert len(text) > WINDOW_CHARS
    shown, parts = [], [path]
    while parts:
        answer = shelf.get(parts.pop())
        assert len(answer.content) < 4 * WINDOW_CHARS
        tree = parsed(answer.text)
        shown += [words(paragraph) for paragraph in select(tree, f"{with_class('text', 'div')}/p")]
        parts += [str(link) for link in select(tree, f"{with_class('go-on')}/a[@rel='next']/@href")]
    assert " ".join(shown) == " ".join(text.split())
    back = select(tree, f"{with_class('go-on')}/a[@rel='prev']/@href")
    assert len(back) == 1


def test_a_long_document_opens_at_its_passage(shelf: TestClient) -> None:
    record = found(shelf, "السفن تنتظر عند المدخل", "long.txt")
    path, query = urlsplit(record["url"])[2:4]
    tree = get(shelf, f"/en{path}?{query}")
    assert text_of(select(tree, CURRENT)) == " ".join(record["passage"].split())


def test_a_document_full_of_markup_shows_as_text_on_its_page(shelf: TestClient) -> None:
    record = found(shelf, "the port of Tartus", "hostile.jsonl")
    assert record["title"] == MARKUP
    url = urlsplit(record["url"])
    answer = shelf.get(f"/en{url.path}?{url.query}&q={quote(MARKUP)}", headers={"Accept": "text/html"})
    tree = parsed(answer.text)
    assert words(one(tree, "//h1")) == MARKUP
    assert MARKUP in words(one(tree, "/html/head/title"))
    assert words(one(tree, with_class("text", "div"))) == " ".join(HOSTILE)
    assert words(one(tree, "//*[@id='citation']")).count(MARKUP) == 6  # in its words, title, author and publisher
    _is_harmless(tree, answer.headers["Content-Security-Policy"])


def test_a_document_full_of_markup_shows_as_text_among_the_results(shelf: TestClient) -> None:
    answer = shelf.get("/en/", params={"q": MARKUP}, headers={"Accept": "text/html"})
    tree = parsed(answer.text)
    assert MARKUP in [words(title) for title in select(tree, f"{with_class('hit', 'li')}//h3")]
    _is_harmless(tree, answer.headers["Content-Security-Policy"])


def _is_harmless(tree: HtmlElement, policy: str) -> None:
    assert policy == STRICT_POLICY
    assert "unsafe" not in policy
    assert not select(tree, "//img | //svg[not(ancestor::header)] | //*[@style] | //@*[starts-with(name(), 'on')]")
    for script in select(tree, "//script"):
        assert urlsplit(script.get("src", "")).path.startswith("/static/")
        assert not words(script)


def test_a_document_full_of_markup_is_text_in_the_api_and_in_exports(shelf: TestClient) -> None:
    record = found(shelf, "the port of Tartus", "hostile.jsonl")
    document = shelf.get(f"/api/v1/documents/{urlsplit(record['url']).path.rpartition('/')[2]}")
    assert document.headers["Content-Type"] == "application/json"
    assert (document.json()["title"], document.json()["text"]) == (MARKUP, "\n\n".join(HOSTILE))
    for format_ in ("csv", "json", "bib", "ris"):
        answer = shelf.get("/export", params={"q": "the port of Tartus", "format": format_})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "html" not in answer.headers["Content-Type"]
        assert "onerror=alert(2)" in answer.text
