"""The searcher over the seed documents."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from search import store
from search.errors import DamagedIndexError, NotFoundError, QueryError
from search.searcher import MAX_HITS, MAX_QUERY_CHARS, Searcher
from search.settings import Settings


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


def test_a_query_can_be_kept_to_one_language(seed_searcher: Searcher) -> None:
    for lang in ("ar", "en"):
        hits = seed_searcher.search("desalination plant", k=10, lang=lang)
        assert len(hits) == 10
        assert {hit.passage.lang for hit in hits} == {lang}


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


@pytest.mark.parametrize("part", ["catalogue.sqlite", "vectors.faiss", "names.sqlite", "pools.npz", "shift.npz"])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"not what it was")])
def test_a_damaged_generation_is_a_clear_error(
    seed_settings: Settings, tmp_path: Path, part: str, damage: Callable[[Path], object]
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seed_settings.index, index)
    damage(store.current(index) / part)
    with pytest.raises(DamagedIndexError) as caught:
        Searcher.open(index)
    assert "--rebuild" in caught.value.hint


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
