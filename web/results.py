"""An answer as the page lays it out: cards with excerpts and reasons, columns by direction, and counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from search.language import direction
from search.records import Answer, Hit
from web.excerpts import Asking, Excerpt
from web.why import Reason, reasons


@dataclass(frozen=True, slots=True)
class Card:
    """A hit with the part of its passage that is shown, and why it ranks where it does."""

    hit: Hit
    excerpt: Excerpt
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Column:
    """The cards of one language, `lang`, and of those that are written in its direction, in the order of the list."""

    lang: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Results:
    """What is laid out of an answer. `asking` is the query with the words that the hits answer."""

    asking: Asking
    cards: list[Card]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The results of an answer."""
        asking = Asking.of(answer.query, [mark for hit in answer.hits for mark in hit.marks])
        return cls(asking, [_card(hit, asking) for hit in answer.hits])

    @property
    def counts(self) -> Counter[str]:
        """How many hits there are of each language."""
        return Counter(card.hit.passage.lang for card in self.cards)

    @property
    def has_variants(self) -> bool:
        """Whether a name was found in the spelling of the other script."""
        return any(card.hit.variants for card in self.cards)

    def columns(self, langs: Sequence[str]) -> list[Column]:
        """The cards side by side, in the order of these two languages, which run in opposite directions."""
        return [
            Column(lang, [card for card in self.cards if direction(card.hit.passage.lang) == direction(lang)])
            for lang in langs
        ]


def _card(hit: Hit, asking: Asking) -> Card:
    return Card(hit, asking.excerpt(hit.passage.text, hit.marks), reasons(hit, asking.query))
