"""Following folders: a build after each pause in their changes, until it is told to stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from indexer.build import build
from indexer.files import absolute
from indexer.summary import Summary
from search.errors import JisrError, SourceError
from search.settings import Settings

_LONGEST_MS = 30_000  # so long a build waits for a pause

Result = Summary | JisrError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How long a pause in the changes has to be, and how often one looks around without any."""

    pause_ms: int = 1_000
    look_ms: int = 5_000


def follow(
    paths: Sequence[Path], settings: Settings, *, stop: Event | None = None, rhythm: Rhythm | None = None
) -> Iterator[Result]:
    """What each build did that published something, and each error that a build or a folder ran into, once in a row.

    A folder that vanishes is looked for every few seconds; what the index holds of it stays meanwhile, since
    a drive that is not mounted is no deletion. A build that failed is tried again as often. Raises `SourceError` for a
    path that does not exist to begin with, and when the system cannot watch.
    """
    stop = stop or Event()
    roots = absolute(paths)
    last: str | None = None
    while not stop.is_set():
        for result in _while_they_stay(roots, settings, stop, rhythm or Rhythm()):
            said = result.message if isinstance(result, JisrError) else None
            if said is None or said != last:
                yield result
            last = said


def _while_they_stay(roots: Sequence[Path], settings: Settings, stop: Event, rhythm: Rhythm) -> Iterator[Result]:
    """Builds until a root vanishes, comes back or is replaced: what was watched is no longer what is there then."""
    there = _inodes(roots)
    gone = [root for root in roots if root not in there]
    if gone:
        yield SourceError(
            f"{', '.join(map(str, gone))} is gone; what the index holds of it stays.",
            hint="Take it out of the index: jisr remove PATH",
        )
    is_due = True  # what changed before the watch began shows nowhere else
    for changed in _ticks(list(there), settings.folder, stop, rhythm):
        if _inodes(roots) != there:
            return
        if there and (changed or is_due):
            result = _built(list(there), settings)
            is_due = isinstance(result, JisrError)
            if isinstance(result, JisrError) or result.published:
                yield result


def _ticks(paths: Sequence[Path], index: Path, stop: Event, rhythm: Rhythm) -> Iterator[bool]:
    """Whether something changed: after a pause in the changes, or when the time to look around has come."""
    if not paths:
        stop.wait(rhythm.look_ms / 1000)
        yield False
        return
    try:
        for changes in watch(
            *paths,
            watch_filter=_Concerned(paths, index.resolve()),
            debounce=_LONGEST_MS,
            step=rhythm.pause_ms,
            rust_timeout=rhythm.look_ms,
            yield_on_timeout=True,
            stop_event=stop,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except FileNotFoundError:  # it vanished just now
        yield False
    except OSError as error:
        raise SourceError(
            f"The folders cannot be watched: {error}.",
            hint="If there are too many: sudo sysctl fs.inotify.max_user_watches=1048576",
        ) from error


class _Concerned:
    """Whether a change is of a file that is indexed, as `indexer.files.discover` has it."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        self._roots = roots
        self._index = index

    def __call__(self, _: Change, changed: str) -> bool:
        path = Path(changed)
        inside = next((path.relative_to(root) for root in self._roots if path.is_relative_to(root)), Path())
        return not (path.is_relative_to(self._index) or any(part.startswith(".") for part in inside.parts))


def _built(paths: Sequence[Path], settings: Settings) -> Result:
    try:
        return build(paths, settings)
    except JisrError as error:
        return error


def _inodes(roots: Sequence[Path]) -> Mapping[Path, int]:
    """The roots that are there; one that was replaced has another number."""
    found = {}
    for root in roots:
        try:
            found[root] = root.stat().st_ino
        except OSError:
            continue
    return found
