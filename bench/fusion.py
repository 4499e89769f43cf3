"""The weights of `search.fusion`, fitted: ``python -m bench.fusion`` prints what to write there.

Logistic regression on the candidates of each set's queries, every set counting alike, and on those of queries that ask
an archive what it knows nothing of. It also prints how well each set is ranked (nDCG@10) by the weights that unrelated
sets alone give: what a set unseen would get.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from bench.sets import SHARED, QuerySet, indexed, query_sets, sample
from search.encoder import open_encoder
from search.evaluation import Run, name_of, report
from search.fusion import WITH_LATE, WITHOUT_LATE, Leg, probability
from search.model import prepare
from search.records import Answer, Hit
from search.searcher import Options, Searcher
from search.settings import Settings

_QUERIES = 200
_STRANGE_QUERIES = 40
_OPTIONS = Options(k=200, depth=200, collapse=False, explain=True, counterparts=False)
_LEGS = list(Leg)
_NEGATIVES = 20
"""How many wrong candidates of a pool count, the best by late interaction or dense score: the others teach nothing."""

_TAUGHT_BY = (
    *("seeds", "xquad-split", "xquad", "xquad-r", "arcd"),
    *("ntrex-news", "ntrex-mixed", "names-in-text", "names-mixed"),
)
"""The sets fitted on: not those where a query is itself a document, and judged to be no answer to itself."""

_STRANGERS = ("seeds", "xquad-split", "ntrex-mixed", "arcd")
"""Sets whose queries are also asked of each other's archives."""

_RELATED = ({"xquad", "xquad-split", "xquad-r"}, {"ntrex-news", "ntrex-mixed", "names-in-text", "names-mixed"})

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The candidates of one query: features ``(n, legs + 2)``, the language and the judgement of each, and its name."""

    query_id: str
    features: Array
    is_same: list[bool]
    is_relevant: npt.NDArray[np.bool_]
    names: list[str]
    is_teaching: npt.NDArray[np.bool_]


def main() -> int:
    """Fit with late interaction and without, and print."""
    settings = Settings(cache=Settings.load().cache)
    encoder = open_encoder(prepare(settings))
    with TemporaryDirectory(prefix="jisr-fusion-") as folder:
        sets = [one for one in query_sets(SHARED, Path(folder)) if one.name in _TAUGHT_BY]
        searchers = indexed(sets, settings, encoder)
        asked = {one.name: _asked(one, searchers[one.archive]) for one in sets}
        strange = _strange(sets, searchers)
        for weights in (WITH_LATE, WITHOUT_LATE):
            columns = [_LEGS.index(leg) for leg in weights.legs] + [len(_LEGS), len(_LEGS) + 1]
            print(_described(_fitted([*asked.values(), *strange], columns), columns))
            for one in sets:
                others = [asked[name] for name in asked if not _is_related(name, one.name)]
                fitted = _fitted([*others, *strange], columns)
                print(f"  {one.name}: {_ndcg(one, searchers[one.archive], asked[one.name], fitted):.4f}", flush=True)
    return 0


def _asked(one: QuerySet, searcher: Searcher) -> list[_Asked]:
    print(f"fusion: asking {one.name}", file=sys.stderr, flush=True)
    qrels = one.collection.qrels
    return [
        _query(query.query_id, searcher.answer(query.text, _OPTIONS), qrels[query.query_id])
        for query in sample(one.collection, _QUERIES).queries
    ]


def _strange(sets: Sequence[QuerySet], searchers: Mapping[str, Searcher]) -> list[list[_Asked]]:
    """What archives give for the queries of other sets: nothing of it is relevant."""
    print("fusion: asking strangers", file=sys.stderr, flush=True)
    chosen = [one for one in sets if one.name in _STRANGERS]
    found = []
    for asking in chosen:
        queries = sample(asking.collection, _STRANGE_QUERIES).queries
        for answering in chosen:
            if asking is not answering:
                searcher = searchers[answering.archive]
                found.append([_query(query.query_id, searcher.answer(query.text, _OPTIONS), {}) for query in queries])
    return found


def _query(query_id: str, answer: Answer, judged: Mapping[str, int]) -> _Asked:
    hits = answer.hits
    is_same = [hit.passage.lang == answer.lang for hit in hits]
    values = [_values(hit) for hit in hits]
    features = [
        [*(value.get(leg, 0.0) for leg in _LEGS), same, not same] for value, same in zip(values, is_same, strict=True)
    ]
    names = [name_of(hit.document) for hit in hits]
    is_teaching = np.zeros(len(hits), np.bool_)
    seen: set[str] = set()
    wrong: Counter[bool] = Counter()
    for at in sorted(range(len(hits)), key=lambda at: -values[at][Leg.LATE]):
        if names[at] in judged:  # only the best passage of a document has to answer
            is_teaching[at] = names[at] not in seen
            seen.add(names[at])
        else:
            is_teaching[at] = wrong[is_same[at]] < _NEGATIVES
            wrong[is_same[at]] += 1
    relevant = np.array([name in judged for name in names], np.bool_)
    inputs = np.array(features, np.float64).reshape(len(hits), len(_LEGS) + 2)
    return _Asked(query_id, inputs, is_same, relevant, names, is_teaching)


def _values(hit: Hit) -> dict[Leg, float]:
    return {share.leg: share.value for share in hit.explanation.legs} if hit.explanation else {}


def _fitted(sets: Sequence[Sequence[_Asked]], columns: list[int]) -> Array:
    """The weights ``(legs + 2,)`` of these columns of the features, 0 for the others.

    The last two are the constants for the query's language and for others.
    """
    import torch

    features = np.concatenate([query.features[query.is_teaching][:, columns] for one in sets for query in one])
    relevant = np.concatenate([query.is_relevant[query.is_teaching] for one in sets for query in one])
    shares = np.concatenate([np.full(query.is_teaching.sum(), 1 / len(one)) for one in sets for query in one])
    scale = np.maximum(features.std(axis=0), 1e-6)
    inputs, targets, share = (torch.tensor(values) for values in (features / scale, relevant.astype(float), shares))
    weights = torch.zeros(features.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        losses = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weights, targets, reduction="none")
        total = (losses * share).sum() / share.sum() + 1e-4 * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return float(total)

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    fitted = np.zeros(len(_LEGS) + 2)
    fitted[columns] = weights.detach().numpy() / scale
    return fitted


def _described(weights: Array, columns: list[int]) -> str:
    points = ", ".join(f"Leg.{_LEGS[at].name}: {weights[at]:.3g}" for at in columns[:-2])
    return f"same={weights[-2]:.2f}, other={weights[-1]:.2f}, legs={{{points}}}"


def _ndcg(one: QuerySet, searcher: Searcher, asked: Sequence[_Asked], weights: Array) -> float:
    run: Run = {}
    for query in asked:
        best: defaultdict[str, float] = defaultdict(float)
        for name, log_odds in zip(query.names, query.features @ weights, strict=True):
            best[name] = max(best[name], probability(float(log_odds)))
        run[query.query_id] = dict(best)
    languages = {name_of(document): document.lang for document in searcher.documents()}
    return report(sample(one.collection, _QUERIES), run, languages).mixed.ndcg_at_10


def _is_related(first: str, second: str) -> bool:
    return first == second or any({first, second} <= related for related in _RELATED)


if __name__ == "__main__":
    sys.exit(main())
