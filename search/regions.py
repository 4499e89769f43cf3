"""What the parts of a map are about: the words, of each language, that their passages have more often than others do.

Passages are counted, not occurrences. A word is worth its share of the region's passages times the logarithm of how
much larger that is than its share of the whole map's, its part in the Kullback–Leibler divergence of the two. The forms
of a word count as one, and the most frequent of them is shown as it is written.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import numpy as np

from search.analysis import terms
from search.arabic import encoder_form, lexical_form
from search.language import direction
from search.layout import Positions, clusters
from search.records import Passage
from search.stopwords import STOP_WORDS
from search.words import is_arabic

MAX_REGIONS = 24

_WORDS = 4
_FEWEST_PASSAGES = 2  # what a single passage says is not what a region is about
_WORD = re.compile(r"[^\W\d_]{3,}")

_Forms = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a map: its midst, 0–1 rightwards and downwards, and by language how many passages are in it, those
    that are shown, and its words, those first that tell most of it."""

    x: float
    y: float
    passages: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]


def regions(passages: Sequence[Passage], places: Positions) -> list[Region]:
    """The regions of a map on which passages stand at `places` ``(n, 2)``, those with most passages first."""
    if not passages:
        return []
    count = min(MAX_REGIONS, max(1, round(sqrt(len(passages)) / 2)), len(np.unique(places, axis=0)))
    said = [_forms(passage) for passage in passages]
    region_of = clusters(places, count)
    found = []
    for number in range(count):
        inside = np.flatnonzero(region_of == number).tolist()
        x, y = places[inside].mean(axis=0)
        langs = Counter(passages[at].lang for at in inside)
        words = {
            lang: _telling(
                [said[at] for at in inside if passages[at].lang == lang],
                [forms for forms, passage in zip(said, passages, strict=True) if passage.lang == lang],
            )
            for lang in langs
        }
        found.append(Region(float(x), float(y), dict(langs.most_common()), words))
    return sorted(found, key=lambda region: -sum(region.passages.values()))


def _telling(inside: Sequence[_Forms], whole: Sequence[_Forms]) -> tuple[str, ...]:
    here = Counter(stem for forms in inside for stem in forms)
    everywhere = Counter(stem for forms in whole for stem in forms)

    def worth(stem: str) -> float:
        share = here[stem] / len(inside)
        return share * log(share / (everywhere[stem] / len(whole)))

    frequent = [stem for stem, count in here.items() if count >= _FEWEST_PASSAGES] or list(here)
    best = sorted(frequent, key=lambda stem: (-worth(stem), stem))[:_WORDS]
    return tuple(_written(stem, inside) for stem in best)


def _written(stem: str, inside: Sequence[_Forms]) -> str:
    forms = sum((forms[stem] for forms in inside if stem in forms), Counter[str]())
    return min(forms, key=lambda form: (-forms[form], form))


def _forms(passage: Passage) -> _Forms:
    """The stems of a passage's words in its own script, stop words aside, each with the forms in which it is there."""
    forms: _Forms = {}
    for word in _WORD.findall(encoder_form(passage.text).text):
        stem = _stem(word, passage.lang)
        if stem:
            forms.setdefault(stem, Counter())[word] += 1
    return forms


@lru_cache(1 << 16)
def _stem(word: str, lang: str) -> str | None:
    if lexical_form(word).text in STOP_WORDS or is_arabic(word) != (direction(lang) == "rtl"):
        return None
    return next(iter(terms(word, lang)), None)
