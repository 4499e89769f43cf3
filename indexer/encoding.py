"""Passages and words encoded while the build goes on: what is handed over waits its turn and ends up in a cache."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from indexer.cache import CachedEncoder
from indexer.entries import Piece
from search.progress import Progress
from search.settings import Device

BATCH = 32
"""How many texts an encoder is given at a time."""


def encoding_threads(device: Device) -> AbstractContextManager[Executor]:
    """Threads for `Encoding`. When the build fails, they end with the batches that they are at."""
    # While the codes of one batch are made and kept the encoder has another, so that none of its cores waits. torch
    # keeps a GPU busy by itself, and its tokenizer bears one thread only.
    return threads_beside(2 if device is Device.CPU else 1)


@contextmanager
def threads_beside(count: int) -> Iterator[Executor]:
    """So many threads for `Encoding`, while BLAS has one: its products are the same to the bit in every build."""
    # For a product that takes a millisecond, BLAS's own threads mostly wait for one another, too.
    with threadpool_limits(1, user_api="blas"):
        pool = ThreadPoolExecutor(count, "encoding")
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Batch:
    lang: str
    texts: list[str]
    kept: Future[None]

    @property
    def chars(self) -> int:
        return sum(map(len, self.texts))


class Encoding:
    """Has texts encoded into a cache, each once. What goes wrong there is raised by the next call.

    `most_waiting_chars` is how much text may wait; who hands over more waits, too. The cache is given `batch` texts at
    a time. `encoded` counts the texts that are done, `total` those that were not in the cache.
    """

    def __init__(self, threads: Executor, cache: CachedEncoder, most_waiting_chars: int, batch: int = BATCH) -> None:
        self._threads = threads
        self._cache = cache
        self._room_chars = most_waiting_chars
        self._batch = batch
        self._begun: dict[str, list[str]] = {}
        self._batches: deque[_Batch] = deque()
        self._waiting: set[tuple[str, str]] = set()
        self.encoded = 0
        self.total = 0

    def add(self, texts: Sequence[str], lang: str) -> None:
        """Hand over texts in a language, which its token codes go by."""
        new = [text for text in texts if (lang, text) not in self._waiting]
        for text in self._cache.missing_passages(new, lang):
            self._waiting.add((lang, text))
            self._begun.setdefault(lang, []).append(text)
            self.total += 1
            if len(self._begun[lang]) == self._batch:
                self._submit(lang)
        while self._batches and (self._room_chars < 0 or self._batches[0].kept.done()):
            self._take()

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Hand over the passages of a document."""
        by_lang: defaultdict[str, list[str]] = defaultdict(list)
        for piece in pieces:
            by_lang[piece.passage.lang].append(piece.input)
        for lang, texts in by_lang.items():
            self.add(texts, lang)

    def finish(self, stage: str, progress: Progress) -> None:
        """Wait until all is in the cache."""
        for lang in list(self._begun):
            self._submit(lang)
        progress(stage, self.encoded, self.total)
        while self._batches:
            self._take()
            progress(stage, self.encoded, self.total)

    def _submit(self, lang: str) -> None:
        texts = self._begun.pop(lang)
        batch = _Batch(lang, texts, self._threads.submit(self._cache.add_passages, texts, lang))
        self._batches.append(batch)
        self._room_chars -= batch.chars

    def _take(self) -> None:
        batch = self._batches.popleft()
        batch.kept.result()
        self._waiting.difference_update((batch.lang, text) for text in batch.texts)
        self._room_chars += batch.chars
        self.encoded += len(batch.texts)
