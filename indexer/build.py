"""Building an index: find what changed, read and split it, encode it, publish it."""

import datetime
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from indexer.assembly import Assembly
from indexer.cache import CachedEncoder
from indexer.changes import Changes, find_changes, without_paths
from indexer.draft import Draft, Entry, KnownFile, known_files, known_skips
from indexer.entries import entry
from indexer.files import absolute
from indexer.passages import Splitter
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.workers import Contents, reading
from search import store
from search.analysis import ANALYSIS_VERSION
from search.dictionary import model_means
from search.encoder import Encoder, fingerprint, open_encoder
from search.errors import MismatchError, MissingIndexError, SourceError
from search.late import model_token_shift
from search.model import PreparedModel, prepare
from search.progress import Progress, silent
from search.settings import Late, Settings
from search.shift import model_shift
from search.tokens import tokens_size_bytes

MAX_LATE_PASSAGES = 250_000
"""Up to so many passages token vectors are kept unless told otherwise: 2 GB at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build did. `languages` counts passages; `published` is False when nothing had changed.

    `files_moved` were known, under a path where they are no more; they are counted as nothing else.
    `late_bytes` is the size of the token vectors, None without late interaction.
    `skipped` lists all that is missing from the index, whether it was found now or by an earlier build.
    """

    generation: str
    published: bool
    documents: int
    passages: int
    languages: dict[str, int]
    files_read: int
    files_kept: int
    files_moved: int
    files_removed: int
    encoded: int
    late_bytes: int | None
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
        model = _model(settings, manifest, progress)
        return _Build(settings, model, progress).run(roots, previous, manifest, started)


def remove(paths: Sequence[Path], settings: Settings, *, progress: Progress = silent) -> Summary:
    """Take files, and all that lies below folders, out of the index; they need not exist any more.

    What is still there comes back when it is indexed again. Raises `SourceError` for a path that the index holds
    nothing of, and otherwise what `build` raises.
    """
    started = time.monotonic()
    store.current(settings.index)  # a folder without an index stays as it is
    with store.building(settings.index):
        previous = store.current(settings.index)
        manifest = store.Manifest.read(previous)
        catalogue = previous / "catalogue.sqlite"
        known = known_files(catalogue)
        gone = [_as_known(path, known) for path in paths]
        work = _Build(settings, _model(settings, manifest, progress), progress)
        return work.publish(without_paths(gone, known), catalogue, manifest, started)


def _as_known(path: Path, known: Sequence[KnownFile]) -> Path:
    """A file or folder as the index knows it: it follows links to indexed folders, and none inside of them."""
    for candidate in (path.parent.resolve() / path.name, path.resolve()):
        if any(file.path.is_relative_to(candidate) for file in known):
            return candidate
    raise SourceError(f"The index holds nothing of {path}.", hint="Name a file or folder that was indexed.")


def _model(settings: Settings, manifest: store.Manifest | None, progress: Progress) -> PreparedModel:
    """The model to build with. Raises `MismatchError` when it is not the one of the generation to go on from."""
    model = prepare(settings, settings.model or (manifest.model if manifest else None), progress=progress)
    if manifest and manifest.fingerprint != fingerprint(model):
        raise MismatchError(
            f"The index was built with the model {manifest.model}, not with {model.name}.",
            hint="Add --rebuild to build it anew with this model.",
        )
    return model


class _Build:
    """One build: what it works with, and its steps."""

    def __init__(self, settings: Settings, model: PreparedModel, progress: Progress) -> None:
        self._settings = settings
        self._index = settings.index
        self._model = model
        self._progress = progress
        self._encoded = 0
        self._late_bytes: int | None = None

    @cached_property
    def _encoder(self) -> Encoder:
        """Opened when something is to be done: most builds find that nothing has changed."""
        return open_encoder(self._model, self._settings.device)

    def run(
        self, roots: Sequence[Path], previous: Path | None, manifest: store.Manifest | None, started: float
    ) -> Summary:
        catalogue = previous / "catalogue.sqlite" if previous else None
        known = known_files(catalogue) if catalogue else []
        changes = find_changes(roots, known, without=absolute([self._index])[0])
        if manifest and previous and catalogue and not changes and self._is_up_to_date(manifest):
            self._late_bytes = tokens_size_bytes(previous) if manifest.late else None
            return replace(self._summary(manifest, changes, known_skips(catalogue), started), published=False)
        return self.publish(changes, catalogue, manifest, started)

    def publish(
        self, changes: Changes, catalogue: Path | None, manifest: store.Manifest | None, started: float
    ) -> Summary:
        """Make a generation of what the one before it has in its `catalogue`, and of the changes."""
        generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        workshop = store.workshop(self._index, generation)
        draft = self._draft(workshop / "catalogue.sqlite", catalogue, changes)
        pools = draft.number_passages()
        self._assemble(workshop, draft, pools, manifest)
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
        with reading([(file, ReadOptions()) for file in changes.new]) as files:
            splitter = Splitter(self._encoder)
            for done, contents in enumerate(files):
                self._progress("Reading", done, len(changes.new))
                self._add(draft, contents, splitter)
        self._progress("Reading", len(changes.new), len(changes.new))
        return draft

    def _add(self, draft: Draft, contents: Contents, splitter: Splitter) -> None:
        skips: list[Skip] = []

        def entries() -> Iterator[Entry]:  # one by one: a file may hold more than fits into memory
            for found in contents.found:
                if isinstance(found, SourceItem):
                    yield entry(contents.file, found, splitter)
                elif isinstance(found, Skip):
                    skips.append(found)

        draft.add(contents.file, contents.digest, entries(), skips)

    def _assemble(self, workshop: Path, draft: Draft, pools: dict[str, range], manifest: store.Manifest | None) -> None:
        shift = model_shift(self._encoder, self._model.shift, progress=self._progress)
        means = model_means(self._encoder.encode_passages, self._model.word_means, progress=self._progress)
        token_shift = None
        if self._is_late(sum(map(len, pools.values())), manifest):
            token_shift = model_token_shift(self._encoder, self._model.token_shift, progress=self._progress)
        with (
            closing(CachedEncoder(self._index / "cache" / "vectors.sqlite", self._encoder, token_shift)) as cache,
            closing(CachedEncoder(self._model.word_vectors, self._encoder)) as words,
        ):
            assembly = Assembly(draft, pools, cache, self._progress)
            assembly.encode()
            assembly.write_vectors(workshop, shift, self._encoder.dim)
            assembly.write_words(workshop, means, words)
            if token_shift:
                assembly.write_tokens(workshop, token_shift)
                self._late_bytes = tokens_size_bytes(workshop)
        self._encoded = assembly.encoded

    def _is_up_to_date(self, manifest: store.Manifest) -> bool:
        """Whether the same files would give the same generation again."""
        return manifest.analysis == ANALYSIS_VERSION and manifest.late == self._is_late(manifest.passages, manifest)

    def _is_late(self, passages: int, manifest: store.Manifest | None) -> bool:
        """Whether a generation of so many passages has token vectors: as the one before it, unless told otherwise."""
        late = self._settings.late
        return late is Late.ON or (
            late is Late.AUTO and passages <= MAX_LATE_PASSAGES and (manifest is None or manifest.late)
        )

    def _manifest(self, generation: str, documents: int, pools: dict[str, range]) -> store.Manifest:
        return store.Manifest(
            format=store.FORMAT,
            generation=generation,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            jisr=version("jisr"),
            model=self._model.name,
            fingerprint=fingerprint(self._model),
            dim=self._model.dim,
            documents=documents,
            passages=sum(map(len, pools.values())),
            languages={lang: len(rows) for lang, rows in pools.items()},
            analysis=ANALYSIS_VERSION,
            late=self._late_bytes is not None,
        )

    def _summary(self, manifest: store.Manifest, changes: Changes, skips: list[Skip], started: float) -> Summary:
        return Summary(
            generation=manifest.generation,
            published=True,
            documents=manifest.documents,
            passages=manifest.passages,
            languages=manifest.languages,
            files_read=len(changes.new) - changes.moved,
            files_kept=len(changes.kept),
            files_moved=changes.moved,
            files_removed=changes.removed,
            encoded=self._encoded,
            late_bytes=self._late_bytes,
            skipped=skips + changes.skipped,
            seconds=time.monotonic() - started,
        )


def _previous(index: Path) -> Path | None:
    """The generation to go on from, None for a new index."""
    try:
        return store.current(index)
    except MissingIndexError:
        return None
