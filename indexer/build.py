"""Building an index: find what changed, read and split it, encode it, publish it."""

import datetime
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from indexer.cache import CachedEncoder
from indexer.changes import Changes, find_changes
from indexer.draft import Draft, known_files, known_skips
from indexer.entries import read_file
from indexer.files import absolute
from indexer.passages import Splitter
from indexer.readers import Skip
from search import store
from search.encoder import Encoder, Vectors, open_encoder
from search.errors import MismatchError, MissingIndexError
from search.model import prepare
from search.names import write_names
from search.pools import Pool, with_background, write_pools
from search.progress import Progress, silent
from search.settings import Settings
from search.shift import Shift, model_shift
from search.vectors import write_vectors

_ENCODED_AT_ONCE = 64
_ASSEMBLED_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build did. `languages` counts passages; `published` is False when nothing had changed.

    `skipped` lists all that is missing from the index, whether it was found now or by an earlier build.
    """

    generation: str
    published: bool
    documents: int
    passages: int
    languages: dict[str, int]
    files_read: int
    files_kept: int
    files_removed: int
    encoded: int
    skipped: list[Skip]
    seconds: float


def build(paths: Sequence[Path], settings: Settings, *, rebuild: bool = False, progress: Progress = silent) -> Summary:
    """Bring the index up to date with these files and folders, or, with `rebuild`, start over with them alone.

    Files that the index knows from elsewhere stay in it; those that are gone from these paths leave it. The current
    generation answers until the new one is published. A build that is stopped at any moment changes nothing, and the
    next one finds the vectors that were finished.

    Raises `SourceError` for a path that does not exist, `BusyIndexError` while another build is running, `ModelError`,
    and, unless `rebuild`, another `StoreError` when the index that is there cannot be continued.
    """
    started = time.monotonic()
    roots = absolute(paths)
    with store.building(settings.index):
        previous = None if rebuild else _previous(settings.index)
        manifest = store.Manifest.read(previous) if previous else None
        model = prepare(settings, settings.model or (manifest.model if manifest else None), progress=progress)
        encoder = open_encoder(model, settings.device)
        if manifest and manifest.fingerprint != encoder.fingerprint:
            raise MismatchError(
                f"The index was built with the model {manifest.model}, not with {model.name}.",
                hint="Add --rebuild to build it anew with this model.",
            )
        shift = model_shift(encoder, model.shift, progress=progress)
        return _Build(settings.index, model.name, encoder, shift, progress).run(roots, previous, manifest, started)


class _Build:
    """One build: what it works with, and its steps."""

    def __init__(self, index: Path, model: str, encoder: Encoder, shift: Shift, progress: Progress) -> None:
        self._index = index
        self._model = model
        self._encoder = encoder
        self._shift = shift
        self._progress = progress
        self._encoded = 0

    def run(
        self, roots: Sequence[Path], previous: Path | None, manifest: store.Manifest | None, started: float
    ) -> Summary:
        catalogue = previous / "catalogue.sqlite" if previous else None
        known = known_files(catalogue) if catalogue else []
        changes = find_changes(roots, known, without=absolute([self._index])[0])
        if manifest and catalogue and not changes:
            return replace(self._summary(manifest, changes, known_skips(catalogue), started), published=False)
        generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        workshop = store.workshop(self._index, generation)
        draft = self._draft(workshop / "catalogue.sqlite", catalogue, changes)
        pools = draft.number_passages()
        with closing(CachedEncoder(self._index / "cache" / "vectors.sqlite", self._encoder)) as cache:
            self._encode(draft, pools, cache)
            self._write_vectors(workshop, draft, pools, cache)
        write_names(workshop / "names.sqlite", {lang: draft.texts(rows) for lang, rows in pools.items()})
        manifest = self._manifest(generation, draft.count_documents(), pools)
        manifest.write(workshop)
        skips = draft.skips()
        draft.finish()
        store.publish(self._index, workshop)
        return self._summary(manifest, changes, skips, started)

    def _draft(self, path: Path, catalogue: Path | None, changes: Changes) -> Draft:
        draft = Draft(path)
        if catalogue:
            draft.keep(catalogue, changes.kept)
        splitter = Splitter(self._encoder)
        for done, file in enumerate(changes.new):
            self._progress("Reading", done, len(changes.new))
            result = read_file(file, splitter)
            draft.add(file, result.digest, result.entries, result.skips)
        self._progress("Reading", len(changes.new), len(changes.new))
        return draft

    def _encode(self, draft: Draft, pools: dict[str, range], cache: CachedEncoder) -> None:
        """See to it that the cache holds the vector of every passage."""
        missing = cache.missing([text for rows in pools.values() for text in draft.inputs(rows)])
        for start in range(0, len(missing), _ENCODED_AT_ONCE):
            self._progress("Encoding", start, len(missing))
            cache.add(missing[start : start + _ENCODED_AT_ONCE])
        self._progress("Encoding", len(missing), len(missing))
        self._encoded = len(missing)

    def _write_vectors(self, workshop: Path, draft: Draft, pools: dict[str, range], cache: CachedEncoder) -> None:
        """Write vectors, pools and shift of the generation, all of neutral vectors."""
        finished: list[Pool] = []

        def neutral() -> Iterator[Vectors]:
            for lang, rows in pools.items():
                moments = with_background(self._encoder.dim, self._shift.background_of(lang))
                for start in range(rows.start, rows.stop, _ASSEMBLED_AT_ONCE):
                    piece = range(start, min(start + _ASSEMBLED_AT_ONCE, rows.stop))
                    block = self._shift.neutral_passages(cache.vectors(draft.inputs(piece)), lang)
                    moments.add(block)
                    yield block
                finished.append(moments.pool(lang, rows))

        write_vectors(workshop / "vectors.faiss", neutral(), self._encoder.dim)
        write_pools(workshop / "pools.npz", finished)
        self._shift.save(workshop / "shift.npz")

    def _manifest(self, generation: str, documents: int, pools: dict[str, range]) -> store.Manifest:
        return store.Manifest(
            format=store.FORMAT,
            generation=generation,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            jisr=version("jisr"),
            model=self._model,
            fingerprint=self._encoder.fingerprint,
            dim=self._encoder.dim,
            documents=documents,
            passages=sum(map(len, pools.values())),
            languages={lang: len(rows) for lang, rows in pools.items()},
        )

    def _summary(self, manifest: store.Manifest, changes: Changes, skips: list[Skip], started: float) -> Summary:
        return Summary(
            generation=manifest.generation,
            published=True,
            documents=manifest.documents,
            passages=manifest.passages,
            languages=manifest.languages,
            files_read=len(changes.new),
            files_kept=len(changes.kept),
            files_removed=changes.removed,
            encoded=self._encoded,
            skipped=skips + changes.skipped,
            seconds=time.monotonic() - started,
        )


def _previous(index: Path) -> Path | None:
    """The generation to go on from, None for a new index."""
    try:
        return store.current(index)
    except MissingIndexError:
        return None
