"""Building an index: find what changed, read and split it, encode it, publish it."""

import datetime
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from indexer.assembly import Assembly
from indexer.cache import CachedEncoder
from indexer.changes import Changes, find_changes, without_paths
from indexer.draft import Draft
from indexer.files import absolute
from indexer.health import FileHealth, glance
from indexer.known import KnownFile, known_files, known_options, known_skips
from indexer.options import Asked, OptionsByRoot, asked_for, heeded, options_of, rooted
from indexer.passages import Splitter
from indexer.readers import Skip
from indexer.settling import SETTLING_VERSION, settle
from indexer.workers import reading
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

    `copies` are documents with the text of another, which alone has passages. `formats` counts files by format.
    `files_moved` were known, under a path where they are no more; they are counted as nothing else.
    `late_bytes` is the size of the token vectors, None without late interaction. `problems` lists files that were read,
    but not without trouble, `skipped` all that is missing from the index, whether it was found now or by an earlier
    build.
    """

    generation: str
    published: bool
    documents: int
    copies: int
    passages: int
    languages: dict[str, int]
    formats: dict[str, int]
    files_read: int
    files_kept: int
    files_moved: int
    files_removed: int
    encoded: int
    late_bytes: int | None
    problems: list[FileHealth]
    skipped: list[Skip]
    seconds: float


def build(
    paths: Sequence[Path],
    settings: Settings,
    *,
    asked: Asked = Asked(),  # noqa: B008 (it is frozen)
    rebuild: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Bring the index up to date with these files and folders, or, with `rebuild`, start over with them alone.

    What is `asked` for the reading of these paths is remembered for later builds.

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
        return _Build(settings, model, progress).run(roots, asked, previous, manifest, started)


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
        options = {
            root: told
            for root, told in known_options(catalogue).items()
            if not any(root.is_relative_to(path) for path in gone)
        }
        return work.publish(without_paths(gone, known), options, catalogue, manifest, started)


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
        self,
        roots: Sequence[Path],
        asked: Asked,
        previous: Path | None,
        manifest: store.Manifest | None,
        started: float,
    ) -> Summary:
        catalogue = previous / "catalogue.sqlite" if previous else None
        known = known_files(catalogue) if catalogue else []
        before = known_options(catalogue) if catalogue else {}
        options = rooted(asked_for(roots, asked, before), roots)
        changes = find_changes(roots, known, without=absolute([self._index])[0])
        changes.reread(_read_otherwise(changes, options))
        is_same = not changes and options == before
        if manifest and previous and catalogue and is_same and self._is_up_to_date(manifest):
            self._late_bytes = tokens_size_bytes(previous) if manifest.late else None
            return replace(self._summary(manifest, changes, catalogue, started), published=False)
        return self.publish(changes, options, catalogue, manifest, started)

    def publish(
        self,
        changes: Changes,
        options: OptionsByRoot,
        catalogue: Path | None,
        manifest: store.Manifest | None,
        started: float,
    ) -> Summary:
        """Make a generation of what the one before it has in its `catalogue`, and of the changes."""
        generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        workshop = store.workshop(self._index, generation)
        draft = self._draft(workshop / "catalogue.sqlite", catalogue, changes, options)
        if manifest and manifest.settling != SETTLING_VERSION:
            draft.unsettle()
        settle(draft, Splitter(self._encoder), self._progress)
        pools = draft.number_passages()
        self._assemble(workshop, draft, pools, manifest)
        manifest = self._manifest(generation, draft.count_documents(), pools)
        manifest.write(workshop)
        draft.finish()
        published = store.publish(self._index, workshop)
        return self._summary(manifest, changes, published.absolute() / "catalogue.sqlite", started)

    def _draft(self, path: Path, catalogue: Path | None, changes: Changes, options: OptionsByRoot) -> Draft:
        draft = Draft(path)
        if catalogue:
            draft.keep(catalogue, changes.kept)
        draft.remember(options, changes.skipped)
        files = [(file, options_of(file.path, options)) for file in changes.new]
        with reading(files) as contents:
            for done, one in enumerate(contents):
                self._progress("Reading", done, len(files))
                draft.add(one.file, one.digest, one.found, one.options)
        self._progress("Reading", len(files), len(files))
        return draft

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
        return (
            manifest.analysis == ANALYSIS_VERSION
            and manifest.settling == SETTLING_VERSION
            and manifest.late == self._is_late(manifest.passages, manifest)
        )

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
            settling=SETTLING_VERSION,
            late=self._late_bytes is not None,
        )

    def _summary(self, manifest: store.Manifest, changes: Changes, catalogue: Path, started: float) -> Summary:
        seen = glance(catalogue)
        return Summary(
            generation=manifest.generation,
            published=True,
            documents=manifest.documents,
            copies=seen.copies,
            passages=manifest.passages,
            languages=manifest.languages,
            formats=seen.formats,
            files_read=len(changes.new) - changes.moved,
            files_kept=len(changes.kept),
            files_moved=changes.moved,
            files_removed=changes.removed,
            encoded=self._encoded,
            late_bytes=self._late_bytes,
            problems=seen.problems,
            skipped=known_skips(catalogue) + changes.skipped,
            seconds=time.monotonic() - started,
        )


def _read_otherwise(changes: Changes, options: OptionsByRoot) -> list[KnownFile]:
    """The unchanged files that would be read in another way than they were."""
    return [file for file, _ in changes.kept if heeded(file.format, options_of(file.path, options)) != file.options]


def _previous(index: Path) -> Path | None:
    """The generation to go on from, None for a new index."""
    try:
        return store.current(index)
    except MissingIndexError:
        return None
