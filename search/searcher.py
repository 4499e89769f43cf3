"""A query in, ranked hits out: the library's main object."""

import copy
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from search import answering
from search.backend import Backend
from search.backends import open_backend
from search.encoder import Encoder, open_encoder
from search.errors import ExpiredError, MismatchError, StoreError, UnavailableError
from search.facets import Facets
from search.generation import Generation
from search.maps import CorpusMap, corpus_map
from search.memory import Memory
from search.model import prepare
from search.options import MAX_HITS, MAX_QUERY_CHARS, Options, Sort
from search.progress import Progress, silent
from search.records import Answer, Document, DocumentInfo, Hit, Mark, Passage, Related
from search.settings import Settings
from search.store import Manifest
from search.suggestions import Suggestion, Suggestions
from search.timing import Observer, Stopwatch, unobserved
from search.vocabulary import WordEncoder

__all__ = ["MAX_HITS", "MAX_QUERY_CHARS", "Options", "Searcher", "Sort"]

KEPT_OPEN = 2
"""How many generations stay open, the newest among them: each holds its codes of vectors in memory."""


class Searcher:
    """Answers queries from one index. May be used by several threads.

    A searcher keeps the generation that it opened until `refresh` is called, and the one before open for `at`. Products
    of matrices run in one thread from then on, in the whole process. Its `observer` is told of each answer.
    """

    def __init__(self, index: Backend, encoder: Encoder, *, observer: Observer = unobserved) -> None:
        self._index = index
        self._memory = Memory(encoder)
        self._observer = observer
        self._words = WordEncoder(encoder)
        self._refreshing = threading.Lock()
        self._kept: OrderedDict[str, Generation] = OrderedDict()
        self._generation = self._open(index.current())
        # A query has a thread for each pool. Where those of BLAS come on top, all wait for each other.
        threadpool_limits(1, user_api="blas")

    @classmethod
    def open(
        cls,
        index: Path | str | Settings | None = None,
        *,
        progress: Progress = silent,
        observer: Observer = unobserved,
    ) -> Self:
        """A searcher for the index in a folder or at an address, or for the one that settings name.

        Raises a `StoreError` when there is no index that can be read, a `ModelError` when its model cannot be had.
        """
        settings = index if isinstance(index, Settings) else Settings.load(index=index)
        backend = open_backend(settings)
        manifest = backend.manifest(backend.current())
        model = prepare(settings, settings.model or manifest.model, progress=progress)
        return cls(backend, open_encoder(model, settings.device), observer=observer)

    @property
    def manifest(self) -> Manifest:
        """What the generation that answers says of itself."""
        return self._generation.manifest

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self.manifest.generation

    def refresh(self) -> bool:
        """Turn to the generation that is current now; True if that is another one. Cheap when it is not.

        Raises a `StoreError`, and goes on answering from the old generation, when the new one cannot be read.
        """
        with self._refreshing:
            newest = self._index.current()
            if newest == self.generation:
                return False
            self._generation = self._kept.get(newest) or self._open(newest)
            self._kept.move_to_end(newest)
            return True

    def at(self, generation: str) -> Self:
        """A searcher that answers from this generation and no other, so that the pages of one list fit together.

        The generation before the current one is kept open, even when its files are gone; an older one is opened while
        its files are there. Raises `ExpiredError` when they are not.
        """
        view = copy.copy(self)
        if generation == self.generation:
            return view
        with self._refreshing:
            found = self._kept.get(generation) or self._reopened(generation)
        view._generation = found
        return view

    def search(self, query: str, *, k: int = 10, lang: str | None = None) -> list[Hit]:
        """The best `k` passages of all languages, or of one, best first. Raises as `answer` does."""
        return self.answer(query, Options(k=k, lang=lang)).hits

    def answer(self, query: str, options: Options | None = None) -> Answer:
        """The best passages, best first, and how the query was understood.

        Text in quotation marks is looked for as it stands: where any passages of a language hold it, only those are
        hits in that language.

        Raises `QueryError` for an empty or overlong query, a number out of range, a language that is neither Arabic nor
        English nor that of any passage, what is no date, or a source or document that the index does not have.
        """
        watch = Stopwatch()
        answer = answering.answer(self._generation, self._memory, query, options or Options(), watch)
        self._observer(answer, watch.seconds())
        return answer

    def similar(self, passage_id: str, options: Options | None = None) -> Answer:
        """The passages of both languages that are most like a passage, those of its document and of near-duplicates of
        that left out.

        The answer's `query` is the title of the document. A hit's score is about the probability that it speaks of the
        same subject. Raises `NotFoundError`, and `QueryError` as `answer` does.
        """
        generation = self._generation
        passage, row = generation.catalogue.passage(passage_id), generation.catalogue.row_of(passage_id)
        return answering.similar(generation, [row], passage.doc_id, options or Options())

    def similar_to_document(self, doc_id: str, options: Options | None = None) -> Answer:
        """As `similar`, to all of a document."""
        generation = self._generation
        passages = generation.catalogue.passages(doc_id)
        rows = generation.catalogue.rows_of([doc_id]).tolist()
        return answering.similar(generation, rows, passages[0].doc_id, options or Options())

    def facets(self, options: Options | None = None) -> Facets:
        """How many of all documents are of each language, source and year, each kind under the other kinds' filters.

        Raises `QueryError` as `answer` does.
        """
        return answering.facets_of_all(self._generation, options or Options())

    def suggest(self, text: str, *, limit: int = 8) -> list[Suggestion]:
        """What a query that is being typed may become: names of publishers, words and titles that continue it."""
        return self._suggestions.completions(text, limit)

    def corrections(self, query: str) -> list[Suggestion]:
        """What may have been meant by a query that found nothing good; often nothing."""
        return self._suggestions.corrections(query)

    def marks(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
        """The words of passages that answer a query, by passage: what hits have with `Options.highlight`.

        Raises `QueryError` for an empty or overlong query. Passages that the index does not have are left out.
        """
        return answering.marks(self._generation, self._memory, query, passage_ids)

    def document(self, doc_id: str) -> Document:
        """A document with its text. Raises `NotFoundError`."""
        return self._generation.catalogue.document(doc_id)

    def listed(self, options: Options | None = None) -> tuple[int, list[DocumentInfo]]:
        """How many documents the filters let through, and `k` of them after `offset`, in the order of their sources.

        Raises `QueryError` as `answer` does.
        """
        return answering.listed(self._generation, options or Options())

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

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of a document from its first to its last; a copy's are those of the document it is a copy of.

        Raises `NotFoundError`.
        """
        return self._generation.catalogue.passages(doc_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document, None at an end. Raises `NotFoundError`."""
        passage = self.passage(passage_id)
        around = [None, *self._generation.catalogue.passages(passage.doc_id), None]
        at = around.index(passage)
        return around[at - 1], around[at + 1]

    def counterpart_of(self, passage_id: str) -> Passage | None:
        """The passage that says the same in the other language, where one is known. Raises `NotFoundError`."""
        catalogue, counterparts = self._generation.catalogue, self._generation.legs.counterparts
        (row,) = counterparts.of(np.array([catalogue.row_of(passage_id)])).tolist()
        return catalogue.passages_at([row]).get(row)

    def corpus_map(self, folder: Path) -> CorpusMap:
        """The map of the generation that answers, as `folder` keeps it; else it is drawn now, and kept there."""
        return corpus_map(self._generation, folder)

    @property
    def _suggestions(self) -> Suggestions:
        return Suggestions(self._generation)

    def _open(self, name: str) -> Generation:
        """Open a generation and keep it open, beside the one that answers."""
        generation = self._index.open(name, self._words)
        if generation.manifest.fingerprint != self._memory.encoder.fingerprint:
            raise MismatchError(
                f"The index was built with the model {generation.manifest.model}, which is not the one in use.",
                hint="Leave --model out, or build the index anew with it: jisr index --rebuild --model MODEL PATH",
            )
        self._kept[name] = generation
        while len(self._kept) > KEPT_OPEN:
            self._kept.popitem(last=False)
        return generation

    def _reopened(self, name: str) -> Generation:
        """Open an older generation; the one that answers stays the last to be closed."""
        try:
            found = self._open(name)
        except UnavailableError:
            raise
        except StoreError as error:
            raise ExpiredError.of(name) from error
        self._kept.move_to_end(self.generation)
        return found
