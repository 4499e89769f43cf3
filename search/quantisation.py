"""A graph in full precision made into one that computes in bytes.

What goes into a product is rounded to a byte at a scale that is measured beforehand, on sample texts. So a text's
vectors do not depend on what runs beside it, and no time goes into measuring while it runs. A few channels of a
transformer, often one in 1,500, carry values far beyond all others, and would leave these a few of the 256 steps: where
some stand out, they are divided by what makes them common, and their weights multiplied by it (Xiao et al.,
"SmoothQuant", 2023, arXiv:2211.10438; what channels these are: Dettmers et al., "LLM.int8()", 2022, arXiv:2208.07339).

How a model becomes a graph is the business of `search.export`. What else was tried is in docs/PERFORMANCE.md, measured
by `bench.graphs`.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Self

import numpy as np
import numpy.typing as npt
import onnx
from onnx.helper import make_node, make_tensor_value_info
from onnx.numpy_helper import from_array, to_array

from search.errors import ModelError

_APART = ("SkipLayerNormFusion",)
"""What ONNX Runtime is not to fuse: adding and normalising take eight times as long in one step as in two."""

_COMMON_PERCENTILE = 99
_OUTSTANDING = 2.0
"""How many times a channel has to reach beyond what is common for its product's input to be evened."""

_MARGIN = 1.15
"""How far a scale reaches beyond what sample texts gave; what still lies outside is taken for the utmost."""

_LEAST_LARGE_BYTES = 100_000
_ONE = from_array(np.ones(1, np.float32))

Ids = npt.NDArray[np.int64]
_Values = npt.NDArray[np.float32]


def quantise(source: Path, target: Path, samples: Sequence[Ids], *, apart: Sequence[str] = _APART) -> None:
    """Write the graph in `source` in int8 to `target`, and what is large of it to a file beside it, ``TARGET.data``.

    `samples` are texts as the graph reads them, ``(1, tokens)`` each. Weights of products have a scale per column. What
    a product is given has one of its own, and so has a table of words. See `fuse` for `apart`.
    """
    with TemporaryDirectory(dir=target.parent) as name:
        even, rough, fused = (Path(name, step) for step in ("even", "rough", "fused"))
        # What goes through one message has only those weights that stand in the same file: no message holds 2 GB.
        graph, light = onnx.load(source), onnx.load(source, load_external_data=False)
        ranks = _ranks(light)
        scales = _evened(graph, _measured(light, source.parent, samples))
        _sum_apart(graph, ranks)
        onnx.save(graph, even, save_as_external_data=True, location="weights", size_threshold=_LEAST_LARGE_BYTES)
        quantise_as_it_runs(even, rough)
        fuse(rough, fused, apart=apart, beside=False)
        onnx.save(_with_scales(onnx.load(fused), scales), fused)
        fuse(fused, target, apart=apart)


def quantise_as_it_runs(source: Path, target: Path) -> None:
    """Write the graph in `source` in int8 to `target`; what products are given has scales measured while it runs."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    logging.getLogger().addFilter(_not_preprocessed)
    try:
        quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.getLogger().removeFilter(_not_preprocessed)


def fuse(source: Path, target: Path, *, apart: Sequence[str] = _APART, beside: bool = True) -> None:
    """Write the graph in `source` to `target` as ONNX Runtime would run it on any processor, but for fusions `apart`.

    So loading it takes no thought. What is large of it goes to a file beside `target`, if it is to. GELU is taken by
    tanh (Hendrycks and Gimpel, 2016, arXiv:1606.08415), which is quicker than by erf, and as good in bytes.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.add_session_config_entry("optimization.enable_gelu_approximation", "1")
    if beside:
        data = "session.optimized_model_external_initializers"
        options.add_session_config_entry(f"{data}_file_name", f"{target.name}.data")
        options.add_session_config_entry(f"{data}_min_size_in_bytes", str(_LEAST_LARGE_BYTES))
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(apart))


@dataclass(frozen=True, slots=True)
class _Reach:
    """From where to where each channel of what a product is given goes, ``(channels,)``; 0 lies between."""

    low: _Values
    high: _Values

    @classmethod
    def of(cls, values: _Values) -> Self:
        """That of values whose last axis are the channels."""
        rows = values.reshape(-1, values.shape[-1])
        return cls(rows.min(axis=0, initial=0), rows.max(axis=0, initial=0))

    def with_(self, other: Self) -> Self:
        """What holds both."""
        return type(self)(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def divisors(self) -> _Values:
        """By what to divide each channel so that none stands out: 1 for most, or for all where none does."""
        furthest = np.maximum(-self.low, self.high)
        common = np.percentile(furthest, _COMMON_PERCENTILE)
        if furthest.max() < _OUTSTANDING * common or not common:
            return np.ones_like(furthest)
        return np.asarray(np.maximum(furthest / common, 1), np.float32)

    def scale(self, divisors: _Values) -> tuple[np.float32, np.uint8]:
        """How far apart the 256 steps are that the divided channels are rounded to, and which of them is 0."""
        low, high = _MARGIN * (self.low / divisors).min(), _MARGIN * (self.high / divisors).max()
        step = max((high - low) / 255, np.finfo(np.float32).tiny)
        return np.float32(step), np.uint8(np.clip(np.rint(-low / step), 0, 255))


_Scales = dict[str, tuple[np.float32, np.uint8]]


def _products(graph: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The products of what a text gives and weights."""
    weights = {each.name for each in graph.graph.initializer}
    return [node for node in graph.graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def _measured(graph: onnx.ModelProto, folder: Path, samples: Sequence[Ids]) -> dict[str, _Reach]:
    """What the products of a graph are given for these texts, by its name; what else it needs stands in `folder`."""
    import onnxruntime

    names = list(dict.fromkeys(node.input[0] for node in _products(graph)))
    graph.graph.output.extend(make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    with NamedTemporaryFile(dir=folder) as telling:
        telling.write(graph.SerializeToString())
        telling.flush()
        session = onnxruntime.InferenceSession(telling.name, options, providers=["CPUExecutionProvider"])
    reaches: dict[str, _Reach] = {}
    for ids in samples:
        found = map(_Reach.of, session.run(names, {session.get_inputs()[0].name: ids}))
        for name, reach in zip(names, found, strict=True):
            reaches[name] = reaches[name].with_(reach) if name in reaches else reach
    return reaches


def _ranks(graph: onnx.ModelProto) -> dict[str, int]:
    """How many axes the values of a graph have, as far as it tells."""
    known = onnx.shape_inference.infer_shapes(graph).graph.value_info
    return {each.name: len(each.type.tensor_type.shape.dim) for each in known}


def _evened(graph: onnx.ModelProto, reaches: Mapping[str, _Reach]) -> _Scales:
    """Divide the channels that stand out, in the graph itself; the scale of what each product is given then."""
    weights = {each.name: each for each in graph.graph.initializer}
    products = {node.name for node in _products(graph)}
    scales: _Scales = {}
    nodes = []
    for node in graph.graph.node:
        if node.name in products:
            given, weight = node.input[:2]
            divisors = reaches[given].divisors()
            even = given if (divisors == 1).all() else f"{given}/even"
            if even not in scales:
                scales[even] = reaches[given].scale(divisors)
                if even != given:
                    graph.graph.initializer.append(from_array(1 / divisors, f"{even}/by"))
                    nodes.append(make_node("Mul", [given, f"{even}/by"], [even], name=even))
            if even != given:
                node.input[:2] = [even, f"{node.name}/weight"]
                divided = to_array(weights[weight]) * divisors[:, None]
                graph.graph.initializer.append(from_array(divided, f"{node.name}/weight"))
        nodes.append(node)
    _replace(graph, nodes)
    return scales


def _sum_apart(graph: onnx.ModelProto, ranks: Mapping[str, int]) -> None:
    """Take sums over the tokens of ``(texts, tokens, width)`` as products with ones, which are the same for each text.

    ONNX Runtime's sums add the tokens of one text in another order than those of several.
    """
    constants = {each.name: each for each in graph.graph.initializer}
    constants |= {node.output[0]: node.attribute[0].t for node in graph.graph.node if node.op_type == "Constant"}
    over_tokens = {name for name, each in constants.items() if each.dims == [1] and to_array(each).tolist() == [1]}
    nodes = []
    for node in graph.graph.node:
        if node.op_type == "ReduceSum" and ranks.get(node.input[0]) == 3 and node.input[1] in over_tokens:
            length, ones = f"{node.name}/length", f"{node.name}/ones"
            nodes.append(make_node("Shape", node.input[:1], [length], length, start=1, end=2))
            nodes.append(make_node("ConstantOfShape", [length], [ones], ones, value=_ONE))
            nodes.append(make_node("MatMul", [ones, node.input[0]], node.output, node.name))
        else:
            nodes.append(node)
    _replace(graph, nodes)


def _not_preprocessed(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()


def _with_scales(graph: onnx.ModelProto, scales: _Scales) -> onnx.ModelProto:
    """The fused graph with these scales in place of those that it would measure while it runs."""
    nodes = []
    for node in graph.graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            rounded, scale, zero = node.output
            nodes += _rounding(graph, node.input[0], rounded, (scale, zero), scales)
        elif node.op_type == "DynamicQuantizeMatMul":
            given, weight, weight_scale, *others = node.input
            rounded, scale, zero = (f"{node.name}/{part}" for part in ("rounded", "scale", "zero"))
            nodes += _rounding(graph, given, rounded, (scale, zero), scales)
            inputs = [rounded, weight, scale, weight_scale, zero, *others]
            nodes.append(make_node("MatMulIntegerToFloat", inputs, node.output, node.name, domain=node.domain))
        else:
            nodes.append(node)
    _replace(graph, nodes)
    return graph


def _rounding(
    graph: onnx.ModelProto, given: str, rounded: str, names: tuple[str, str], scales: _Scales
) -> list[onnx.NodeProto]:
    """What rounds a value to bytes, its scale and zero under these names."""
    if given not in scales:
        raise ModelError(f"What the model multiplies as {given!r} was not measured.", hint="Name another model.")
    for name, value in zip(names, scales[given], strict=True):
        graph.graph.initializer.append(from_array(np.asarray(value), name))
    return [make_node("QuantizeLinear", [given, *names], [rounded], name=rounded)]


def _replace(graph: onnx.ModelProto, nodes: Sequence[onnx.NodeProto]) -> None:
    kept = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.graph.node[:]
    graph.graph.node.extend(kept)
