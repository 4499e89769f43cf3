"""What documents are once all are known: without the lines that their site repeats, each text once, cut into passages.

Only documents for which that has changed are worked on, and the outcome is the same as if all of them were new.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, tee

import numpy as np
import numpy.typing as npt

from indexer.cleaning import CLEANING_VERSION
from indexer.draft import Draft, Lines
from indexer.duplicates import SIGNATURE_VERSION, near_duplicates
from indexer.entries import Entry, Piece, StoredItem, entry, pieces
from indexer.passages import Splitter
from indexer.repetition import HASH_BYTES, is_prose, repeated_lines, unpacked_hashes
from search.arabic import NORMALISER_VERSION
from search.progress import Progress

SETTLING_VERSION = f"{CLEANING_VERSION}.{SIGNATURE_VERSION}.{NORMALISER_VERSION}"
"""An index that was made by other rules is settled anew."""


# So many that have a sentence in common are pages of a site (as in `repeated_lines`), fewer may be versions of a story.
_FEWEST_PAGES = 6
_MOST_VERSIONS = 50

Listener = Callable[[Sequence[Piece]], object]
"""Is told of the passages of each document that was cut."""


@dataclass(frozen=True, slots=True)
class Stale:
    """An item that has to be cleaned, and by which lines of its site, given as packed hashes."""

    stored: StoredItem
    repeated: bytes

    def cleaned(self) -> Entry | None:
        """The document that it is; None for one that is nothing but furniture."""
        return entry(self.stored, frozenset(unpacked_hashes(self.repeated)))


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of an item: a document, and, if somebody cut it ahead of time, its passages."""

    stored: StoredItem
    entry: Entry | None
    pieces: Sequence[Piece] | None = None


Make = Callable[[Iterable[Stale]], Iterator[Made]]
"""Makes documents of items, in their order."""


def make_here(stale: Iterable[Stale]) -> Iterator[Made]:
    """Clean each item when it is wanted. Nothing is cut: copies need not be."""
    for one in stale:
        yield Made(one.stored, one.cleaned())


def settle(
    draft: Draft,
    splitter: Splitter,
    progress: Progress,
    tell: Listener = lambda _: None,
    *,
    make: Make = make_here,
) -> None:
    """Make documents and passages of the items of a draft, and find which documents tell the same.

    Documents are done with one after the other, so that `tell` can have passages encoded meanwhile. `make` may look as
    far ahead as it likes.
    """
    for site in draft.sites():
        draft.mark_stale(_stale(draft.lines(site), _repeated(draft.line_hashes(site))))
    total = draft.count_items()
    agenda, ahead = tee(draft.in_order())
    made = make(Stale(draft.item(doc_id), repeated) for doc_id, repeated in ahead if repeated is not None)
    for done, (doc_id, repeated) in enumerate(agenda):
        progress("Cleaning and splitting", done, total)
        cut = None
        if repeated is not None:
            one = next(made)
            draft.settle(one.stored, one.entry, _version(repeated))
            cut = one.pieces
        draft.follow_leader(doc_id)
        if draft.is_uncut(doc_id):
            tell(_cut(draft, doc_id, splitter, cut))
    progress("Cleaning and splitting", total, total)
    draft.add_near_duplicates(near_duplicates(draft.signatures()))


def _cut(draft: Draft, doc_id: str, splitter: Splitter, cut: Sequence[Piece] | None) -> Sequence[Piece]:
    document = draft.document(doc_id)
    found = list(pieces(document, draft.item(doc_id).item.title, splitter)) if cut is None else cut
    draft.cut(document, found)
    return found


def _stale(documents: Iterable[Lines], repeated: frozenset[bytes]) -> Iterator[tuple[str, bytes]]:
    """The ids of a site's documents that were cleaned by other lines than they have in common with it now, or never.

    With them come these lines, which each has and the site repeats.
    """
    for lines in documents:
        own = b"".join(sorted(repeated.intersection(unpacked_hashes(lines.hashes)))) if repeated else b""
        if _version(own) != lines.cleaned_by:
            yield lines.doc_id, own


def _version(repeated: bytes) -> bytes:
    """What tells by which lines a document was cleaned."""
    return hashlib.blake2b(repeated, digest_size=8).digest()


def _repeated(documents: Sequence[bytes]) -> frozenset[bytes]:
    """What a site repeats, by the packed hashes of each document's lines, in their order."""
    told = list(_stories(documents))
    found, counts = _counted(told)
    often = counts > 1
    repeated = zip(found[often].tolist(), counts[often].tolist(), strict=True)
    return frozenset(repeated_lines(dict(repeated), len(told)))


def _stories(documents: Sequence[bytes]) -> Iterator[bytes]:
    """One document of each story: what a few versions of a report have in common is not their site's.

    Left out is who shares more than half of its sentences with one that is not. Sentences of many are the site's.
    """
    found, counts = _counted(line for hashes in documents for line in unpacked_hashes(hashes) if is_prose(line))
    many = max(_FEWEST_PAGES, min(len(documents) / 3, _MOST_VERSIONS))
    common = set(found[counts >= many].tolist())
    shared = set(found[(counts > 1) & (counts < many)].tolist())  # which most are not: those need no memory
    holders: dict[bytes, list[int]] = {}
    for at, hashes in enumerate(documents):
        own = [line for line in unpacked_hashes(hashes) if is_prose(line) and line not in common]
        telling = shared.intersection(own)
        versions = Counter(chain.from_iterable(holders.get(sentence, ()) for sentence in telling))
        if max(versions.values(), default=0) > len(own) / 2:
            continue
        for sentence in telling:
            holders.setdefault(sentence, []).append(at)
        yield hashes


def _counted(packed: Iterable[bytes]) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int64]]:
    """The hashes in these, alone or packed, each once, and how often each is there."""
    hashes = np.frombuffer(b"".join(packed), np.dtype((np.void, HASH_BYTES)))
    return np.unique(hashes, return_counts=True)
