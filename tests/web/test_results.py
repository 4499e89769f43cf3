"""How an answer is laid out on the page: marks, columns, pages, filters with counts, and what is like a passage."""

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from search.searcher import Options, Searcher
from tests.web.html import HtmlElement, one, select, with_class, words
from tests.web.test_answer import DIRECTION, asked, path_of, results
from tests.web.test_api import ARABIC, ENGLISH, search
from tests.web.test_pages import HIT, get
from web.results import Results

COLUMN = with_class("column", "div")


def titles(tree: HtmlElement) -> list[str]:
    return [words(title) for title in select(tree, HIT + "//h3")]


def test_words_that_answer_are_marked_with_the_word_of_the_query(seed_searcher: Searcher, client: TestClient) -> None:
    hits = seed_searcher.answer(ENGLISH, Options(highlight=True)).hits
    tree = results(client, ENGLISH)
    echoed = {mark.get("data-word"): words(mark) for mark in select(tree, with_class("echo", "p") + "//mark")}
    assert list(echoed) == [str(number) for number in range(len(echoed))]
    assert any(select(card, ".//mark") for card in select(tree, HIT + "[@lang='ar']"))
    for card, hit in zip(select(tree, HIT), hits, strict=True):
        answers = {
            (hit.passage.text[mark.start : mark.end], ENGLISH[mark.query_start : mark.query_end]) for mark in hit.marks
        }
        for mark in select(card, ".//mark"):
            asked_for = echoed[mark.get("data-word")]
            assert (mark.text_content(), asked_for) in answers
            assert asked_for in mark.get("title", "")


def test_the_counts_are_those_of_the_cards(seed_searcher: Searcher) -> None:
    answer = seed_searcher.answer(ARABIC)
    found = Results.of(answer)
    assert sum(found.counts.values()) == len(found.cards) == len(answer.hits)
    assert found.has_variants
    assert [column.lang for column in found.columns(["ar", "en"])] == ["ar", "en"]


@pytest.mark.parametrize(("interface", "order"), [("en", ["en", "ar"]), ("ar", ["ar", "en"])])
def test_side_by_side_each_language_has_a_column_in_its_own_order(
    client: TestClient, interface: str, order: list[str]
) -> None:
    tree = results(client, ENGLISH, interface, view="columns")
    columns = select(tree, COLUMN)
    assert [one(column, "./p").get("lang") for column in columns] == order
    hits = search(client, q=ENGLISH, k=20)["hits"]
    for column, lang in zip(columns, order, strict=True):
        ranks = [card.get("value") for card in select(column, "." + HIT)]
        assert ranks == [str(hit["rank"]) for hit in hits if hit["passage"]["lang"] == lang]
    assert one(tree, "//form//input[@name='view']").get("value") == "columns"
    back = one(tree, with_class("views", "nav") + "/a[not(@aria-current)]")
    assert titles(get(client, path_of(back))) == titles(results(client, ENGLISH, interface))


def test_a_column_without_hits_leads_to_a_search_in_its_language(client: TestClient) -> None:
    tree = results(client, ENGLISH, view="columns", source="en")
    empty = one(tree, COLUMN + with_class("empty", "p"))
    assert "None of these passages is in Arabic." in words(empty)
    assert asked(one(empty, "./a"))["lang"] == ["ar"]


@pytest.mark.parametrize("interface", ["en", "ar"])
def test_more_hits_follow_page_by_page_and_none_comes_twice(client: TestClient, interface: str) -> None:
    first = results(client, ENGLISH, interface)
    second = get(client, path_of(one(first, "//a[@rel='next']")))
    ranks = [card.get("value") for card in select(first, HIT) + select(second, HIT)]
    assert ranks == [str(rank) for rank in range(1, 21)]
    found = [card.xpath("string(.//h3/a/@href)").partition("passage=")[2] for card in select(second, HIT)]
    assert not set(found) & {
        card.xpath("string(.//h3/a/@href)").partition("passage=")[2] for card in select(first, HIT)
    }
    assert {"11", "20"} <= set(words(one(second, "//h2[@id='counts']")).split())
    assert not select(second, with_class("unanswered") + " | " + with_class("meant"))
    before = get(client, path_of(one(second, "//a[@rel='prev']")))
    assert titles(before) == titles(first)


def test_choices_narrow_and_widen_the_search(client: TestClient) -> None:
    tree = results(client, ARABIC)
    choices = select(tree, with_class("narrowings", "nav") + "//a")
    assert choices
    for choice in choices:
        narrowed = get(client, path_of(choice))
        chosen = one(narrowed, with_class("narrowings", "nav") + "//a[@aria-current]")
        assert words(chosen) == words(choice)
        (removal,) = select(narrowed, with_class("active", "p") + with_class("chip", "a"))
        assert path_of(removal) == path_of(chosen)
        assert titles(get(client, path_of(removal))) == titles(tree)


def test_all_filters_are_removed_at_once(client: TestClient) -> None:
    tree = results(client, ARABIC, lang="ar", since="2025", until="2025")
    chips = select(tree, with_class("active", "p") + with_class("chip", "a"))
    assert [words(chip) for chip in chips] == ["Arabic ×", "2025 ×"]
    assert [chip.get("aria-label", "").translate({0x2068: None, 0x2069: None}) for chip in chips] == [
        *("Remove the filter Arabic", "Remove the filter 2025")
    ]
    last = select(tree, with_class("active", "p") + "/a")[-1]
    assert asked(last) == {"q": [ARABIC]}


def test_hits_are_sorted_by_date(client: TestClient) -> None:
    tree = results(client, ARABIC, sort="newest")
    assert select(tree, "//option[@selected]")[-1].get("value") == "newest"
    good = [card for card in select(tree, HIT) if "weak" not in card.get("class", "").split()]
    dates = [one(card, ".//time").get("datetime", "") for card in good]
    assert len(dates) > 1
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(("balance", "lang"), [("-1", "en"), ("1", "ar")])
def test_the_balance_puts_a_language_first_and_stays_in_the_form(client: TestClient, balance: str, lang: str) -> None:
    tree = results(client, ARABIC, balance=balance)
    assert select(tree, HIT)[0].get("lang") == lang
    assert one(tree, "//input[@name='balance']").get("value") == f"{float(balance)}"


@pytest.mark.parametrize(
    ("query", "interface", "said", "meant", "lang"),
    [
        ("lvpfh", "en", "keyboard layout", "مرحبا", "ar"),
        ("desalniation", "ar", "هل تقصد", "desalination", "en"),
    ],
)
def test_what_may_have_been_meant_is_offered_where_nothing_good_was_found(
    client: TestClient, query: str, interface: str, said: str, meant: str, lang: str
) -> None:
    line = one(results(client, query, interface), with_class("meant", "p"))
    assert said in words(line)
    link = one(line, "./a")
    assert asked(link)["q"] == [meant]
    assert (one(link, "./bdi").get("lang"), one(link, "./bdi").get("dir")) == (lang, DIRECTION[lang])


def test_nothing_else_is_offered_for_a_query_that_has_an_answer(client: TestClient) -> None:
    assert not select(results(client, ARABIC), with_class("meant"))


def test_more_like_a_hit_is_one_click_away(client: TestClient, seed_searcher: Searcher) -> None:
    hit = seed_searcher.answer(ENGLISH).hits[0]
    card = select(results(client, ENGLISH, "ar"), HIT)[0]
    tree = get(client, path_of(one(card, "." + with_class("similar", "a"))))
    assert words(one(tree, "//h1")) == " ".join(hit.document.title.split())
    found = seed_searcher.similar(hit.passage.passage_id).hits
    assert titles(tree) == [" ".join(each.document.title.split()) for each in found]
    assert {card.get("lang") for card in select(tree, HIT)} == {"ar", "en"}
    assert asked(one(tree, with_class("back", "nav") + "/a")) == {"q": [ENGLISH]}
    assert select(get(client, path_of(one(tree, with_class("views", "nav") + "/a[2]"))), COLUMN)


def test_a_passage_that_is_not_there_is_like_nothing(client: TestClient) -> None:
    assert "nowhere" in words(one(get(client, f"/similar/{quote('nowhere')}", 404), "//*[@role='alert']/h2"))


def test_page_numbers_are_counted_in_the_digits_of_the_reader(client: TestClient) -> None:
    tree = results(client, ARABIC, "ar", page="2", digits="arab")
    assert {"١١", "٢٠"} <= set(words(one(tree, "//h2[@id='counts']")).split())
    assert one(tree, "/html/body").get("data-digits") == "arab"
