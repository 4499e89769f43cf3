"""Sending what was built in a folder to the server that keeps the index, where one does.

    INDEX/sent      the name of the generation that was sent last

An index is built in one folder. That the generation of another folder was sent to the same address in between is
noticed before a build begins: what only that one holds would be lost.
"""

from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from indexer.summary import Summary
from search import store
from search.errors import MismatchError
from search.progress import Progress
from search.settings import Settings

if TYPE_CHECKING:
    from search.milvus.connection import Connection


class Sending:
    """Where the generations go that are built in `settings.folder`: to the address of the index, if it has one.

    Whoever has one holds the folder's lock (`search.store.building`). Raises `StoreError` when the server cannot be
    reached, so that this shows before a long build and not after it.
    """

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._connection: Connection | None = None
        if not isinstance(settings.index, Path):
            from search.milvus.backend import connected

            self._connection = connected(settings)

    def check(self) -> None:
        """Raises `MismatchError` when the address has a generation that was not built in this folder."""
        if not self._connection:
            return
        from search.milvus.collections import current

        live = current(self._connection)
        if live and live.generation not in self._ours():
            raise MismatchError(
                f"{self._settings.index} has the generation {live.generation}, which was not built in "
                f"{self._settings.folder}.",
                hint="Name the folder it was built in with JISR_WORKSPACE, or start over with --rebuild.",
            )

    def send(self, generation: Path) -> bool:
        """Send the generation in a folder; False when the address has it already, or there is none."""
        if not self._connection:
            return False
        from search.milvus.publish import publish

        is_new = publish(generation, self._connection, progress=self._progress)
        self._note.write_text(f"{generation.name}\n", "utf-8")
        return is_new

    def finish(self, summary: Summary) -> Summary:
        """What a build did and this after it, which sends the current generation."""
        if not self._connection:
            return summary
        from search.milvus.backend import server_of

        started = monotonic()
        is_sent = self.send(store.current(self._settings.folder))
        seconds = summary.seconds + monotonic() - started
        return replace(summary, sent=is_sent, server=server_of(self._connection), seconds=seconds)

    def _ours(self) -> set[str]:
        """The generations that are in the folder, and the one that was sent last, which may be gone from there."""
        noted = self._note.read_text("utf-8").split() if self._note.exists() else []
        return {*store.generations(self._settings.folder), *noted}

    @property
    def _note(self) -> Path:
        return self._settings.folder / "sent"
