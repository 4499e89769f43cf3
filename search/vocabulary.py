"""The words of a pool, and which of them stand for a term: what the dictionary leg encodes."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from search.analysis import terms
from search.arabic import encoder_form, lexical_form
from search.encoder import Encoder, Vectors
from search.remembered import Remembered
from search.shift import parallel_text
from search.stopwords import STOP_WORDS

MAX_TERMS = 100_000
"""How many terms of a language are known at most, the most frequent ones: a bound on time and memory."""

_REMEMBERED_WORDS = 20_000

SPELLINGS = 2
"""How many of a term's forms are encoded, the most frequent ones; their mean is steadier than any of them."""

_WORD = re.compile(r"[^\W\d_]{2,40}")
SCRIPTS = {"ar": re.compile("[\u0621-\u064a]+"), "en": re.compile("[a-z\u00df-\u024f]+")}

Encode = Callable[[Sequence[str]], Vectors]
"""Words to their vectors ``(n, dim)`` of length 1, as passages are encoded."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a pool of `rows` passages, the most frequent first, at most `MAX_TERMS`.

    For each, `counts` says how many passages hold it, and `spellings` its most frequent forms, at most `SPELLINGS`.
    """

    rows: int
    terms: list[str]
    counts: list[int]
    spellings: list[tuple[str, ...]]

    @classmethod
    def gather(cls, texts: Iterable[str], lang: str) -> Self:
        """The vocabulary of passages in a language, as they are indexed (title and text)."""
        rows, counts, forms = 0, Counter[str](), Counter[tuple[str, str]]()
        for rows, text in enumerate(texts, start=1):  # noqa: B007 - how many there were is asked for below
            found = set(words(text, lang))
            counts.update({term for term, _ in found})
            forms.update(found)
        by_term: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for (term, form), count in forms.items():
            by_term[term].append((-count, form))
        chosen = sorted(counts, key=lambda term: (-counts[term], term))[:MAX_TERMS]
        spellings = [tuple(form for _, form in sorted(by_term[term])[:SPELLINGS]) for term in chosen]
        return cls(rows, chosen, [counts[term] for term in chosen], spellings)

    def forms(self) -> list[str]:
        """All spellings: what has to be encoded."""
        return [form for forms in self.spellings for form in forms]


def common_words(lang: str) -> list[str]:
    """Words of the parallel text that Jisr ships, each once: what a language's mean word is taken from."""
    return list(dict.fromkeys(form for text in parallel_text()[lang] for _, form in words(text, lang)))


def words(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """The words of a text that are in the script of `lang`, stop words aside, each as its term and as it stands."""
    for form in _WORD.findall(encoder_form(text).text) if lang in SCRIPTS else ():
        if term := _term(form, lang):
            yield term, form


@lru_cache(1 << 16)
def _term(form: str, lang: str) -> str:
    """The term of a word as it stands, nothing for a stop word and for another script."""
    folded = lexical_form(form).text
    is_word = SCRIPTS[lang].fullmatch(folded) and folded not in STOP_WORDS
    return terms(folded, lang)[0] if is_word else ""


class WordEncoder:
    """Encodes single words, and remembers the last ones. May be used by several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._remembered = Remembered(self._encoded, _REMEMBERED_WORDS)

    def __call__(self, words: Sequence[str]) -> Vectors:
        """The vectors of these words, ``(n, dim)`` and of length 1."""
        known = self._remembered(words)
        return np.stack([known[word] for word in words])

    def _encoded(self, words: Sequence[str]) -> dict[str, Vectors]:
        return dict(zip(words, self._encoder.encode_words(words), strict=True))
