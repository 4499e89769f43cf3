import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from search.searcher import Options, Searcher
from search.settings import Settings
from web.answers import SearchResponse, search_response

ENGLISH = "joint naval exercises in the Red Sea and the Indian Ocean"
ARABIC = "زيارة حفتر إلى باكستان"
ROMANISED = "zeyarat haftar ela bakistan"
SAME_STORY = "Haftar's visit to Rawalpindi"
UNANSWERED = "ukulele chords"


def search(client: TestClient, **parameters: str | int) -> dict[str, Any]:
    answer = client.get("/api/v1/search", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(("query", "lang", "other"), [(ENGLISH, "en", "ar"), (ARABIC, "ar", "en")])
def test_a_query_finds_passages_in_both_languages(client: TestClient, query: str, lang: str, other: str) -> None:
    body = search(client, q=query, k=10)
    assert (body["query"], body["lang"]) == (query, lang)
    assert body["took_ms"] > 0
    hits = body["hits"]
    assert [hit["rank"] for hit in hits] == list(range(1, 11))
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert other in {hit["passage"]["lang"] for hit in hits}


def test_a_hit_has_the_fields_that_are_promised(client: TestClient) -> None:
    body = search(client, q=ENGLISH, k=1)
    assert set(body) == {
        *("query", "lang", "reading", "answered", "generation", "took_ms"),
        *("total", "next_cursor", "facets", "hits"),
    }
    (hit,) = body["hits"]
    assert set(hit) == {
        *("rank", "score", "weak", "passage", "document"),
        *("marks", "duplicates", "copies", "variants", "counterpart", "explanation"),
    }
    assert set(hit["passage"]) == {"passage_id", "lang", "text", "start", "end", "page"}
    assert set(hit["document"]) == {"doc_id", "title", "lang", "date", "source", "publisher", "author", "record_id"}


def test_a_score_is_about_a_probability(client: TestClient) -> None:
    body = search(client, q=ENGLISH, k=20)
    assert all(0 <= hit["score"] <= 1 for hit in body["hits"])
    weak = [hit["weak"] for hit in body["hits"]]
    assert weak == sorted(weak)
    assert body["answered"] == (not all(weak))


@pytest.mark.parametrize("query", [ENGLISH, ARABIC, ROMANISED])
def test_an_explanation_adds_up(client: TestClient, query: str) -> None:
    assert all(hit["explanation"] is None for hit in search(client, q=query)["hits"])
    for hit in search(client, q=query, explain="true")["hits"]:
        told = hit["explanation"]
        assert told["pool"] == hit["passage"]["lang"]
        assert set(told["legs"][0]) == {"leg", "rank", "value", "weight", "points"}
        for share in told["legs"]:
            assert share["points"] == pytest.approx(share["value"] * share["weight"])
        log_odds = told["constant"] + sum(share["points"] for share in told["legs"]) + told["counterpart"]
        assert told["log_odds"] == pytest.approx(log_odds)
        assert told["score"] == pytest.approx(1 / (1 + math.exp(-log_odds)))
        assert hit["score"] == told["score"]


def test_names_are_found_in_the_other_script_unless_switched_off(client: TestClient) -> None:
    def variants(names: str) -> set[tuple[str, str]]:
        hits = search(client, q="Haftar visit to Rawalpindi", lang="ar", names=names)["hits"]
        return {(each["query"].casefold(), each["passage"]) for hit in hits for each in hit["variants"]}

    assert {("haftar", "حفتر"), ("rawalpindi", "راولبندي")} <= variants("on")
    assert variants("on") == variants("true")
    assert variants("off") == variants("false") == set()


def test_arabic_in_latin_letters_is_read_as_arabic_unless_switched_off(client: TestClient) -> None:
    body = search(client, q=ROMANISED)
    assert (body["query"], body["lang"], body["reading"]["text"]) == (ROMANISED, "ar", ARABIC)
    assert [word["latin"] for word in body["reading"]["words"]] == ROMANISED.split()
    assert [word["arabic"] for word in body["reading"]["words"]] == ARABIC.split()
    as_typed = search(client, q=ROMANISED, names="off")
    assert (as_typed["reading"], as_typed["lang"] == "ar") == (None, False)
    assert search(client, q=ENGLISH)["reading"] is None


def test_passage_offsets_count_in_the_document_text(client: TestClient) -> None:
    for hit in search(client, q=ARABIC, k=5)["hits"]:
        document = client.get(f"/api/v1/documents/{hit['document']['doc_id']}").json()
        passage = hit["passage"]
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]
        assert {key: document[key] for key in hit["document"]} == hit["document"]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_one_language_can_be_asked_for(client: TestClient, lang: str) -> None:
    assert {hit["passage"]["lang"] for hit in search(client, q=ENGLISH, lang=lang)["hits"]} == {lang}


def test_an_empty_language_means_all(client: TestClient) -> None:
    assert search(client, q=ENGLISH, lang="")["hits"] == search(client, q=ENGLISH)["hits"]


def test_days_and_sources_can_be_asked_for(client: TestClient) -> None:
    whole = search(client, q=ENGLISH, k=100)["hits"]
    dates = sorted(hit["document"]["date"] for hit in whole)
    since, until = dates[len(dates) // 4], dates[len(dates) // 2]
    for hit in search(client, q=ENGLISH, k=100, since=since, until=until)["hits"]:
        assert since <= hit["document"]["date"] <= until
    sources = ("ar/solar-wadi-halima.md", "en")
    answer = client.get("/api/v1/search", params={"q": ENGLISH, "k": 100, "source": sources})
    found = {hit["document"]["source"] for hit in answer.json()["hits"]}
    assert {source.partition("/")[0] for source in found} == {"ar", "en"}
    assert all(source.startswith("en/") for source in found - {"ar/solar-wadi-halima.md"})
    assert search(client, q=ENGLISH, since="", until="", source="")["hits"] == search(client, q=ENGLISH)["hits"]


@pytest.mark.parametrize(
    ("name", "value"), [("since", "yesterday"), ("until", "2024-02-30"), ("source", "The Daily Nothing")]
)
def test_a_filter_that_makes_no_sense_is_a_problem(client: TestClient, name: str, value: str) -> None:
    answer = client.get("/api/v1/search", params={"q": ENGLISH, name: value})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "query"
    assert value in answer.json()["detail"]
    assert answer.json()["hint"]


def test_a_hit_and_its_document_name_the_same_story_in_the_other_language(client: TestClient) -> None:
    hits = search(client, q=SAME_STORY, k=8)["hits"]
    by_source = {hit["document"]["source"]: hit for hit in hits}
    english, arabic = by_source["en/haftar-rawalpindi-visit.html"], by_source["ar/haftar-rawalpindi-visit.md"]
    assert english["counterpart"] == arabic["document"]
    assert arabic["counterpart"] == english["document"]
    document = client.get(f"/api/v1/documents/{english['document']['doc_id']}").json()
    assert document["counterparts"] == [arabic["document"]]
    assert document["copies"] == document["near_duplicates"] == []


def test_the_library_and_http_answer_alike(client: TestClient, seed_settings: Settings) -> None:
    from_library = search_response(Searcher.open(seed_settings), ARABIC, Options(k=3))
    over_http = SearchResponse.model_validate(search(client, q=ARABIC, k=3))
    assert over_http.hits == from_library.hits
    assert over_http.generation == from_library.generation
