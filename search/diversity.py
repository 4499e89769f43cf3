"""From a ranked list to one worth reading: what says the same stands under its best, and no document fills a page.

Two passages say the same when they share most of their shingles, runs of words (Broder, 1997, "On the resemblance and
containment of documents"). Only passages of one language are compared: a translation is a hit of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import inf

from search.arabic import lexical_form
from search.ranking import Candidate
from search.records import Passage

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

_SHINGLE_WORDS = 4
_BLOCK = 25
_FIGURE = r"\d+(?:[.,٫٬]\d+)*"
_WORD = re.compile(rf"{_FIGURE}|\w+")

Shingles = set[int]
Reader = Callable[[Sequence[int]], Mapping[int, Passage]]


@dataclass(frozen=True, slots=True)
class Group:
    """A passage in its own place, with its near-duplicates among the candidates that were read, best first."""

    candidate: Candidate
    passage: Passage
    duplicates: list[Passage] = field(default_factory=list)


def diversified(candidates: Sequence[Candidate], read: Reader, k: int, *, line: float = -inf) -> list[Group]:
    """The first `k` groups of a ranked list, or as many as there are.

    The order is that of the candidates, save that a passage waits while `MAX_PER_DOCUMENT` of its document stand in
    the page and another document has something to say, that is, a score of `line` at least. `read` gives the passages
    of rows; it is asked for no more blocks of candidates than it takes.
    """
    groups: list[Group] = []
    known: dict[str, _Known] = defaultdict(_Known)
    for start in range(0, len(candidates), _BLOCK):
        block = candidates[start : start + _BLOCK]
        passages = read([candidate.row for candidate in block])
        for candidate in block:
            passage = passages[candidate.row]
            if (group := known[passage.lang].group_of(candidate, passage)) is not None:
                groups.append(group)
        settled = list(islice(_spread(groups, line, final=False), k))
        if len(settled) == k:
            return settled
    return list(islice(_spread(groups, line, final=True), k))


class _Said:
    """What the groups of one document say together, and each."""

    def __init__(self) -> None:
        self.shingles: Shingles = set()
        self.figures: set[str] = set()
        self.groups: list[tuple[Shingles, Group]] = []

    def nearest(self, shingles: Shingles) -> Group:
        """The group that says most of this, the best of them."""
        return max(self.groups, key=lambda said: len(said[0] & shingles))[1]


class _Known:
    """What the groups of one language say, by document, in the order of their best groups."""

    def __init__(self) -> None:
        self._shingles: Shingles = set()
        self._documents: dict[str, _Said] = defaultdict(_Said)

    def group_of(self, candidate: Candidate, passage: Passage) -> Group | None:
        """A new group, or None when the passage went to one there is."""
        text = lexical_form(passage.text).text
        words = _WORD.findall(text) or [text]
        shingles = _shingles(words)
        figures = set(re.findall(_FIGURE, text))
        said = self._said_by(len(words), shingles, figures)
        if said is not None:
            said.nearest(shingles).duplicates.append(passage)
            return None
        group = Group(candidate, passage)
        document = self._documents[passage.doc_id]
        document.groups.append((shingles, group))
        document.shingles |= shingles
        document.figures |= figures
        self._shingles |= shingles
        return group

    def _said_by(self, words: int, shingles: Shingles, figures: set[str]) -> _Said | None:
        """The first document whose groups say enough of this.

        Together, since the same text after another lead is cut into passages at other places.
        """
        enough = len(shingles) * (1 if words < SHORT_WORDS else MIN_SHARE)
        if len(shingles & self._shingles) < enough:  # spares nearly all the next step
            return None
        for said in self._documents.values():
            new_figures = len(figures - said.figures)
            if new_figures * SHORT_WORDS <= words and len(shingles & said.shingles) >= enough:
                return said
        return None


def _shingles(words: Sequence[str]) -> Shingles:
    """Each run of `_SHINGLE_WORDS` words, or all of them where they are fewer, as hashes that no answer depends on."""
    if len(words) < _SHINGLE_WORDS:
        return {hash(tuple(words))}
    return set(map(hash, zip(*(words[start:] for start in range(_SHINGLE_WORDS)), strict=False)))


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
