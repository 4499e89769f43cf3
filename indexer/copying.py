"""Copying an index as it stands: to another folder, or by way of one to a server. Nothing is encoded again."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer.cache import adopt
from indexer.sending import Sending
from search import store
from search.errors import StoreError
from search.progress import Progress, silent
from search.settings import Settings
from search.store import Manifest

_CACHE = Path("cache", "vectors.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied; `is_new` is False when all of it was there already."""

    generation: str
    documents: int
    passages: int
    is_new: bool


def copy(source: Path, settings: Settings, *, progress: Progress = silent) -> Copied:
    """Make the generation that is current in a folder the one that is current in the index of these settings.

    What answered there before stays as an earlier generation. With the new one comes the cache, so that builds go on
    from it. What was handed in over HTTP is a file in the inbox of `source`, here as there.

    Raises `MissingIndexError` or another `StoreError` when either index cannot be used.
    """
    generation = store.current(source)
    manifest = Manifest.read(generation)
    with store.building(settings.folder):
        sending = Sending(settings, progress)
        is_new = _take_in(generation, settings.folder)
        cache = settings.folder / _CACHE
        if (source / _CACHE).exists() and not (cache.exists() and cache.samefile(source / _CACHE)):
            adopt(cache, source / _CACHE)
        is_sent = sending.send(store.current(settings.folder))
    return Copied(
        generation=manifest.generation,
        documents=manifest.documents,
        passages=manifest.passages,
        is_new=is_new or is_sent,
    )


def _take_in(generation: Path, index: Path) -> bool:
    """Make a copy of a generation the current one of an index; False when it is that already."""
    if _is_current(generation.name, index):
        return False
    workshop = store.workshop(index, generation.name)
    shutil.copytree(generation, workshop, copy_function=_link, dirs_exist_ok=True)
    if earlier := store.generations(index).get(generation.name):
        shutil.rmtree(earlier)
    store.publish(index, workshop)
    return True


def _is_current(generation: str, index: Path) -> bool:
    try:
        return store.current(index).name == generation
    except StoreError:  # there is nothing, or what cannot be used, which is replaced
        return False


def _link(source: str, target: str) -> None:
    """The same file under another name, or a copy where there can be none: what a generation holds never changes."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
