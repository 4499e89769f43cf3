"""The index that the server answers from: opened late if need be, always the newest generation that can be read."""

import logging
from collections.abc import Callable
from threading import Lock

from search.errors import JisrError, MismatchError
from search.searcher import Searcher
from search.settings import Settings
from search.store import Manifest
from search.timing import Observer, unobserved

log = logging.getLogger(__name__)


class LiveIndex:
    """One `Searcher` for all requests. May be used by several threads.

    `switched` is called whenever a newer generation was taken up.
    """

    def __init__(
        self, settings: Settings, observer: Observer = unobserved, switched: Callable[[], None] = lambda: None
    ) -> None:
        """Name the index; `searcher` opens it."""
        self._switched = switched
        self._settings = settings
        self._observer = observer
        self._searcher: Searcher | None = None
        self._opening = Lock()
        self._refreshing = Lock()
        self._complaint = ""

    def searcher(self) -> Searcher:
        """The searcher, on the newest generation that can be read.

        Opens the index if it is not open yet, so that a server may start before the first build; raises `StoreError`
        or `ModelError` while that fails. A newer generation that cannot be read leaves the one before it answering.
        """
        searcher = self._opened()
        # While one request turns to a new generation, which may take a moment, the others answer from the old one.
        if self._refreshing.acquire(blocking=False):
            try:
                searcher = self._searcher = self._refreshed(searcher)
            finally:
                self._refreshing.release()
        return searcher

    @property
    def manifest(self) -> Manifest | None:
        """What the generation that is open says of itself; None before one is. Newer ones are not looked for."""
        return self._searcher.manifest if self._searcher else None

    def newest(self) -> Manifest | None:
        """What the newest generation that can be read says of itself, None where there is none."""
        try:
            return self.searcher().manifest
        except JisrError:
            return None

    def _opened(self) -> Searcher:
        with self._opening:
            if self._searcher is None:
                self._searcher = self._open()
            return self._searcher

    def _refreshed(self, searcher: Searcher) -> Searcher:
        try:
            try:
                is_newer = searcher.refresh()
            except MismatchError:
                searcher, is_newer = self._open(), True  # the index was rebuilt with another model
            if is_newer:
                self._switched()
            self._complaint = ""
        except JisrError as error:
            self._complain(f"{error.message} {error.hint}")
        return searcher

    def _open(self) -> Searcher:
        return Searcher.open(self._settings, observer=self._observer)

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            log.warning("Still answering from the generation before. %s", complaint)
        self._complaint = complaint
