"""The words of a passage that answer words of a query, in the same language and across.

Words answer each other that have the same stem, that are spellings of one name, or that mean the same. What they mean
the index knows already, so that no passage is encoded for it: the model's dictionary by themselves, the codes of late
interaction where they stand. Without codes the dictionary speaks alone.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search import words as names
from search.analysis import COMBINING, is_telling, terms
from search.arabic import encoder_form
from search.encoder import Ids, Vectors
from search.late import TokenShift
from search.legs import EncodedQuery, Legs
from search.maxsim import token_cosines
from search.memory import Memory
from search.records import Mark, Passage
from search.romanised import Reading

LINE_ACROSS, LINE_WITHIN = 0.34, 0.5
"""How well a word has to answer to be marked, across languages and within one, where words lie closer together: by its
likeness, less what it lacks to the best answer in the passage (see docs/EVALUATION.md)."""

_LETTER = rf"(?:[^\W_][{COMBINING}]*)"
_WORD = re.compile(rf"{_LETTER}+(?:[-‐'’ʼ.,&]{_LETTER}+)*")
_DIGIT = re.compile(r"\d")
_TATWEEL = "\u0640"
_CACHED_WORDS = 1 << 16
_CACHED_TEXTS = 1 << 10

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage in which words are to be marked.

    `row` is that of its codes, `read` what the encoder read of it (title and text), and `variants` are the names that
    it shares with the query, in the form of `search.words`.
    """

    passage: Passage
    row: int
    read: str
    variants: tuple[tuple[str, str], ...] = ()


class Marker:
    """Marks the words of passages that answer one query. `typed` is the query as it was typed."""

    def __init__(
        self, query: EncodedQuery, legs: Legs, memory: Memory, *, typed: str, reading: Reading | None = None
    ) -> None:
        self._query = query
        self._legs = legs
        self._memory = memory
        self._asked = _words(query.text)
        self._asked_terms = self._asked.terms(query.lang)
        self._asked_tokens = self._asked.of_tokens(memory.encoder.query_places([query.text])[0].places)
        self._typed = _typed_spans(self._asked, typed, reading)

    def marks(self, candidates: Sequence[Candidate]) -> list[tuple[Mark, ...]]:
        """The marks of each passage in the order of its text: whole words, each once, and no stop words."""
        if not self._asked.words or not candidates:
            return [()] * len(candidates)
        held = [_words(candidate.passage.text) for candidate in candidates]
        meant = zip(self._by_dictionary(candidates, held), self._by_codes(candidates, held), strict=True)
        return [
            self._chosen(candidate, one, np.stack(evidence)) if one.words else ()
            for candidate, one, evidence in zip(candidates, held, meant, strict=True)
        ]

    def _chosen(self, candidate: Candidate, held: "_Words", evidence: Vectors) -> tuple[Mark, ...]:
        likeness = self._likeness(candidate, held, evidence)
        worth = 2 * likeness - likeness.max(axis=1, keepdims=True)
        answered = worth.argmax(axis=0)
        line = LINE_WITHIN if candidate.passage.lang == self._query.lang else LINE_ACROSS
        chosen = np.flatnonzero(worth.max(axis=0) >= line).tolist()
        return tuple(Mark(*held.source_span(at), *self._typed[answered[at]]) for at in chosen)

    def _likeness(self, candidate: Candidate, held: "_Words", evidence: Vectors) -> Vectors:
        """How surely words of the query and of a passage mean the same, ``(asked, held)``, at most 1."""
        held_terms = held.terms(candidate.passage.lang)
        known = ~np.isnan(evidence)
        meaning = np.nansum(evidence, axis=0) / np.maximum(known.sum(axis=0), 1)
        meaning[self._asked.numbers] = 0
        meaning[:, held.numbers] = 0
        same = _same_stems(self._asked_terms, held_terms)
        likeness = np.maximum.reduce([same, meaning, _same_names(self._asked, held, candidate.variants)])
        return _alike_in_every_place(likeness, held_terms)

    def _by_dictionary(self, candidates: Sequence[Candidate], held: Sequence["_Words"]) -> list[Vectors]:
        """For each passage the cosines of its words by themselves. A word that several hold is looked up once."""
        langs = [candidate.passage.lang for candidate in candidates]
        known: dict[str, tuple[dict[str, int], Vectors]] = {}
        for lang in set(langs):
            words = dict.fromkeys(
                word for one, its in zip(held, langs, strict=True) if its == lang for word in one.words
            )
            columns = {word: at for at, word in enumerate(words)}
            known[lang] = columns, self._alike(list(words), lang)
        return [
            known[lang][1][:, [known[lang][0][word] for word in one.words]]
            for one, lang in zip(held, langs, strict=True)
        ]

    def _alike(self, words: Sequence[str], lang: str) -> Vectors:
        legs, query = self._legs, self._query
        return legs.dictionary.likeness(self._asked.words, query.lang, words, lang, legs.encode_words)

    def _by_codes(self, candidates: Sequence[Candidate], held: Sequence["_Words"]) -> list[Vectors]:
        """For each passage the best cosine of a token of the one and a token of the other word; NaN for no codes."""
        index, shift, query = self._legs.tokens, self._legs.token_shift, self._query.tokens
        if index is None or shift is None or query is None:
            return [np.full((len(self._asked.words), len(one.words)), np.nan, np.float32) for one in held]
        codes = index.at([candidate.row for candidate in candidates])
        cosines = np.split(token_cosines(codes.codes, query), np.cumsum(codes.lengths)[:-1])
        owners = [self._owners(*pair, shift) for pair in zip(candidates, held, strict=True)]
        return [
            _best(_best(of_tokens, owner, len(one.words)).T, self._asked_tokens, len(self._asked.words))
            for of_tokens, owner, one in zip(cosines, owners, held, strict=True)
        ]

    def _owners(self, candidate: Candidate, held: "_Words", shift: TokenShift) -> Ids:
        """Which word each code of a passage is a part of, -1 for none."""
        read = self._memory.places(candidate.read)
        title_chars = len(encoder_form(candidate.read).text) - len(held.form.text)
        return held.of_tokens(read.places[shift.kept(read.ids)] - title_chars)


@lru_cache(_CACHED_TEXTS)
def _words(text: str) -> "_Words":
    return _Words(text)


class _Words:
    """The words of a text that are no stop words, and where they stand in its encoder form."""

    def __init__(self, text: str) -> None:
        self.form = encoder_form(text)
        found = [match for match in _WORD.finditer(self.form.text) if is_telling(match[0])]
        self.words = [match[0] for match in found]
        self.spans = [match.span() for match in found]
        self.numbers = [at for at, word in enumerate(self.words) if _DIGIT.search(word)]

    def terms(self, lang: str) -> list[frozenset[str]]:
        """The terms of each word."""
        return [_terms(word, lang) for word in self.words]

    def source_span(self, at: int) -> Span:
        """Where a word stands in the text itself, with the diacritics and tatweels on its last letter."""
        start, end = self.form.source_span(*self.spans[at])
        text = self.form.source
        while end < len(text) and (text[end] == _TATWEEL or unicodedata.category(text[end])[0] == "M"):
            end += 1
        return start, end

    def of_tokens(self, places: Ids) -> Ids:
        """Which word each token at these places ``(n, 2)`` in the encoder form is a part of, ``(n,)``; -1 for none."""
        starts, ends = np.array(self.spans, np.int64).reshape(-1, 2).T
        words = np.searchsorted(starts, places[:, 1] - 1, side="right") - 1
        if not len(ends):
            return np.full(len(places), -1)
        return np.where((words >= 0) & (places[:, 0] < ends[words]), words, -1)


def _best(cosines: Vectors, owners: Ids, count: int) -> Vectors:
    """The best of the tokens' rows ``(n, m)`` for each of the words that own them, ``(count, m)``; NaN for none."""
    found = np.full((count, cosines.shape[1]), np.nan, np.float32)
    owned = owners >= 0
    np.fmax.at(found, owners[owned], cosines[owned])
    return found


def _same_stems(asked: Sequence[frozenset[str]], held: Sequence[frozenset[str]]) -> Vectors:
    """1 where a word holds all of the other's terms, else 0: F-16 answers 16, not the other way round."""
    return np.array([[float(one <= other) for other in held] for one in asked], np.float32)


def _alike_in_every_place(likeness: Vectors, held: Sequence[frozenset[str]]) -> Vectors:
    """Likenesses ``(asked, held)`` such that words with the same terms are as like as the likest of them."""
    _, which = np.unique([" ".join(sorted(one)) for one in held], return_inverse=True)
    best = np.full((len(likeness), which.max() + 1), -1, np.float32)
    np.maximum.at(best.T, which, likeness.T)
    return best[:, which]


def _same_names(asked: _Words, held: _Words, variants: Sequence[tuple[str, str]]) -> Vectors:
    """1 where words are a pair of spellings of a name, else 0."""
    same = np.zeros((len(asked.words), len(held.words)), np.float32)
    for one, other in variants:
        rows = [at for at, word in enumerate(asked.words) if one in _name_forms(word)]
        columns = [at for at, word in enumerate(held.words) if other in _name_forms(word)]
        same[np.ix_(rows, columns)] = 1
    return same


@lru_cache(_CACHED_WORDS)
def _terms(word: str, lang: str) -> frozenset[str]:
    return frozenset(terms(word, lang))


@lru_cache(_CACHED_WORDS)
def _name_forms(word: str) -> frozenset[str]:
    return frozenset(form.form for form in names.words(word))


def _typed_spans(asked: _Words, typed: str, reading: Reading | None) -> list[Span]:
    """Where the words of a query stand in what was typed; all of it for one that cannot be found there."""
    text = asked.form.source
    latin = _latin_spans(typed, reading) if reading else []
    spans: list[Span] = []
    after = 0
    for start, end in map(asked.source_span, range(len(asked.words))):
        if reading:
            spans.append(latin[text.count(" ", 0, start)])
            continue
        found = re.compile(rf"(?<!\w){re.escape(text[start:end])}").search(typed, after)
        spans.append(found.span() if found else (0, len(typed)))
        after = found.end() if found else after
    return spans


def _latin_spans(typed: str, reading: Reading) -> list[Span]:
    """Where each word of a reading stands in what was typed, with the particles that are joined to it."""
    spans: list[Span] = []
    after, begin = 0, None
    for latin, arabic in reading.words:
        found = typed.lower().find(latin.lower(), after)
        start, after = (found, found + len(latin)) if found >= 0 else (0, len(typed))
        for word in arabic.split(" "):
            begin = start if begin is None else begin
            if not word.endswith(_TATWEEL):
                spans.append((begin, after))
                begin = None
    return spans if begin is None else [*spans, (begin, after)]
