"""The command behind `make eval`: measure the ranking on all sets, and write the figures into docs/EVALUATION.md.

Measures how good the answers are, and what each leg is worth; how fast they come is `python -m bench`'s business.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.cutting import measure_cuts
from bench.machine import Machine
from bench.outcomes import Ablation, Answered, Outcome, Outcomes, SetOutcome
from bench.sets import ASKS, REPOSITORY, SHARED, QuerySet, indexed, query_sets, sample
from bench.summary import renewed, tables
from search.encoder import open_encoder
from search.evaluation import Collection, Run, name_of, report, run_queries
from search.fusion import Leg
from search.legs import ALL_LEGS
from search.model import prepare
from search.searcher import Options, Searcher
from search.settings import Settings
from search.shift import LANGUAGES

_DOCS = REPOSITORY / "docs"
_DENSE = frozenset({Leg.DENSE})
_OTHERS = ({Leg.LEXICAL}, {Leg.DICTIONARY}, {Leg.NAMES}, {Leg.LATE})
_ABLATED = ("seeds", "xquad-split", "ntrex-mixed", "names-mixed", "arcd")
_STRANGERS = ("seeds", "xquad-split", "ntrex-mixed", "arcd")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    """How many queries of a set are asked at most, for each part."""

    main: int
    ablation: int
    answered: int
    long_documents: bool


_FULL = _Effort(main=400, ablation=80, answered=60, long_documents=True)
_QUICK = _Effort(main=40, ablation=10, answered=20, long_documents=False)


def main() -> int:
    """Measure and print; the exit code is 1 when nothing could be written because sets are missing."""
    options = _options()
    effort = _QUICK if options.quick else _FULL
    outcomes = _measure(replace(effort, main=options.queries or effort.main), options.shared)
    print(tables(outcomes))
    folder = options.out or (None if options.quick else _DOCS)
    missing = ASKS.keys() - {one.name for one in outcomes.sets}
    if folder and missing:
        _say(f"nothing is written, since sets are missing: {', '.join(sorted(missing))}")
        return 1
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        outcomes.write(folder / "evaluation.json")
        page = renewed((_DOCS / "EVALUATION.md").read_text("utf-8"), outcomes)
        (folder / "EVALUATION.md").write_text(page, "utf-8")
        _say(f"written to {folder}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ranking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run on few queries; prints, writes nothing")
    parser.add_argument("--queries", type=int, metavar="N", help=f"of each set, instead of {_FULL.main} at most")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="FOLDER", help="where the public sets are")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write instead of docs/")
    return parser.parse_args()


def _measure(effort: _Effort, shared: Path) -> Outcomes:
    machine = Machine.here()
    started = time.monotonic()
    settings = Settings(cache=Settings.load().cache)
    model = prepare(settings)
    encoder = open_encoder(model)
    with tempfile.TemporaryDirectory(prefix="jisr-eval-") as name:
        sets = query_sets(shared, Path(name))
        searchers = indexed(sets, settings, encoder)
        return Outcomes(
            command=" ".join(["python -m bench.ranking", *sys.argv[1:]]),
            machine=machine,
            sets=[_set_outcome(one, searchers[one.archive], effort.main) for one in sets],
            ablation_queries=effort.ablation,
            ablation=_ablation(sets, searchers, effort.ablation),
            answered=list(_answered(sets, searchers, effort.answered)),
            long_documents=measure_cuts(shared / "eval", encoder, model, say=_say) if effort.long_documents else [],
            seconds=time.monotonic() - started,
        )


def _set_outcome(one: QuerySet, searcher: Searcher, count: int) -> SetOutcome:
    _say(f"asking {one.name}")
    collection = sample(one.collection, count)
    return SetOutcome(
        name=one.name,
        asks=ASKS[one.name],
        documents=searcher.manifest.documents,
        passages=searcher.manifest.passages,
        queries=len(collection.queries),
        all_legs=_outcome(searcher, collection, ALL_LEGS),
        dense=_outcome(searcher, collection, _DENSE, counterparts=False),
    )


def _outcome(searcher: Searcher, collection: Collection, legs: frozenset[Leg], *, counterparts: bool = True) -> Outcome:
    run = run_queries(searcher, collection.queries, legs=legs, counterparts=counterparts)
    languages = {name_of(document): document.lang for document in searcher.documents()} | collection.languages
    apart = {}
    for lang in LANGUAGES:
        cells = report(collection, _only(run, languages, lang), languages).cells
        apart.update({cell: figures for cell, figures in cells.items() if cell.endswith(f"→{lang}")})
    return Outcome(report=report(collection, run, languages), apart=dict(sorted(apart.items())))


def _only(run: Run, languages: dict[str, str], lang: str) -> Run:
    return {
        query_id: {name: score for name, score in scores.items() if languages.get(name) == lang}
        for query_id, scores in run.items()
    }


def _ablation(sets: list[QuerySet], searchers: dict[str, Searcher], count: int) -> list[Ablation]:
    added = [_DENSE | legs for legs in _OTHERS]
    removed = [ALL_LEGS - legs for legs in _OTHERS]
    rows = []
    for legs, counterparts in [*((legs, False) for legs in (_DENSE, *added, *removed, ALL_LEGS)), (ALL_LEGS, True)]:
        names = [leg.value for leg in Leg if leg in legs]
        _say(f"asking with {', '.join(names)}")
        outcomes = {
            one.name: _outcome(searchers[one.archive], sample(one.collection, count), legs, counterparts=counterparts)
            for one in sets
            if one.name in _ABLATED
        }
        rows.append(Ablation(legs=names, counterparts=counterparts, outcomes=outcomes))
    return rows


def _answered(sets: list[QuerySet], searchers: dict[str, Searcher], count: int) -> Iterator[Answered]:
    """Each set's queries over its own archive, which answers them, and over the others', which know nothing of them."""
    chosen = [one for one in sets if one.name in _STRANGERS]
    for asking in chosen:
        _say(f"asking {asking.name} everywhere")
        queries = sample(asking.collection, count).queries
        for answering in chosen:
            searcher = searchers[answering.archive]
            answered = [searcher.answer(query.text, Options(k=1)).answered for query in queries]
            yield Answered(
                queries=asking.name, archive=answering.name, asked=len(queries), share=float(np.mean(answered))
            )


def _say(what: str) -> None:
    print(f"eval: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
