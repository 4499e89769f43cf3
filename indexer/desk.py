"""Where a server hands in documents and asks for builds: an inbox, and a builder that works it off."""

from collections.abc import Sequence
from pathlib import Path

from indexer.builder import Builder, Patience
from indexer.inbox import Inbox
from indexer.known import known_files, known_roots, path_of
from search import store
from search.errors import MissingIndexError, NotFoundError, ReadOnlyError, StoreError
from search.settings import Settings
from search.submissions import Submission, Work


class Desk:
    """Takes in documents for an index and has it built. May be used by several threads.

    What was left over when the last one was closed, or killed, is built at once.
    """

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self._index = settings.folder
        self._inbox = Inbox(settings.folder)
        self._builder = Builder(settings, patience)
        if self._is_behind():
            self._builder.ask([self._inbox.folder])

    @property
    def work(self) -> Work:
        """How far the work is."""
        return self._builder.work

    def add(self, submissions: Sequence[Submission]) -> list[str]:
        """Takes in documents; the `doc_id` of each, in their order. They are safe when this returns, found later."""
        doc_ids = [self._inbox.put(submission) for submission in submissions]
        self._builder.ask([self._inbox.folder])
        return doc_ids

    def delete(self, doc_id: str) -> None:
        """Takes out a document that was handed in; it is found until the next build has ended.

        Raises `NotFoundError` for one that there is not, `ReadOnlyError` for one that comes from a file.
        """
        catalogue = self._catalogue()
        path = (path_of(catalogue, doc_id) if catalogue else None) or self._inbox.find(doc_id)
        if path is None:
            raise NotFoundError(f"The index holds no document {doc_id}.", hint="Search for it, and use its doc_id.")
        if path.parent != self._inbox.folder:
            raise ReadOnlyError(
                f"The document {doc_id} comes from the file {path}.", hint=f"Take it out with: jisr remove {path}"
            )
        self._inbox.take(path)
        self._builder.ask([self._inbox.folder])

    def reindex(self) -> None:
        """Have the index brought up to date with all that it was built from. Folders that are gone are left alone."""
        catalogue = self._catalogue()
        roots = known_roots(catalogue) if catalogue else []
        self._builder.ask([path for path in (*roots, self._inbox.folder) if path.exists()])

    def close(self) -> None:
        """End what runs; the next desk goes on with it."""
        self._builder.close()

    def _catalogue(self) -> Path | None:
        try:
            return store.current(self._index) / "catalogue.sqlite"
        except MissingIndexError:
            return None

    def _is_behind(self) -> bool:
        try:
            catalogue = self._catalogue()
            known = known_files(catalogue) if catalogue else []
        except StoreError:  # whoever serves the index says so
            return False
        return self._inbox.is_ahead_of(known)
