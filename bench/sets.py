"""What the ranking is measured on: our seeds, the public test sets beside the repository, and sets made from them.

A mixed archive keeps each document in one language only, drawn at random, as most real archives do: then a query in the
other language has no second answer to fall back on.
"""

import json
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.names import NEWS, names_in_text
from indexer.build import build
from search.encoder import Encoder
from search.evaluation import Collection, read_collection
from search.local import LocalBackend
from search.searcher import Searcher
from search.settings import Settings

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
"""Where the public test sets are, in a folder `eval`."""

ASKS = {
    "seeds": "our own newspaper pieces",
    "xquad-split": "question → paragraph that exists in one language only, whatever the query's",
    "xquad": "question → paragraph, in both languages",
    "xquad-r": "question → sentence, in both languages",
    "ntrex-news": "headline → news document, in both languages",
    "ntrex-mixed": "the same, each document kept in one language only",
    "names-in-text": "name → news documents that contain it, in both languages",
    "names-mixed": "the same, each document kept in one language only",
    "arcd": "Arabic question → Arabic paragraph",
    "tatoeba": "sentence → translation; the query itself is a document, too, and stands first",
    "names": "a person's name → its spelling in the other script",
    "places": "a place's name → its name in the other language",
}
"""All sets, and what each asks for."""

_MADE = {"seeds", "ntrex-mixed", "names-in-text", "names-mixed"}
_SEED = 20180929


@dataclass(frozen=True, slots=True)
class QuerySet:
    """A set by name; those whose `archive` has the same name share their documents."""

    name: str
    archive: str
    collection: Collection


def query_sets(shared: Path, workshop: Path) -> list[QuerySet]:
    """The sets that can be had: the seeds, and with `shared` all others. What is made is written to `workshop`."""
    folders = {"seeds": REPOSITORY / "seeds"} | {name: shared / "eval" / name for name in ASKS.keys() - _MADE}
    sets = [QuerySet(name, name, read_collection(folder)) for name, folder in folders.items() if folder.is_dir()]
    if (shared / NEWS).is_dir():
        news, names = read_collection(shared / NEWS), names_in_text(shared)
        archive = write_mixed_archive(news.documents, workshop / "ntrex-mixed.jsonl")
        sets.append(QuerySet("names-in-text", "ntrex-news", names))
        sets.append(QuerySet("ntrex-mixed", "ntrex-mixed", over(news, archive)))
        sets.append(QuerySet("names-mixed", "ntrex-mixed", over(names, archive)))
    return sorted(sets, key=lambda one: list(ASKS).index(one.name))


def indexed(sets: Iterable[QuerySet], settings: Settings, encoder: Encoder) -> dict[str, Searcher]:
    """A searcher for each archive of these sets, indexed where `jisr eval` has it: vectors found there are kept."""
    searchers = {}
    for archive, documents in {one.archive: one.collection.documents for one in sets}.items():
        print(f"indexing {archive}", file=sys.stderr, flush=True)
        place = settings.with_index(settings.cache / "eval" / archive)
        build([documents], place, rebuild=True)
        searchers[archive] = Searcher(LocalBackend(place.folder), encoder)
    return searchers


def write_mixed_archive(documents: Path, archive: Path) -> Path:
    """Write to `archive` the records of a JSONL file with translations, each in one of its languages."""
    chance = random.Random(_SEED)  # noqa: S311
    records = [json.loads(line) for line in documents.read_text("utf-8").splitlines()]
    kept = {name: chance.choice(("ar", "en")) for name in sorted({record["metadata"]["doc_id"] for record in records})}
    lines = [
        json.dumps(record, ensure_ascii=False)
        for record in records
        if record["metadata"]["lang"] == kept[record["metadata"]["doc_id"]]
    ]
    archive.write_text("\n".join(lines) + "\n", "utf-8")
    return archive


def over(collection: Collection, archive: Path) -> Collection:
    """The same queries over an archive that holds some of the documents; those that nothing answers are left out."""
    held = {json.loads(line)["_id"] for line in archive.read_text("utf-8").splitlines()}
    qrels = {
        query_id: judged
        for query_id, names in collection.qrels.items()
        if (judged := {name: relevance for name, relevance in names.items() if name in held})
    }
    return replace(
        collection,
        documents=archive,
        queries=[query for query in collection.queries if query.query_id in qrels],
        qrels=qrels,
        languages={name: lang for name, lang in collection.languages.items() if name in held},
    )


def sample(collection: Collection, count: int) -> Collection:
    """The collection with at most `count` of its queries, drawn at random, the same ones every time."""
    if len(collection.queries) <= count:
        return collection
    chosen = random.Random(_SEED).sample(range(len(collection.queries)), count)  # noqa: S311
    return replace(collection, queries=[collection.queries[at] for at in sorted(chosen)])
