"""Whether an index ranks in a Milvus as it does in its folder, and how long a query takes in either.

    python -m bench.backends                                   all sets, in a Milvus Lite that is made for it
    python -m bench.backends --server milvus://HOST/NAME       in a server, in collections whose names begin with NAME
    python -m bench.backends --sets xquad-split,arcd --queries 50

The indexes of the test sets are built in folders, as `make eval` does, and sent as they are; what is sent to a server
stays there. Both search exactly, in the dictionary, too: of its words a folder otherwise compares, where they are many,
those in the clusters nearest to a query's word. Both are asked the same queries, one after the other. A server without
sparse vectors has no words of passages: there both are asked without the legs that need them. The figures go to
docs/scale.json, from which `python -m bench.capacity` makes docs/SCALE.md.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bench.agreement import Agreement, Backends
from bench.capacity.figures import Scale
from bench.machine import Machine
from bench.results import Part
from bench.sample import Sample
from bench.sets import ASKS, REPOSITORY, SHARED, QuerySet, indexed, query_sets, sample
from search import store
from search.dictionary import TermFiles
from search.encoder import open_encoder
from search.evaluation import Figures, Query, name_of, report, run_queries
from search.fusion import Leg
from search.generation import Generation
from search.legs import ALL_LEGS
from search.local import LocalBackend
from search.milvus.address import Address
from search.milvus.backend import MilvusBackend
from search.milvus.connection import Connection
from search.milvus.publish import publish
from search.model import prepare
from search.options import Options
from search.records import Hit
from search.searcher import Searcher
from search.settings import Settings
from search.vocabulary import Encode

_FIRST = Options(k=10)


class Exact(LocalBackend):
    """An index in a folder whose dictionary compares all words, as a Milvus does."""

    def open(self, generation: str, encode_words: Encode) -> Generation:
        """As `LocalBackend.open`."""
        found = super().open(generation, encode_words)
        for terms in found.legs.dictionary.terms.values():
            if isinstance(terms, TermFiles):
                terms.search_all()
        return found


def main() -> int:
    """Measure, print and write; the exit code is 1 where the two do not agree as they must."""
    options = _options()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jisr-backends-") as name:
        address = Address.parse(options.server or f"milvus-lite://{name}/milvus.db/bench")
        measured = _measure(options, address, Path(name))
    for one in measured.sets:
        print(one)
    if not options.dry:
        _keep(options.out / "scale.json", measured, time.monotonic() - started)
    return 0 if all(one.passes for one in measured.sets) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.backends", description=__doc__.partition("\n")[0])
    parser.add_argument("--server", metavar="ADDRESS", help="milvus://HOST:PORT/NAME, instead of a Milvus Lite")
    parser.add_argument(
        "--sets", type=lambda text: text.split(","), default=[*ASKS], metavar="NAMES", help="only these"
    )
    parser.add_argument("--queries", type=int, default=400, metavar="N", help="of each set at most")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="FOLDER", help="where the public sets are")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "docs", metavar="FOLDER", help="instead of docs/")
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    return parser.parse_args()


def _measure(options: argparse.Namespace, address: Address, workshop: Path) -> Backends:
    environment = Settings.load()
    settings = Settings(cache=environment.cache)
    encoder = open_encoder(prepare(settings))
    sets = [one for one in query_sets(options.shared, workshop) if one.name in options.sets]
    archives = indexed(sets, settings, encoder)
    found: list[Agreement] = []
    server = ""
    for archive in archives:
        folder = settings.cache / "eval" / archive
        local = Searcher(Exact(folder), encoder)
        at = replace(address, name=f"{address.name}_{archive.replace('-', '_')}")
        with closing(Connection(at, token=environment.milvus_token, timeout_s=environment.timeout)) as connection:
            kind = "Milvus" if options.server else "Milvus Lite"
            server = f"{kind} {'.'.join(map(str, connection.version))}"
            _say(f"sending {archive}")
            publish(store.generations(folder)[local.generation], connection)
            sent = Searcher(MilvusBackend(connection), encoder)
            legs = ALL_LEGS if connection.has_sparse else ALL_LEGS - {Leg.LEXICAL, Leg.DICTIONARY}
            found += [_agreement(one, local, sent, legs, options.queries) for one in sets if one.archive == archive]
    order = list(ASKS)
    return Backends(server=server, sets=sorted(found, key=lambda one: order.index(one.name)))


def _agreement(one: QuerySet, local: Searcher, sent: Searcher, legs: frozenset[Leg], count: int) -> Agreement:
    """How two searchers answer the same queries."""
    _say(f"asking {one.name}")
    collection = sample(one.collection, count)
    pairs = list(_asked(collection.queries, (local, sent), legs))
    scores = [
        abs(hit.score - other.score) for (first, second), _ in pairs for hit, other in zip(first, second, strict=False)
    ]
    here, there = (_figures(searcher, replace(one, collection=collection), legs) for searcher in (local, sent))
    return Agreement(
        name=one.name,
        passages=local.manifest.passages,
        queries=len(pairs),
        legs=sorted(legs),
        same=sum(_ids(first) == _ids(second) for (first, second), _ in pairs) / len(pairs),
        same_documents=sum(_documents(first) == _documents(second) for (first, second), _ in pairs) / len(pairs),
        score_difference=max(scores, default=0.0),
        ndcg_at_10=(here[0].ndcg_at_10, there[0].ndcg_at_10),
        worst_success_at_20=(here[1], there[1]),
        local_ms=Sample(tuple(times[0] for _, times in pairs)),
        milvus_ms=Sample(tuple(times[1] for _, times in pairs)),
    )


def _asked(
    queries: Iterable[Query], searchers: tuple[Searcher, Searcher], legs: frozenset[Leg]
) -> Iterator[tuple[list[list[Hit]], list[float]]]:
    """The first hits of each query from both, and how many milliseconds each took."""
    options = replace(_FIRST, legs=legs)
    for number, query in enumerate(queries):
        for searcher in searchers if number == 0 else ():  # what is loaded when it is first needed
            searcher.answer(query.text, options)
        hits, times = [], []
        for searcher in searchers:
            started = time.perf_counter()
            hits.append(searcher.answer(query.text, options).hits)
            times.append((time.perf_counter() - started) * 1000)
        yield hits, times


def _figures(searcher: Searcher, one: QuerySet, legs: frozenset[Leg]) -> tuple[Figures, float]:
    """How good the answers are: of the mixed list, and Success@20 of the worst cell."""
    run = run_queries(searcher, one.collection.queries, legs=legs)
    languages = {name_of(document): document.lang for document in searcher.documents()}
    found = report(one.collection, run, languages)
    return found.mixed, min(cell.success_at_20 for cell in found.cells.values())


def _keep(path: Path, measured: Backends, seconds: float) -> None:
    """Write the figures in place of those of the same kind of server."""
    scale = Scale.read(path) if path.exists() else Scale()
    command = " ".join(["python -m bench.backends", *sys.argv[1:]])
    part = Part(machine=Machine.here(), command=command, seconds=seconds, figures=measured)
    others = [kept for kept in scale.backends if kept.figures.server != measured.server]
    replace(scale, backends=[*others, part]).write(path)


def _ids(hits: Iterable[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


def _documents(hits: Iterable[Hit]) -> list[str]:
    return [hit.document.doc_id for hit in hits]


def _say(what: str) -> None:
    print(f"backends: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
