"""Lists of candidates over texts that repeat each other as news archives do."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.diversity import MAX_PER_DOCUMENT, PAGE_HITS, SHORT_WORDS, Group, Told, diversified
from search.ranking import Candidate
from search.records import Passage
from search.shingles import Shingles

BRIDGE_LEAD = "A footbridge over the Orontes was reopened to the public on Tuesday, officials in the town said."
BRIDGE = (
    "The bridge had been closed since the spring floods, when two of its wooden piers were torn away and a third was "
    "left leaning. Engineers replaced all three with concrete and raised the deck by almost a metre. Schoolchildren "
    "who had walked an hour each way to the nearest crossing were the first to use it, followed by farmers leading "
    "donkeys loaded with apricots. The mayor thanked the villages upstream, which had sent timber and labourers "
    "without being asked, and promised that street lamps would be installed before winter."
)
BRIDGE_RETOLD = (
    "Children in the riverside quarter no longer have to leave home before dawn. Their new way to school, a footbridge "
    "with concrete piers, was crossed for the first time this week after months of repairs that followed the floods of "
    "last spring. Farmers were there as well, some with animals carrying fruit to market. According to the mayor, "
    "neighbouring villages gave wood and sent men to help. Lamps are to follow later this year, he added, if the "
    "province releases the money."
)
جسر = (
    "كان الجسر مغلقاً منذ فيضانات الربيع التي جرفت اثنتين من دعائمه الخشبية وأمالت الثالثة. واستبدل المهندسون الدعائم "
    "الثلاث بأخرى من الخرسانة ورفعوا سطح الجسر نحو متر. وكان تلاميذ المدارس أول من عبره بعد أن ظلوا يمشون ساعة كاملة "
    "إلى أقرب معبر، وتبعهم مزارعون يقودون حميراً محملة بالمشمش. وشكر رئيس البلدية القرى الواقعة أعلى النهر التي أرسلت "
    "الأخشاب والعمال من دون أن يُطلب منها ذلك، ووعد بتركيب مصابيح للإنارة قبل حلول الشتاء."
)
جسر_بلا_تشكيل = جسر.replace("ً", "").replace("ُ", "").replace("أ", "ا").replace("ة", "ه")
TOLL = (
    "Rescuers searched the harbour for a second night after the ferry Amal capsized near the breakwater with families "
    "on board who were returning from the island. {} bodies had been recovered by midnight, the coast guard said, and "
    "divers were still working their way along the lower deck. Relatives waited behind a rope on the quay, and the "
    "imam of the seamen's mosque read out the names of those found alive."
)
RATES = (
    "أعلن المصرف المركزي نشرته اليومية لأسعار الصرف، وجاء فيها أن الدولار بلغ {} للشراء و{} للبيع، وأن اليورو سجل {} "
    "للشراء و{} للبيع، في حين استقر الجنيه الإسترليني عند {}، وذكر المصرف أن هذه الأسعار إرشادية وأن شركات الصرافة "
    "المرخصة تحدد أسعارها وفق العرض والطلب في السوق المحلية."
)

TIDES = (
    "Small craft leaving Sidon should expect a moderate swell from the south-west and light rain towards evening, with "
    "visibility falling below two miles near the river mouth. High water is at {} and stands at {} metres above the "
    "harbour datum. Fishermen are reminded that the inner channel remains closed to boats with a draught of over a "
    "fathom while dredging goes on."
)


def _passages(*texts: str, docs: Sequence[str] = (), langs: Sequence[str] = ()) -> list[Passage]:
    """A passage of each text, each of a document of its own and in English unless told."""
    return [
        Passage(
            passage_id=f"p{row}",
            doc_id=docs[row] if docs else f"d{row}",
            lang=langs[row] if langs else "en",
            text=text,
            start=0,
            end=len(text),
        )
        for row, text in enumerate(texts)
    ]


def _told(passage: Passage) -> Told:
    return passage, Shingles.of(passage.text)


def _diversified(passages: list[Passage], k: int = 10, scores: Sequence[float] = (), line: float = 0.0) -> list[Group]:
    """The groups when the passages are ranked in the order given."""
    scores = scores or [float(len(passages) - row) for row in range(len(passages))]
    candidates = [Candidate(row, score) for row, score in enumerate(scores)]
    return diversified(
        candidates, lambda rows: {row: (passages[row], Shingles.of(passages[row].text)) for row in rows}, k, line=line
    )


def _ids(groups: list[Group]) -> dict[str, list[str]]:
    return {group.passage.passage_id: [passage.passage_id for passage in group.duplicates] for group in groups}


def _unlike(number: int) -> str:
    """A text that shares no run of words with that of another number."""
    return " ".join(f"w{number}x{place}" for place in range(6))


@pytest.mark.parametrize(
    ("better", "other", "lang"),
    [
        (BRIDGE, BRIDGE, "en"),
        (f"{BRIDGE_LEAD} {BRIDGE}", f"By our correspondent in Hama. {BRIDGE}", "en"),
        (BRIDGE, f"{BRIDGE_LEAD} {BRIDGE}", "en"),
        (f"{BRIDGE_LEAD} {BRIDGE}", BRIDGE_LEAD, "en"),
        (BRIDGE, BRIDGE.replace("almost a metre", "nearly one metre").replace("labourers", "workers"), "en"),
        (جسر, جسر_بلا_تشكيل, "ar"),
        (جسر, "أفاد مراسلنا في حماة بأن الأهالي عادوا إلى عبور نهر العاصي سيراً على الأقدام. " + جسر, "ar"),
        (TOLL.format(11), TOLL.format(14), "en"),
    ],
    ids=["same", "other lead", "lead added", "lead alone", "edited", "spelling", "arabic lead", "toll updated"],
)
def test_the_same_text_stands_under_its_best(better: str, other: str, lang: str) -> None:
    groups = _diversified(_passages(better, BRIDGE_RETOLD, other, langs=[lang, "en", lang]))
    assert _ids(groups) == {"p0": ["p2"], "p1": []}


@pytest.mark.parametrize(
    ("better", "other", "lang"),
    [
        (BRIDGE, BRIDGE_RETOLD, "en"),
        (BRIDGE_LEAD, f"{BRIDGE_LEAD} {BRIDGE}", "en"),
        (f"{BRIDGE} {TOLL.format(11)}", f"{BRIDGE} {BRIDGE_RETOLD}", "en"),
        (
            RATES.format("89.10", "89.60", "97.4", "98.2", "113"),
            RATES.format("89.35", "89.85", "97.1", "98", "112"),
            "ar",
        ),
        (TIDES.format("14:20", "0.6"), TIDES.format("15:05", "0.4"), "en"),
        ("بلغت درجة الحرارة في عدن اليوم 34 درجة مئوية.", "بلغت درجة الحرارة في عدن اليوم 36 درجة مئوية.", "ar"),
        ("The port of Latakia received twelve ships.", "The port of Latakia received thirteen ships.", "en"),
        ("Samir came.", "Samira came.", "en"),
        ("؟", "🙂", "en"),
    ],
    ids=[
        "same event",
        "more follows",
        "shared background",
        "rates",
        "tides",
        "weather",
        "one word",
        "two words",
        "no words",
    ],
)
def test_what_says_something_else_stays(better: str, other: str, lang: str) -> None:
    assert _ids(_diversified(_passages(better, other, langs=[lang, lang]))) == {"p0": [], "p1": []}


def test_a_text_in_the_other_language_stays() -> None:
    """Even one that says the same letter for letter, such as a list of aircraft."""
    passages = _passages(BRIDGE, جسر, BRIDGE, langs=["en", "ar", "ar"])
    assert _ids(_diversified(passages)) == {"p0": [], "p1": [], "p2": []}


def test_a_text_cut_at_another_place_is_known_from_the_passages_of_one_document() -> None:
    sentences = BRIDGE.split(". ") + TOLL.format(11).split(". ")
    whole = [". ".join(sentences[:4]), ". ".join(sentences[4:])]
    recut = ". ".join(sentences[2:6])
    assert _ids(_diversified(_passages(*whole, recut, docs=["a", "a", "b"])))["p0"] == ["p2"]
    assert _ids(_diversified(_passages(*whole, recut, docs=["a", "c", "b"])))["p2"] == []


def test_a_short_text_needs_every_word_and_a_longer_one_may_change_a_few() -> None:
    words = [f"word{place}" for place in range(SHORT_WORDS)]
    changed = [*words[:20], "another", *words[21:]]
    assert len(_diversified(_passages(" ".join(words), " ".join(changed)))) == 1
    assert len(_diversified(_passages(" ".join(words[1:]), " ".join(changed[1:])))) == 2


def test_one_document_does_not_fill_the_page() -> None:
    texts = [_unlike(number) for number in range(8)]
    groups = _diversified(_passages(*texts, docs=["a", "a", "a", "a", "b", "a", "c", "d"]), k=6)
    assert list(_ids(groups)) == ["p0", "p1", "p2", "p4", "p6", "p7"]


def test_each_page_is_spread_by_itself() -> None:
    docs = ["a"] * 7 + [f"other{number}" for number in range(13)]
    groups = _diversified(_passages(*[_unlike(number) for number in range(20)], docs=docs), k=20)
    first, second = groups[:PAGE_HITS], groups[PAGE_HITS:]
    assert [group.candidate.row for group in first] == [0, 1, 2, 7, 8, 9, 10, 11, 12, 13]
    assert [group.candidate.row for group in second] == [3, 4, 5, 14, 15, 16, 17, 18, 19, 6]


def test_another_document_is_looked_for_far_down() -> None:
    texts = [_unlike(number) for number in range(90)]
    passages = _passages(*texts, docs=["a"] * 80 + ["b"] * 10)
    assert list(_ids(_diversified(passages, k=5))) == ["p0", "p1", "p2", "p80", "p81"]


def test_where_the_others_end_the_rest_of_a_document_follows() -> None:
    texts = [_unlike(number) for number in range(7)]
    passages = _passages(*texts, docs=["a", "a", "a", "a", "a", "b", "a"])
    assert list(_ids(_diversified(passages, k=10))) == ["p0", "p1", "p2", "p5", "p3", "p4", "p6"]
    assert list(_ids(_diversified(_passages(*texts, docs=["a"] * 7)))) == [f"p{row}" for row in range(7)]


def test_what_lies_below_the_line_takes_no_place_of_what_lies_above() -> None:
    texts = [_unlike(number) for number in range(7)]
    passages = _passages(*texts, docs=["a", "a", "a", "a", "b", "a", "c"])
    scores = [0.9, 0.9, 0.8, 0.8, 0.4, 0.3, 0.2]
    assert list(_ids(_diversified(passages, scores=scores, line=0.5))) == ["p0", "p1", "p2", "p3", "p4", "p6", "p5"]


def test_only_as_many_texts_are_read_as_it_takes() -> None:
    passages = _passages(*[_unlike(number) for number in range(500)])
    asked: list[int] = []

    def read(rows: Sequence[int]) -> dict[int, Told]:
        asked.extend(rows)
        return {row: _told(passages[row]) for row in rows}

    assert len(diversified([Candidate(row, -row) for row in range(500)], read, 10)) == 10
    assert asked == list(range(len(asked)))
    assert len(asked) < 50
    assert diversified([], read, 10) == []


@st.composite
def _lists(draw: st.DrawFn) -> list[Passage]:
    """Passages of few documents, of which many repeat each other."""
    pairs = draw(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40), st.sampled_from(["ar", "en"])), max_size=130)
    )
    return _passages(
        *[_unlike(number) for _, number, _ in pairs],
        docs=[f"d{doc}" for doc, _, _ in pairs],
        langs=[lang for _, _, lang in pairs],
    )


@settings(deadline=None)  # the first example may import camel-tools
@given(_lists(), st.integers(1, 140))
def test_no_candidate_is_lost_or_doubled(passages: list[Passage], k: int) -> None:
    every = _ids(_diversified(passages, k=200))
    assert sorted(chain(every, *every.values())) == sorted(passage.passage_id for passage in passages)
    assert len(every) == len({(passage.text, passage.lang) for passage in passages})
    assert list(_ids(_diversified(passages, k=k))) == list(every)[:k]


@settings(deadline=None)  # the first example may import camel-tools
@given(_lists())
def test_places_follow_rank_within_a_document_and_a_page_holds_several(passages: list[Passage]) -> None:
    groups = _diversified(passages, k=200)
    for doc_id in {passage.doc_id for passage in passages}:
        rows = [group.candidate.row for group in groups if group.passage.doc_id == doc_id]
        assert rows == sorted(rows)
    for start in range(0, len(groups), PAGE_HITS):
        counts = Counter(group.passage.doc_id for group in groups[start : start + PAGE_HITS])
        later = {group.passage.doc_id for group in groups[start + PAGE_HITS :]}
        assert max(counts.values()) <= MAX_PER_DOCUMENT or all(counts[doc_id] >= MAX_PER_DOCUMENT for doc_id in later)
    for group in groups:
        assert all(passage.lang == group.passage.lang for passage in group.duplicates)
