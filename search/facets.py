"""How many documents there are of each language, source and year: what a reader may narrow a search to.

Each kind of count goes by all filters but its own, so that a choice can be widened again. Which documents are counted,
`search.searcher` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from search.filters import Facet, same_name


@dataclass(frozen=True, slots=True)
class Count:
    """How many documents have a value, as the filter of that kind takes it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Counts of documents by language and by source, the most first, and by year, the newest first.

    A source is the publisher, or where none is known the top folder, or file, of the path. Undated documents are of no
    year.
    """

    languages: tuple[Count, ...]
    sources: tuple[Count, ...]
    years: tuple[Count, ...]

    @classmethod
    def of(cls, tallies: Mapping[Facet, Mapping[str, int]]) -> Self:
        """The facets with these counts by value; of a publisher's spellings the most frequent one stands for all."""
        return cls(
            languages=_most_first(tallies[Facet.LANGUAGE]),
            sources=_most_first(_one_spelling(tallies[Facet.SOURCE])),
            years=tuple(Count(year, count) for year, count in sorted(tallies[Facet.YEAR].items(), reverse=True)),
        )


def source_of(publisher: str | None, path: str) -> str:
    """What a document is counted under."""
    return publisher or path.partition("/")[0]


def _most_first(tally: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(value, count) for value, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])))


def _one_spelling(tally: Mapping[str, int]) -> dict[str, int]:
    first: dict[str, str] = {}
    counts: dict[str, int] = {}
    for value, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        shown = first.setdefault(same_name(value), value)
        counts[shown] = counts.get(shown, 0) + count
    return counts
