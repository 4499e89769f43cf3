"""The most int8 arithmetic that this machine does: products of matrices by ONNX Runtime, in the shapes of a model.

A text of so many tokens is a matrix ``(tokens, inner)`` of unsigned bytes, a layer's weights one ``(inner, outer)`` of
signed ones. Every core works for itself, as Jisr's encoder has it, which is how most is done.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.sample import Sample

TOKENS = (128, 256, 512)
"""Lengths of texts that are tried; the best counts."""

_SECONDS = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One kind of linear layer: its weights ``(inner, outer)`` and how often a model has it."""

    name: str
    inner: int
    outer: int
    times: int

    @property
    def operations(self) -> int:
        """Multiplications and additions that a token costs in all layers of this kind."""
        return 2 * self.inner * self.outer * self.times


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One shape of a product: operations a second of all cores, round by round."""

    layer: str
    tokens: int
    rates: Sample


def layers(config: Path) -> list[Layer]:
    """The linear layers of a BERT-like model, by its ``config.json``; those of attention's inputs as one product."""
    values = json.loads(config.read_text("utf-8"))
    width, inner, times = values["hidden_size"], values["intermediate_size"], values["num_hidden_layers"]
    return [
        Layer(name="attention, in", inner=width, outer=3 * width, times=times),
        Layer(name="attention, out", inner=width, outer=width, times=times),
        Layer(name="feed-forward, in", inner=width, outer=inner, times=times),
        Layer(name="feed-forward, out", inner=inner, outer=width, times=times),
    ]


def mixed_rate(model: Sequence[Layer], rates: dict[str, float]) -> float:
    """Operations a second of the whole model, when each layer runs at the rate that stands under its name."""
    total = sum(layer.operations for layer in model)
    return total / sum(layer.operations / rates[layer.name] for layer in model)


class Peak:
    """Products of a model's shapes, ready to be timed."""

    def __init__(self, model: Sequence[Layer], tokens: Iterable[int] = TOKENS) -> None:
        self._cores = len(os.sched_getaffinity(0))
        self._products = [_Product(layer, length) for layer in model for length in tokens]
        self._rates: dict[tuple[str, int], list[float]] = {
            (product.layer.name, product.tokens): [] for product in self._products
        }
        self._model = model

    def measure(self) -> float:
        """Time every product once; the operations a second of the model at each layer's best length."""
        best: dict[str, float] = {}
        with ThreadPoolExecutor(self._cores) as cores:
            for product in self._products:
                until = time.perf_counter() + _SECONDS
                rate = sum(cores.map(product.rate, [until] * self._cores))
                self._rates[product.layer.name, product.tokens].append(rate)
                best[product.layer.name] = max(best.get(product.layer.name, 0.0), rate)
        return mixed_rate(self._model, best)

    def products(self) -> list[Product]:
        """What was measured of each product."""
        return [
            Product(layer=name, tokens=tokens, rates=Sample(tuple(rates)))
            for (name, tokens), rates in self._rates.items()
        ]


class _Product:
    """``MatMulInteger`` of one shape, in one thread."""

    def __init__(self, layer: Layer, tokens: int) -> None:
        import onnxruntime  # type: ignore[import-untyped]

        self.layer = layer
        self.tokens = tokens
        chance = np.random.default_rng(0)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            _graph(layer, tokens, chance), options, providers=["CPUExecutionProvider"]
        )
        self._feed = {"x": chance.integers(0, 255, (tokens, layer.inner)).astype(np.uint8)}
        self._operations = 2 * tokens * layer.inner * layer.outer
        self._session.run(None, self._feed)

    def rate(self, until: float) -> float:
        """Operations a second until a moment, of one thread among others."""
        started, runs = time.perf_counter(), 0
        while time.perf_counter() < until:
            self._session.run(None, self._feed)
            runs += 1
        return runs * self._operations / (time.perf_counter() - started)


def _graph(layer: Layer, tokens: int, chance: np.random.Generator) -> Any:
    from onnx import TensorProto, helper, numpy_helper

    weights = chance.integers(-127, 127, (layer.inner, layer.outer)).astype(np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "weights", "zero"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [tokens, layer.inner])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [tokens, layer.outer])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array(128, np.uint8), "zero")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return model.SerializeToString()
