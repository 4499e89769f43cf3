"""The parts of a generation that are made from its catalogue: all that its passages are found by."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from indexer.cache import CachedEncoder
from indexer.draft import Draft
from indexer.encoding import Encoding
from search.concordance import write_names
from search.counterparts import Line, link
from search.dictionary import write_dictionary
from search.encoder import Vectors
from search.late import TokenShift
from search.lexical import write_lexical
from search.pools import Pool, with_background, write_pools
from search.progress import Progress
from search.shift import LANGUAGES, Shift
from search.tokens import write_tokens
from search.vectors import VectorIndex, write_vectors
from search.vocabulary import Vocabulary

_ASSEMBLED_AT_ONCE = 4096


class Assembly:
    """Makes the parts of one generation, from a draft whose passages have their rows."""

    def __init__(self, draft: Draft, pools: dict[str, range], folder: Path) -> None:
        self._draft = draft
        self._pools = pools
        self._folder = folder

    def encode(self, encoding: Encoding) -> None:
        """Hand over every passage to be encoded."""
        for lang, rows in self._pools.items():
            for piece in _pieces(rows):
                encoding.add(self._draft.inputs(piece), lang)

    def write_words(self, heap_bytes: int, progress: Progress) -> None:
        """Write what needs no encoder: the lexical index, in so much memory, and the names."""
        progress("Indexing words", 0, 2)
        inputs = {lang: self._draft.numbered_inputs(rows) for lang, rows in self._pools.items()}
        write_lexical(self._folder / "lexical", inputs, heap_bytes=heap_bytes)
        progress("Indexing words", 1, 2)
        texts = {lang: self._draft.texts(rows) for lang, rows in self._pools.items()}
        write_names(self._folder / "names.sqlite", texts)
        progress("Indexing words", 2, 2)

    def vocabularies(self) -> dict[str, Vocabulary]:
        """The words that the dictionary is made of, by language."""
        return {
            lang: Vocabulary.gather((text for _, text in self._draft.numbered_inputs(self._pools[lang])), lang)
            for lang in LANGUAGES
            if lang in self._pools
        }

    def write_dictionary(
        self, vocabularies: Mapping[str, Vocabulary], means: Mapping[str, Vectors], words: CachedEncoder
    ) -> None:
        """Write the dictionary. `means` holds the model's mean word by language, `words` the vectors of all words."""
        write_dictionary(self._folder / "dictionary", vocabularies, means, words.vectors)

    def write_vectors(self, cache: CachedEncoder, shift: Shift, dim: int) -> dict[str, float]:
        """Write vectors, pools, shift and counterparts, all of neutral vectors, from what the cache holds.

        Returns the recall of a search (see `search.store.Manifest`).
        """
        finished: list[Pool] = []

        def neutral() -> Iterator[Vectors]:
            for lang, rows in self._pools.items():
                moments = with_background(dim, shift.background_of(lang))
                for piece in _pieces(rows):
                    block = shift.neutral_passages(cache.vectors(self._draft.inputs(piece)), lang)
                    moments.add(block)
                    yield block
                finished.append(moments.pool(lang, rows))

        recall = write_vectors(self._folder / "vectors", neutral(), list(self._pools.values()), dim)
        write_pools(self._folder / "pools.npz", finished)
        shift.save(self._folder / "shift.npz")
        self._write_counterparts(shift)
        return recall

    def _write_counterparts(self, shift: Shift) -> None:
        line = Line.of(*(shift.background_of(lang) for lang in LANGUAGES))
        vectors = VectorIndex(self._folder / "vectors")
        links = link(vectors, self._pools, self._draft.documents_of_rows(), line)
        np.save(self._folder / "counterparts.npy", links.rows)
        self._draft.add_counterparts(links.documents)

    def write_tokens(self, cache: CachedEncoder, shift: TokenShift) -> None:
        """Write the token codes of all passages, which the cache holds, and the shift that they were made with."""
        write_tokens(self._folder, self._codes(cache), shift.token_bytes)
        shift.save(self._folder / "late.npz")

    def _codes(self, cache: CachedEncoder) -> Iterator[list[bytes]]:
        for lang, rows in self._pools.items():
            for piece in _pieces(rows):
                yield cache.codes(self._draft.inputs(piece), lang)


def _pieces(rows: range) -> Iterator[range]:
    for start in range(rows.start, rows.stop, _ASSEMBLED_AT_ONCE):
        yield range(start, min(start + _ASSEMBLED_AT_ONCE, rows.stop))
