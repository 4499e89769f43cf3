"""How a word sounds, whichever of the two scripts it is written in: *Haftar* and حفتر.

Words of the two scripts are first brought together by a sound key, their consonants in a few classes, then compared
letter by letter with the costs of `search.transliteration`. Which words matter is left to `search.names`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import Indel

from search.transliteration import LEFT_OUT, LEFT_OVER, LENGTH, LETTER, SPELLINGS
from search.words import is_arabic, readings

MIN_SIMILARITY = 0.7
_KEY_COST = 0.5
_MAX_KEYS = 8
_LEAST = 0.65
_NEVER = 1000.0
_MIN_PROMISE = 0.4
_MAX_COMPARED = 16

_CLASSES = {letter: group[0] for group in ("تطث", "دضذظ", "سص", "ز", "ش", "كقخ", "غجگ", "بپ", "فڤ", "ل", "م", "ن", "ر")
            for letter in group}  # fmt: skip
_CLASS_LETTERS = sorted(set(_CLASSES.values()))
_LONGEST = max(map(len, SPELLINGS))
_SPELLING = re.compile("|".join(sorted(filter(str.isalpha, SPELLINGS), key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def sound_keys(word: str) -> tuple[str, ...]:
    """The sound keys of a word in lexical form and of its readings, likeliest first; none for a word with digits."""
    if not word.isalpha():
        return ()
    keys: dict[str, None] = {}
    for reading in readings(word):
        found = [_arabic_key(reading)] if is_arabic(word) else _latin_keys(reading)
        keys.update(dict.fromkeys(found))
    return tuple(keys)


def near_keys(key: str) -> set[str]:
    """The keys that differ from this one by one consonant left out, put in or changed."""
    near = set()
    for place in range(len(key) + 1):
        before, after = key[:place], key[place:]
        near.update({before + after[1:]} | {before + letter + rest for letter in _CLASS_LETTERS
                                            for rest in (after, after[1:])})  # fmt: skip
    return {_DOUBLED.sub(r"\1", other) for other in near} - {key, ""}


def similarity(first: str, second: str, *, least: float = _LEAST) -> float:
    """How alike two words in lexical form sound, 0 to 1; words of one script are either the same, 1, or not, 0.

    One less the cost of writing the one as the other, as a share of what leaving out all their letters would cost.
    What is below `least` may come out as less than it is, and sooner.
    """
    if is_arabic(first) == is_arabic(second):
        return float(first == second)
    latin, arabic = (second, first) if is_arabic(first) else (first, second)
    best = 0.0
    for reading, worth in readings(latin).items():
        for other, other_worth in readings(arabic).items():
            both = worth * other_worth
            if both > max(best, least):
                best = max(best, both * _likeness(reading, other, max(best, least) / both))
    return best


def _likeness(latin: str, arabic: str, least: float) -> float:
    half = (length(latin) + length(arabic)) / 2
    return max(0.0, 1 - _cost(latin, arabic, (1 - least) * half) / half)


@lru_cache(maxsize=100_000)
def length(word: str) -> float:
    """How many letters a word in lexical form has: a vowel counts half, a doubled letter once."""
    return sum(LENGTH.get(letter, LETTER) for letter in _DOUBLED.sub(r"\1", word))


def _cost(latin: str, arabic: str, limit: float) -> float:
    """What the cheapest way costs to write a Latin word in these Arabic letters (a weighted edit distance).

    Ways that cost more than the limit are not followed.
    """
    pieces = _pieces(arabic)
    spellings = _spellings(latin)
    costs = [[_NEVER] * len(pieces) for _ in range(len(spellings) + 1)]
    costs[0][0] = 0.0
    for row, choices in zip(costs, [*spellings, []], strict=True):
        for written, (left_over, following) in enumerate(pieces):
            cost = row[written]
            if cost > limit:
                continue
            if cost + left_over < row[min(written + 1, len(arabic))]:
                row[written + 1] = cost + left_over
            for end, arabic_spellings in choices:
                for stop, piece in following:
                    if piece in arabic_spellings and cost + arabic_spellings[piece] < costs[end][stop]:
                        costs[end][stop] = cost + arabic_spellings[piece]
    return costs[-1][-1]


@lru_cache(maxsize=200)
def _pieces(arabic: str) -> list[tuple[float, list[tuple[int, str]]]]:
    """For each place in an Arabic word: what its letter costs left over, and the pieces that begin there."""
    return [
        (
            LEFT_OVER.get(arabic[place : place + 1], LETTER),
            [(stop, arabic[place:stop]) for stop in range(place, min(place + 2, len(arabic)) + 1)],
        )
        for place in range(len(arabic) + 1)
    ]


@lru_cache(maxsize=200)
def _spellings(latin: str) -> list[list[tuple[int, dict[str, float]]]]:
    """For each letter of a Latin word, the spellings that begin with it: where they end, and how they are written."""
    marked = f"^{latin}$"
    return [
        [
            (place + 1, {"": LEFT_OUT.get(letter, LETTER)}),
            *(
                (end, SPELLINGS[marked[place:end]])
                for end in range(place + 1, min(place + _LONGEST, len(marked)) + 1)
                if marked[place:end] in SPELLINGS
            ),
        ]
        for place, letter in enumerate(marked)
    ]


@lru_cache(maxsize=1000)
def _arabic_key(arabic: str) -> str:
    return _DOUBLED.sub(r"\1", "".join(_CLASSES.get(letter, "") for letter in arabic))


@lru_cache(maxsize=1000)
def _cheapest_keys(latin: str) -> list[tuple[str, float]]:
    """What each key of a Latin spelling's ways to be written costs."""
    keys: dict[str, float] = {}
    for arabic, cost in SPELLINGS.get(latin, {"": LEFT_OUT.get(latin, LETTER)}).items():
        if cost <= _KEY_COST:
            key = _arabic_key(arabic)
            keys[key] = min(cost, keys.get(key, cost))
    return list(keys.items())


def _latin_keys(latin: str) -> list[str]:
    """The keys of the Arabic words that a Latin one may be written as, the cheapest first."""
    marked = f"^{latin}$"
    keys: list[dict[str, float]] = [{} for _ in range(len(marked) + 1)]
    keys[0][""] = 0.0
    for place in range(len(marked)):
        begun = sorted(keys[place].items(), key=itemgetter(1))[:_MAX_KEYS]
        for end in range(place + 1, min(place + _LONGEST, len(marked)) + 1):
            spelling = marked[place:end]
            if spelling not in SPELLINGS and end > place + 1:
                continue
            longer = keys[end]
            for more, more_cost in _cheapest_keys(spelling):
                for key, cost in begun:
                    if cost + more_cost <= _KEY_COST:
                        joined = key + more[1:] if more and key.endswith(more[0]) else key + more
                        longer[joined] = min(cost + more_cost, longer.get(joined, _KEY_COST))
    return sorted(keys[-1], key=lambda key: (keys[-1][key], key))[:_MAX_KEYS]


def closest(word: str, others: Mapping[str, str], *, within: float = 1.0) -> list[tuple[str, float]]:
    """Those of other words that sound like this one, with their similarity from `MIN_SIMILARITY` on, best first.

    `others` have their `usual` spelling with them. Those less alike than the best by more than `within` may be missing.
    A quick look at the usual spellings chooses which words are compared in earnest, and in which order.
    """
    arabic = is_arabic(word)
    wanted = list(readings(word)) if arabic else [usual(reading) for reading in readings(word)]
    choices = {other: spelling for other, spelling in others.items() if is_arabic(other) != arabic}
    promise: dict[str, float] = {}
    for spelling in wanted:
        for _, alike, other in process.extract(
            spelling, choices, scorer=Indel.normalized_similarity, score_cutoff=_MIN_PROMISE, limit=_MAX_COMPARED
        ):
            promise[other] = max(alike, promise.get(other, 0.0))
    found = [(word, 1.0)] if word in others else []
    best = MIN_SIMILARITY
    for other in sorted(promise, key=lambda other: (-promise[other], other)):
        alike = similarity(word, other, least=max(MIN_SIMILARITY, best - within))
        best = max(best, alike)
        if alike >= MIN_SIMILARITY:
            found.append((other, alike))
    return sorted(found, key=lambda match: (-match[1], match[0]))


@lru_cache(maxsize=200_000)
def usual(word: str) -> str:
    """A word in the Arabic letters that its spelling most usually stands for; an Arabic word is its own."""
    if is_arabic(word):
        return word
    return "".join(next(iter(SPELLINGS[spelling])) for spelling in _SPELLING.findall(word))
