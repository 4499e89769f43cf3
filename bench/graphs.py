"""Ways to export the model, compared: torch's two exporters, and attention in its plain and in its fused form.

Run as ``python -m bench.graphs CACHE TEXTS.json ROUNDS``; `compare_graphs` does that in a process of its own. Each
graph is quantised like the prepared model and runs in Jisr's own engine, so that nothing but the graph differs.
"""

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.machine import Machine
from bench.processes import run_module
from search.export import quantise, traceable
from search.model import PreparedModel, prepare
from search.settings import Device, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from search.encoder import Encoder

_OUTPUTS = ["sentence_embedding", "token_embeddings"]
_OPSET = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """One graph, or the prepared model's own, in int8.

    `rates` are passages a second, round by round. The cosines are to full precision on torch, over all passages.
    """

    exporter: str
    attention: str
    rates: tuple[float, ...]
    lowest_cosine: float
    mean_cosine: float

    @property
    def rate(self) -> float:
        """Passages a second, the median of the rounds."""
        return median(self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphs:
    """All graphs of one run. `skipped` says what was left out and why."""

    machine: Machine
    passages: int
    graphs: tuple[Graph, ...]
    skipped: tuple[str, ...]


def compare_graphs(cache: Path, texts: Path, rounds: int) -> Graphs:
    """Export, quantise and run every variant over the passages in a JSON file; needs a minute or two for each."""
    machine = Machine.here()
    said = run_module("bench.graphs", cache, texts, str(rounds)).json()
    graphs = tuple(Graph(**graph | {"rates": tuple(graph["rates"])}) for graph in said["graphs"])
    return Graphs(machine=machine, passages=said["passages"], graphs=graphs, skipped=tuple(said["skipped"]))


def main(cache: str, texts: str, rounds: str) -> None:
    """Print the figures of all variants."""
    passages: list[str] = json.loads(Path(texts).read_text("utf-8"))
    prepared = prepare(Settings.load(cache=cache))
    skipped = []
    with tempfile.TemporaryDirectory(prefix="jisr-graphs-") as folder:
        variants = {("as prepared", "as prepared"): prepared}
        for dynamo, exporter in ((False, "TorchScript"), (True, "dynamo")):
            if dynamo and not find_spec("onnxscript"):
                skipped.append("dynamo: needs the package onnxscript, which Jisr does not depend on")
                continue
            for attention in ("eager", "sdpa"):
                target = Path(folder, f"{exporter}-{attention}")
                variants[exporter, attention] = _variant(prepared, target, attention, dynamo=dynamo)
        graphs = list(_figures(variants, prepared, passages, int(rounds)))
    print(json.dumps({"passages": len(passages), "graphs": list(map(asdict, graphs)), "skipped": skipped}))


def _variant(prepared: PreparedModel, folder: Path, attention: str, *, dynamo: bool) -> PreparedModel:
    """The prepared model with another graph, in a folder of its own."""
    from sentence_transformers import SentenceTransformer

    folder.mkdir()
    variant = replace(prepared, folder=folder)
    variant.sentence_transformers.symlink_to(prepared.sentence_transformers)
    model = SentenceTransformer(
        str(prepared.sentence_transformers), device="cpu", model_kwargs={"attn_implementation": attention}
    )
    _export(model, folder / "model.onnx", dynamo=dynamo)
    quantise(folder / "model.onnx", variant.onnx)
    for full in folder.glob("model.onnx*"):
        full.unlink()
    return variant


def _export(model: "SentenceTransformer", path: Path, *, dynamo: bool) -> None:
    import torch

    if dynamo:
        shapes: dict[str, Any] = {"dynamic_shapes": {"input_ids": {1: torch.export.Dim.AUTO}}}
    else:
        shapes = {"dynamic_axes": {"input_ids": {1: "tokens"}, "token_embeddings": {1: "tokens"}}}
    example = model.preprocess(["one passage"])
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing and on its own age
        torch.onnx.export(
            traceable(model),
            (example["input_ids"],),
            str(path),
            input_names=["input_ids"],
            output_names=_OUTPUTS,
            opset_version=_OPSET,
            dynamo=dynamo,
            verbose=False,
            **shapes,
        )


def _figures(
    variants: dict[tuple[str, str], PreparedModel], prepared: PreparedModel, passages: list[str], rounds: int
) -> Iterator[Graph]:
    """Run the variants in turn, round after round."""
    from search.encoder import open_encoder

    exact = open_encoder(prepared, Device.TORCH).encode_passages(passages)
    encoders = {name: open_encoder(model) for name, model in variants.items()}
    cosines = {name: (encoder.encode_passages(passages) * exact).sum(axis=1) for name, encoder in encoders.items()}
    rates: dict[tuple[str, str], list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, encoder in encoders.items():
            rates[name].append(len(passages) / _seconds(encoder, passages))
    for name in variants:
        yield Graph(
            exporter=name[0],
            attention=name[1],
            rates=tuple(rates[name]),
            lowest_cosine=float(np.min(cosines[name])),
            mean_cosine=float(np.mean(cosines[name])),
        )


def _seconds(encoder: "Encoder", passages: list[str]) -> float:
    started = time.perf_counter()
    encoder.encode_passages(passages)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
