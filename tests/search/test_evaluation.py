"""Measures pinned to figures worked out by hand, and the real thing over the seeds."""

import json
import math
from pathlib import Path

import pytest

from search.errors import EvaluationError
from search.evaluation import (
    Collection,
    Query,
    read_collection,
    report,
    run_queries,
    time_queries,
    write_run,
)
from search.fusion import Leg
from search.legs import ALL_LEGS
from search.searcher import Searcher

LANGUAGES = {"a1": "ar", "a2": "ar", "e1": "en", "e2": "en"}
TESTS = Collection(
    documents=Path("corpus.jsonl"),
    queries=[Query("q1", "water", "en"), Query("q2", "ماء", "ar")],
    qrels={"q1": {"a1": 1, "e1": 1}, "q2": {"e2": 1}},
    languages={},
)
RUN = {"q1": {"e1": 3.0, "e2": 2.0, "a1": 1.0}, "q2": {"a1": 2.0, "a2": 1.5, "e1": 1.0}}


def test_the_figures_are_those_worked_out_by_hand() -> None:
    figures = report(TESTS, RUN, LANGUAGES)
    gain_q1 = (1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3))  # relevant at ranks 1 and 3 of two
    assert figures.mixed.ndcg_at_10 == pytest.approx(gain_q1 / 2)
    assert figures.mixed.mrr_at_10 == pytest.approx(1 / 2)
    assert figures.mixed.recall_at_10 == pytest.approx(1 / 2)
    assert set(figures.cells) == {"en→en", "en→ar", "ar→en"}
    assert figures.cells["en→ar"].mrr_at_10 == pytest.approx(1 / 3)
    assert figures.cells["en→en"].ndcg_at_10 == pytest.approx(1)
    assert figures.cells["ar→en"].success_at_20 == 0
    assert figures.other_language == pytest.approx((1 / 3 + 1 / 3) / 2)
    assert figures.balance == 0


def test_a_run_file_is_in_trec_form(tmp_path: Path) -> None:
    import ir_measures

    write_run(RUN, tmp_path / "run.txt")
    assert (tmp_path / "run.txt").read_text("utf-8").splitlines()[:2] == [
        "q1 Q0 e1 1 3.0000000000 jisr",
        "q1 Q0 e2 2 2.0000000000 jisr",
    ]
    read = list(ir_measures.read_trec_run(str(tmp_path / "run.txt")))  # type: ignore[no-untyped-call]
    assert {(row.query_id, row.doc_id, row.score) for row in read} == {
        (query, name, score) for query, scores in RUN.items() for name, score in scores.items()
    }


def test_the_seeds_serve_every_cell(seed_searcher: Searcher, tmp_path: Path) -> None:
    tests = read_collection(Path(__file__).parents[2] / "seeds")
    assert len(tests.queries) >= 60
    names = {document.record_id or document.source for document in seed_searcher.documents()}
    judged = {name for judgements in tests.qrels.values() for name in judgements}
    assert judged <= names
    run = run_queries(seed_searcher, tests.queries[:4])
    assert all(len(scores) == len(names) for scores in run.values())  # 46 documents: all of them, each once
    languages = {document.record_id or document.source: document.lang for document in seed_searcher.documents()}
    whole = {query.query_id: dict.fromkeys(tests.qrels[query.query_id], 1.0) for query in tests.queries}
    perfect = report(tests, whole, languages)
    assert set(perfect.cells) == {"ar→ar", "ar→en", "en→ar", "en→en"}
    assert min(figures.queries for figures in perfect.cells.values()) >= 20
    assert perfect.mixed.ndcg_at_10 == pytest.approx(1)


def test_a_leg_can_be_left_out_and_near_duplicates_count(seed_searcher: Searcher) -> None:
    queries = [Query("q1", "زيارة حفتر إلى راولبندي", "ar")]
    whole = run_queries(seed_searcher, queries)["q1"]
    assert list(whole.values()) == sorted(whole.values(), reverse=True)
    without = run_queries(seed_searcher, queries, legs=ALL_LEGS - {Leg.LATE})["q1"]
    assert without.keys() == whole.keys()
    assert without != whole


@pytest.mark.parametrize(("asked", "timed"), [(1, 1), (4, 4), (5, 3), (9, 3)])
def test_queries_are_timed_and_many_are_sampled(seed_searcher: Searcher, asked: int, timed: int) -> None:
    told: list[tuple[str, int, int]] = []
    queries = [Query(str(number), "ميناء عدن", "ar") for number in range(asked)]
    times_ms = time_queries(seed_searcher, queries, limit=4, progress=lambda *stage: told.append(stage))
    assert len(times_ms) == timed
    assert all(0 < time_ms < 10_000 for time_ms in times_ms)
    assert told[-1] == ("Timing", timed, timed)


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels/test.tsv", "corpus.jsonl"])
def test_a_part_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    parts = {
        "queries.jsonl": json.dumps({"_id": "q1", "text": "water"}),
        "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1",
        "corpus.jsonl": json.dumps({"_id": "d1", "title": "", "text": "Water."}),
    }
    (tmp_path / "qrels").mkdir()
    for name, text in parts.items():
        if name != missing:
            (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match=missing if missing != "corpus.jsonl" else "documents"):
        read_collection(tmp_path)


def test_queries_that_nobody_judged_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t0\n", "utf-8")
    (tmp_path / "queries.jsonl").write_text(
        "\n".join(json.dumps({"_id": name, "text": "الماء"}, ensure_ascii=False) for name in ("q1", "q2", "q3")),
        "utf-8",
    )
    (tmp_path / "corpus.jsonl").write_text("", "utf-8")
    assert read_collection(tmp_path).queries == [Query("q1", "الماء", "ar")]
