"""The words of each pool's passages, wherever they are kept: how often each is there, in which rows, how it sounds."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from search.allowed import Rows

MIN_NAMED = 0.15
"""How likely a word has to be a name, by its capital letters, to be found by its sound."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many rows a word stands, how often it is written large and small where that tells something, and where
    `WordList.standing` finds its rows.
    """

    rows: int = 0
    large: int = 0
    small: int = 0
    place: int = -1

    def named(self, named: bool | None = None) -> float:
        """How likely the word is a name, 0–1; `named` says how a query writes it (see `search.words.Word`)."""
        large, small = {True: (3.0, 0.0), False: (0.3, 0.7), None: (0.5, 0.0)}[named]
        return (self.large + large) / (self.large + self.small + large + small)


class WordList(ABC):
    """Reading access. One instance may be used by several threads.

    `pools` are the rows of each language. All words are in the form of `search.words`; a language without passages has
    none.
    """

    pools: dict[str, range]

    @abstractmethod
    def counted(self, forms: Sequence[str], lang: str) -> dict[str, Counts]:
        """What is known of those of these words that are there."""

    @abstractmethod
    def starting(self, prefix: str, lang: str, limit: int) -> list[tuple[str, int]]:
        """The words of a language that go on from this, with their numbers of rows: the most frequent first, then by
        their letters. The prefix itself is none of them.
        """

    @abstractmethod
    def standing(self, counted: Sequence[Counts], lang: str) -> list[Rows]:
        """The rows ``(n,)`` in which each of these words of a language stands, ascending."""

    @abstractmethod
    def sounding(self, forms: Sequence[str], lang: str) -> dict[str, dict[str, str]]:
        """For each of these words those of a language in the other script that have a sound key of it, with their
        `usual` spellings.

        They come in the order of the keys, and of the words with one key.
        """

    def counts(self, forms: Sequence[str], lang: str) -> dict[str, int]:
        """In how many rows of a language each of these words stands that are there."""
        return {form: counts.rows for form, counts in self.counted(forms, lang).items()}

    def rows(self, forms: Sequence[str], lang: str) -> dict[str, Rows]:
        """The rows ``(n,)`` of a language, ascending, in which each of these words stands that are there."""
        counted = self.counted(forms, lang)
        standing = self.standing(list(counted.values()), lang) if counted else []
        return dict(zip(counted, standing, strict=True))
