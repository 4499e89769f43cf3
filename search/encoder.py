"""Text to vectors: one interface, two engines on the same prepared model.

`OnnxEncoder` (int8 on the CPU, never imports torch) is what people run; `TorchEncoder` runs sentence-transformers
itself, for GPUs and as the yardstick. Both read the encoder form of the text, whatever they are given.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from search.arabic import NORMALISER_VERSION, encoder_form
from search.embeddings import gists, read_embeddings
from search.errors import ModelError
from search.layers import with_upper_tokens
from search.model import PreparedModel
from search.settings import Device
from search.threads import CORES
from search.tokenizer import PlacedTokens, open_tokenizer

if TYPE_CHECKING:
    import torch
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_TOKENS_AT_ONCE = 128
"""Beyond so many tokens a product takes as long as each by itself."""

_QUERY, _PASSAGE, _WORD = "query", "passage", "word"

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """One text, read once: its own vector, and what each of its tokens came to mean in it.

    `vector` ``(dim,)`` is what `Encoder.encode_queries` or `encode_passages` gives, to the bit. `tokens` ``(n, width)``
    are what `search.layers` makes of the model's layers, of any length, and `ids` ``(n,)`` the tokens' numbers in the
    vocabulary, in the order of the text. Prompt and special tokens are left out; n may be 0, and `width` need not be
    `dim`.
    """

    vector: Vectors
    tokens: Vectors
    ids: Ids


@dataclass(frozen=True, slots=True)
class TokenPlaces:
    """The tokens of one text, as `TokenVectors` has them, and where each stands.

    `ids` ``(n,)`` are their numbers in the vocabulary, `places` ``(n, 2)`` where each starts and ends in the encoder
    form of the text, in characters.
    """

    ids: Ids
    places: Ids


class Encoder(Protocol):
    """What the rest of Jisr needs of a model.

    Vectors are float32 of shape ``(n, dim)`` and of length 1. `fingerprint` names model, pipeline and normaliser:
    vectors of equal fingerprints may be compared.
    """

    @property
    def dim(self) -> int:
        """The length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """How many tokens the model reads, prompt and special tokens included; what is beyond is cut off."""
        ...

    @property
    def fingerprint(self) -> str:
        """The same for encoders whose vectors may be compared."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that ask."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that answer."""
        ...

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        """The vectors of single words, read without a prompt: for `search.dictionary`, which compares them alone."""
        ...

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """What `encode_queries` gives, and the vectors of the tokens, from the same pass."""
        ...

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """What `encode_passages` gives, and the vectors of the tokens: up to 1 MB a text, so ask for few at a time."""
        ...

    def query_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Where the tokens of `encode_query_tokens` stand; the model does not run."""
        ...

    def passage_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Where the tokens of `encode_passage_tokens` stand; the model does not run."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself: without prompt and special tokens, and never cut off."""
        ...


def open_encoder(model: PreparedModel, device: Device = Device.CPU, *, threads: int = CORES) -> Encoder:
    """The engine that `device` asks for; on the CPU it runs so many texts at a time.

    Raises `ModelError` when the machine has no such device.
    """
    return OnnxEncoder(model, threads) if device is Device.CPU else TorchEncoder(model, device)


def fingerprint(model: PreparedModel) -> str:
    """The fingerprint that a model's encoder has on any engine."""
    return hashlib.sha256(f"{model.fingerprint}:{NORMALISER_VERSION}".encode()).hexdigest()[:32]


class _Tokens:
    """Encoder form, prompt and tokenizer of a model."""

    def __init__(self, model: PreparedModel) -> None:
        self.prompts = {_QUERY: model.query_prompt, _PASSAGE: model.passage_prompt, _WORD: ""}
        self._max_tokens = model.max_tokens
        self._tokenizer = open_tokenizer(model.tokenizer, model.pieces)

    def ids(self, texts: Sequence[str], role: str) -> list[list[int]]:
        """Token ids of each text after its prompt, with special tokens, within the model's length."""
        prompted = [self.prompts[role] + encoder_form(text).text for text in texts]
        return [self._cut(ids) for ids in self._tokenizer.encode(prompted)]

    def places(self, texts: Sequence[str], role: str) -> list[TokenPlaces]:
        """The tokens that `ids` and `text_span` give for each text, and where they stand in its encoder form."""
        prompt = self.prompts[role]
        prompted = [prompt + encoder_form(text).text for text in texts]
        return [self._places(placed, role) for placed in self._tokenizer.place(prompted)]

    def _places(self, placed: PlacedTokens, role: str) -> TokenPlaces:
        ids = self._cut(placed.ids)
        span = self.text_span(ids, role)
        places = np.array(self._cut(placed.places)[span], np.int64).reshape(-1, 2) - len(self.prompts[role])
        return TokenPlaces(np.array(ids[span], np.int64), places.clip(0))

    def bare(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text by itself: no prompt, no special tokens, nothing cut off."""
        return self._tokenizer.encode_bare([encoder_form(text).text for text in texts])

    def text_span(self, ids: Sequence[int], role: str) -> slice:
        """Where the text itself stands in what `ids` gives, between prompt and special token.

        Some tokenizers join the prompt's last blank to the text's first word. So the prompt reaches as far as its own
        ids do, which may be one less than it has by itself.
        """
        prompt, specials_after = self._frame[role]
        start = next((at for at, (here, there) in enumerate(zip(ids, prompt, strict=False)) if here != there), None)
        return slice(min(len(ids), len(prompt)) if start is None else start, max(len(ids) - specials_after, 0))

    @cached_property
    def _frame(self) -> dict[str, tuple[list[int], int]]:
        """By role: the ids of special tokens and prompt before a text, and how many special tokens come after it."""
        after = self._tokenizer.specials_after
        prompted = zip(self.prompts, self._tokenizer.encode(list(self.prompts.values())), strict=True)
        return {role: (ids[: len(ids) - after], after) for role, ids in prompted}

    def _cut(self, ids: list[_Result]) -> list[_Result]:
        """Ids, or what stands for them, within the model's length; the special token at the end stays."""
        return ids if len(ids) <= self._max_tokens else ids[: self._max_tokens - 1] + ids[-1:]


class _Engine:
    """What both engines share: a model's description and its tokens."""

    def __init__(self, model: PreparedModel) -> None:
        self.model = model
        self.dim = model.dim
        self.max_tokens = model.max_tokens
        self.fingerprint = fingerprint(model)
        self._tokens = _Tokens(model)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._tokens.bare(texts)]

    def gists(self, texts: Sequence[str]) -> Vectors | None:
        """What `indexer.topics.GistEncoder` promises."""
        return None if self._embeddings is None else gists(self._embeddings, self._tokens.bare(texts))

    @cached_property
    def _embeddings(self) -> npt.NDArray[np.floating] | None:
        return read_embeddings(self.model.sentence_transformers)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, _QUERY)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, _PASSAGE)

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, _WORD)

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._encode_tokens(texts, _QUERY)

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._encode_tokens(texts, _PASSAGE)

    def query_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        return self._tokens.places(texts, _QUERY)

    def passage_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        return self._tokens.places(texts, _PASSAGE)

    def _encode(self, texts: Sequence[str], role: str) -> Vectors:
        raise NotImplementedError

    def _encode_tokens(self, texts: Sequence[str], role: str) -> list[TokenVectors]:
        raise NotImplementedError

    def _token_vectors(self, vector: Vectors, tokens: Vectors, ids: list[int], role: str) -> TokenVectors:
        """One pass's results for one text, `tokens` and `ids` with prompt and special tokens."""
        span = self._tokens.text_span(ids, role)
        return TokenVectors(normalised(vector[None])[0], tokens[span], np.array(ids[span], np.int64))


@cache
def _session(graph: Path) -> "InferenceSession":
    """The graph in a file, loaded once: the encoders of a process run the same one, from any thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # done by search.quantisation
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class OnnxEncoder(_Engine):
    """ONNX Runtime on the CPU, int8; texts of one length run together, one such batch in each thread.

    A text's vectors are the same to the bit whatever runs beside it: there is no padding, and scales are fixed.
    """

    def __init__(self, model: PreparedModel, threads: int = CORES) -> None:
        super().__init__(model)
        self._session = _session(model.onnx)
        self._pool = ThreadPoolExecutor(threads)

    def _encode(self, texts: Sequence[str], role: str) -> Vectors:
        ids = self._tokens.ids(texts, role)
        vectors = (vector for (vector,) in self._passes(ids, ["sentence_embedding"]))
        return normalised(np.fromiter(vectors, np.dtype((np.float32, self.dim)), len(ids)))

    def _encode_tokens(self, texts: Sequence[str], role: str) -> list[TokenVectors]:
        ids = self._tokens.ids(texts, role)
        passes = self._passes(ids, ["sentence_embedding", "token_embeddings"])
        return [
            self._token_vectors(vector, tokens, row, role) for (vector, tokens), row in zip(passes, ids, strict=True)
        ]

    def _passes(self, ids: list[list[int]], outputs: list[str]) -> Iterator[tuple[Vectors, ...]]:
        """What the graph gives for each text, in their order."""

        def run(batch: list[int]) -> list[tuple[Vectors, ...]]:
            found = self._session.run(outputs, {"input_ids": np.array([ids[at] for at in batch], np.int64)})
            return list(zip(*found, strict=True))

        batches = _of_one_length(ids)
        runs = map(run, batches) if len(batches) == 1 else self._pool.map(run, batches)
        passes = dict(zip(chain.from_iterable(batches), chain.from_iterable(runs), strict=True))
        return (passes[at] for at in range(len(ids)))


def _of_one_length(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """The places of texts that can run together, as many at a time as are quickest; the longest first."""
    alike = defaultdict(list)
    for at, row in enumerate(ids):
        alike[len(row)].append(at)
    return [
        places[start : start + count]
        for length, places in sorted(alike.items(), reverse=True)
        for count in [max(_TOKENS_AT_ONCE // length, 1)]
        for start in range(0, len(places), count)
    ]


class TorchEncoder(_Engine):
    """sentence-transformers on torch: half precision on a GPU, full precision on the CPU."""

    def __init__(self, model: PreparedModel, device: Device) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        if device is Device.CUDA and not torch.cuda.is_available():
            raise ModelError("This machine has no CUDA device that torch can use.", hint="Use --device cpu.")
        super().__init__(model)
        self._transformer = with_upper_tokens(
            SentenceTransformer(str(model.sentence_transformers), device="cuda" if device is Device.CUDA else "cpu")
        )
        if device is Device.CUDA:
            self._transformer.half()

    def _encode(self, texts: Sequence[str], role: str) -> Vectors:
        forms = [encoder_form(text).text for text in texts]
        vectors = self._transformer.encode(forms, prompt=self._tokens.prompts[role], show_progress_bar=False)
        return normalised(np.asarray(vectors, np.float32).reshape(len(texts), self.dim))

    def _encode_tokens(self, texts: Sequence[str], role: str) -> list[TokenVectors]:
        forms = [encoder_form(text).text for text in texts]
        prompt = self._tokens.prompts[role]
        passes = self._transformer.encode(forms, prompt=prompt, output_value=None, show_progress_bar=False)
        return [self._unpadded(cast("dict[str, torch.Tensor]", found), role) for found in passes]

    def _unpadded(self, found: "dict[str, torch.Tensor]", role: str) -> TokenVectors:
        read = found["attention_mask"].bool()
        vector, tokens = found["sentence_embedding"], found["token_embeddings"][read]
        ids = found["input_ids"][read].tolist()
        return self._token_vectors(vector.float().cpu().numpy(), tokens.float().cpu().numpy(), ids, role)


def normalised(vectors: Vectors) -> Vectors:
    """Vectors ``(n, dim)`` brought to length 1; a zero vector stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
