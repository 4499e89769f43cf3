"""Why a hit ranks where it does, in words for people: which ways of finding it spoke, and how much each said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from search.fusion import Explanation, Leg
from search.records import Hit

_LEAST_POINTS = 0.05
"""What rounds to nothing is not worth a word."""


class Ground(StrEnum):
    """What speaks for a hit, or against it; `START` is what all are taken for before anything speaks."""

    START = "start"
    MEANING = "meaning"
    WORDS = "words"
    TRANSLATIONS = "translations"
    NAMES = "names"
    COUNTERPART = "counterpart"


_LEGS = {
    Ground.MEANING: {Leg.DENSE, Leg.LATE},
    Ground.WORDS: {Leg.LEXICAL},
    Ground.TRANSLATIONS: {Leg.DICTIONARY},
    Ground.NAMES: {Leg.NAMES},
}

# From which value on, as `search.legs.Found` has them: standard deviations for meaning, else shares of what there is to
# find. The first that is reached is the degree. Among the first ten hits of the seeds' queries, those in a relevant
# document have a median of 2.7 for meaning, 0.17 for words and 0.03 for translations, the others of 1.7, 0.06 and 0.02.
_DEGREES = {
    Ground.MEANING: ((3.0, "very"), (2.2, "quite"), (1.5, "somewhat"), (float("-inf"), "hardly")),
    Ground.WORDS: ((0.25, "very"), (0.1, "quite"), (float("-inf"), "somewhat")),
    Ground.TRANSLATIONS: ((0.06, "very"), (0.03, "quite"), (float("-inf"), "somewhat")),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground, the degree to which it holds, the words of query and passage that show it, and its points."""

    ground: Ground
    degree: str
    pairs: list[tuple[str, str]]
    points: float


def reasons(hit: Hit, query: str) -> list[Reason]:
    """What speaks for a hit and against it, in the order of `Ground`; nothing where it has no explanation."""
    return list(_reasons(hit.explanation, hit, query)) if hit.explanation else []


def _reasons(explanation: Explanation, hit: Hit, query: str) -> Iterator[Reason]:
    yield Reason(Ground.START, "", [], explanation.constant)
    for ground, legs in _LEGS.items():
        shares = [share for share in explanation.legs if share.leg in legs]
        points = sum(share.points for share in shares)
        if abs(points) >= _LEAST_POINTS:
            value = sum(share.value for share in shares) / len(shares)
            yield Reason(ground, _degree(ground, value), _pairs(ground, hit, query), points)
    if abs(explanation.counterpart) >= _LEAST_POINTS:
        degree = "gains" if explanation.counterpart > 0 else "gives-way"
        yield Reason(Ground.COUNTERPART, degree, [], explanation.counterpart)


def _degree(ground: Ground, value: float) -> str:
    return next((degree for least, degree in _DEGREES.get(ground, ()) if value >= least), "")


def _pairs(ground: Ground, hit: Hit, query: str) -> list[tuple[str, str]]:
    if ground is Ground.NAMES:
        return list(hit.variants)
    if ground in (Ground.WORDS, Ground.TRANSLATIONS):
        return _first_of_each(
            (query[mark.query_start : mark.query_end], hit.passage.text[mark.start : mark.end]) for mark in hit.marks
        )
    return []


def _first_of_each(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each word of the query once, with the first word of the passage that answers it."""
    first: dict[str, str] = {}
    for asked, found in pairs:
        first.setdefault(asked, found)
    return list(first.items())
