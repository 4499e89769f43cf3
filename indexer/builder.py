"""Builds in the background: one at a time, each in a process of its own, which gives its memory back when it ends.

What is asked for while one runs is done by the next, all of it at once.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.build import build
from indexer.options import Asked
from search.errors import BusyIndexError, JisrError, UnavailableError
from search.settings import Settings
from search.submissions import Fault, Work, WorkState

_NICENESS = 5  # whoever searches goes first
_CRASH_CHARS = 300
_PASSING = {kind.__name__: kind for kind in (BusyIndexError, UnavailableError)}
"""What goes by while one waits: another build, and that a server is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for another build to end, or for a server, before asking again: twice as long each time."""

    first_s: float = 0.5
    longest_s: float = 30.0


class Builder:
    """Brings an index up to date with the paths that it is told of. May be used by several threads."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self._settings = settings
        self._patience = patience or Patience()
        self._changed = threading.Condition()
        self._asked: list[Path] = []
        self._work = Work()
        self._process: subprocess.Popen[str] | None = None
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="builder", daemon=True)
        self._thread.start()

    @property
    def work(self) -> Work:
        """How far the work is."""
        with self._changed:
            return replace(self._work, pending=bool(self._asked))

    def ask(self, paths: Sequence[Path]) -> None:
        """Have the index brought up to date with these paths, soon."""
        with self._changed:
            self._asked += [path for path in paths if path not in self._asked]
            self._changed.notify_all()

    def close(self) -> None:
        """End what runs. A build that is ended changes nothing."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            if self._process:
                self._process.terminate()
        self._thread.join()

    def _run(self) -> None:
        while paths := self._next():
            fault = self._built(paths)
            with self._changed:
                self._work = Work(finished=_now(), fault=fault)

    def _next(self) -> list[Path]:
        """What is asked for, as soon as there is something; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._asked or self._is_closing)
            return [] if self._is_closing else self._taken()

    def _taken(self) -> list[Path]:
        paths, self._asked = self._asked, []
        self._work = replace(self._work, state=WorkState.BUILDING)
        return paths

    def _built(self, paths: list[Path]) -> Fault | None:
        wait_s = self._patience.first_s
        while isinstance(outcome := self._attempt(paths), tuple(_PASSING.values())):
            with self._changed:
                fault = _fault(outcome) if isinstance(outcome, UnavailableError) else None
                self._work = replace(self._work, state=WorkState.WAITING, fault=fault)
                if self._changed.wait_for(lambda: self._is_closing, timeout=wait_s):
                    break
                paths = list(dict.fromkeys([*paths, *self._taken()]))
            wait_s = min(2 * wait_s, self._patience.longest_s)
        return _fault(outcome) if outcome else None

    def _attempt(self, paths: Sequence[Path]) -> JisrError | None:
        """Build in a process of its own."""
        order = {"paths": [str(path) for path in paths], "settings": _plain(self._settings)}
        program = f"import sys; sys.path[:] = {sys.path!r}; from indexer.builder import main; main()"
        with self._changed:
            if self._is_closing:
                return None
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                process_group=0,  # Ctrl-C is for the server, which ends its build itself
            )
        out, err = self._process.communicate(json.dumps(order))
        return _error(out, err, self._process.returncode)


def main() -> None:
    """Build as standard input tells, and say on standard output what error there was, if any."""
    os.nice(_NICENESS)
    order = json.load(sys.stdin)
    said = None
    try:
        build([Path(path) for path in order["paths"]], Settings.load(**order["settings"]), asked=Asked())
    except JisrError as error:
        said = {"kind": type(error).__name__, "message": error.message, "hint": error.hint}
    json.dump(said, sys.stdout)


def _plain(settings: Settings) -> dict[str, str]:
    """The settings that a build goes by, as texts."""
    given = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: str(value) for name, value in given.items() if value is not None and name != "key"}


def _error(out: str, err: str, code: int) -> JisrError | None:
    if code:
        reason = err.strip().rpartition("\n")[2][:_CRASH_CHARS] or f"exit code {code}"
        return JisrError(f"The build crashed: {reason}.", hint="Run jisr index by hand to see more.")
    said = json.loads(out)
    if said is None:
        return None
    return _PASSING.get(said["kind"], JisrError)(said["message"], hint=said["hint"])


def _fault(error: JisrError) -> Fault:
    return Fault(message=error.message, hint=error.hint, at=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
