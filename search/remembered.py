"""What was worked out for many keys at once, kept for the next who ask."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Remembered(Generic[_Key, _Value]):
    """A function of many keys that remembers the values of the last `size` ones. May be used by several threads."""

    def __init__(self, work_out: Callable[[Sequence[_Key]], Mapping[_Key, _Value]], size: int) -> None:
        self._work_out = work_out
        self._lock = Lock()
        self._known: LRUCache[_Key, _Value] = LRUCache(size)

    def __call__(self, keys: Iterable[_Key]) -> dict[_Key, _Value]:
        """The value of each of these keys, in their order."""
        keys = list(dict.fromkeys(keys))
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in keys if key not in known]
        if missing:
            known |= self._work_out(missing)
        self.learn(known)
        return {key: known[key] for key in keys}

    def learn(self, known: Mapping[_Key, _Value]) -> None:
        """Remember values that came to be known otherwise."""
        with self._lock:
            self._known.update(known)
