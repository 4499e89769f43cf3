"""Documents cut into passages, by a model's own tokens and, for what holds of any model, by words."""

import hashlib
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import PASSAGE_TOKENS, Span, Splitter
from indexer.readers import SourceItem, reader_of
from search.encoder import Encoder, Vectors
from tests.conftest import SEEDS
from tests.indexer.readers import format_of, items
from tests.indexer.words import WordEncoder

OVERHEAD = 16
PROSE = {
    "ar": "بدأت المناورات البحرية المشتركة صباح أمس قبالة سواحل جدة وشاركت فيها فرقاطتان وثلاث طائرات استطلاع",
    "en": "naval exercises began yesterday off the coast near Jeddah with frigates helicopters and divers taking part",
}
ARABIC, ENGLISH = (prose.split() for prose in PROSE.values())

sentences = st.builds(
    lambda words, stop: " ".join(words) + stop,
    st.lists(st.sampled_from(ARABIC), min_size=1, max_size=12)
    | st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=12),
    st.sampled_from([".", "؟", "!", "?"]),
)
gaps = st.sampled_from([" ", " ", " ", "\n\n", "\n", "  \n \n"])
documents = st.lists(st.tuples(sentences, gaps), max_size=30)


def of_words(budget: int) -> Splitter:
    return Splitter(WordEncoder(), budget + OVERHEAD)


def unlikely_word(letters: str) -> str:
    """5,000 letters without a pattern that a tokenizer would know."""
    return "".join(letters[byte % len(letters)] for byte in hashlib.shake_128(letters.encode()).digest(5000))


def cut(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def seed_items() -> list[SourceItem]:
    paths = sorted(path for path in (SEEDS / "documents").rglob("*") if path.is_file())
    return [
        item
        for path in paths
        for item in items(reader_of(format_of(path)), path.read_bytes())
        if isinstance(item, SourceItem)
    ]


def assert_whole(text: str, spans: list[Span]) -> None:
    """In order, apart, nothing lost but white space, and none of that at the ends of a passage."""
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(piece and piece == piece.strip() for piece in cut(text, spans))
    assert "".join("".join(cut(text, spans)).split()) == "".join(text.split())


@given(documents, st.integers(1, 40))
def test_passages_hold_all_of_the_text_within_the_budget(document: list[tuple[str, str]], budget: int) -> None:
    text = "".join(sentence + gap for sentence, gap in document)
    spans = of_words(budget).split(text, "ar")
    assert_whole(text, spans)
    for span, piece in zip(spans, cut(text, spans), strict=True):
        assert len(piece.split()) == span.tokens <= budget


@given(documents, st.integers(1, 40))
def test_a_sentence_within_the_budget_is_never_cut(document: list[tuple[str, str]], budget: int) -> None:
    text = "".join(sentence + gap for sentence, gap in document)
    spans = of_words(budget).split(text, "en")
    start = 0
    for sentence, gap in document:
        end = start + len(sentence)
        if len(sentence.split()) <= budget:
            assert any(span.start <= start and end <= span.end for span in spans), sentence
        start = end + len(gap)


@given(st.text(max_size=300), st.integers(1, 20), st.sampled_from(["ar", "en", "fa", "ja", "und"]))
def test_any_text_at_all(text: str, budget: int, lang: str) -> None:
    spans = of_words(budget).split(text, lang)
    assert_whole(text, spans)
    assert all(span.tokens <= budget for span in spans)


def test_the_seeds_with_the_model(encoder: Encoder) -> None:
    splitter = Splitter(encoder)
    items = seed_items()
    assert len(items) == 46
    for item in items:
        spans = splitter.split(item.text, item.lang or "und", item.title)
        assert_whole(item.text, spans)
        inputs = [splitter.encoder_input(passage, item.title) for passage in cut(item.text, spans)]
        assert max(encoder.count_tokens(inputs)) <= PASSAGE_TOKENS - OVERHEAD
        for span in spans:  # a heading has no stop
            at_stop = re.search(r"[.!?؟]['”’»)\"]*$", item.text[span.start : span.end])
            assert at_stop or item.text[span.end] == "\n", item.title


def test_passages_of_a_document_are_about_equally_long(encoder: Encoder) -> None:
    splitter = Splitter(encoder)
    for item in seed_items():
        tokens = [span.tokens for span in splitter.split(item.text, item.lang or "und", item.title)]
        assert len(tokens) == 1 or min(tokens) >= 40, item.title


def test_arabic_and_latin_marks_end_sentences() -> None:
    text = "هل ترتفع الأسعار؟ نعم، سترتفع! وقال الوزير ذلك أمس. Will prices rise? They will! So said the minister."
    assert cut(text, of_words(4).split(text, "ar")) == [
        "هل ترتفع الأسعار؟",
        "نعم، سترتفع!",
        "وقال الوزير ذلك أمس.",
        "Will prices rise?",
        "They will!",
        "So said the minister.",
    ]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("ar", "استقبل د. أحمد زويل الطلاب في القاهرة."),
        ("ar", "وقّع أ. د. محمد غنيم كتابه في المنصورة."),
        ("en", "The prize went to J. Robert Oppenheimer at last."),
    ],
)
def test_an_initial_does_not_end_a_sentence(lang: str, sentence: str) -> None:
    text = f"{sentence} {sentence}"
    assert cut(text, of_words(len(sentence.split())).split(text, lang)) == [sentence, sentence]


def test_an_initial_that_ends_a_paragraph_does_end_a_sentence() -> None:
    text = "كتب هذا المقال م.\n\nأعلنت الوزارة النتائج."
    assert cut(text, of_words(4).split(text, "ar")) == ["كتب هذا المقال م.", "أعلنت الوزارة النتائج."]


def test_a_passage_ends_with_a_paragraph_where_it_can() -> None:
    opening, middle, close = "A dredger came in June.", "It is as loud as a train.", "Nobody on the shore sleeps."
    assert [len(sentence.split()) for sentence in (opening, middle, close)] == [5, 7, 5]
    for text in (f"{opening}\n\n{middle} {close}", f"{opening} {middle}\n\n{close}"):
        assert "\n\n".join(cut(text, of_words(13).split(text, "en"))) == text


HARBOUR = [
    "The harbour crane lifted the first container at dawn.",
    "Two tugs brought the container ship to the harbour.",
    "The ship left the harbour with the evening tide.",
    "No container was left on the harbour wall.",
]
WHEAT = [
    "Farmers say the wheat harvest will be poor.",
    "Rain fell on the wheat too late this year.",
    "The price of wheat bread has doubled since the harvest.",
]


class TopicEncoder(WordEncoder):
    """Tells what a sentence is about by counting two words."""

    def gists(self, texts: Sequence[str]) -> Vectors | None:
        return np.array([[1 + text.count("harbour"), 1 + 2 * text.count("wheat")] for text in texts], np.float32)


class SilentEncoder(WordEncoder):
    """Could tell topics, had its model anything to tell them by."""

    def gists(self, texts: Sequence[str]) -> Vectors | None:
        return None


@pytest.mark.parametrize("topics", [(HARBOUR, WHEAT), (WHEAT, HARBOUR)], ids=["four first", "three first"])
def test_a_passage_ends_where_the_topic_turns(topics: tuple[list[str], list[str]]) -> None:
    first, second = (" ".join(sentences) for sentences in topics)
    text = f"{first} {second}"
    assert cut(text, Splitter(TopicEncoder(), 45 + OVERHEAD).split(text, "en")) == [first, second]


def test_without_gists_only_length_counts() -> None:
    text = " ".join(HARBOUR + WHEAT)
    by_length = of_words(45).split(text, "en")
    assert cut(text, by_length)[0] == " ".join(HARBOUR[:3])
    assert Splitter(SilentEncoder(), 45 + OVERHEAD).split(text, "en") == by_length
    assert Splitter(TopicEncoder(), 45 + OVERHEAD, by_topic=False).split(text, "en") == by_length


def test_a_document_that_fits_is_one_passage_whatever_its_topics() -> None:
    text = " ".join(HARBOUR + WHEAT)
    assert cut(text, Splitter(TopicEncoder(), 80 + OVERHEAD).split(text, "en")) == [text]


@given(documents, st.integers(1, 40))
def test_topics_change_no_promise(document: list[tuple[str, str]], budget: int) -> None:
    text = "".join(sentence + gap for sentence, gap in document)
    spans = Splitter(DrawnGists(), budget + OVERHEAD).split(text, "en")
    assert_whole(text, spans)
    for span, piece in zip(spans, cut(text, spans), strict=True):
        assert len(piece.split()) == span.tokens <= budget


class DrawnGists(WordEncoder):
    """Each sentence is about something else."""

    def gists(self, texts: Sequence[str]) -> Vectors | None:
        return self.encode_passages(texts)


def test_sentences_are_what_passages_are_made_of() -> None:
    text = " ".join(HARBOUR)
    assert cut(text, of_words(20).sentences(text, "en")) == HARBOUR


def test_a_long_sentence_is_cut_between_words(encoder: Encoder) -> None:
    text = " ".join(ARABIC * 60)
    splitter = Splitter(encoder)
    spans = splitter.split(text, "ar")
    passages = cut(text, spans)
    assert len(passages) > 5
    assert " ".join(passages) == text
    assert max(encoder.count_tokens(passages)) <= PASSAGE_TOKENS - OVERHEAD


@pytest.mark.parametrize(
    ("lang", "word"),
    [
        ("ar", unlikely_word("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")),
        ("en", "https://example.org/?" + unlikely_word("0123456789abcdef-_/%&")),
        ("ar", "ﷺ" * 500),
        ("ja", "国際連合安全保障理事会決議" * 385),
    ],
    ids=["letters", "address", "ligatures", "no spaces"],
)
def test_a_word_longer_than_a_passage_is_cut_inside(encoder: Encoder, lang: str, word: str) -> None:
    text = f"قبل {word} بعد"
    passages = cut(text, Splitter(encoder).split(text, lang))
    assert re.sub(r"\s", "", "".join(passages)) == f"قبل{word}بعد"
    assert max(encoder.count_tokens(passages)) <= PASSAGE_TOKENS - OVERHEAD


def test_words_are_not_cut_when_they_fit() -> None:
    link = "https://example.org/" + "a" * 300
    text = f"one two {link} three four"
    assert cut(text, of_words(2).split(text, "en")) == ["one two", f"{link} three", "four"]


def test_a_model_that_reads_less_gets_shorter_passages() -> None:
    class Short(WordEncoder):
        max_tokens = 20

    text = " ".join(["Prices rose again on Monday."] * 10)
    assert {span.tokens for span in Splitter(Short()).split(text, "en")} <= {1, 2, 3, 4}


def test_no_text_no_passages() -> None:
    assert of_words(10).split("", "ar") == []
    assert of_words(10).split(" \n\t\n", "en") == []


def test_the_title_travels_with_each_passage() -> None:
    splitter = of_words(40)
    assert (
        splitter.encoder_input("وصل الوفد أمس.", "زيارة حفتر إلى راولبندي") == "زيارة حفتر إلى راولبندي\nوصل الوفد أمس."
    )
    assert (
        splitter.encoder_input("وصل الوفد أمس.", " a title\n in two  lines ") == "a title in two lines\nوصل الوفد أمس."
    )
    assert splitter.encoder_input("وصل الوفد أمس.") == "وصل الوفد أمس."


def test_the_title_takes_its_part_of_the_budget() -> None:
    text = " ".join(["Prices rose again today."] * 10)
    assert len(of_words(40).split(text, "en")) == 1
    assert len(of_words(40).split(text, "en", "Bread and fuel")) == 2


def test_a_long_title_is_cut_between_words_to_a_quarter() -> None:
    given_title = " ".join(f"word{number}" for number in range(100))
    title, text = of_words(40).encoder_input("وصل الوفد أمس.", given_title).split("\n")
    assert given_title.startswith(f"{title} ")
    assert 6 <= len(title.split()) <= 10
    assert text == "وصل الوفد أمس."


@pytest.mark.parametrize(
    "title",
    [
        "بيان صحفي عن الزيارة " * 100,
        "https://example.org/" + "a1b2c3" * 200,
        "国際連合安全保障理事会決議" * 50,
        "ﷺ" * 300,
    ],
    ids=["words", "address", "no spaces", "ligatures"],
)
def test_no_title_crowds_out_its_passage(encoder: Encoder, title: str) -> None:
    text = " ".join(f"{' '.join(ARABIC)}." for _ in range(30))
    splitter = Splitter(encoder)
    inputs = [splitter.encoder_input(passage, title) for passage in cut(text, splitter.split(text, "ar", title))]
    assert max(encoder.count_tokens(inputs)) <= PASSAGE_TOKENS - OVERHEAD


@given(st.text(min_size=1, max_size=200), st.integers(4, 60))
def test_any_title_at_all(title: str, budget: int) -> None:
    head = of_words(budget).encoder_input("نص.", title).removesuffix("\nنص.")
    assert len(head.split()) <= max(budget // 4, 1)
    assert " ".join(title.split()).startswith(head)
