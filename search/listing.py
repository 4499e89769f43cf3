"""The list of a query's hits, cut into pages: none repeats a hit or loses one, however long they are.

The list is what a first ranking gives, of few candidates, and then what a deeper one finds besides. That is asked for
only where a page reaches so far, so that the first page costs no more than it must. Sorted by date, it is what the
deeper ranking gives. Both depend on the query and the filters alone, so that nothing has to be kept between two pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.diversity import Group, Known, diversified
from search.fusion import WEAK_SCORE
from search.holdings import Holdings
from search.options import Options, Sort
from search.ranking import Candidate
from search.timing import Stopwatch

DEEPER = 1000
"""How many candidates the deeper ranking gives."""

Ranking = Callable[[int], list[Candidate]]
"""The best candidates, so many at the most, best first."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits of the list, with `total` and `more` as in `search.records.Answer`."""

    groups: list[Group]
    total: int
    more: bool


class Listing:
    """The list that a ranking gives under some options, `count` being the number of passages that it is of."""

    def __init__(self, ranking: Ranking, count: int, options: Options, catalogue: Holdings, watch: Stopwatch) -> None:
        self._ranking = ranking
        self._count = count
        self._options = options
        self._catalogue = catalogue
        self._watch = watch
        self._known = Known()

    def page(self) -> Page:
        """The page that the options ask for."""
        start, stop = self._options.offset, self._options.offset + self._options.k
        first, rest = self._parts()
        groups = self._arranged(first, stop + 1)
        looked_at = len(first)
        if rest and len(groups) < stop:
            others = rest()
            groups += self._arranged(others, stop + 1 - len(groups))
            looked_at, rest = looked_at + len(others), None
        total = looked_at - sum(len(group.duplicates) for group in groups)
        more = len(groups) > stop or (rest is not None and len(groups) == stop)
        return Page(groups[start:stop], total, more)

    def _parts(self) -> tuple[list[Candidate], Callable[[], list[Candidate]] | None]:
        """What the list begins with, and what gives those that follow, None where none do."""
        if self._options.sort is not Sort.SCORE:
            ranked = self._kept(self._ranking(max(DEEPER, self._options.depth)))
            good = [candidate for candidate in ranked if candidate.score >= WEAK_SCORE]
            return good, (lambda: ranked[len(good) :]) if len(good) < len(ranked) else None
        ranked = self._ranking(self._options.depth)
        kept = self._kept(ranked)
        if len(ranked) < self._options.depth or len(ranked) == self._count or len(kept) < len(ranked):
            return kept, None
        return kept, lambda: self._besides(ranked)

    def _besides(self, ranked: Sequence[Candidate]) -> list[Candidate]:
        rows = {candidate.row for candidate in ranked}
        deeper = self._kept(self._ranking(max(DEEPER, self._options.depth)))
        return [candidate for candidate in deeper if candidate.row not in rows]

    def _kept(self, ranked: Sequence[Candidate]) -> list[Candidate]:
        return [candidate for candidate in ranked if candidate.score >= self._options.min_score]

    def _arranged(self, candidates: Sequence[Candidate], count: int) -> list[Group]:
        """The first groups of these candidates in the order to show; that of weak matches is always by their scores."""
        with self._watch.step("diversify"):
            if self._options.sort is Sort.SCORE or not candidates or candidates[0].score < WEAK_SCORE:
                return self._grouped(candidates, count)
            return self._by_date(self._grouped(candidates, len(candidates)))[:count]

    def _grouped(self, candidates: Sequence[Candidate], count: int) -> list[Group]:
        if self._options.collapse:
            return diversified(candidates, self._catalogue.told_at, count, line=WEAK_SCORE, known=self._known)
        passages = self._catalogue.passages_at([candidate.row for candidate in candidates[:count]])
        return [Group(candidate, passages[candidate.row]) for candidate in candidates[:count]]

    def _by_date(self, groups: Sequence[Group]) -> list[Group]:
        documents = self._catalogue.documents(sorted({group.passage.doc_id for group in groups}))
        dated, undated = [], []
        for group in groups:
            date = documents[group.passage.doc_id].date
            if date is None:
                undated.append(group)
            else:
                dated.append((date, group))
        dated.sort(key=lambda pair: pair[0], reverse=self._options.sort is Sort.NEWEST)
        return [*(group for _, group in dated), *undated]
