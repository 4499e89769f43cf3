"""What documents are once all are known: without the lines that their site repeats, each text once, cut into passages.

Only documents for which that has changed are worked on, and the outcome is the same as if all of them were new.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain

import numpy as np

from indexer.cleaning import CLEANING_VERSION
from indexer.draft import Draft, Lines
from indexer.duplicates import SIGNATURE_VERSION, near_duplicates
from indexer.entries import entry, pieces
from indexer.passages import Splitter
from indexer.repetition import HASH_BYTES, is_prose, repeated_lines
from search.arabic import NORMALISER_VERSION
from search.progress import Progress

SETTLING_VERSION = f"{CLEANING_VERSION}.{SIGNATURE_VERSION}.{NORMALISER_VERSION}"
"""An index that was made by other rules is settled anew."""


# So many that have a sentence in common are pages of a site (as in `repeated_lines`), fewer may be versions of a story.
_FEWEST_PAGES = 6
_MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class _Stale:
    """A document that has to be cleaned, and of the lines that its site repeats those that it has."""

    doc_id: str
    repeated: frozenset[bytes]
    cleaned_by: bytes


def settle(draft: Draft, splitter: Splitter, progress: Progress) -> None:
    """Make documents and passages of the items of a draft, and find which documents tell the same."""
    stale = [found for site in draft.sites() for found in _stale(draft.lines(site))]
    for done, found in enumerate(stale):
        progress("Cleaning", done, len(stale))
        stored = draft.item(found.doc_id)
        draft.settle(stored, entry(stored, found.repeated), found.cleaned_by)
    progress("Cleaning", len(stale), len(stale))
    draft.mark_copies()
    uncut = draft.uncut()
    for done, doc_id in enumerate(uncut):
        progress("Splitting", done, len(uncut))
        document = draft.document(doc_id)
        draft.cut(document, pieces(document, draft.item(doc_id).item.title, splitter))
    progress("Splitting", len(uncut), len(uncut))
    draft.add_near_duplicates(near_duplicates(draft.signatures()))


def _stale(documents: Sequence[Lines]) -> Iterator[_Stale]:
    """Of a site's documents those that were cleaned by other lines of the site than the ones it has now, or never."""
    repeated = _repeated({lines.hashes for lines in documents})
    for lines in documents:
        own = repeated.intersection(_unpacked(lines.hashes)) if repeated else frozenset()
        cleaned_by = hashlib.blake2b(b"".join(sorted(own)), digest_size=8).digest()
        if cleaned_by != lines.cleaned_by:
            yield _Stale(lines.doc_id, own, cleaned_by)


def _repeated(documents: Set[bytes]) -> frozenset[bytes]:
    """What a site repeats, by the packed hashes of each document's lines."""
    told = list(_stories(sorted(documents)))
    hashes = np.frombuffer(b"".join(told), np.dtype((np.void, HASH_BYTES)))
    found, counts = np.unique(hashes, return_counts=True)
    often = counts > 1
    repeated = zip(found[often].tolist(), counts[often].tolist(), strict=True)
    return frozenset(repeated_lines(dict(repeated), len(told)))


def _stories(documents: Sequence[bytes]) -> Iterator[bytes]:
    """One document of each story: what a few versions of a report have in common is not their site's.

    Left out is who shares more than half of its sentences with one that is not. Sentences of many are the site's.
    """
    prose = [[found for found in _unpacked(hashes) if is_prose(found)] for hashes in documents]
    many = max(_FEWEST_PAGES, min(len(documents) / 3, _MOST_VERSIONS))
    common = {found for found, count in Counter(chain.from_iterable(prose)).items() if count >= many}
    holders: dict[bytes, list[int]] = {}
    for at, sentences in enumerate(prose):
        own = [found for found in sentences if found not in common]
        shared = Counter(chain.from_iterable(holders.get(found, ()) for found in own))
        if max(shared.values(), default=0) > len(own) / 2:
            continue
        for found in own:
            holders.setdefault(found, []).append(at)
        yield documents[at]


def _unpacked(hashes: bytes) -> Iterator[bytes]:
    return (hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
