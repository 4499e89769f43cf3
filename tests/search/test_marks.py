"""The words of a passage that answer a query: whole words, no stop words, and mostly the right ones."""

from dataclasses import replace

import numpy as np
import pytest

from bench.marks import measure, read_labels
from search.encoder import Encoder
from search.generation import Generation
from search.language import query_language
from search.legs import EncodedQuery
from search.local import open_generation
from search.marks import Candidate, Marker
from search.memory import Memory
from search.records import Passage
from search.romanised import Reading
from search.searcher import Options, Searcher
from search.settings import Settings
from search.store import current
from search.vocabulary import WordEncoder

# direction: precision, recall
FLOORS = {"en→ar": (0.80, 0.50), "ar→en": (0.85, 0.50), "ar→ar": (0.90, 0.65), "en→en": (0.95, 0.85)}


@pytest.fixture(scope="module")
def generation(seed_settings: Settings, encoder: Encoder) -> Generation:
    return open_generation(current(seed_settings.folder), WordEncoder(encoder))


@pytest.fixture
def answering(generation: Generation, encoder: Encoder) -> "Answering":
    return Answering(generation, encoder)


class Answering:
    """Marks any text, which then has no codes of its own: what an index without late interaction gives."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self._legs = replace(generation.legs, tokens=None)
        self._memory = Memory(encoder)

    def __call__(
        self,
        query: str,
        text: str,
        *,
        typed: str | None = None,
        reading: Reading | None = None,
        variants: tuple[tuple[str, str], ...] = (),
    ) -> list[tuple[str, str]]:
        """Pairs of a marked word and what was typed for the query's word that it answers."""
        typed = typed or query
        encoded = EncodedQuery(query, query_language(query), np.zeros(384, np.float32))
        marker = Marker(encoded, self._legs, self._memory, typed=typed, reading=reading)
        passage = Passage(passage_id="p", doc_id="d", lang=query_language(text), text=text, start=0, end=len(text))
        (found,) = marker.marks([Candidate(passage, 0, text, variants)])
        return [(text[mark.start : mark.end], typed[mark.query_start : mark.query_end]) for mark in found]


def test_marks_are_right_and_many_enough(seed_settings: Settings, seed_searcher: Searcher) -> None:
    pairs = [pair for pair in read_labels() if not pair.is_dev]
    measured = measure(seed_searcher, seed_settings.folder, pairs)
    assert {cell for cell, _ in measured} == FLOORS.keys()
    for (cell, _), tally in measured.items():
        precision, recall = FLOORS[cell]
        assert tally.precision >= precision, cell
        assert tally.recall >= recall, cell
        assert tally.answering >= 0.95, cell


def test_words_are_marked_across_languages_with_all_that_is_written_to_them(answering: Answering) -> None:
    text = "أبحرت السفينةُ محمّلةً بالماء، وبالوقودِ أيضًا."
    assert answering("fuel and water for ships", text) == [
        ("السفينةُ", "ships"),
        ("بالماء", "water"),
        ("وبالوقودِ", "fuel"),
    ]


def test_stop_words_and_punctuation_are_never_marked(answering: Answering) -> None:
    assert answering("what is in the water?", "ما في الماء هو الملح، فيه: في!") == [("الماء", "water")]
    assert answering("من هو؟", "Who is he? He is in it.") == []
    assert answering("?!", "السفينة في الميناء") == []
    assert answering("ship", "، . !") == []


def test_numbers_and_latin_words_answer_themselves_only(answering: Answering) -> None:
    text = "اشترت مصر في ١٩٩٧ مقاتلة JF-17، ثم 1,500 صاروخ في 1998"
    assert answering("JF-17 1997 1500", text) == [("١٩٩٧", "1997"), ("JF-17", "JF-17"), ("1,500", "1500")]


def test_a_compound_answers_its_parts_but_no_article_answers_a_compound(answering: Answering) -> None:
    assert answering("al-Mandab", "The al-Bahri left al-Mandab") == [("al-Mandab", "al-Mandab")]
    assert answering("Mediterranean", "an Asia-Mediterranean route") == [("Asia-Mediterranean", "Mediterranean")]


def test_names_are_marked_in_either_script(answering: Answering) -> None:
    found = answering("Drumkeeran", "وصل إلى درمكيران أمس", variants=(("drumkeeran", "درمكيران"),))
    assert found == [("درمكيران", "Drumkeeran")]


def test_stems_and_meanings_are_marked_within_a_language(answering: Answering) -> None:
    assert answering("price of wheat", "Prices rose. Wheat's price fell; the wharf is closed.") == [
        ("Prices", "price"),
        ("Wheat's", "wheat"),
        ("price", "price"),
    ]
    assert answering("سعر القمح", "ارتفعت أسعار القمح") == [("أسعار", "سعر"), ("القمح", "القمح")]


def test_the_query_s_words_are_told_as_they_were_typed(answering: Answering) -> None:
    quoted = answering("the ship of water", "سفينة تحمل الماء", typed='the "ship" of «water»')
    assert quoted == [("سفينة", "ship"), ("الماء", "water")]
    reading = Reading(
        "الحرب في السودان", (("el", "الـ"), ("7arb", "حرب"), ("fi", "في"), ("el", "الـ"), ("sudan", "سودان"))
    )
    romanised = answering("الحرب في السودان", "بدأت الحرب في السودان", typed="el 7arb fi el-Sudan", reading=reading)
    assert romanised == [("الحرب", "el 7arb"), ("السودان", "el-Sudan")]
    joined = Reading("الحرب في السودان", (("el", "الـ"), ("7arb", "حرب"), ("fel", "في الـ"), ("sudan", "سودان")))
    romanised = answering("الحرب في السودان", "بدأت الحرب في السودان", typed="el 7arb fel sudan", reading=joined)
    assert romanised == [("الحرب", "el 7arb"), ("السودان", "fel sudan")]
    assert answering("their heir", "an heir", typed='their "heir"') == [("heir", "heir")]


def test_hits_have_marks_when_they_were_asked_for(seed_searcher: Searcher) -> None:
    query = "pirates board a ship near Bab al-Mandab"
    plain = seed_searcher.answer(query, Options(k=5))
    hits = seed_searcher.answer(query, Options(k=5, highlight=True)).hits
    assert not any(hit.marks for hit in plain.hits)
    assert [replace(hit, marks=()) for hit in hits] == plain.hits
    assert seed_searcher.marks(query, [hit.passage.passage_id for hit in hits]) == {
        hit.passage.passage_id: hit.marks for hit in hits
    }
    marked = {(hit.passage.text[mark.start : mark.end], query[mark.query_start : mark.query_end])
              for hit in hits for mark in hit.marks}  # fmt: skip
    assert {("ناقلة", "ship"), ("المندب", "al-Mandab"), ("al-Mandab", "al-Mandab")} <= marked


def test_marks_are_whole_words_in_order(seed_searcher: Searcher) -> None:
    for query in ("oral vaccine drive Yemeni port city", "كلفة تحلية مياه البحر"):
        for hit in seed_searcher.answer(query, Options(highlight=True)).hits:
            text, spans = hit.passage.text, [(mark.start, mark.end) for mark in hit.marks]
            assert spans == sorted(set(spans))
            for start, end in spans:
                assert not text[start - 1 : start].isalpha()
                assert not text[end : end + 1].isalpha()
                assert text[start:end].strip()


def test_passages_that_are_not_there_have_no_marks(seed_searcher: Searcher) -> None:
    assert seed_searcher.marks("ship", ["nowhere"]) == {}
