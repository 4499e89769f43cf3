"""The lexical leg: BM25 over the words of each pool, and exact phrases, kept and searched by tantivy.

The only module that knows tantivy. Each pool has an index of its own in `lexical/LANG`, so that a word is rare or
common among the passages of its language. tantivy splits at spaces and nothing more: `search.analysis` has made the
words, and its query syntax is never used.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tantivy import Document, Index, Occur, Query, SchemaBuilder, Searcher

from search.allowed import Allowed, Rows
from search.analysis import analyse, surface
from search.backend import NOTHING, Weights
from search.bm25 import SATURATION, idf
from search.errors import DamagedIndexError
from search.store import REBUILD

GRAM_WEIGHT = 0.25
"""What a character n-gram weighs beside a term (see docs/EVALUATION.md)."""

_WRITER_HEAP_BYTES = 200_000_000
_DEEPER = 20
"""Times how many rows are looked through for the best of those that may be found, before these are picked out."""

_FEW_ROWS = 500
"""So many are quicker sought one by one than as a set, for which tantivy walks through the numbers of all rows."""

_schema = SchemaBuilder()
_schema.add_unsigned_field("row", indexed=True, fast=True)
_schema.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
_schema.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
_schema.add_text_field("surface", tokenizer_name="whitespace", index_option="position")
_SCHEMA = _schema.build()


def write_lexical(
    folder: Path, texts: Mapping[str, Iterable[tuple[int, str]]], *, heap_bytes: int = _WRITER_HEAP_BYTES
) -> None:
    """Write the words of passages given, by language, as row and text (title and text). `folder` must not exist.

    So much memory is gathered in before it is written, 15 MB at least.
    """
    folder.mkdir()
    for lang, passages in texts.items():
        (folder / lang).mkdir()
        # One thread, so that the passages keep their order and ties are broken alike in every build.
        writer = Index(_SCHEMA, path=str(folder / lang), reuse=False).writer(heap_bytes, num_threads=1)
        for row, text in passages:
            writer.add_document(_document(row, text, lang))
        writer.commit()
        writer.wait_merging_threads()


def _document(row: int, text: str, lang: str) -> Document:
    words = analyse(text, lang)
    document = Document()
    document.add_unsigned("row", row)
    document.add_text("terms", " ".join(words.terms))
    document.add_text("grams", " ".join(words.grams))
    document.add_text("surface", " ".join(words.surface))
    return document


class LexicalIndex:
    """Reading access to what `write_lexical` wrote, a `search.backend.LexicalStore`. May be used by several threads.

    Raises `DamagedIndexError` when the folder is missing or
    tantivy cannot read it.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._pools = {path.name: _open(path) for path in sorted(folder.iterdir()) if path.is_dir()}
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"The words in {folder} cannot be read.", hint=REBUILD) from error

    def scores(
        self, terms: Weights, lang: str, depth: int, *, grams: Weights = NOTHING, among: Allowed | None = None
    ) -> dict[int, float]:
        """As `LexicalStore.scores`."""
        clauses = _clauses(terms, grams)
        if not clauses:
            return {}
        query = Query.boolean_query(clauses)
        return self._found(query, lang, depth) if among is None else self._found_among(among.rows, query, lang, depth)

    def scores_of(
        self, terms: Weights, lang: str, rows: Sequence[int], *, grams: Weights = NOTHING
    ) -> dict[int, float]:
        """As `LexicalStore.scores_of`."""
        found = dict.fromkeys(map(int, rows), 0.0)
        clauses = _clauses(terms, grams)
        if clauses and found:
            query = Query.boolean_query([(Occur.Must, _standing_in(list(found))), *clauses])
            found.update(self._found(query, lang, len(found)))
        return found

    def containing(self, phrases: Sequence[str], lang: str) -> set[int]:
        """As `LexicalStore.containing`."""
        queries = [(Occur.Must, _phrase(words)) for words in map(surface, phrases) if words]
        pool = self._pools.get(lang)
        if not queries or pool is None:
            return set()
        return set(self._found(Query.boolean_query(queries), lang, pool.num_docs))

    def containing_any(self, phrases: Sequence[str], lang: str, limit: int) -> list[int]:
        """As `LexicalStore.containing_any`."""
        queries = [(Occur.Should, _phrase(words)) for words in map(surface, phrases) if words]
        return list(self._found(Query.boolean_query(queries), lang, limit)) if queries else []

    def holds(self, word: str) -> bool:
        """As `LexicalStore.holds`."""
        return all(any(pool.doc_freq("surface", part) for pool in self._pools.values()) for part in surface(word))

    def rarity(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """As `LexicalStore.rarity`."""
        return {term: self._idf("terms", term, lang) for term in terms}

    def ceiling(self, terms: Weights, lang: str, *, grams: Weights = NOTHING) -> float:
        """As `LexicalStore.ceiling`."""
        found = sum(weight * self._idf("terms", term, lang) for term, weight in terms.items())
        found += GRAM_WEIGHT * sum(weight * self._idf("grams", gram, lang) for gram, weight in grams.items())
        return found * (SATURATION + 1)

    def _idf(self, field: str, word: str, lang: str) -> float:
        pool = self._pools.get(lang)
        return idf(pool.doc_freq(field, word), pool.num_docs) if pool else idf(0, 0)

    def _found_among(self, among: Rows, query: Query, lang: str, depth: int) -> dict[int, float]:
        """The best of these rows: of many, those among the best of all, where these are enough."""
        pool = self._pools.get(lang)
        if pool and 2 * pool.num_docs <= _DEEPER * len(among):
            found = self._found(query, lang, _DEEPER * depth)
            kept = np.isin(np.fromiter(found, np.int64), among)
            if kept.sum() >= depth or len(found) < _DEEPER * depth:
                return dict(islice(compress(found.items(), kept), depth))
        chosen = _standing_in(among.tolist())
        return self._found(Query.boolean_query([(Occur.Must, chosen), (Occur.Must, query)]), lang, depth)

    def _found(self, query: Query, lang: str, limit: int) -> dict[int, float]:
        pool = self._pools.get(lang)
        if pool is None or not pool.num_docs or limit < 1:
            return {}
        try:
            hits = pool.search(query, min(limit, pool.num_docs), count=False).hits
        except ValueError as error:
            raise DamagedIndexError(f"The words of the {lang} passages cannot be read.", hint=REBUILD) from error
        rows = pool.fast_field_values("row", [address for _, address in hits])
        return {int(row): score for row, (score, _) in zip(rows, hits, strict=True) if row is not None}


def _open(folder: Path) -> Searcher:
    if os.access(folder, os.W_OK):
        return _searcher(folder)
    # tantivy locks a file of its own to open an index. Where it may not write, links in a folder that lasts until all
    # is mapped into memory stand for the files.
    with TemporaryDirectory() as links:
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                Path(links, file.name).symlink_to(file.absolute())
        return _searcher(Path(links))


def _searcher(folder: Path) -> Searcher:
    index = Index.open(str(folder))
    index.config_reader("manual")  # a generation never changes: no thread has to watch its folder
    return index.searcher()


def _clauses(terms: Weights, grams: Weights) -> list[tuple[Occur, Query]]:
    weighted = [("terms", term, weight) for term, weight in terms.items()]
    weighted += [("grams", gram, weight * GRAM_WEIGHT) for gram, weight in grams.items()]
    return [
        (Occur.Should, Query.boost_query(Query.term_query(_SCHEMA, field, word, "freq"), weight))
        for field, word, weight in weighted
        if weight > 0
    ]


def _standing_in(rows: list[int]) -> Query:
    """What finds these rows and adds nothing to a score."""
    if len(rows) > _FEW_ROWS:
        return Query.const_score_query(Query.term_set_query(_SCHEMA, "row", rows), 0.0)
    each = [(Occur.Should, Query.term_query(_SCHEMA, "row", row)) for row in rows]
    return Query.const_score_query(Query.boolean_query(each), 0.0)


def _phrase(words: list[str]) -> Query:
    if len(words) == 1:
        return Query.term_query(_SCHEMA, "surface", words[0], "position")
    return Query.phrase_query(_SCHEMA, "surface", list(words))
