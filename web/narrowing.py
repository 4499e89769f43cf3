"""What a search is narrowed to and could be: choices with counts, and the addresses that take them or drop them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from search.facets import Count, Facets
from search.filters import same_name
from web.asked import Asked, Parameters

SHOWN = 8
"""How many choices of a kind are offered, those that are chosen besides."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter takes, how many documents it leaves, and the parameters of the address on the other side.

    That is with it where it is not `chosen`, and without it where it is.
    """

    value: str
    count: int
    chosen: bool
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filter of one kind, `lang`, `source` or `year`, and its choices."""

    kind: str
    choices: list[Choice]


def narrowings(facets: Facets, asked: Asked) -> list[Narrowing]:
    """What the reader may choose; a kind of which there is nothing to choose is left out."""
    each = [
        Narrowing("lang", list(_languages(facets.languages, asked))),
        Narrowing("source", list(_shown(_sources(facets.sources, asked)))),
        Narrowing("year", list(_shown(_years(facets.years, asked)))),
    ]
    return [one for one in each if len(one.choices) > 1 or any(choice.chosen for choice in one.choices)]


def _languages(counts: Iterable[Count], asked: Asked) -> Iterator[Choice]:
    for one in counts:
        chosen = one.value == asked.lang
        yield Choice(one.value, one.count, chosen, asked.but(lang="" if chosen else one.value))


def _sources(counts: Iterable[Count], asked: Asked) -> Iterator[Choice]:
    for one in counts:
        others = [source for source in asked.sources if same_name(source) != same_name(one.value)]
        chosen = len(others) < len(asked.sources)
        yield Choice(one.value, one.count, chosen, asked.but(source=others if chosen else [*others, one.value]))


def _years(counts: Iterable[Count], asked: Asked) -> Iterator[Choice]:
    for one in counts:
        chosen = one.value == asked.since == asked.until
        year = "" if chosen else one.value
        yield Choice(one.value, one.count, chosen, asked.but(since=year, until=year))


def _shown(choices: Iterator[Choice]) -> Iterator[Choice]:
    """The first, and of the others those that are chosen."""
    yield from islice(choices, SHOWN)
    yield from (choice for choice in choices if choice.chosen)
