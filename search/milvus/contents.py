"""What a generation in a folder is in a Milvus: which collections, made of which fields, holding which records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from search.catalogue import open_finished
from search.concordance import Concordance
from search.milvus import documents, passages, records, terms
from search.milvus.collections import Part
from search.milvus.fields import Field, sparse, text
from search.milvus.lexicon import SURFACE, WORDS, Lexicon
from search.milvus.words import word_records
from search.store import MANIFEST, Manifest

FILES = ("pools.npz", "shift.npz", "late.npz")
"""What is small, and read as a whole; the last is there with late interaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a collection is made of: the fields of its records, the one that tells them apart, and the records.

    `count` is how many they are, where that is known before they are made.
    """

    part: Part
    fields: Sequence[Field]
    key: str
    records: Iterable[Mapping[str, Any]]
    count: int | None = None


def contents(folder: Path, manifest: Manifest, *, has_sparse: bool) -> Iterator[Content]:
    """All of the generation in a folder, for a server that has sparse vectors, or none."""
    catalogue = folder / "catalogue.sqlite"
    lexicon = _lexicon(catalogue)
    of_words = (sparse(WORDS), text(SURFACE)) if has_sparse else ()
    yield Content(
        part=Part.PASSAGES,
        fields=(*passages.fields(manifest.dim, manifest.passages), *of_words),
        key="row",
        records=passages.passage_records(folder, _told_by(lexicon) if has_sparse else None),
        count=manifest.passages,
    )
    yield Content(
        part=Part.DOCUMENTS,
        fields=documents.FIELDS,
        key="doc_id",
        records=documents.document_records(catalogue),
        count=manifest.documents,
    )
    yield Content(
        part=Part.TERMS,
        fields=terms.term_fields(manifest.dim),
        key="place",
        records=terms.term_records(folder / "dictionary"),
    )
    yield Content(
        part=Part.RECORDS,
        fields=records.FIELDS,
        key="key",
        records=chain(
            documents.keyed_records(catalogue),
            lexicon.records(),
            word_records(Concordance(folder / "names.sqlite")),
            _files(folder),
        ),
    )


def _lexicon(catalogue: Path) -> Lexicon:
    """The words of all passages, counted."""
    lexicon = Lexicon()
    with closing(open_finished(catalogue)) as connection:
        for told, lang in connection.execute("SELECT input, lang FROM passages"):
            lexicon.add(told, lang)
    return lexicon


def _told_by(lexicon: Lexicon) -> passages.Extra:
    """What a lexicon tells of a passage."""
    return lambda _, lang, told: lexicon.fields(told, lang)


def _files(folder: Path) -> Iterator[dict[str, str]]:
    """What is read as a whole."""
    small = {name: (folder / name).read_bytes() for name in (MANIFEST, *FILES) if (folder / name).exists()}
    about = {f"dictionary/{lang}": found for lang, found in terms.about_terms(folder / "dictionary").items()}
    for name, content in (small | about).items():
        yield from records.put(name, content)
