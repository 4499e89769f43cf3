"""How well an index answers a test set: runs, measures, and the cells of query and document language.

Test sets are in BEIR layout (Thakur et al., 2021, arXiv:2104.08663): ``queries.jsonl``, ``qrels/test.tsv``, and the
documents as ``corpus.jsonl`` or, in a layout of our own, as a folder ``documents/`` of files. Measures are computed by
`ir_measures` on one mixed list of documents per query; a document stands where its best passage stands.
"""

import csv
import json
import math
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from search.errors import EvaluationError
from search.fusion import Leg
from search.language import query_language
from search.legs import ALL_LEGS
from search.progress import Progress, silent
from search.records import DocumentInfo
from search.searcher import Options, Searcher
from search.threads import CORES

DEPTH = 100
TIMED = 200
_PASSAGES = 300
_TRIFLE = 1e-6  # trec_eval keeps scores in single precision

Run = dict[str, dict[str, float]]
Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a test set."""

    query_id: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A test set: queries with their judgements, and the path of the documents that are to be indexed.

    A document is named by its ``_id`` in a JSONL file, else by its path below `documents`. `languages` holds what the
    test set itself says of its documents' languages, by name.
    """

    documents: Path
    queries: list[Query]
    qrels: Qrels
    languages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures over some queries, each in 0–1."""

    queries: int
    success_at_20: float
    recall_at_10: float
    mrr_at_10: float
    ndcg_at_10: float


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one run.

    `cells` go by query and document language (``en→ar``), each with the judgements of that document language only.
    `other_language` is the share of the first ten documents that are not in the query's language. `balance` is the
    lowest Success@20 of a cell divided by the highest.
    """

    mixed: Figures
    cells: dict[str, Figures]
    other_language: float
    balance: float


def read_collection(folder: Path) -> Collection:
    """The test set in a folder. Raises `EvaluationError` when a part of it is missing or empty."""
    documents = folder / "corpus.jsonl"
    if not documents.exists():
        documents = folder / "documents"
    for part in (folder / "queries.jsonl", folder / "qrels" / "test.tsv", documents):
        if not part.exists():
            raise EvaluationError(
                f"The test set {folder} has no {part.relative_to(folder)}.",
                hint="A test set has queries.jsonl, qrels/test.tsv and corpus.jsonl (BEIR layout).",
            )
    qrels = _read_qrels(folder / "qrels" / "test.tsv")
    queries = [query for query in _read_queries(folder / "queries.jsonl") if query.query_id in qrels]
    if not queries:
        raise EvaluationError(f"No query of {folder} is judged.", hint="Compare the ids in queries.jsonl and test.tsv.")
    return Collection(documents, queries, qrels, _languages(documents))


def run_queries(
    searcher: Searcher,
    queries: list[Query],
    *,
    legs: frozenset[Leg] = ALL_LEGS,
    counterparts: bool = True,
    progress: Progress = silent,
) -> Run:
    """The best `DEPTH` documents of each query with the score of their best passage, near-duplicates included.

    Of equal scores the later one is lowered by a trifle, so that whoever sorts by score keeps the order of the list.
    """
    options = Options(k=_PASSAGES, depth=_PASSAGES, collapse=False, legs=legs, counterparts=counterparts)
    run: Run = {}
    with ThreadPoolExecutor(CORES) as pool:
        answers = pool.map(lambda query: searcher.answer(query.text, options), queries)
        for done, (query, answer) in enumerate(zip(queries, answers, strict=True)):
            progress("Searching", done, len(queries))
            best: dict[str, float] = {}
            for hit in answer.hits:
                for document in (hit.document, *hit.copies):
                    best.setdefault(name_of(document), hit.score - len(best) * _TRIFLE)
            run[query.query_id] = dict(list(best.items())[:DEPTH])
    progress("Searching", len(queries), len(queries))
    return run


def time_queries(
    searcher: Searcher, queries: list[Query], *, limit: int = TIMED, progress: Progress = silent
) -> list[float]:
    """How many milliseconds each of some queries takes, `limit` at most and evenly picked, asked as a reader does.

    One after another, ten hits each; `run_queries` looks deeper and asks several at once, so its times tell nothing.
    """
    chosen = queries[:: math.ceil(len(queries) / limit)]
    searcher.answer(chosen[0].text)  # what is loaded when it is first needed is not the query's to answer for
    times_ms = []
    for done, query in enumerate(chosen, start=1):
        started = time.perf_counter()
        searcher.answer(query.text)
        times_ms.append((time.perf_counter() - started) * 1000)
        progress("Timing", done, len(chosen))
    return times_ms


def name_of(document: DocumentInfo) -> str:
    """What judgements call a document."""
    return document.record_id or document.source


def report(collection: Collection, run: Run, languages: Mapping[str, str]) -> Report:
    """Measure a run. `languages` are those of the indexed documents, by name; the test set's own word goes first."""
    languages = {**languages, **collection.languages}
    cells = {cell: _figures(qrels, run) for cell, qrels in judgements_by_cell(collection, languages).items()}
    successes = [figures.success_at_20 for figures in cells.values()]
    return Report(
        mixed=_figures({query.query_id: collection.qrels[query.query_id] for query in collection.queries}, run),
        cells=cells,
        other_language=_other_language(collection.queries, run, languages),
        balance=min(successes) / max(successes) if max(successes, default=0) else 0.0,
    )


def judgements_by_cell(collection: Collection, languages: Mapping[str, str]) -> dict[str, Qrels]:
    """The judgements of each cell (``en→ar``); queries without any in a cell are not part of it."""
    cells: dict[str, Qrels] = {}
    for query in collection.queries:
        for name, relevance in collection.qrels[query.query_id].items():
            cell = cells.setdefault(f"{query.lang}→{languages.get(name, 'und')}", {})
            cell.setdefault(query.query_id, {})[name] = relevance
    return dict(sorted(cells.items()))


def write_run(run: Run, path: Path, tag: str = "jisr") -> None:
    """Write a run file in TREC form: ``query Q0 document rank score tag``."""
    with path.open("w", encoding="utf-8") as file:
        for query_id, scores in run.items():
            for rank, (name, score) in enumerate(scores.items(), start=1):
                file.write(f"{query_id} Q0 {name} {rank} {score:.10f} {tag}\n")


def _read_queries(path: Path) -> Iterator[Query]:
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        lang = (record.get("metadata") or {}).get("lang") or query_language(record["text"])
        yield Query(record["_id"], record["text"], lang)


def _languages(documents: Path) -> dict[str, str]:
    if documents.is_dir():
        return {}
    records = (json.loads(line) for line in documents.read_text("utf-8").splitlines() if line.strip())
    said = {str(record.get("_id")): (record.get("metadata") or {}).get("lang") for record in records}
    return {name: lang for name, lang in said.items() if lang}


def _read_qrels(path: Path) -> Qrels:
    qrels: Qrels = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if int(row["score"]) > 0:
                qrels.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return qrels


def _figures(qrels: Qrels, run: Run) -> Figures:
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = [Success @ 20, R @ 10, RR @ 10, nDCG @ 10]
    chosen = {query_id: run.get(query_id, {}) for query_id in qrels}
    values = ir_measures.calc_aggregate(measures, qrels, chosen)
    return Figures(len(qrels), *(float(values[measure]) for measure in measures))


def _other_language(queries: list[Query], run: Run, languages: Mapping[str, str]) -> float:
    shares = []
    for query in queries:
        first = list(run[query.query_id])[:10]
        if first:
            shares.append(sum(languages.get(name) != query.lang for name in first) / len(first))
    return sum(shares) / len(shares) if shares else 0.0
