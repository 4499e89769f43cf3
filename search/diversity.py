"""From a ranked list to one worth reading: what says the same stands under its best, and no document fills a page.

Two passages say the same when they share most of their shingles. Only passages of one language are compared: a
translation is a hit of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil, inf

from search.ranking import Candidate
from search.records import Passage
from search.shingles import Shingles

PAGE_HITS = 10
"""How many hits are read together. Each run of so many is spread over documents by itself."""

MAX_PER_DOCUMENT = 3
"""Of one document in a page: so that a page holds four documents at least, and most articles are whole in three."""

MIN_SHARE = 2 / 3
"""How much of a passage must stand in better ones. Articles that quote each other or a common background stay below,
the same article under another lead is above (see docs/EVALUATION.md)."""

SHORT_WORDS = 40
"""A passage shorter than this must stand in the better one word for word, and in a longer one each run of so many
words may bring one new figure: a notice of rates or of the weather differs from yesterday's in its figures only."""

_BLOCK = 25

Told = tuple[Passage, Shingles]
"""A passage, and what it says."""

Reader = Callable[[Sequence[int]], Mapping[int, Told]]


@dataclass(frozen=True, slots=True)
class Group:
    """A passage in its own place, with its near-duplicates among the candidates that were read, best first."""

    candidate: Candidate
    passage: Passage
    duplicates: list[Passage] = field(default_factory=list)


def diversified(
    candidates: Sequence[Candidate], read: Reader, k: int, *, line: float = -inf, known: "Known | None" = None
) -> list[Group]:
    """The first `k` groups of a ranked list, or as many as there are.

    The order is that of the candidates, save that a passage waits while `MAX_PER_DOCUMENT` of its document stand in
    the page and another document has something to say, that is, a score of `line` at least. `read` gives the passages
    of rows and what they say; it is asked for no more blocks of candidates than it takes. `known` is what earlier
    lists said, and will be what this one says, too: what is said there is no group here.
    """
    groups: list[Group] = []
    known = Known() if known is None else known
    told = read([candidate.row for candidate in candidates[: _BLOCK * ceil(k / _BLOCK)]])  # so many it takes at least
    for start in range(0, len(candidates), _BLOCK):
        block = candidates[start : start + _BLOCK]
        if block[0].row not in told:
            told = read([candidate.row for candidate in block])
        for candidate in block:
            passage, says = told[candidate.row]
            if (group := known.group_of(candidate, passage, says)) is not None:
                groups.append(group)
        settled = list(islice(_spread(groups, line, final=False), k))
        if len(settled) == k:
            return settled
    return list(islice(_spread(groups, line, final=True), k))


class _Said:
    """What the groups of one document say together, and each."""

    def __init__(self) -> None:
        self.shingles: set[int] = set()
        self.figures: set[int] = set()
        self.groups: list[tuple[Shingles, Group]] = []

    def add(self, says: Shingles, group: Group) -> None:
        self.groups.append((says, group))
        self.shingles |= says.shingles
        self.figures |= says.figures

    def nearest(self, says: Shingles) -> Group:
        """The group that says most of this, the best of them."""
        return max(self.groups, key=lambda said: len(said[0].shingles & says.shingles))[1]


class Known:
    """What groups say, by language."""

    def __init__(self) -> None:
        self._of: dict[str, _KnownOfLanguage] = defaultdict(_KnownOfLanguage)

    def group_of(self, candidate: Candidate, passage: Passage, says: Shingles) -> Group | None:
        """A new group, or None when the passage went to one there is."""
        return self._of[passage.lang].group_of(candidate, passage, says)


class _KnownOfLanguage:
    """What the groups of one language say, by document, in the order of their best groups."""

    def __init__(self) -> None:
        self._shingles: set[int] = set()
        self._documents: dict[str, _Said] = defaultdict(_Said)

    def group_of(self, candidate: Candidate, passage: Passage, says: Shingles) -> Group | None:
        """A new group, or None when the passage went to one there is."""
        said = self._said_by(says)
        if said is not None:
            said.nearest(says).duplicates.append(passage)
            return None
        group = Group(candidate, passage)
        self._documents[passage.doc_id].add(says, group)
        self._shingles |= says.shingles
        return group

    def _said_by(self, says: Shingles) -> _Said | None:
        """The first document whose groups say enough of this.

        Together, since the same text after another lead is cut into passages at other places.
        """
        enough = len(says.shingles) * (1 if says.words < SHORT_WORDS else MIN_SHARE)
        if len(says.shingles & self._shingles) < enough:  # spares nearly all the next step
            return None
        for said in self._documents.values():
            new_figures = len(says.figures - said.figures)
            if new_figures * SHORT_WORDS <= says.words and len(says.shingles & said.shingles) >= enough:
                return said
        return None


def _spread(groups: Sequence[Group], line: float, *, final: bool) -> Iterator[Group]:
    """The groups in the order to show. Unless final, as far as no group still to come could take a place."""
    waiting = list(groups)
    page: Counter[str] = Counter()
    while waiting:
        if page.total() == PAGE_HITS:
            page.clear()
        place = _next(waiting, page, line)
        if place is None and not final:
            return
        group = waiting.pop(place or 0)
        page[group.passage.doc_id] += 1
        yield group


def _next(waiting: Sequence[Group], page: Counter[str], line: float) -> int | None:
    """The place of the first group whose document has room in the page; None when there is none."""
    for place, group in enumerate(waiting):
        if group.candidate.score < line <= waiting[0].candidate.score:
            return 0
        if page[group.passage.doc_id] < MAX_PER_DOCUMENT:
            return place
    return None
