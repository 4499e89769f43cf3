"""How one generation answers: from a query, or a passage to be like, to hits that can be shown."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from search.allowed import Allowed
from search.analysis import quoted
from search.diversity import Group
from search.errors import QueryError
from search.facets import Facets, source_of
from search.filters import Facet
from search.fusion import WEAK_SCORE, Leg
from search.generation import Generation
from search.holdings import Holdings
from search.language import query_language
from search.legs import EncodedQuery
from search.listing import Listing, Page
from search.marks import Candidate as Marked
from search.marks import Marker
from search.memory import Memory
from search.options import Options, checked
from search.pools import Pool
from search.ranking import Candidate, rank
from search.records import Answer, DocumentInfo, Duplicate, Hit, Mark, Passage
from search.romanised import Reading, read
from search.shift import LANGUAGES
from search.similarity import Likeness, nearest_to
from search.threads import aside
from search.timing import Stopwatch
from search.words import spelling


@dataclass(frozen=True, slots=True)
class Scope:
    """The passages that may be hits: those of some pools, and of these only those `allowed`, if not all."""

    pools: list[Pool]
    allowed: Allowed | None

    @classmethod
    def of(cls, generation: Generation, options: Options) -> "Scope":
        """The scope of some options. Raises `QueryError` for a filter that makes no sense or that nothing passes."""
        chosen = options.filter
        pools = _chosen(generation.pools, options.lang)
        return cls(pools, generation.catalogue.allowed(chosen) if chosen else None)

    @property
    def count(self) -> int:
        """How many passages these are."""
        if self.allowed is None:
            return sum(len(pool.rows) for pool in self.pools)
        return sum(len(self.allowed.within(pool.rows)) for pool in self.pools)


Ranking = Callable[[Scope, int], list[Candidate]]
"""The best candidates in a scope, so many at the most, best first."""


def answer(generation: Generation, memory: Memory, query: str, options: Options, watch: Stopwatch) -> Answer:
    """The answer to a query, its steps measured. Raises `QueryError`, as `search.searcher.Searcher.answer` says."""
    options.check()
    text = checked(query)
    with watch.step("filter"):
        Scope.of(generation, options)  # a filter that makes no sense is told before the model runs
    asked, reading = _understood(generation, memory, text, options, watch)

    def ranking(scope: Scope, k: int) -> list[Candidate]:
        return rank(replace(asked, allowed=scope.allowed), scope.pools, generation.legs, k=k, explain=options.explain)

    found, facets = _found(generation, ranking, options, watch)
    with watch.step("fetch"):
        hits = _hits(asked.text, found.groups, options.offset, generation.catalogue)
    if options.highlight:
        with watch.step("mark"):
            marker = Marker(asked, generation.legs, memory, typed=text, reading=reading)
            hits = _marked(hits, found.groups, generation.catalogue, marker)
    return Answer(
        query=text,
        lang=asked.lang,
        reading=reading,
        generation=generation.manifest.generation,
        hits=hits,
        facets=facets,
        total=found.total,
        more=found.more,
    )


def similar(generation: Generation, rows: Sequence[int], doc_id: str, options: Options) -> Answer:
    """What is like the passages in these rows of a document, that document and its near-duplicates left out."""
    options.check()
    catalogue, vectors = generation.catalogue, generation.legs.vectors
    document = catalogue.documents([doc_id])[doc_id]
    but = catalogue.rows_of(_told_alike(catalogue, doc_id))
    like = Likeness.to(rows, vectors, but=but, balance=options.balance)

    def ranking(scope: Scope, k: int) -> list[Candidate]:
        return nearest_to(like, vectors, scope.pools, scope.allowed, k)

    found, facets = _found(generation, ranking, options, Stopwatch())
    return Answer(
        query=document.title,
        lang=document.lang,
        reading=None,
        generation=generation.manifest.generation,
        hits=_hits(document.title, found.groups, options.offset, catalogue),
        facets=facets,
        total=found.total,
        more=found.more,
    )


def facets_of_all(generation: Generation, options: Options) -> Facets:
    """The facets of all documents that the filters let through."""
    tallies = {}
    for facet in Facet:
        others = options.without(facet)
        _chosen(generation.pools, others.lang)
        tallies[facet] = generation.catalogue.tally(facet, others.filter, others.lang)
    return Facets.of(tallies)


def marks(
    generation: Generation, memory: Memory, query: str, passage_ids: Sequence[str]
) -> dict[str, tuple[Mark, ...]]:
    """The words of passages that answer a query, by passage. Raises `QueryError` for an empty or overlong query."""
    text = checked(query)
    asked, reading = _understood(generation, memory, text, Options(), Stopwatch())
    marker = Marker(asked, generation.legs, memory, typed=text, reading=reading)
    others = [pool for pool in generation.pools if pool.lang != asked.lang]
    named = {
        row: tuple(match.variants)
        for pool in others
        for row, match in generation.legs.names.matches(asked.text, asked.lang, pool).items()
    }
    found = generation.catalogue.inputs_of(passage_ids)
    candidates = [Marked(passage, row, told, named.get(row, ())) for row, (passage, told) in found.items()]
    ids = [candidate.passage.passage_id for candidate in candidates]
    return dict(zip(ids, marker.marks(candidates), strict=True))


def _understood(
    generation: Generation, memory: Memory, text: str, options: Options, watch: Stopwatch
) -> tuple[EncodedQuery, Reading | None]:
    """A query as the legs need it, and what it was read as where it was Arabic in Latin letters."""
    phrases, plain = quoted(text)
    with watch.step("read"):
        reading = read(plain, generation.legs.names) if options.names and not phrases else None
    asked = reading.text if reading else plain
    lang = query_language(asked)
    legs = options.legs - generation.legs.absent - (frozenset() if options.names else {Leg.NAMES})
    pools = _chosen(generation.pools, options.lang)
    # The words are looked up while the model is at work.
    sought = aside(partial(generation.legs.sought, asked, lang, pools, legs, watch))
    vectors = memory.query(asked, watch)
    late = generation.legs.token_shift if Leg.LATE in legs else None
    query = EncodedQuery(
        asked,
        lang,
        generation.shift.neutral_query(vectors.vector, lang),
        late.query(vectors, lang) if late else None,
        phrases=tuple(phrases),
        legs=legs,
        counterparts=options.counterparts,
        balance=options.balance,
        sought=sought(),
        watch=watch,
    )
    return query, reading


def listed(generation: Generation, options: Options) -> tuple[int, list[DocumentInfo]]:
    """How many documents the filters let through, and `k` of them after the first `offset`, by source."""
    _chosen(generation.pools, options.lang)
    return generation.catalogue.listed(options.filter, options.lang, slice(options.offset, options.offset + options.k))


def _found(generation: Generation, ranking: Ranking, options: Options, watch: Stopwatch) -> tuple[Page, Facets | None]:
    """The page that is asked for, and the facets if they are."""

    @cache
    def ranked(scoping: Options, k: int) -> list[Candidate]:
        return ranking(Scope.of(generation, scoping), k)

    count = Scope.of(generation, options).count
    page = Listing(lambda k: ranked(options, k), count, options, generation.catalogue, watch).page()
    if not options.facets:
        return page, None
    least = max(WEAK_SCORE, options.min_score)

    @cache
    def good(scoping: Options) -> list[tuple[Passage, DocumentInfo]]:
        rows = [each.row for each in ranked(scoping, options.depth) if each.score >= least]
        passages = generation.catalogue.passages_at(rows).values()
        documents = generation.catalogue.documents(sorted({passage.doc_id for passage in passages}))
        return [(passage, documents[passage.doc_id]) for passage in passages]

    return page, Facets.of({facet: _tally(facet, good(options.without(facet))) for facet in Facet})


def _tally(facet: Facet, found: Iterable[tuple[Passage, DocumentInfo]]) -> dict[str, int]:
    """How many documents of each value there are among these."""
    valued = {(_value(facet, passage, document), document.doc_id) for passage, document in found}
    return dict(Counter(value for value, _ in valued if value is not None))


def _value(facet: Facet, passage: Passage, document: DocumentInfo) -> str | None:
    if facet is Facet.LANGUAGE:
        return passage.lang
    if facet is Facet.SOURCE:
        return source_of(document.publisher, document.source)
    return document.date[:4] if document.date else None


def _told_alike(catalogue: Holdings, doc_id: str) -> list[str]:
    """A document and all of its near-duplicates."""
    alike = {doc_id}
    for _ in range(2):  # those of a leader are its members, those of a member its leader
        found = catalogue.near_duplicates(sorted(alike))
        alike |= {other.doc_id for others in found.values() for other, _ in others}
    return sorted(alike)


def _chosen(pools: Iterable[Pool], lang: str | None) -> list[Pool]:
    pools = list(pools)
    if lang is None:
        return pools
    known = {*LANGUAGES, *(pool.lang for pool in pools)}
    if lang not in known:
        raise QueryError(
            f"The index has no passages in a language {lang!r}.",
            hint=f"Use one of: {', '.join(sorted(known))}.",
            fault="unknown-language",
            lang=lang,
            known=", ".join(sorted(known)),
        )
    return [pool for pool in pools if pool.lang == lang]


def _hits(query: str, groups: Sequence[Group], offset: int, catalogue: Holdings) -> list[Hit]:
    passages = [passage for group in groups for passage in (group.passage, *group.duplicates)]
    documents = catalogue.documents(sorted({passage.doc_id for passage in passages}))
    chosen = sorted({group.passage.doc_id for group in groups})
    copies, counterparts = catalogue.copies(chosen), catalogue.counterparts(chosen)
    return [
        Hit(
            rank=rank,
            score=group.candidate.score,
            weak=group.candidate.score < WEAK_SCORE,
            passage=group.passage,
            document=documents[group.passage.doc_id],
            duplicates=tuple(_duplicate(passage, documents[passage.doc_id]) for passage in group.duplicates),
            variants=tuple(
                (spelling(query, asked), spelling(group.passage.text, held))
                for asked, held in group.candidate.variants
                if asked != held  # a name that is written alike in both scripts, such as JF-17, needs no telling
            ),
            copies=tuple(copies.get(group.passage.doc_id, [])),
            counterpart=next(iter(counterparts.get(group.passage.doc_id, [])), None),
            explanation=group.candidate.explanation,
        )
        for rank, group in enumerate(groups, start=offset + 1)
    ]


def _marked(hits: Sequence[Hit], groups: Sequence[Group], catalogue: Holdings, marker: Marker) -> list[Hit]:
    told = catalogue.inputs_of([hit.passage.passage_id for hit in hits])
    candidates = [
        Marked(hit.passage, group.candidate.row, told[group.candidate.row][1], group.candidate.variants)
        for hit, group in zip(hits, groups, strict=True)
    ]
    return [replace(hit, marks=marks) for hit, marks in zip(hits, marker.marks(candidates), strict=True)]


def _duplicate(passage: Passage, document: DocumentInfo) -> Duplicate:
    return Duplicate(
        passage_id=passage.passage_id, doc_id=document.doc_id, title=document.title, source=document.source
    )
