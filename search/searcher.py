"""A query in, ranked hits out: the library's main object."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from search import store
from search.analysis import quoted
from search.diversity import Group, diversified
from search.encoder import Encoder, Vectors, open_encoder
from search.errors import MismatchError, QueryError
from search.filters import Filter
from search.fusion import WEAK_SCORE, Leg
from search.generation import Generation
from search.language import query_language
from search.legs import ALL_LEGS, EncodedQuery
from search.model import prepare
from search.pools import Pool
from search.progress import Progress, silent
from search.ranking import rank
from search.records import Answer, Document, DocumentInfo, Duplicate, Hit, Passage, Related
from search.romanised import read
from search.settings import Settings
from search.shift import LANGUAGES
from search.vocabulary import WordEncoder
from search.words import spelling

MAX_QUERY_CHARS = 1000
MAX_HITS = 1000

_CANDIDATES_PER_HIT = 4
_MIN_CANDIDATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to search.

    `k` hits, of one language only with `lang`; only of documents that appeared from `since` to `until`, days, months or
    years in ISO 8601, both included, which leaves out those without a date; and only of one `source` or another, each a
    publisher, or the path of a file or folder relative to what was indexed. None of these changes a score, save that
    late interaction reaches further (see `search.ranking`).

    Without `names`, spellings of names in the other script are not looked for, and no query is read as romanised
    Arabic. With `collapse`, near-duplicates stand under their best hit, and passages of a document that has enough in a
    page give place to others (see `search.diversity`). `explain` asks for the arithmetic of each score. `legs` are
    those that may speak, and without `counterparts` passages that say the same do not hear of each other: for measuring
    what each is worth.
    """

    k: int = 10
    lang: str | None = None
    since: str | None = None
    until: str | None = None
    source: tuple[str, ...] = ()
    names: bool = True
    collapse: bool = True
    explain: bool = False
    legs: frozenset[Leg] = ALL_LEGS
    counterparts: bool = True


class Searcher:
    """Answers queries from one index. May be used by several threads.

    A searcher keeps the generation that it opened until `refresh` is called.
    """

    def __init__(self, index: Path, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._words = WordEncoder(encoder)
        self._refreshing = threading.Lock()
        self._generation = self._open()

    @classmethod
    def open(cls, index: Path | str | Settings | None = None, *, progress: Progress = silent) -> Self:
        """A searcher for the index in a folder, or for the one that settings name.

        Raises a `StoreError` when there is no index that can be read, a `ModelError` when its model cannot be had.
        """
        settings = index if isinstance(index, Settings) else Settings.load(index=index)
        manifest = store.Manifest.read(store.current(settings.index))
        model = prepare(settings, settings.model or manifest.model, progress=progress)
        return cls(settings.index, open_encoder(model, settings.device))

    @property
    def manifest(self) -> store.Manifest:
        """What the generation that answers says of itself."""
        return self._generation.manifest

    def refresh(self) -> bool:
        """Turn to the generation that is current now; True if that is another one. Cheap when it is not.

        Raises a `StoreError`, and goes on answering from the old generation, when the new one cannot be read.
        """
        with self._refreshing:
            if store.current(self._index).name == self.manifest.generation:
                return False
            self._generation = self._open()
            return True

    def search(self, query: str, *, k: int = 10, lang: str | None = None) -> list[Hit]:
        """The best `k` passages of all languages, or of one, best first. Raises as `answer` does."""
        return self.answer(query, Options(k=k, lang=lang)).hits

    def answer(self, query: str, options: Options | None = None) -> Answer:
        """The best passages, best first, and how the query was understood.

        Text in quotation marks is looked for as it stands: where any passages of a language hold it, only those are
        hits in that language.

        Raises `QueryError` for an empty or overlong query, a `k` out of range, a language that is neither Arabic nor
        English nor that of any passage, what is no date, or a source that the index does not have.
        """
        options = options or Options()
        text = _checked(query, options.k)
        chosen = Filter.of(options.since, options.until, options.source)
        generation = self._generation
        allowed = generation.catalogue.rows(chosen) if chosen else None
        pools = _chosen(generation.pools, options.lang)
        phrases, plain = quoted(text)
        reading = read(plain, generation.legs.names) if options.names and not phrases else None
        encoded = self._encoded(generation, reading.text if reading else plain, options)
        encoded = replace(encoded, phrases=tuple(phrases), allowed=allowed)
        depth = max(options.k * _CANDIDATES_PER_HIT, _MIN_CANDIDATES) if options.collapse else options.k
        candidates = rank(encoded, pools, generation.legs, k=depth, explain=options.explain)
        if options.collapse:
            groups = diversified(candidates, generation.catalogue.told_at, options.k, line=WEAK_SCORE)
        else:
            passages = generation.catalogue.passages_at([candidate.row for candidate in candidates])
            groups = [Group(candidate, passages[candidate.row]) for candidate in candidates]
        return Answer(
            query=text,
            lang=encoded.lang,
            reading=reading,
            generation=generation.manifest.generation,
            hits=_hits(encoded.text, groups, generation),
        )

    def document(self, doc_id: str) -> Document:
        """A document with its text. Raises `NotFoundError`."""
        return self._generation.catalogue.document(doc_id)

    def documents(self) -> list[DocumentInfo]:
        """What is known of all documents, in no particular order."""
        return self._generation.catalogue.all_documents()

    def related(self, doc_id: str) -> Related:
        """The documents that tell what a document tells; often there is none."""
        catalogue = self._generation.catalogue
        return Related(
            copies=tuple(catalogue.copies([doc_id]).get(doc_id, [])),
            near_duplicates=tuple(other for other, _ in catalogue.near_duplicates([doc_id]).get(doc_id, [])),
            counterparts=tuple(catalogue.counterparts([doc_id]).get(doc_id, [])),
        )

    def publishers(self) -> list[str]:
        """Who published the documents, who has most of them first."""
        return self._generation.catalogue.publishers

    def passage(self, passage_id: str) -> Passage:
        """A passage. Raises `NotFoundError`."""
        return self._generation.catalogue.passage(passage_id)

    def _open(self) -> Generation:
        generation = Generation(store.current(self._index), self._words)
        if generation.manifest.fingerprint != self._encoder.fingerprint:
            raise MismatchError(
                f"The index was built with the model {generation.manifest.model}, which is not the one in use.",
                hint="Leave --model out, or build the index anew with it: jisr index --rebuild --model MODEL PATH",
            )
        return generation

    def _encoded(self, generation: Generation, text: str, options: Options) -> EncodedQuery:
        lang = query_language(text)
        legs = options.legs if options.names else options.legs - {Leg.NAMES}
        tokens: Vectors | None = None
        if generation.token_shift and Leg.LATE in legs:
            (found,) = self._encoder.encode_query_tokens([text])
            vector, tokens = found.vector, generation.token_shift.query(found, lang)
        else:
            (vector,) = self._encoder.encode_queries([text])
        neutral = generation.shift.neutral_query(vector, lang)
        return EncodedQuery(text, lang, neutral, tokens, legs=legs, counterparts=options.counterparts)


def _checked(query: str, k: int) -> str:
    text = query.strip()
    if not text:
        raise QueryError("The query is empty.", hint="Type a word or a question.")
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(f"The query has {len(text)} characters.", hint=f"Shorten it to {MAX_QUERY_CHARS} or fewer.")
    if not 1 <= k <= MAX_HITS:
        raise QueryError(f"{k} hits were asked for.", hint=f"Ask for 1 to {MAX_HITS}.")
    return text


def _chosen(pools: Sequence[Pool], lang: str | None) -> list[Pool]:
    if lang is None:
        return list(pools)
    known = {*LANGUAGES, *(pool.lang for pool in pools)}
    if lang not in known:
        raise QueryError(
            f"The index has no passages in a language {lang!r}.", hint=f"Use one of: {', '.join(sorted(known))}."
        )
    return [pool for pool in pools if pool.lang == lang]


def _hits(query: str, groups: Sequence[Group], generation: Generation) -> list[Hit]:
    passages = [passage for group in groups for passage in (group.passage, *group.duplicates)]
    documents = generation.catalogue.documents(sorted({passage.doc_id for passage in passages}))
    chosen = sorted({group.passage.doc_id for group in groups})
    copies, counterparts = generation.catalogue.copies(chosen), generation.catalogue.counterparts(chosen)
    return [
        Hit(
            rank=rank,
            score=group.candidate.score,
            weak=group.candidate.score < WEAK_SCORE,
            passage=group.passage,
            document=documents[group.passage.doc_id],
            duplicates=tuple(_duplicate(passage, documents[passage.doc_id]) for passage in group.duplicates),
            variants=tuple(
                (spelling(query, asked), spelling(group.passage.text, held)) for asked, held in group.candidate.variants
            ),
            copies=tuple(copies.get(group.passage.doc_id, [])),
            counterpart=next(iter(counterparts.get(group.passage.doc_id, [])), None),
            explanation=group.candidate.explanation,
        )
        for rank, group in enumerate(groups, start=1)
    ]


def _duplicate(passage: Passage, document: DocumentInfo) -> Duplicate:
    return Duplicate(
        passage_id=passage.passage_id, doc_id=document.doc_id, title=document.title, source=document.source
    )
