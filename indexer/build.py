"""Building an index: find what changed, read and split it, encode it, publish it."""

import datetime
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from indexer.assembly import Assembly
from indexer.basis import Basis
from indexer.cache import CachedEncoder
from indexer.changes import Changes, find_changes, without_paths
from indexer.crew import Crew, hired
from indexer.draft import Draft
from indexer.encoding import Encoding
from indexer.files import absolute
from indexer.known import KnownFile
from indexer.memory import PLENTY, Shares, resident_bytes, share_out
from indexer.options import Asked, OptionsByRoot, asked_for, heeded, options_of, rooted
from indexer.passages import Splitter
from indexer.sending import Sending
from indexer.settling import SETTLING_VERSION, settle
from indexer.summary import Summary
from indexer.worker import Limits
from search import store
from search.analysis import ANALYSIS_VERSION
from search.dictionary import model_means
from search.encoder import Encoder, fingerprint, open_encoder
from search.errors import MismatchError, SourceError
from search.late import model_shifts
from search.model import prepare
from search.progress import Progress, silent
from search.settings import Late, Settings

MAX_LATE_PASSAGES = 250_000
"""Up to so many passages token vectors are kept unless told otherwise: 2 GB at most."""

_WORDS_TO_A_PASSAGE = 8
"""So many words are encoded as quickly as one passage, since those of one length run together."""

_LONGEST_CHARS = 2000  # of passages on average: what has no more tokens than a passage may have is hardly half as long


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
    next one finds the vectors that were finished. Where the index has an address, what was built is sent there, also
    when only that is left to do (see `indexer.sending`).

    Raises `SourceError` for a path that does not exist, `BusyIndexError` while another build is running, `ModelError`,
    `SettingError` for a `max_memory` that cannot be kept, and, unless `rebuild`, another `StoreError` when the index
    that is there cannot be continued.
    """
    started = time.monotonic()
    roots = absolute(paths)
    with store.building(settings.folder):
        sending = Sending(settings, progress)
        if not rebuild:
            sending.check()
        basis = Basis.nothing() if rebuild else Basis.current_if_any(settings.folder)
        return sending.finish(_Build(settings, basis, progress, started).update(roots, asked))


def remove(paths: Sequence[Path], settings: Settings, *, progress: Progress = silent) -> Summary:
    """Take files, and all that lies below folders, out of the index; they need not exist any more.

    What is still there comes back when it is indexed again. Raises `SourceError` for a path that the index holds
    nothing of, and otherwise what `build` raises.
    """
    started = time.monotonic()
    store.current(settings.folder)  # a folder without an index stays as it is
    with store.building(settings.folder):
        sending = Sending(settings, progress)
        sending.check()
        basis = Basis.current(settings.folder)
        gone = [_as_known(path, basis.known) for path in paths]
        options = {
            root: told for root, told in basis.options.items() if not any(root.is_relative_to(path) for path in gone)
        }
        changes = without_paths(gone, basis.known)
        return sending.finish(_Build(settings, basis, progress, started).publish(changes, options))


def _as_known(path: Path, known: Sequence[KnownFile]) -> Path:
    """A file or folder as the index knows it: it follows links to indexed folders, and none inside of them."""
    for candidate in (path.parent.resolve() / path.name, path.resolve()):
        if any(file.path.is_relative_to(candidate) for file in known):
            return candidate
    raise SourceError(f"The index holds nothing of {path}.", hint="Name a file or folder that was indexed.")


class _Build:
    """One build: what it works with, and its steps."""

    def __init__(self, settings: Settings, basis: Basis, progress: Progress, started: float) -> None:
        """Raises `MismatchError` when the model is not the one of the generation to go on from."""
        self._settings = settings
        self._basis = basis
        self._progress = progress
        self._started = started
        manifest = basis.manifest
        self._model = prepare(settings, settings.model or (manifest.model if manifest else None), progress=progress)
        if manifest and manifest.fingerprint != fingerprint(self._model):
            raise MismatchError(
                f"The index was built with the model {manifest.model}, not with {self._model.name}.",
                hint="Add --rebuild to build it anew with this model.",
            )

    @cached_property
    def _encoder(self) -> Encoder:
        """Opened when something is to be done: most builds find that nothing has changed."""
        return open_encoder(self._model, self._settings.device)

    @property
    def _vector_cache(self) -> Path:
        return self._settings.folder / "cache" / "vectors.sqlite"

    @cached_property
    def _shares(self) -> Shares:
        limit = self._settings.max_memory
        if limit is None:
            return PLENTY
        _ = self._encoder  # what it takes is taken
        return share_out(limit, resident_bytes())

    def update(self, roots: Sequence[Path], asked: Asked) -> Summary:
        """Bring the index up to date with absolute paths."""
        basis = self._basis
        options = rooted(asked_for(roots, asked, basis.options), roots)
        changes = find_changes(roots, basis.known, without=absolute([self._settings.folder])[0])
        changes.reread(_read_otherwise(changes, options))
        is_same = not changes and options == basis.options
        if basis.folder and basis.manifest and is_same and self._is_up_to_date(basis.manifest):
            return Summary.of(basis.folder, basis.manifest, changes, encoded=None, seconds=self._seconds())
        return self.publish(changes, options)

    def publish(self, changes: Changes, options: OptionsByRoot) -> Summary:
        """Make a generation of what the one before it has, and of the changes."""
        generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        workshop = store.workshop(self._settings.folder, generation)
        with hired(self._settings, self._model) as crew:
            draft = self._draft(workshop / "catalogue.sqlite", changes, options, crew)
            found = self._assemble(draft, workshop, crew)
        manifest = self._manifest(generation, draft.count_documents(), found)
        manifest.write(workshop)
        draft.finish()
        folder = store.publish(self._settings.folder, workshop).absolute()
        return Summary.of(folder, manifest, changes, encoded=found.encoded, seconds=self._seconds())

    def _draft(self, path: Path, changes: Changes, options: OptionsByRoot, crew: Crew) -> Draft:
        """What the sources hold; while the processes that read them start, the encoder is opened."""
        draft = Draft(path)
        if self._basis.catalogue:
            draft.sources.keep(self._basis.catalogue, changes.kept)
        if self._basis.manifest and self._basis.manifest.settling != SETTLING_VERSION:
            draft.unsettle()
        draft.sources.remember(options, changes.skipped)
        files = [(file, options_of(file.path, options)) for file in changes.new]
        limits = Limits(memory_bytes=self._shares.file_bytes)
        with crew.reading(files, limits, self._shares.readers) as contents:
            _ = self._encoder
            for done, one in enumerate(contents):
                self._progress("Reading", done, len(files))
                draft.sources.add(one.file, one.digest, one.found, one.options)
        self._progress("Reading", len(files), len(files))
        return draft

    def _assemble(self, draft: Draft, workshop: Path, crew: Crew) -> "_Found":
        """All parts of the generation. The model encodes, on threads of its own, while the others are made."""
        progress, encoder, shares = self._progress, self._encoder, self._shares
        late = self._is_late(draft.count_chars() // _LONGEST_CHARS)  # which may turn out to be too many, never too few
        shift, token_shift = model_shifts(encoder, self._model, late=late, progress=progress)
        with (
            closing(CachedEncoder(self._vector_cache, encoder, token_shift, encode=crew.encode)) as cache,
            closing(CachedEncoder(self._model.word_vectors, encoder, encode=crew.encode_words)) as words,
            crew.threads() as threads,
        ):
            means = model_means(words.encode, self._model.word_means, progress=progress)
            passages = Encoding(threads, cache, shares.waiting_chars, crew.batch)
            settle(draft, Splitter(encoder), progress, passages.add_pieces, make=crew.make)
            pools = draft.number_passages()
            assembly = Assembly(draft, pools, workshop)
            assembly.encode(passages)
            assembly.write_words(shares.heap_bytes, progress)
            vocabularies = assembly.vocabularies()
            forms = Encoding(threads, words, shares.waiting_chars, _WORDS_TO_A_PASSAGE * crew.batch)
            for lang, vocabulary in vocabularies.items():
                forms.add(vocabulary.forms(), lang)
            passages.finish("Encoding", progress)
            recall = assembly.write_vectors(cache, shift, encoder.dim)
            if token_shift and self._is_late(sum(map(len, pools.values()))):
                assembly.write_tokens(cache, token_shift)
            forms.finish("Encoding words", progress)
            assembly.write_dictionary(vocabularies, means, words)
        return _Found(pools, recall, (workshop / "tokens").exists(), passages.encoded)

    def _is_up_to_date(self, manifest: store.Manifest) -> bool:
        """Whether the same files would give the same generation again."""
        return (
            manifest.analysis == ANALYSIS_VERSION
            and manifest.settling == SETTLING_VERSION
            and manifest.late == self._is_late(manifest.passages)
        )

    def _is_late(self, passages: int) -> bool:
        """Whether a generation of so many passages has token vectors: as the one before it, unless told otherwise."""
        late, manifest = self._settings.late, self._basis.manifest
        return late is Late.ON or (
            late is Late.AUTO and passages <= MAX_LATE_PASSAGES and (manifest is None or manifest.late)
        )

    def _manifest(self, generation: str, documents: int, found: "_Found") -> store.Manifest:
        return store.Manifest(
            format=store.FORMAT,
            generation=generation,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            jisr=version("jisr"),
            model=self._model.name,
            fingerprint=fingerprint(self._model),
            dim=self._model.dim,
            documents=documents,
            passages=sum(map(len, found.pools.values())),
            languages={lang: len(rows) for lang, rows in found.pools.items()},
            analysis=ANALYSIS_VERSION,
            settling=SETTLING_VERSION,
            late=found.late,
            recall=found.recall,
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._started


@dataclass(frozen=True, slots=True)
class _Found:
    """The pools of a generation, the recall of its vectors, whether it has token vectors, and how many passages were
    encoded for it.
    """

    pools: dict[str, range]
    recall: dict[str, float]
    late: bool
    encoded: int


def _read_otherwise(changes: Changes, options: OptionsByRoot) -> list[KnownFile]:
    """The unchanged files that would be read in another way than they were."""
    return [file for file, _ in changes.kept if heeded(file.format, options_of(file.path, options)) != file.options]
