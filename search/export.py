"""A sentence-transformers model as a graph for ONNX Runtime, in int8.

The graph reads one text at a time, so it has no padding and needs no attention mask. Its tables of vectors stand in a
file of their own, which ONNX Runtime maps: a text needs a hundred rows of the many.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import helper, numpy_helper

from search.errors import ModelError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_OPSET = 18
_OUTPUTS = ("sentence_embedding", "token_embeddings")
_LEAST_LARGE_BYTES = 100_000
_INT8_MAX = 127


def export(model: "SentenceTransformer", path: Path) -> None:
    """Trace the whole pipeline (transformer, pooling and what follows) to one graph in full precision.

    The graph is ``input_ids (1, n) → sentence_embedding (1, dim), token_embeddings (1, n, width)``. Attention is
    exported in its plain form and by the TorchScript exporter: of the graphs tried none ran faster (see
    docs/PERFORMANCE.md), and this exporter needs no further package.
    """
    import torch

    if model.transformers_model is None:
        raise ModelError("The model is not a transformer.", hint="Name a sentence-transformers model that is one.")
    model.transformers_model.set_attn_implementation("eager")
    example = model.preprocess(["one passage"])
    with torch.inference_mode(), warnings.catch_warnings(), _without_mask():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing and on its own age
        torch.onnx.export(
            traceable(model),
            (example["input_ids"],),
            str(path),
            input_names=["input_ids"],
            output_names=list(_OUTPUTS),
            dynamic_axes={"input_ids": {1: "tokens"}, "token_embeddings": {1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def traceable(model: "SentenceTransformer") -> "torch.nn.Module":
    """The pipeline as a module ``input_ids → (sentence_embedding, token_embeddings)`` for texts without padding."""
    import torch

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

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


def quantise(source: Path, target: Path) -> None:
    """Write the graph in `source` in int8 to `target`, and what is large of it to a file beside it, ``TARGET.data``.

    Weights of products have a scale per column, activations are quantised as they come. Tables of vectors have a scale
    per row. What ONNX Runtime fuses is fused for good, so that loading the graph takes no thought.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    rough = target.with_suffix(".rough")
    logging.getLogger().addFilter(_not_preprocessed)
    try:
        quantize_dynamic(source, rough, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
    finally:
        logging.getLogger().removeFilter(_not_preprocessed)
    model = onnx.load(rough)
    _quantise_tables(model.graph)
    onnx.save(model, rough)
    _fuse(rough, target)
    rough.unlink()


def _fuse(source: Path, target: Path) -> None:
    """Write the graph in `source` to `target` as ONNX Runtime would run it on any processor.

    Adding and normalising stay apart: as one step they take eight times as long as two.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    data = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{data}_file_name", f"{target.name}.data")
    options.add_session_config_entry(f"{data}_min_size_in_bytes", str(_LEAST_LARGE_BYTES))
    onnxruntime.InferenceSession(
        source, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def _quantise_tables(graph: onnx.GraphProto) -> None:
    tables = {tensor.name: tensor for tensor in graph.initializer if len(tensor.dims) == 2}
    nodes = []
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in tables:
            nodes += _quantised_gather(graph, node, tables[node.input[0]])
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _quantised_gather(graph: onnx.GraphProto, gather: onnx.NodeProto, table: onnx.TensorProto) -> list[onnx.NodeProto]:
    """Nodes that give what `gather` gave, from a table in int8 and the scales of its rows."""
    values = numpy_helper.to_array(table)
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / _INT8_MAX, np.finfo(np.float32).tiny)
    rows, scale, name = f"{table.name}_int8", f"{table.name}_scale", gather.output[0]
    graph.initializer.remove(table)
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.rint(values / scales).astype(np.int8), rows),
            numpy_helper.from_array(scales, scale),
        ]
    )
    return [
        helper.make_node("Gather", [rows, gather.input[1]], [f"{name}_int8"]),
        helper.make_node("Gather", [scale, gather.input[1]], [f"{name}_scale"]),
        helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]),
    ]


def _not_preprocessed(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()
