"""What the page says about an answer: how sure it is, how the query was read, other spellings, other places."""

import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from indexer.build import build
from search.settings import Settings
from tests.conftest import SEEDS
from tests.web.html import HtmlElement, one, select, with_class, words
from tests.web.test_api import ARABIC, ROMANISED, SAME_STORY, UNANSWERED, search
from tests.web.test_pages import HIT, get
from web.app import create_app
from web.wording import wording

NAMES = "Haftar visit to Rawalpindi"
FERRY = "the ferry between Port Said and Limassol"
FERRY_ARABIC = "عودة العبارة إلى ليماسول"
UNANSWERED_ARABIC = "رواية بوليسية"
DIRECTION = {"ar": "rtl", "en": "ltr"}

NEWS = {
    "ferry": """The ferry between Port Said and Limassol will carry passengers again from the first week of May, the
harbour authority said on Tuesday, ending a pause of eleven years. Two sailings a week are planned, each of fourteen
hours, with room for 320 people and ninety cars. Tickets go on sale in the old customs house, where the waiting hall
has been painted and its clock repaired.""",
    "abbara": """أعلنت هيئة موانئ بورسعيد يوم الثلاثاء عودة العبّارة إلى ليماسول في الأسبوع الأول من مايو بعد توقف دام
أحد عشر عاما. وستقوم العبارة برحلتين في الأسبوع، تستغرق كل منهما أربع عشرة ساعة، وتتسع لثلاثمئة وعشرين راكبا وتسعين
سيارة. وتباع التذاكر في مبنى الجمارك القديم الذي طليت قاعة الانتظار فيه وأصلحت ساعته.""",
}
TITLES = {
    "ferry": ["Ferry to Limassol returns", "Port Said and Limassol linked again", "Ferry tickets on sale"],
    "abbara": ["العبّارة تعود إلى ليماسول", "بورسعيد وليماسول يجمعهما البحر", "تذاكر العبّارة في مبنى الجمارك"],
}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, seed_settings: Settings) -> Iterator[TestClient]:
    """A server over the seed documents and a piece of news in each language that three papers have."""
    folder = tmp_path_factory.mktemp("harbour")
    for name, titles in TITLES.items():
        for paper, title in enumerate(titles):
            (folder / f"{name}-{paper}.md").write_text(f"# {title}\n\n{NEWS[name]}\n", "utf-8")
    settings = Settings(index=folder / "index", cache=seed_settings.cache)
    shutil.copytree(seed_settings.folder, settings.folder)
    build([SEEDS / "documents", *sorted(folder.glob("*.md"))], settings)
    with TestClient(create_app(settings)) as client:
        yield client


def results(client: TestClient, query: str, interface: str = "en", **parameters: str) -> HtmlElement:
    given = "".join(f"&{name}={value}" for name, value in parameters.items())
    return get(client, f"/{interface}/?q={quote(query)}{given}")


def asked(link: HtmlElement) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.get("href", "")).query)


def path_of(link: HtmlElement) -> str:
    href: str = link.get("href", "")
    assert href
    return href


@pytest.mark.parametrize(
    ("query", "lang", "weak"), [(FERRY, "en", "weak match"), (FERRY_ARABIC, "ar", "تطابق ضعيف")], ids=["en", "ar"]
)
def test_weak_hits_and_only_they_are_marked(harbour: TestClient, query: str, lang: str, weak: str) -> None:
    hits = search(harbour, q=query, k=10)["hits"]
    assert {hit["weak"] for hit in hits} == {True, False}
    for card, hit in zip(select(results(harbour, query, lang), HIT), hits, strict=True):
        assert ("weak" in card.get("class", "").split()) == hit["weak"]
        assert [words(label) for label in select(card, "." + with_class("weak-match"))] == [weak] * hit["weak"]
        score = one(card, "." + with_class("score", "li"))
        assert (score.get("lang"), one(score, "./bdi").get("dir")) == (lang, DIRECTION[lang])
        assert f"{hit['score']:.2f}" in words(score)


@pytest.mark.parametrize(
    ("query", "lang", "said"),
    [
        (UNANSWERED, "en", "No good answer in this index."),
        (UNANSWERED_ARABIC, "ar", "لا توجد إجابة جيدة في هذا الفهرس."),
    ],
    ids=["en", "ar"],
)
def test_a_query_without_an_answer_is_told_so_above_the_list(
    client: TestClient, query: str, lang: str, said: str
) -> None:
    body = search(client, q=query)
    assert not body["answered"]
    assert all(hit["weak"] for hit in body["hits"])
    tree = results(client, query, lang)
    note = one(tree, with_class("unanswered", "p"))
    assert (tree.get("lang"), tree.get("dir")) == (lang, DIRECTION[lang])
    assert words(note).startswith(said)
    assert select(note, "./following-sibling::ol" + HIT.replace("//", "/", 1))
    in_english = words(one(results(client, query, lang, lang="en"), with_class("unanswered", "p")))
    assert in_english == wording(lang)("unanswered-in-language")


def test_a_query_with_an_answer_is_told_nothing(harbour: TestClient) -> None:
    assert search(harbour, q=FERRY)["answered"]
    assert not select(results(harbour, FERRY), with_class("unanswered"))


def test_arabic_in_latin_letters_is_shown_as_it_was_read(client: TestClient) -> None:
    reading = search(client, q=ROMANISED)["reading"]
    tree = results(client, ROMANISED)
    note = one(tree, with_class("read-as", "p"))
    arabic = one(note, ".//bdi")
    assert (arabic.get("lang"), arabic.get("dir"), words(arabic)) == ("ar", "rtl", reading["text"])
    assert words(note).startswith("Read as Arabic:")
    assert one(tree, "//input[@name='q']").get("lang") == "ar-Latn"
    as_typed = one(note, ".//a")
    assert asked(as_typed) == {"q": [ROMANISED], "names": ["off"]}
    unread = get(client, path_of(as_typed))
    assert select(unread, HIT)
    assert not select(unread, with_class("read-as"))


def test_no_reading_is_claimed_for_english_or_arabic(client: TestClient) -> None:
    for query in (NAMES, ARABIC):
        assert not select(results(client, query), with_class("read-as"))


@pytest.mark.parametrize(
    ("query", "lang", "said"), [(NAMES, "en", "Also spelled here:"), (ARABIC, "ar", "يُكتب هنا أيضًا:")]
)
def test_spellings_in_the_other_script_stand_under_their_hit(
    client: TestClient, query: str, lang: str, said: str
) -> None:
    hits = search(client, q=query, k=10)["hits"]
    assert any(hit["variants"] for hit in hits)
    for card, hit in zip(select(results(client, query, lang), HIT), hits, strict=True):
        spelled = select(card, "." + with_class("variant", "span"))
        assert len(select(card, "." + with_class("variants", "p"))) == bool(hit["variants"])
        for span, variant in zip(spelled, hit["variants"], strict=True):
            typed, found = select(span, "./bdi")
            assert (words(typed), words(found)) == (variant["query"], variant["passage"])
            assert {typed.get("lang"), found.get("lang")} == {"ar", "en"}
            assert found.get("lang") == hit["passage"]["lang"]
            for name in (typed, found):
                assert name.get("dir") == DIRECTION[name.get("lang", "")]
            assert words(span.getparent()).startswith(said)


def test_spellings_are_switched_off_and_on_by_a_link(client: TestClient) -> None:
    off = one(results(client, NAMES, lang="ar"), with_class("names-off", "a"))
    assert asked(off) == {"q": [NAMES], "lang": ["ar"], "names": ["off"]}
    without = get(client, path_of(off))
    assert select(without, HIT)
    assert not select(without, with_class("variants") + " | " + with_class("names-off"))
    on = one(without, with_class("names-on", "a"))
    assert asked(on) == {"q": [NAMES], "lang": ["ar"]}
    assert select(get(client, path_of(on)), with_class("variants"))


def test_names_stay_off_in_the_form_and_on_the_way_back(client: TestClient) -> None:
    tree = results(client, NAMES, names="off")
    hidden = one(tree, "//form//input[@type='hidden']")
    assert (hidden.get("name"), hidden.get("value")) == ("names", "off")
    document = get(client, path_of(select(tree, HIT + "//h3/a")[0]))
    assert asked(one(document, with_class("back", "nav") + "/a")) == {"q": [NAMES], "names": ["off"]}


def test_a_page_asked_with_a_switch_that_is_neither_on_nor_off_is_refused(client: TestClient) -> None:
    tree = get(client, "/?q=sea&names=perhaps", 422)
    assert "names" in words(one(tree, "//*[@role='alert']/h2"))


@pytest.mark.parametrize(
    ("query", "lang", "said"),
    [
        (SAME_STORY, "en", {"ar": "The same story in Arabic:", "en": "The same story in English:"}),
        (ARABIC, "ar", {"ar": "الخبر نفسه بالعربية:", "en": "الخبر نفسه بالإنجليزية:"}),
    ],
    ids=["en", "ar"],
)
def test_the_same_story_in_the_other_language_is_offered(
    client: TestClient, query: str, lang: str, said: dict[str, str]
) -> None:
    hits = search(client, q=query)["hits"]
    assert {hit["counterpart"]["lang"] for hit in hits if hit["counterpart"]} == {"ar", "en"}
    for card, hit in zip(select(results(client, query, lang), HIT), hits, strict=True):
        offered = select(card, "." + with_class("counterpart", "p"))
        assert len(offered) == bool(hit["counterpart"])
        if not offered:
            continue
        other = hit["counterpart"]
        assert words(offered[0]) == f"{said[other['lang']]} {' '.join(other['title'].split())}"
        title = one(offered[0], ".//a/bdi")
        assert (title.get("lang"), title.get("dir")) == (other["lang"], DIRECTION[other["lang"]])
        document = get(client, path_of(one(offered[0], ".//a")))
        assert words(one(document, "//h1")) == words(title)
        assert asked(one(document, with_class("back", "nav") + "/a")) == {"q": [query]}
        way_back = one(document, "//article//header" + with_class("counterpart", "p"))
        assert words(way_back) == f"{said[hit['document']['lang']]} {' '.join(hit['document']['title'].split())}"


@pytest.mark.parametrize(("lang", "said"), [("en", "in another language:"), ("ar", "بلغة أخرى:")])
def test_a_language_without_a_name_of_its_own_is_another_language(lang: str, said: str) -> None:
    assert wording(lang)("same-story", lang="fr").endswith(said)


@pytest.mark.parametrize(
    ("query", "lang", "name", "said"),
    [(FERRY, "en", "ferry", "also in 2 other places"), (FERRY_ARABIC, "ar", "abbara", "ورد أيضًا في موضعين آخرين")],
    ids=["en", "ar"],
)
def test_near_duplicates_fold_under_their_best(
    harbour: TestClient, query: str, lang: str, name: str, said: str
) -> None:
    card = select(results(harbour, query, lang), HIT)[0]
    folded = one(card, "." + with_class("duplicates", "details"))
    assert folded.get("open") is None
    assert words(one(folded, "./summary")) == said
    links = select(folded, ".//li/a")
    best = words(one(card, ".//h3"))
    assert sorted([best, *map(words, links)]) == sorted(TITLES[name])
    for link in links:
        document = get(harbour, path_of(link))
        assert words(one(document, "//h1")) == words(link)
        assert words(select(document, "//mark")[0])
        assert asked(one(document, with_class("back", "nav") + "/a")) == {"q": [query]}
