"""The index that the server answers from: opened late if need be, always the newest generation that can be read."""

import copy
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic

from search.errors import JisrError, MismatchError, UnavailableError
from search.searcher import Searcher
from search.settings import Settings
from search.store import Manifest
from search.timing import Observer, unobserved

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often a server that keeps the index is asked for its newest generation and, while it is away, if it is back."""


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
        self._pause_s = 0.0 if isinstance(settings.index, Path) else LOOK_S
        self._looked_s = -LOOK_S
        self._away: UnavailableError | None = None

    def searcher(self) -> Searcher:
        """The searcher, on the newest generation that can be read.

        Opens the index if it is not open yet, so that a server may start before the first build; raises `StoreError`
        or `ModelError` while that fails. A newer generation that cannot be read leaves the one before it answering.
        While the server that keeps the index is away, raises `UnavailableError` at once: one request a second asks it.
        """
        searcher = self._opened()
        # While one request turns to a new generation, which may take a moment, the others answer from the old one.
        if self._is_due() and self._refreshing.acquire(blocking=False):
            try:
                searcher = self._searcher = self._refreshed(searcher)
            finally:
                self._looked_s = monotonic()
                self._refreshing.release()
        self._raise_if_away()
        return searcher

    @property
    def manifest(self) -> Manifest | None:
        """What the generation that is open says of itself; None before one is. Newer ones are not looked for."""
        return self._searcher.manifest if self._searcher else None

    @property
    def is_open(self) -> bool:
        """Whether there was something to search when it was last looked for."""
        return self._searcher is not None and self._away is None

    def newest(self) -> Manifest | None:
        """What the newest generation that can be read says of itself, None where there is none."""
        try:
            return self.searcher().manifest
        except JisrError:
            return None

    def _opened(self) -> Searcher:
        with self._opening:
            if self._searcher is None:
                if not self._is_due():  # whoever waited for it to be opened need not ask again
                    self._raise_if_away()
                try:
                    self._searcher, self._away = self._open(), None
                except UnavailableError as error:
                    self._away = error
                    raise
                finally:
                    self._looked_s = monotonic()
            return self._searcher

    def _is_due(self) -> bool:
        """Whether it is time to look for a newer generation."""
        return monotonic() - self._looked_s >= self._pause_s

    def _raise_if_away(self) -> None:
        away = self._away
        if away:
            raise copy.copy(away)  # one that is raised again keeps all the places where it was raised before

    def _refreshed(self, searcher: Searcher) -> Searcher:
        try:
            try:
                is_newer = searcher.refresh()
            except MismatchError:
                searcher, is_newer = self._open(), True  # the index was rebuilt with another model
            if is_newer:
                self._switched()
            self._complaint, self._away = "", None
        except UnavailableError as error:
            self._away = error
            self._complain(f"Nothing can be searched. {error.message} {error.hint}")
        except JisrError as error:
            self._away = None
            self._complain(f"Still answering from the generation before. {error.message} {error.hint}")
        return searcher

    def _open(self) -> Searcher:
        return Searcher.open(self._settings, observer=self._observer)

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            log.warning("%s", complaint)
        self._complaint = complaint
