"""The parts of a generation that are made from its catalogue: all that its passages are found by."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from indexer.cache import CachedEncoder
from indexer.draft import Draft
from search.counterparts import Line, link
from search.dictionary import write_dictionary
from search.encoder import Vectors
from search.late import TokenShift
from search.lexical import write_lexical
from search.names import write_names
from search.pools import Pool, with_background, write_pools
from search.progress import Progress
from search.shift import LANGUAGES, Shift
from search.tokens import write_tokens
from search.vectors import VectorIndex, write_vectors
from search.vocabulary import Vocabulary

_ENCODED_AT_ONCE = 64
_ASSEMBLED_AT_ONCE = 4096


class Assembly:
    """Makes the parts of one generation, from a draft whose passages have their rows."""

    def __init__(self, draft: Draft, pools: dict[str, range], cache: CachedEncoder, progress: Progress) -> None:
        self._draft = draft
        self._pools = pools
        self._cache = cache
        self._progress = progress
        self.encoded = 0

    def encode(self) -> None:
        """See to it that the cache holds every passage."""
        missing = {
            lang: self._cache.missing_passages(self._draft.inputs(rows), lang) for lang, rows in self._pools.items()
        }
        total = sum(map(len, missing.values()))
        for lang, texts in missing.items():
            for start in range(0, len(texts), _ENCODED_AT_ONCE):
                self._progress("Encoding", self.encoded, total)
                batch = texts[start : start + _ENCODED_AT_ONCE]
                self._cache.add_passages(batch, lang)
                self.encoded += len(batch)
        self._progress("Encoding", self.encoded, total)

    def write_vectors(self, folder: Path, shift: Shift, dim: int) -> None:
        """Write vectors, pools and shift, all of neutral vectors."""
        finished: list[Pool] = []

        def neutral() -> Iterator[Vectors]:
            for lang, rows in self._pools.items():
                moments = with_background(dim, shift.background_of(lang))
                for piece in _pieces(rows):
                    block = shift.neutral_passages(self._cache.vectors(self._draft.inputs(piece)), lang)
                    moments.add(block)
                    yield block
                finished.append(moments.pool(lang, rows))

        write_vectors(folder / "vectors.faiss", neutral(), dim)
        write_pools(folder / "pools.npz", finished)
        shift.save(folder / "shift.npz")
        self._write_counterparts(folder, shift)

    def _write_counterparts(self, folder: Path, shift: Shift) -> None:
        line = Line.of(*(shift.background_of(lang) for lang in LANGUAGES))
        vectors = VectorIndex(folder / "vectors.faiss")
        links = link(vectors, self._pools, self._draft.documents_of_rows(), line)
        np.save(folder / "counterparts.npy", links.rows)
        self._draft.add_counterparts(links.documents)

    def write_tokens(self, folder: Path, shift: TokenShift) -> None:
        """Write the token codes of all passages, and the shift that they were made with."""
        write_tokens(folder, self._codes(), shift.token_bytes)
        shift.save(folder / "late.npz")

    def write_words(self, folder: Path, means: Mapping[str, Vectors], words: CachedEncoder) -> None:
        """Write what finds passages by their words: the lexical index, the names, and the dictionary.

        `means` holds the model's mean word by language, `words` the vectors of words that any index has had.
        """
        self._progress("Indexing words", 0, 3)
        write_lexical(
            folder / "lexical", {lang: self._draft.numbered_inputs(rows) for lang, rows in self._pools.items()}
        )
        self._progress("Indexing words", 1, 3)
        write_names(folder / "names.sqlite", {lang: self._draft.texts(rows) for lang, rows in self._pools.items()})
        self._progress("Indexing words", 2, 3)
        self._write_dictionary(folder / "dictionary", means, words)
        self._progress("Indexing words", 3, 3)

    def _write_dictionary(self, folder: Path, means: Mapping[str, Vectors], cache: CachedEncoder) -> None:
        vocabularies = {
            lang: Vocabulary.gather((text for _, text in self._draft.numbered_inputs(self._pools[lang])), lang)
            for lang in LANGUAGES
            if lang in self._pools
        }
        words = [word for vocabulary in vocabularies.values() for word in vocabulary.forms()]
        missing = cache.missing(words)
        for start in range(0, len(missing), _ENCODED_AT_ONCE):
            self._progress("Encoding words", start, len(missing))
            cache.add(missing[start : start + _ENCODED_AT_ONCE])
        self._progress("Encoding words", len(missing), len(missing))
        write_dictionary(folder, vocabularies, means, cache.vectors)

    def _codes(self) -> Iterator[list[bytes]]:
        for lang, rows in self._pools.items():
            for piece in _pieces(rows):
                yield self._cache.codes(self._draft.inputs(piece), lang)


def _pieces(rows: range) -> Iterator[range]:
    for start in range(rows.start, rows.stop, _ASSEMBLED_AT_ONCE):
        yield range(start, min(start + _ASSEMBLED_AT_ONCE, rows.stop))
