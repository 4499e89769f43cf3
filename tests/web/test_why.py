import pytest
from fastapi.testclient import TestClient

from search.fusion import Explanation, Leg, LegShare
from search.records import DocumentInfo, Hit, Mark, Passage
from search.searcher import Options, Searcher
from tests.web.html import select, with_class, words
from tests.web.test_answer import NAMES, results
from tests.web.test_api import ARABIC, ENGLISH
from tests.web.test_pages import HIT
from web.why import Ground, reasons
from web.wording import wording

TEXT = "أقلعت الطائرات من بنغازي، وعادت الطائرات إليها."
QUERY = "aircraft leave Benghazi"


def share(leg: Leg, value: float, weight: float) -> LegShare:
    return LegShare(leg, 1, value, weight, value * weight)


def hit(explanation: Explanation | None) -> Hit:
    first, second = TEXT.index("الطائرات"), TEXT.rindex("الطائرات")
    return Hit(
        rank=1,
        score=0.9,
        weak=False,
        passage=Passage(passage_id="p", doc_id="d", lang="ar", text=TEXT, start=0, end=len(TEXT)),
        document=DocumentInfo(doc_id="d", title="", lang="ar", date=None, source="d.txt"),
        variants=(("Benghazi", "بنغازي"),),
        marks=(Mark(first, first + 8, 0, 8), Mark(second, second + 8, 0, 8)),
        explanation=explanation,
    )


def test_each_way_of_finding_that_spoke_is_a_reason_with_its_words() -> None:
    legs = (
        share(Leg.LATE, 5.0, 0.95),
        share(Leg.DENSE, 4.0, 0.9),
        share(Leg.DICTIONARY, 0.05, 37.0),
        share(Leg.NAMES, 1.0, 1.8),
    )
    found = reasons(hit(Explanation("ar", legs, -8.65, -0.5, 4.7, 0.99)), QUERY)
    assert [reason.ground for reason in found] == [
        *(Ground.START, Ground.MEANING, Ground.TRANSLATIONS, Ground.NAMES, Ground.COUNTERPART)
    ]
    assert [reason.degree for reason in found] == ["", "very", "quite", "", "gives-way"]
    assert [reason.points for reason in found] == pytest.approx([-8.65, 8.35, 1.85, 1.8, -0.5])
    assert [reason.pairs for reason in found] == [*([], [], [("aircraft", "الطائرات")], [("Benghazi", "بنغازي")], [])]


def test_what_is_silent_is_no_reason() -> None:
    legs = (share(Leg.DENSE, 1.0, 0.9), share(Leg.LEXICAL, 0.0, 8.5), share(Leg.NAMES, 0.0, 1.8))
    found = reasons(hit(Explanation("en", legs, -9.1, 0.0, -8.2, 0.0)), QUERY)
    assert [(reason.ground, reason.degree) for reason in found] == [(Ground.START, ""), (Ground.MEANING, "hardly")]
    assert reasons(hit(None), QUERY) == []


@pytest.mark.parametrize("query", [ENGLISH, ARABIC, NAMES])
def test_the_points_add_up_to_the_score(seed_searcher: Searcher, query: str) -> None:
    hits = seed_searcher.answer(query, Options(explain=True, highlight=True)).hits
    for found in hits:
        assert found.explanation
        silent = 0.05 * len(Ground)
        assert sum(reason.points for reason in reasons(found, query)) == pytest.approx(
            found.explanation.log_odds, abs=silent
        )


@pytest.mark.parametrize(
    ("interface", "query", "said", "pair"),
    [
        ("en", NAMES, "Names sound the same:", "Haftar = حفتر"),
        ("ar", ARABIC, "الأسماء متشابهة في النطق:", "حفتر = Haftar"),
    ],
)
def test_the_page_tells_why_in_either_language(
    client: TestClient, interface: str, query: str, said: str, pair: str
) -> None:
    cards = select(results(client, query, interface), HIT)
    told = [words(row) for card in cards for row in select(card, "." + with_class("why", "details") + "//dl/div")]
    assert any(row.startswith(said) and pair in row for row in told)
    for card in cards:
        folded = select(card, "." + with_class("why", "details"))[0]
        assert folded.get("open") is None
        assert len(select(folded, ".//dt")) >= 2


@pytest.mark.parametrize("interface", ["en", "ar"])
@pytest.mark.parametrize("ground", Ground)
def test_every_ground_has_a_name_and_every_degree_words(interface: str, ground: Ground) -> None:
    said = wording(interface)
    assert said("ground", ground=ground)
    degrees = ("very", "quite", "somewhat", "hardly", "gains", "gives-way", "")
    assert all(said("degree", ground=ground, degree=degree) for degree in degrees)
