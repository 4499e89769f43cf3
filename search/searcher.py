"""A query in, ranked hits out: the library's main object."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

from search import store
from search.catalogue import Catalogue
from search.encoder import Encoder, open_encoder
from search.errors import DamagedIndexError, MismatchError, QueryError
from search.language import query_language
from search.model import prepare
from search.names import NamesIndex
from search.pools import Pool, read_pools
from search.progress import Progress, silent
from search.ranking import Candidate, EncodedQuery, rank
from search.records import Document, DocumentInfo, Hit, Passage
from search.settings import Settings
from search.shift import LANGUAGES, Shift
from search.vectors import VectorIndex

MAX_QUERY_CHARS = 1000
MAX_HITS = 1000


class Generation:
    """One generation, open for reading.

    Raises `DamagedIndexError` when a part of it is missing or cannot be read, `MismatchError` for another format.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = store.Manifest.read(folder)
        try:
            self.catalogue = Catalogue(folder / "catalogue.sqlite")
            self.vectors = VectorIndex(folder / "vectors.faiss")
            self.names = NamesIndex(folder / "names.sqlite")
            self.pools: list[Pool] = read_pools(folder / "pools.npz")
            self.shift = Shift.load(folder / "shift.npz")
        except (OSError, ValueError, sqlite3.DatabaseError, BadZipFile) as error:
            raise DamagedIndexError(
                f"The generation in {folder} is incomplete or damaged: {error}.", hint=store.REBUILD
            ) from error


class Searcher:
    """Answers queries from one index. May be used by several threads.

    A searcher keeps the generation that it opened until `refresh` is called.
    """

    def __init__(self, index: Path, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
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
        """The best `k` passages of all languages, or of one, best first; see `search.ranking` for the scores.

        Raises `QueryError` for an empty or overlong query, a `k` out of range, or a language that is neither
        Arabic nor English nor that of any passage.
        """
        text = _checked(query, k)
        generation = self._generation
        pools = _chosen(generation.pools, lang)
        query_lang = query_language(text)
        vector = generation.shift.neutral_query(self._encoder.encode_queries([text])[0], query_lang)
        encoded = EncodedQuery(text, query_lang, vector)
        return _hits(rank(encoded, pools, generation.vectors, generation.names, k=k), generation.catalogue)

    def document(self, doc_id: str) -> Document:
        """A document with its text. Raises `NotFoundError`."""
        return self._generation.catalogue.document(doc_id)

    def documents(self) -> list[DocumentInfo]:
        """What is known of all documents, in no particular order."""
        return self._generation.catalogue.all_documents()

    def passage(self, passage_id: str) -> Passage:
        """A passage. Raises `NotFoundError`."""
        return self._generation.catalogue.passage(passage_id)

    def _open(self) -> Generation:
        generation = Generation(store.current(self._index))
        if generation.manifest.fingerprint != self._encoder.fingerprint:
            raise MismatchError(
                f"The index was built with the model {generation.manifest.model}, which is not the one in use.",
                hint="Leave --model out, or build the index anew with it: jisr index --rebuild --model MODEL PATH",
            )
        return generation


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


def _hits(candidates: Sequence[Candidate], catalogue: Catalogue) -> list[Hit]:
    passages = catalogue.passages_at([candidate.row for candidate in candidates])
    documents = catalogue.documents(sorted({passage.doc_id for passage in passages.values()}))
    return [
        Hit(
            rank=rank,
            score=candidate.score,
            passage=passages[candidate.row],
            document=documents[passages[candidate.row].doc_id],
        )
        for rank, candidate in enumerate(candidates, start=1)
    ]
