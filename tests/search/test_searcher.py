"""The searcher over the seed documents."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from indexer.build import build
from search.encoder import Encoder
from search.errors import ExpiredError, NotFoundError, QueryError
from search.evaluation import read_collection
from search.fusion import WEAK_SCORE, Leg
from search.legs import ALL_LEGS
from search.local import LocalBackend
from search.records import Related
from search.searcher import MAX_HITS, MAX_QUERY_CHARS, Options, Searcher
from search.settings import Settings
from tests.conftest import SEEDS

STRANGE = [
    "how to bake sourdough bread at home",
    "كيف أخبز رغيفاً في البيت",
    "best chess openings for beginners",
    "أفضل افتتاحيات الشطرنج للمبتدئين",
    "who composed the opera about the flying Dutchman",
    "عدد أقمار كوكب المشتري",
]
"""Queries to which the seeds have no answer."""


def test_an_english_query_finds_arabic_passages_and_the_reverse(seed_searcher: Searcher) -> None:
    hits = seed_searcher.search("solar park in southern Jordan", k=4)
    assert {hit.document.source for hit in hits if hit.passage.lang == "ar"} == {"ar/solar-wadi-halima.md"}
    english = [hit for hit in seed_searcher.search("زيارة صدام حفتر إلى راولبندي", k=4) if hit.passage.lang == "en"]
    assert english[0].document.source == "en/haftar-rawalpindi-visit.html"


def test_hits_are_ranked_and_their_passages_stand_in_their_documents(seed_searcher: Searcher) -> None:
    hits = seed_searcher.search("لقاح الكوليرا في الحديدة", k=20)
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        document = seed_searcher.document(hit.document.doc_id)
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert seed_searcher.passage(hit.passage.passage_id) == hit.passage


def test_an_answer_says_how_the_query_was_understood(seed_searcher: Searcher) -> None:
    answer = seed_searcher.answer("  لقاح الكوليرا ", Options(k=3))
    assert (answer.query, answer.lang, answer.reading) == ("لقاح الكوليرا", "ar", None)
    assert answer.generation == seed_searcher.manifest.generation
    assert answer.hits == seed_searcher.search("لقاح الكوليرا", k=3)
    assert seed_searcher.answer("cholera vaccine").lang == "en"


def test_most_of_what_is_asked_has_an_answer_where_nothing_matches_words(seed_searcher: Searcher) -> None:
    """An old Milvus has no such legs: what it has must not look like a list of weak matches."""
    queries = read_collection(SEEDS).queries
    options = Options(k=1, legs=ALL_LEGS - {Leg.LEXICAL, Leg.DICTIONARY})
    answered = [seed_searcher.answer(query.text, options).answered for query in queries]
    assert sum(answered) >= 0.8 * len(queries)
    assert sum(seed_searcher.answer(query, options).answered for query in STRANGE) <= 3


def test_scores_say_whether_there_is_an_answer(seed_searcher: Searcher) -> None:
    queries = read_collection(SEEDS).queries
    answered = [seed_searcher.answer(query.text, Options(k=1)).answered for query in queries]
    assert sum(answered) >= 0.7 * len(queries)
    assert sum(seed_searcher.answer(query).answered for query in STRANGE) <= 2


def test_a_weak_match_is_one_below_the_line(seed_searcher: Searcher) -> None:
    for query in ("oud maker", "how to bake sourdough bread at home"):
        answer = seed_searcher.answer(query, Options(k=30))
        assert all(0 < hit.score < 1 for hit in answer.hits)
        assert all(hit.weak is (hit.score < WEAK_SCORE) for hit in answer.hits)
        assert answer.answered is not all(hit.weak for hit in answer.hits)
    assert answer.hits[-1].weak


def test_romanised_arabic_is_read_and_says_as_what(seed_searcher: Searcher) -> None:
    query = "ziyarat haftar ila rawalpindi"
    answer = seed_searcher.answer(query)
    assert (answer.query, answer.lang) == (query, "ar")
    assert answer.reading is not None
    assert answer.reading.text.startswith("زيارة حفتر إلى راول")
    assert answer.hits == seed_searcher.search(answer.reading.text)
    for untouched in (seed_searcher.answer(query, Options(names=False)), seed_searcher.answer(f'"{query}"')):
        assert (untouched.lang, untouched.reading) == ("en", None)


def test_a_name_is_shown_as_the_passage_spells_it(seed_searcher: Searcher) -> None:
    for query, lang, spellings in (("Haftar", "ar", ("Haftar", "حفتر")), ("حفتر", "en", ("حفتر", "Haftar"))):
        hit = next(hit for hit in seed_searcher.search(query, k=3, lang=lang) if hit.variants)
        assert spellings in hit.variants
        assert "haftar" in hit.document.source
        off = seed_searcher.answer(query, Options(k=20, names=False)).hits
        assert all(hit.variants == () for hit in off)


def test_quoted_words_stand_in_every_hit_of_their_language(seed_searcher: Searcher) -> None:
    for query, lang, phrase in (('"Wadi Halima" power', "en", "wadi halima"), ("«وادي حليمة»", "ar", "وادي حليمة")):
        hits = seed_searcher.search(query, k=20, lang=lang)
        assert hits
        assert all(phrase in f"{hit.document.title}\n{hit.passage.text}".lower() for hit in hits)
        both = seed_searcher.search(query, k=3)
        assert {hit.passage.passage_id for hit in both if hit.passage.lang == lang} <= {
            hit.passage.passage_id for hit in hits
        }


def test_the_arithmetic_is_there_when_it_was_asked_for(seed_searcher: Searcher) -> None:
    plain, explained = (seed_searcher.answer("wheat tender", Options(explain=asked)) for asked in (False, True))
    assert all(hit.explanation is None for hit in plain.hits)
    for hit in explained.hits:
        assert hit.explanation is not None
        assert (hit.explanation.pool, hit.explanation.score) == (hit.passage.lang, hit.score)
        assert {Leg.DENSE, Leg.LATE} < {share.leg for share in hit.explanation.legs}
    assert [replace(hit, explanation=None) for hit in explained.hits] == plain.hits


def test_legs_can_be_left_out(seed_searcher: Searcher) -> None:
    for left in (Leg.LATE, Leg.LEXICAL, Leg.DICTIONARY, Leg.NAMES):
        options = Options(k=5, explain=True, legs=ALL_LEGS - {left})
        hits = seed_searcher.answer("Haftar in Rawalpindi", options).hits
        assert "haftar" in hits[0].document.source
        for hit in hits:
            assert hit.explanation is not None
            assert all(share.rank is None for share in hit.explanation.legs if share.leg is left)


def test_the_same_article_twice_is_one_hit(tmp_path: Path, settings: Settings, encoder: Encoder) -> None:
    article = (
        "The ferry Amal reached Tartus on Sunday with four hundred passengers after two nights at anchor outside the "
        "breakwater, where a gale had kept every boat in the harbour. The port authority said no one had been hurt and "
        "that cabins on the lower deck would be pumped dry before she sails again for Mersin on Thursday evening."
    )
    for name, text in (("sunday", article), ("again", article.replace("cabins", "berths")), ("copy", article)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    (tmp_path / "other.txt").write_text("Mersin expects a good orange harvest this year.", "utf-8")
    build([tmp_path / f"{name}.txt" for name in ("sunday", "again", "copy", "other")], settings)
    searcher = Searcher(LocalBackend(settings.folder), encoder)
    first, second = searcher.search("عبارة تصل إلى طرطوس")
    assert {first.document.source, first.duplicates[0].source} == {"copy.txt", "again.txt"}
    (stands_for,) = [hit for hit in searcher.answer("طرطوس", Options(collapse=False)).hits if hit.copies]
    assert (stands_for.document.source, stands_for.copies[0].source) == ("copy.txt", "sunday.txt")
    assert [other.source for other in searcher.related(stands_for.document.doc_id).near_duplicates] == ["again.txt"]
    assert searcher.passage(first.duplicates[0].passage_id).doc_id == first.duplicates[0].doc_id
    assert (second.document.source, second.duplicates) == ("other.txt", ())
    apart = searcher.answer("عبارة تصل إلى طرطوس", Options(collapse=False)).hits
    assert [hit.document.source for hit in apart[2:]] == ["other.txt"]
    assert all(hit.duplicates == () for hit in apart)


def test_an_index_of_one_language_is_asked_in_both(tmp_path: Path, settings: Settings, encoder: Encoder) -> None:
    for name, text in (
        ("bridge.txt", "أعيد افتتاح الجسر القديم فوق العاصي بعد ترميم دام عاماً."),
        ("bread.txt", "ارتفع سعر الخبز في تونس للمرة الأولى منذ عشر سنوات."),
        ("team.txt", "فاز منتخب الجزائر بكأس إفريقيا لكرة اليد."),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    build(sorted(tmp_path.glob("*.txt")), settings)
    searcher = Searcher(LocalBackend(settings.folder), encoder)
    for query in ("bread price in Tunisia", "سعر الخبز في تونس"):
        hits = searcher.search(query)
        assert len(hits) == 3
        assert hits[0].document.source == "bread.txt"
    assert searcher.search("bread price", lang="en") == []


def test_a_query_can_be_kept_to_one_language(seed_searcher: Searcher) -> None:
    for lang in ("ar", "en"):
        hits = seed_searcher.search("desalination plant", k=10, lang=lang)
        assert len(hits) == 10
        assert {hit.passage.lang for hit in hits} == {lang}


def test_a_search_can_be_kept_to_some_days(seed_searcher: Searcher) -> None:
    whole = seed_searcher.answer("desalination plant", Options(k=MAX_HITS, collapse=False)).hits
    for since, until in (("2025-03", "2025-04"), ("2025-11-20", None), (None, "2025-01-30"), ("2025", "2025-12")):
        first, last = since or "", f"{until or '9'}~"
        options = Options(k=MAX_HITS, since=since, until=until, collapse=False)
        hits = seed_searcher.answer("desalination plant", options).hits
        expected = {hit.passage.passage_id for hit in whole if first <= (hit.document.date or "") <= last}
        assert {hit.passage.passage_id for hit in hits} == expected != set()
    assert seed_searcher.answer("desalination plant", Options(until="2024")).hits == []


def test_a_search_can_be_kept_to_some_sources(seed_searcher: Searcher) -> None:
    for source, sources in (
        ("the harbor ledger", {"The Harbor Ledger"}),
        ("صحيفه المرفا", {"صحيفة المرفأ"}),
        ("en", {"en"}),
        ("ar/dates-exports.md", {"ar/dates-exports.md"}),
    ):
        hits = seed_searcher.answer("harbour", Options(k=MAX_HITS, source=(source,))).hits
        assert hits
        for hit in hits:
            about = hit.document
            assert sources & {about.publisher, about.source, about.source.partition("/")[0]}
    both = seed_searcher.answer("harbour", Options(k=MAX_HITS, source=("en", "صحيفة المرفأ"), since="2025-06")).hits
    assert {hit.document.lang for hit in both} == {"ar", "en"}
    assert {hit.document.publisher for hit in both if hit.document.lang == "ar"} == {"صحيفة المرفأ"}


def test_what_is_left_out_changes_neither_scores_nor_order(seed_searcher: Searcher) -> None:
    """In the first ten: further down, a filter lets passages hear of counterparts that are no candidates without it."""
    for query in ("joint naval exercises in the Red Sea", "زيارة حفتر إلى راولبندي", '"Wadi Halima" power'):
        whole = seed_searcher.answer(query, Options(k=10, collapse=False)).hits
        for options in (
            Options(since="2025-06"),
            Options(source=("ar", "Red Sea Dispatch")),
            Options(until="2025-09-15"),
        ):
            hits = seed_searcher.answer(query, replace(options, k=MAX_HITS, collapse=False)).hits
            allowed = {hit.passage.passage_id for hit in hits}
            expected = [hit for hit in whole if hit.passage.passage_id in allowed]
            assert expected
            found = hits[: len(expected)]
            assert [hit.passage for hit in found] == [hit.passage for hit in expected]
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(since="last week"), "'last week'"),
        (Options(until="2025-31-12"), "'2025-31-12'"),
        (Options(since="2025", until="2024"), "since 2025 and until 2024"),
        (Options(source=("ar", "The Daily Nothing")), "'The Daily Nothing'"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(seed_searcher: Searcher, options: Options, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        seed_searcher.answer("water", options)
    assert caught.value.hint


def test_a_hit_offers_the_same_story_in_the_other_language(seed_searcher: Searcher) -> None:
    hits = seed_searcher.search("Haftar's visit to Rawalpindi", k=8)
    told = {hit.document.source: hit for hit in hits}
    arabic, english = told["ar/haftar-rawalpindi-visit.md"], told["en/haftar-rawalpindi-visit.html"]
    assert (arabic.counterpart, english.counterpart) == (english.document, arabic.document)
    assert seed_searcher.related(arabic.document.doc_id) == Related(counterparts=(english.document,))
    oud = seed_searcher.search("oud maker", k=1)[0]
    assert oud.counterpart is None
    assert seed_searcher.related(oud.document.doc_id) == Related()


@pytest.mark.parametrize(
    ("query", "k", "lang", "said"),
    [
        ("  ", 10, None, "empty"),
        ("ب" * (MAX_QUERY_CHARS + 1), 10, None, "1001 characters"),
        ("water", 0, None, "0 hits"),
        ("water", MAX_HITS + 1, None, "1001 hits"),
        ("water", 10, "arabic", "'arabic'"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    seed_searcher: Searcher, query: str, k: int, lang: str | None, said: str
) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        seed_searcher.search(query, k=k, lang=lang)
    assert caught.value.hint


@pytest.mark.parametrize(
    "query", ["؟", "12", "🙂", "\u202e\u200f", "—" * 50, "<script>", "' OR 1=1 --", "كـــتــاب" * 40]
)
def test_odd_queries_are_answered(seed_searcher: Searcher, query: str) -> None:
    assert len(seed_searcher.search(query, k=3)) == 3


def test_what_is_not_there_is_not_found(seed_searcher: Searcher) -> None:
    with pytest.raises(NotFoundError):
        seed_searcher.document("nothing")
    with pytest.raises(NotFoundError):
        seed_searcher.passage("nothing-0000")


def test_products_are_not_shared_out_once_more(seed_searcher: Searcher) -> None:
    """Where other programs are at work, too, a query took three times as long with BLAS's own threads."""
    assert seed_searcher.search("desalination")
    threads = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert threads
    assert set(threads) == {1}


def test_opening_again_gives_the_same_hits(seed_settings: Settings, seed_searcher: Searcher) -> None:
    assert Searcher.open(seed_settings).search("oud maker") == seed_searcher.search("oud maker")


def test_threads_get_the_answers_that_one_caller_gets(seed_searcher: Searcher) -> None:
    queries = ["coral reefs and heat", "سباق الهجن", "wheat tender", "مخطوطات تلمسان"] * 4
    expected = [seed_searcher.search(query) for query in queries]
    found: dict[int, object] = {}

    def ask(number: int) -> None:
        found[number] = seed_searcher.search(queries[number])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(queries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(len(queries))] == expected


def test_the_library_tells_of_all_documents(seed_searcher: Searcher) -> None:
    documents = seed_searcher.documents()
    assert len(documents) == seed_searcher.manifest.documents == 46
    assert sorted({document.lang for document in documents}) == ["ar", "en"]
    assert all(document.date and document.publisher and document.title for document in documents)
    assert set(seed_searcher.publishers()) == {document.publisher for document in documents}


def test_a_lean_brings_one_language_first_and_changes_no_score(seed_searcher: Searcher) -> None:
    options = Options(k=MAX_HITS, collapse=False)
    plain = {hit.passage.passage_id: hit.score for hit in seed_searcher.answer("Pakistan", options).hits}
    assert seed_searcher.answer("Pakistan", replace(options, balance=0.0)).hits[0].passage.passage_id == next(
        iter(plain)
    )
    for balance, first in ((1.0, "ar"), (-1.0, "en")):
        hits = seed_searcher.answer("Pakistan", replace(options, balance=balance)).hits
        assert {hit.passage.passage_id: hit.score for hit in hits[:100]}.items() <= plain.items()
        good = [hit.passage.lang for hit in hits if not hit.weak]
        assert good == sorted(good, reverse=first == "en")
        assert set(good) == {"ar", "en"}
        assert not any(hit.weak for hit in hits[: len(good)])


def test_one_document_can_be_searched(seed_searcher: Searcher) -> None:
    whole = seed_searcher.answer("Haftar", Options(k=MAX_HITS, collapse=False)).hits
    doc_id = next(hit.document.doc_id for hit in whole if "haftar" in hit.document.source)
    hits = seed_searcher.answer("Haftar", Options(k=MAX_HITS, doc_id=doc_id)).hits
    expected = [hit.passage.passage_id for hit in whole if hit.document.doc_id == doc_id]
    assert [hit.passage.passage_id for hit in hits] == expected
    assert len(expected) > 1
    with pytest.raises(QueryError, match="'nothing'"):
        seed_searcher.answer("Haftar", Options(doc_id="nothing"))


def test_passages_stand_in_the_order_of_the_text_between_their_neighbours(seed_searcher: Searcher) -> None:
    document = max(seed_searcher.documents(), key=lambda document: len(seed_searcher.passages(document.doc_id)))
    passages = seed_searcher.passages(document.doc_id)
    assert len(passages) > 2
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
    around = [None, *passages, None]
    for before, passage, after in zip(around, passages, around[2:], strict=False):
        assert seed_searcher.neighbours(passage.passage_id) == (before, after)
    with pytest.raises(NotFoundError):
        seed_searcher.passages("nothing")


def test_a_passage_knows_the_one_that_says_the_same_in_the_other_language(seed_searcher: Searcher) -> None:
    told = 0
    for document in seed_searcher.documents():
        others = {other.doc_id for other in seed_searcher.related(document.doc_id).counterparts}
        for passage in seed_searcher.passages(document.doc_id):
            other = seed_searcher.counterpart_of(passage.passage_id)
            if other:
                told += 1
                assert other.lang != passage.lang
                assert other.doc_id in others
    assert told >= 10
    with pytest.raises(NotFoundError):
        seed_searcher.counterpart_of("gone")


def test_a_copy_has_the_passages_of_what_it_is_a_copy_of(tmp_path: Path, settings: Settings, encoder: Encoder) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text("The lighthouse of Tripoli burns oil no longer.", "utf-8")
    build([tmp_path / "one.txt", tmp_path / "two.txt"], settings)
    searcher = Searcher(LocalBackend(settings.folder), encoder)
    first, second = (searcher.passages(document.doc_id) for document in searcher.documents())
    assert first == second != []
    for document in searcher.documents():
        (hit,) = searcher.answer("منارة طرابلس", Options(doc_id=document.doc_id)).hits
        assert hit.passage == first[0]
        assert searcher.similar_to_document(document.doc_id).hits == []


def test_a_list_goes_on_in_the_generation_that_it_began_in(
    tmp_path: Path, settings: Settings, encoder: Encoder
) -> None:
    story = tmp_path / "story.txt"

    def published(text: str) -> None:
        story.write_text(text, "utf-8")
        build([story], settings)

    published("The ferry to Tartus sails on Monday.")
    searcher = Searcher(LocalBackend(settings.folder), encoder)
    names = [searcher.generation]
    for day in ("Tuesday", "Wednesday"):
        published(f"The ferry to Tartus sails on {day}.")
        assert searcher.refresh()
        names.append(searcher.generation)
        assert day in searcher.search("ferry")[0].passage.text
    before = searcher.at(names[1])
    assert (before.generation, searcher.generation) == (names[1], names[2])
    assert "Tuesday" in before.search("ferry")[0].passage.text
    published("The ferry to Tartus sails on Thursday.")
    assert "Tuesday" in searcher.at(names[1]).search("ferry")[0].passage.text  # its files are gone
    late = Searcher(LocalBackend(settings.folder), encoder)
    assert "Wednesday" in late.at(names[2]).search("ferry")[0].passage.text  # opened for this
    assert late.at(late.generation).generation == late.generation
    for gone in (names[0], "nothing", "", "../generations", "."):
        with pytest.raises(ExpiredError) as caught:
            searcher.at(gone)
        assert caught.value.hint
