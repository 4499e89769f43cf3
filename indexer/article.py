"""Which blocks of a page are its article's, by what they say, where they stand, and what the site repeats.

Between the first and the last sentence of an article only what is certain goes. Prose goes only where it advertises,
where the site repeats it at the article's edge, or as the teaser of another story below the article.
"""

import itertools
from collections.abc import Sequence, Set

from indexer.blocks import Block, words
from indexer.furniture import Reason, Role, is_quote, mark
from indexer.headline import is_headline
from indexer.repetition import block_hash

_SURE = frozenset({Role.CERTAIN, Role.LIST, Role.ENDING})
_FEW = 3  # lines between two pieces of furniture that go with them
_LABEL_WORDS = 3
_LEAST_LABELS = 3  # that make a page's head
_SUBHEADING_WORDS = 5  # at most; headlines of other articles have more
_MOST_LINKS = 8  # in a list inside an article
_LEAST_QUOTES = 3  # that make a ticker
_MOST_FURNITURE = 1 / 3  # of a page's prose; with more of it repeated, the page is another copy of its story


def reasons(found: Sequence[Block], *, title: str = "", repeated: Set[bytes] = frozenset()) -> list[Reason | None]:
    """For each block of a page why it goes, None where it is the article's.

    Lines that are the `title` are the article's. `repeated` are hashes of the lines that the site repeats.
    """
    page = _Page(found, title)
    page.sort(repeated)
    return page.gone


class _Page:
    """What each block is by itself, and for each that goes the reason, filled in step by step."""

    def __init__(self, found: Sequence[Block], title: str) -> None:
        self.gone: list[Reason | None] = [None] * len(found)
        self._blocks = found
        own = words(title)
        likely = range(len(title) // 2, 2 * len(title) + 1)  # a much shorter or longer line is not asked for its words
        self._titles = {at for at, block in enumerate(found) if len(block.text) in likely and words(block.text) == own}
        marks = [None if at in self._titles else mark(block.text) for at, block in enumerate(found)]
        self._reasons = [what and what.reason for what in marks]
        self._roles = [what and what.role for what in marks]
        self._prose = [block.is_prose and self._roles[at] not in _SURE for at, block in enumerate(found)]

    def sort(self, repeated: Set[bytes]) -> None:
        """Finds what goes."""
        if repeated:
            self._repeated(repeated)
        self._settle()
        self.gone = [
            reason if role in _SURE else gone
            for reason, role, gone in zip(self._reasons, self._roles, self.gone, strict=True)
        ]
        if True in self._prose:
            first, end = self._prose.index(True), self._end()
            self._above(first, end)
            self._inside(first, end)
            self._below(end)

    def _repeated(self, hashes: Set[bytes]) -> None:
        """Lines of the site become certain; prose of the site goes from the page's edges.

        Dates and bylines above the first sentence stay what they are: "By Nadia Farrow" may be on many pages.
        """
        found = [at for at, block in enumerate(self._blocks) if block_hash(block) in hashes and at not in self._titles]
        first = self._prose.index(True) if True in self._prose else 0
        for at in found:
            if not self._prose[at] and self._roles[at] not in _SURE:
                self._roles[at] = Role.CERTAIN
                if at >= first or self._reasons[at] not in (Reason.BYLINE, Reason.DATE):
                    self._reasons[at] = Reason.REPEATED
        prose = {at for at in found if self._prose[at]}
        own = [at for at, is_prose in enumerate(self._prose) if is_prose and at not in prose]
        edges = [at for at in prose if own and not own[0] < at < own[-1]]
        if sum(len(self._blocks[at].text) for at in edges) <= _MOST_FURNITURE * self._prose_chars():
            for at in edges:
                self.gone[at], self._prose[at] = Reason.REPEATED, False

    def _settle(self) -> None:
        """Lines that are furniture only beside furniture become certain, or matter only at the edge."""
        beside = [None, *self._roles, None]
        for at, role in enumerate(self._roles):
            if role is Role.COMPANY:
                alone = not {beside[at], beside[at + 2]} & {*_SURE, Role.COMPANY}
                self._roles[at] = Role.EDGE if alone else Role.CERTAIN
            elif self._reasons[at] is Reason.TICKER and role is Role.ENDING and any(self._prose[max(at - 1, 0) : at]):
                self._roles[at] = Role.EDGE  # a heading of an article about prices

    def _prose_chars(self, start: int = 0) -> int:
        return sum(len(self._blocks[at].text) for at in range(start, len(self._blocks)) if self._prose[at])

    def _end(self) -> int:
        """Where the article is over: the first list or ending that none of its prose follows, or the text's end."""
        start = len(self._blocks)
        over = has_teasers = False
        for at in range(self._prose.index(True), len(self._blocks)):
            if self._prose[at]:
                if over and self._is_alone(at) and (self._is_teaser(at) or (has_teasers and self._is_offer(at))):
                    has_teasers = True
                else:
                    start, over, has_teasers = len(self._blocks), False, False
            elif self._roles[at] in (Role.LIST, Role.ENDING):
                start = min(start, at)
                over = over or self._roles[at] is Role.ENDING
                has_teasers = has_teasers or (over and self._reasons[at] is Reason.FORM)
        return start if self._prose_chars(start) <= _MOST_FURNITURE * self._prose_chars() else len(self._blocks)

    def _is_alone(self, at: int) -> bool:
        return not self._prose[at - 1] and not any(self._prose[at + 1 : at + 2])

    def _is_teaser(self, at: int) -> bool:
        """Whether a headline stands above, and a date above that."""
        return self._roles[at - 1] is None and self._is_date(at - 2)

    def _is_offer(self, at: int) -> bool:
        return self._reasons[at - 1] is Reason.PROMOTION

    def _above(self, first: int, end: int) -> None:
        """Section names, dates, author and labels above the first sentence go; the headline stays."""
        title = self._headline(first)
        if title is None and sum(role is not None for role in self._roles[:first]) < _LEAST_LABELS:
            return
        keeps_dates = self._has_dated_parts(first, end)
        for at in range(first):
            if self._roles[at] is Role.EDGE and not (keeps_dates and self._is_date(at)):
                self.gone[at] = self._reasons[at]
        labels = [at for at in range(title or 0) if self.gone[at] or self._is_label(at)]
        if len(labels) >= _LEAST_LABELS and any(self.gone[at] for at in labels):
            for at in labels:
                self.gone[at] = self.gone[at] or Reason.NAVIGATION

    def _headline(self, first: int) -> int | None:
        """Where the title is above the first sentence, or else what reads like a headline."""
        titles = (at for at in range(first) if at in self._titles)
        likely = (at for at in range(first) if not self._roles[at] and is_headline(self._blocks[at].text))
        return next(titles, None) if self._titles else next(likely, None)

    def _has_dated_parts(self, first: int, end: int) -> bool:
        """Whether dates are headings in the article, as in a chronology."""
        return any(self._is_date(at) and self._prose[at + 1] for at in range(first, end - 1))

    def _is_label(self, at: int) -> bool:
        text = self._blocks[at].text
        return len(text.split(None, _LABEL_WORDS)) <= _LABEL_WORDS or len(text.replace("،", ",").split(",")) > 2

    def _inside(self, first: int, end: int) -> None:
        """The links below the heading of a list go."""
        for at in range(end):
            if self._roles[at] in (Role.LIST, Role.ENDING):
                for link in self._links(at + 1, end, is_above=at < first):
                    self.gone[link] = Reason.RELATED

    def _links(self, start: int, end: int, *, is_above: bool) -> range:
        """The lines of a list of links. What stands between them and the text is its headline, or a heading of it."""
        stop = start
        while stop < end and (not self.gone[stop] or self._is_date(stop)):
            if self._prose[stop] or stop in self._titles:
                break
            stop += 1
        if stop - start > _MOST_LINKS:
            return range(0)
        if is_above:
            headlines = [at for at in range(start, stop) if not self._is_date(at)]
            return range(start, headlines[-1] if headlines else start)
        has_heading = stop - start > 1 and len(self._blocks[stop - 1].text.split()) <= _SUBHEADING_WORDS
        return range(start, stop - has_heading)

    def _is_date(self, at: int) -> bool:
        return self._reasons[at] is Reason.DATE

    def _below(self, end: int) -> None:
        """All goes from the article's end on; before it, tags and tickers that nothing announces."""
        reason = None
        for at in range(end, len(self._blocks)):
            if self._roles[at] in _SURE:
                reason = self._reasons[at]
            self.gone[at] = reason
        last = max(at for at, prose in enumerate(self._prose[:end]) if prose)
        quotes = [at for at in range(last + 1, end) if is_quote(self._blocks[at].text)]
        if len(quotes) >= _LEAST_QUOTES:
            self.gone[quotes[0] : quotes[-1] + 1] = [Reason.TICKER] * (quotes[-1] + 1 - quotes[0])
        for at in range(last + 1, end):
            if self._reasons[at] is Reason.TAGS:
                self.gone[at] = Reason.TAGS
        self._shut_in(last, min(end + 1, len(self._blocks)))

    def _shut_in(self, last: int, end: int) -> None:
        """A few lines between two pieces of furniture, below the article's last sentence, go with them."""
        gone = [at for at in range(last + 1, end) if self.gone[at]]
        for before, after in itertools.pairwise(gone):
            if after - before - 1 <= _FEW:
                self.gone[before + 1 : after] = [self.gone[before]] * (after - before - 1)
