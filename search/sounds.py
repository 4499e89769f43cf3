"""How a word sounds, whichever of the two scripts it is written in: *Haftar* and حفتر.

Words of the two scripts are first brought together by a sound key, their consonants in a few classes, then compared
letter by letter with the costs of `search.transliteration`. Which words matter is left to `search.names`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import Indel

from search.alignment import costs
from search.transliteration import LEFT_OUT, LENGTH, LETTER, SPELLINGS
from search.words import is_arabic, readings

MIN_SIMILARITY = 0.7
_KEY_COST = 0.5
_MAX_KEYS = 8
_LONGEST_WORD = 64
_REMEMBERED_WORDS = 10_000
_MIN_PROMISE = 0.4
_MAX_COMPARED = 16

_CLASSES = {letter: group[0] for group in ("تطث", "دضذظ", "سص", "ز", "ش", "كقخ", "غجگ", "بپ", "فڤ", "ل", "م", "ن", "ر")
            for letter in group}  # fmt: skip
_LONGEST = max(map(len, SPELLINGS))
_SPELLING = re.compile("|".join(sorted(filter(str.isalpha, SPELLINGS), key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")


def sound_keys(word: str) -> tuple[str, ...]:
    """The sound keys of a word in lexical form and of its readings, likeliest first; none for a word with digits, and
    none for what is too long to be a word.
    """
    if not word.isalpha() or len(word) > _LONGEST_WORD:
        return ()
    keys: dict[str, None] = {}
    for reading in readings(word):
        found = [_arabic_key(reading)] if is_arabic(word) else _latin_keys(reading)
        keys.update(dict.fromkeys(found))
    return tuple(keys)


def similarities(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """How alike the words of each pair sound, 0 to 1: in lexical form, the first one in Latin letters.

    One less the cost of writing the one as the other, as a share of what leaving out all their letters would cost.
    """
    told = [
        (at, reading, other, worth * other_worth)
        for at, (latin, arabic) in enumerate(pairs)
        for reading, worth in readings(latin).items()
        for other, other_worth in readings(arabic).items()
    ]
    best = [0.0] * len(pairs)
    written = costs([latin for _, latin, _, _ in told], [arabic for _, _, arabic, _ in told]).tolist()
    for (at, latin, arabic, worth), cost in zip(told, written, strict=True):
        best[at] = max(best[at], worth * (1 - cost / ((length(latin) + length(arabic)) / 2)))
    return best


@lru_cache(maxsize=_REMEMBERED_WORDS)
def length(word: str) -> float:
    """How many letters a word in lexical form has: a vowel counts half, a doubled letter once."""
    return sum(LENGTH.get(letter, LETTER) for letter in _DOUBLED.sub(r"\1", word))


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


def closest(asked: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """For each word those of others that sound like it, with their similarity from `MIN_SIMILARITY` on, best first.

    The others, given by word, are of the other script and have their `usual` spelling with them. A quick look at that
    chooses which words are compared in earnest.
    """
    found: dict[str, list[tuple[str, float]]] = {word: [] for word in asked}
    compared = [(word, other) for word, others in asked.items() for other in _promising(word, others)]
    pairs = [(other, word) if is_arabic(word) else (word, other) for word, other in compared]
    for (word, other), alike in zip(compared, similarities(pairs), strict=True):
        if alike >= MIN_SIMILARITY:
            found[word].append((other, alike))
    return {word: likest(others) for word, others in found.items()}


def likest(others: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Words with their similarity, best first, ties by the alphabet."""
    return sorted(others, key=lambda match: (-match[1], match[0]))


def _promising(word: str, others: Mapping[str, str]) -> set[str]:
    words, spellings = list(others), list(others.values())
    wanted = list(readings(word)) if is_arabic(word) else [usual(reading) for reading in readings(word)]
    return {
        words[at]
        for spelling in wanted
        for _, _, at in process.extract(
            spelling, spellings, scorer=Indel.normalized_similarity, score_cutoff=_MIN_PROMISE, limit=_MAX_COMPARED
        )
    }


def usual(word: str) -> str:
    """A word in the Arabic letters that its spelling most usually stands for; an Arabic word is its own."""
    if is_arabic(word):
        return word
    return "".join(next(iter(SPELLINGS[spelling])) for spelling in _SPELLING.findall(word))
