"""A sentence-transformers model as a graph for ONNX Runtime, in int8.

The graph reads one text at a time, so it has no padding and needs no attention mask. What is large of it stands in a
file of its own, which ONNX Runtime maps: of the many rows of the table of words a text needs a hundred. What else was
tried is in docs/PERFORMANCE.md, measured by `bench.graphs`.
"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import ModelError
from search.layers import with_upper_tokens

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_OPSET = 18
_LEAST_LARGE_BYTES = 100_000

_APART = ("SkipLayerNormFusion",)
"""What ONNX Runtime is not to fuse: adding and normalising take eight times as long in one step as in two."""


def export(model: "SentenceTransformer", path: Path) -> None:
    """Trace the whole pipeline (transformer, pooling and what follows) to one graph in full precision.

    The graph is ``input_ids (1, n) → sentence_embedding (1, dim), token_embeddings (1, n, width)``, the latter as
    `search.layers` has them. Attention is exported in its plain form and by the TorchScript exporter, which needs no
    further package.
    """
    if model.transformers_model is None:
        raise ModelError("The model is not a transformer.", hint="Name a sentence-transformers model that is one.")
    model.transformers_model.set_attn_implementation("eager")
    with _without_mask():
        trace(model, path)


def trace(model: "SentenceTransformer", path: Path) -> None:
    """As `export`, with attention as it is set, and with a mask."""
    import torch

    example = model.preprocess(["one passage"])
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing and on its own age
        torch.onnx.export(
            _pipeline(model),
            (example["input_ids"],),
            str(path),
            input_names=["input_ids"],
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_axes={"input_ids": {1: "tokens"}, "token_embeddings": {1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )


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


def quantise(source: Path, target: Path, *, apart: Sequence[str] = _APART) -> None:
    """Write the graph in `source` in int8 to `target`, and what is large of it to a file beside it, ``TARGET.data``.

    Weights of products have a scale per column, activations are quantised as they come. See `fuse` for `apart`.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    rough = target.with_suffix(".rough")
    logging.getLogger().addFilter(_not_preprocessed)
    try:
        quantize_dynamic(source, rough, per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.getLogger().removeFilter(_not_preprocessed)
    fuse(rough, target, apart=apart)
    rough.unlink()


def fuse(source: Path, target: Path, *, apart: Sequence[str] = _APART) -> None:
    """Write the graph in `source` to `target` as ONNX Runtime would run it on any processor, but for fusions `apart`.

    So loading it takes no thought.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    data = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{data}_file_name", f"{target.name}.data")
    options.add_session_config_entry(f"{data}_min_size_in_bytes", str(_LEAST_LARGE_BYTES))
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(apart))


def _not_preprocessed(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()
