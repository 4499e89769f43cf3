"""What the model said of texts, kept for the next time: of queries, for other pages and filters and for whoever asks
the same; of passages, for marking their words.

It depends on the model and on what that reads of a text, and on nothing else, so it outlives generations.
"""

from threading import BoundedSemaphore, Condition, Lock

from cachetools import LRUCache, cached

from search.arabic import encoder_form
from search.encoder import Encoder, TokenPlaces, TokenVectors
from search.threads import CORES
from search.timing import Stopwatch

KEPT_BYTES = 2**24
_KEPT_PLACES = 2**11
_LEAST_BYTES = 2**12
"""What every query counts for, so that short ones do not become too many."""


class Memory:
    """Encodes queries with one model, and keeps the last ones. May be used by several threads.

    A query that several want at a time is encoded once, and no more of them at a time than there are cores.
    """

    def __init__(self, encoder: Encoder, kept_bytes: int = KEPT_BYTES) -> None:
        self.encoder = encoder
        self._free = BoundedSemaphore(CORES)
        keeping = cached(LRUCache(kept_bytes, getsizeof=_size_bytes), key=_key, condition=Condition())
        self._kept = keeping(self._encode)
        self._places = cached(LRUCache(_KEPT_PLACES), lock=Lock())(self._placed)

    def query(self, text: str, watch: Stopwatch) -> TokenVectors:
        """The vectors of a query, not to be changed. The step ``encode`` is measured where the model runs for it."""
        kept: TokenVectors = self._kept(text, watch)
        return kept

    def places(self, passage: str) -> TokenPlaces:
        """Where the tokens of a passage stand, not to be changed (see `Encoder.passage_places`)."""
        kept: TokenPlaces = self._places(passage)
        return kept

    def _placed(self, passage: str) -> TokenPlaces:
        (places,) = self.encoder.passage_places([passage])
        return places

    def _encode(self, text: str, watch: Stopwatch) -> TokenVectors:
        with watch.step("encode"), self._free:
            (encoded,) = self.encoder.encode_query_tokens([text])
        # What the engine gives is a part of something larger.
        return TokenVectors(encoded.vector.copy(), encoded.tokens.copy(), encoded.ids.copy())


def _key(text: str, _watch: Stopwatch) -> str:
    return encoder_form(text).text


def _size_bytes(kept: TokenVectors) -> int:
    return max(kept.vector.nbytes + kept.tokens.nbytes + kept.ids.nbytes, _LEAST_BYTES)
