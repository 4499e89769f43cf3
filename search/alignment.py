"""What it costs to write Latin words in Arabic letters by the table of `search.transliteration`, many pairs at a time.

A weighted edit distance. Its steps are to write a Latin spelling as one of its Arabic pieces, to leave a Latin letter
out, and to leave an Arabic letter over.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.transliteration import LEFT_OUT, LEFT_OVER, LETTER, SPELLINGS

_UNITS = 20
"""Costs are added up in whole twentieths of a letter, as the table has them: so those that are equal come out equal."""

_AT_ONCE = 256
"""Pairs that are compared in one go: as many as the processor's cache holds."""

_NEVER = 1 << 20
_LONGEST = max(map(len, SPELLINGS))
_LONGEST_PIECE = 2
_LATIN = "^$abcdefghijklmnopqrstuvwxyz"
_OTHER = "?"
_ARABIC = "".join(sorted({letter for pieces in SPELLINGS.values() for piece in pieces for letter in piece}))

_Twentieths = npt.NDArray[np.int32]
_Numbers = npt.NDArray[np.uint8]


def costs(latin: Sequence[str], arabic: Sequence[str]) -> npt.NDArray[np.float64]:
    """What the cheapest way costs to write each Latin word as the Arabic word beside it, ``(n,)``, in letters."""
    parts = [slice(at, at + _AT_ONCE) for at in range(0, len(latin), _AT_ONCE)]
    return np.concatenate([np.empty(0), *(_costs(latin[part], arabic[part]) for part in parts)])


def _costs(latin: Sequence[str], arabic: Sequence[str]) -> npt.NDArray[np.float64]:
    table, each = _table(), np.arange(len(latin))
    marked = [f"^{word}$" for word in latin]
    spelled = _spelled(_letters(marked, _LATIN, beyond=_LONGEST))
    letters = _letters(arabic, _ARABIC, beyond=_LONGEST_PIECE + 1)
    ends, places = np.array([len(word) for word in arabic]), len(letters) - _LONGEST_PIECE
    # Counted without the letters left over, the cheapest way to a place is the cheapest to any before it.
    over = np.zeros(letters.shape, np.int32)
    np.cumsum(table.left_over[letters[:-1]], axis=0, out=over[1:])
    steps = [_steps(size, spelled, letters, over) for size in range(_LONGEST_PIECE + 1)]
    reached = np.full((len(spelled) + _LONGEST, *letters.shape), _NEVER, np.int32)
    reached[0, 0] = 0
    for at in range(len(spelled)):
        here = np.minimum.accumulate(reached[at, :places], axis=0)
        for size, step in enumerate(steps):
            there = reached[at + 1 : at + 1 + _LONGEST, size : size + places]
            np.minimum(there, here + step[at], out=there)
    last = np.minimum.accumulate(reached[[len(word) for word in marked], :, each], axis=1)
    return np.asarray((last[each, ends] + over[ends, each]) / _UNITS)


class _Table(NamedTuple):
    """The table as arrays. Letters and what is made of them have numbers from 1 on, 0 is none.

    `spellings` has the numbers of runs of Latin letters, by the numbers of their letters, `pieces` those of Arabic
    ones. `costs` ``(spellings, pieces)`` and `left_over` ``(Arabic letters,)`` are in twentieths.
    """

    spellings: _Numbers
    pieces: _Numbers
    costs: _Twentieths
    left_over: _Twentieths


@cache
def _table() -> _Table:
    pieces = sorted(
        {"", *(piece for choices in SPELLINGS.values() for piece in choices if len(piece) <= _LONGEST_PIECE)}
    )
    latin = [*SPELLINGS, *(letter for letter in _LATIN if letter not in SPELLINGS), _OTHER]
    costs = np.full((len(latin) + 1, len(pieces) + 1), _NEVER, np.int32)
    for number, spelling in enumerate(latin, start=1):
        left_out = {"": LEFT_OUT.get(spelling, LETTER)} if len(spelling) == 1 else {}
        for piece, cost in [*left_out.items(), *SPELLINGS.get(spelling, {}).items()]:
            if piece in pieces:
                at = number, pieces.index(piece) + 1
                costs[at] = min(costs[at], _units(cost))
    left_over = [0, *(_units(LEFT_OVER.get(letter, LETTER)) for letter in _ARABIC + _OTHER)]
    return _Table(
        _numbered(latin, _LATIN, _LONGEST),
        _numbered(pieces, _ARABIC, _LONGEST_PIECE),
        costs,
        np.array(left_over, np.int32),
    )


def _units(cost: float) -> int:
    return round(cost * _UNITS)


def _numbered(runs: Sequence[str], alphabet: str, longest: int) -> _Numbers:
    """The numbers of runs of letters by the numbers of these letters, `longest` of them; 0 where there is no run."""
    found = np.zeros((len(alphabet) + 2,) * longest, np.uint8)
    for number, run in enumerate(runs, start=1):
        found[*_letters([run], alphabet, beyond=longest)[:longest, 0]] = number
    return found


@cache
def _letter_numbers(alphabet: str) -> _Numbers:
    """The number of each character by its code point; what is beyond the last is no letter of the alphabet either."""
    found = np.full(max(map(ord, alphabet)) + 2, len(alphabet) + 1, np.uint8)
    found[[0, *map(ord, alphabet)]] = range(len(alphabet) + 1)
    return found


def _letters(words: Sequence[str], alphabet: str, *, beyond: int) -> _Numbers:
    """The numbers of the words' letters ``(longest + beyond, n)``, 0 behind a word's end."""
    width = max(map(len, words), default=0) + beyond
    text = "".join(word.ljust(width, "\0") for word in words)
    numbers = _letter_numbers(alphabet)
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).reshape(len(words), width)
    return numbers[np.minimum(points.T, len(numbers) - 1)]


def _spelled(letters: _Numbers) -> _Numbers:
    """The numbers of the spellings that begin at each letter, one letter long and longer, ``(letters, sizes, n)``."""
    count = len(letters) - _LONGEST
    runs = [letters[at : at + count] for at in range(_LONGEST)]
    nothing = np.zeros_like(runs[0])
    begun = ([*runs[:size], *[nothing] * (_LONGEST - size)] for size in range(1, _LONGEST + 1))
    return np.stack([_table().spellings[*run] for run in begun], axis=1)


def _steps(size: int, spelled: _Numbers, letters: _Numbers, over: _Twentieths) -> _Twentieths:
    """What it costs to write spellings as pieces of so many letters, ``(letters, sizes, places, n)``, counted without
    the letters left over before the place that a step leads to, and with those before its own.
    """
    table, places = _table(), len(letters) - _LONGEST_PIECE
    runs = [letters[at : at + places] for at in range(size)] or [np.zeros((1, 1), np.uint8)]
    pieces = table.pieces[*runs, *[np.zeros_like(runs[0])] * (_LONGEST_PIECE - len(runs))]
    found = table.costs.ravel().take(spelled[:, :, None] * np.int32(table.costs.shape[1]) + pieces)
    return np.asarray(found - (over[size : size + places] - over[:places]))
