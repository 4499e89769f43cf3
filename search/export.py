"""A sentence-transformers model as a graph for ONNX Runtime.

The graph reads texts of one length at a time, so it has no padding and needs no attention mask. Making it quick is the
business of `search.quantisation`.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from search.arabic import encoder_form
from search.errors import ModelError
from search.layers import with_upper_tokens

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_OPSET = 18
_SENTENCES = 8
"""How many sentences are a passage of `samples`; and of so many sentences one is a query."""


def export(model: "SentenceTransformer", path: Path) -> None:
    """Trace the whole pipeline (transformer, pooling and what follows) to one graph in full precision.

    The graph is ``input_ids (texts, tokens) → sentence_embedding (texts, dim), token_embeddings (texts, tokens,
    width)``, the latter as `search.layers` has them. Attention is exported in its plain form and by the TorchScript
    exporter, which needs no further package.
    """
    if model.transformers_model is None:
        raise ModelError("The model is not a transformer.", hint="Name a sentence-transformers model that is one.")
    model.transformers_model.set_attn_implementation("eager")
    with _without_mask():
        trace(model, path)


def trace(model: "SentenceTransformer", path: Path) -> None:
    """As `export`, with attention as it is set, and with a mask."""
    import torch

    example = model.preprocess(["one passage"] * 2)
    texts, tokens = {0: "texts"}, {0: "texts", 1: "tokens"}
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing and on its own age
        torch.onnx.export(
            _pipeline(model),
            (example["input_ids"],),
            str(path),
            input_names=["input_ids"],
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_axes={"input_ids": tokens, "sentence_embedding": texts, "token_embeddings": tokens},
            opset_version=_OPSET,
            dynamo=False,
        )


def samples(
    model: "SentenceTransformer", texts: Mapping[str, Sequence[str]], query_prompt: str, passage_prompt: str
) -> list[npt.NDArray[np.int64]]:
    """Passages, queries and single words as a graph reads them, ``(1, tokens)`` each, from sentences by language."""
    chosen = []
    for sentences in ([encoder_form(text).text for text in each] for each in texts.values()):
        starts = range(0, len(sentences), _SENTENCES)
        chosen += [passage_prompt + " ".join(sentences[start : start + _SENTENCES]) for start in starts]
        chosen += [query_prompt + sentences[start] for start in starts]
        chosen += [passage_prompt + word for start in starts for word in sentences[start].split()[:2]]
    return [model.preprocess([text])["input_ids"].numpy() for text in chosen]


def _pipeline(model: "SentenceTransformer") -> "torch.nn.Module":
    """The pipeline as a module ``input_ids → (sentence_embedding, token_embeddings)`` for texts without padding."""
    import torch

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = with_upper_tokens(model)

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            features = self.model({"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)})
            return features["sentence_embedding"], features["token_embeddings"]

    return Pipeline().eval()


@contextmanager
def _without_mask() -> Iterator[None]:
    """Leave out the mask where every token hears every other one; windows and directions keep theirs."""
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, bidirectional_mask_function, eager_mask

    def mask(*args: object, **options: object) -> "torch.Tensor | None":
        return None if options.get("mask_function") is bidirectional_mask_function else eager_mask(*args, **options)

    ALL_MASK_ATTENTION_FUNCTIONS["eager"] = mask
    try:
        yield
    finally:
        del ALL_MASK_ATTENTION_FUNCTIONS["eager"]
