"""A server that is away: not everybody waits for it."""

import copy
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import TypeVar

from search.errors import UnavailableError

Given = TypeVar("Given")


class Outage:
    """What is known of a server that may be away. May be used by several threads.

    When a call has failed, and none has succeeded since it began, one call at a time asks the server, and the others
    fail at once, until one succeeds.
    """

    def __init__(self) -> None:
        self._failure: UnavailableError | None = None
        self._answered_s = 0.0
        self._asking = Lock()

    def watched(self, call: Callable[[], Given]) -> Given:
        """What a call gives. Raises `UnavailableError` when it does, or without calling."""
        failure = self._failure
        if failure and not self._asking.acquire(blocking=False):
            raise copy.copy(failure)  # one that is raised again keeps all the places where it was raised before
        started_s = monotonic()
        try:
            given = call()
            self._failure, self._answered_s = None, monotonic()
            return given
        except UnavailableError as error:
            if self._answered_s < started_s:
                self._failure = error
            raise
        finally:
            if failure:
                self._asking.release()
