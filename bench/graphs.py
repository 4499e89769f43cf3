"""Ways to export the model and to shorten its numbers, compared.

Run as ``python -m bench.graphs CACHE TEXTS.json ROUNDS``; `compare_graphs` does that in a process of its own. Each
graph runs in Jisr's own engine, so that nothing but the graph differs.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import onnx

from bench.processes import run_module
from search.export import export, samples, trace
from search.model import PreparedModel, prepare
from search.quantisation import fuse, quantise, quantise_as_it_runs
from search.settings import Device, Settings
from search.shift import parallel_text

if TYPE_CHECKING:
    from search.encoder import Encoder

PREPARED = "as prepared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """One graph. `rates` are passages a second, round by round; the cosines are to full precision on torch."""

    name: str
    size_bytes: int
    rates: tuple[float, ...]
    lowest_cosine: float
    mean_cosine: float

    @property
    def rate(self) -> float:
        """Passages a second, the median of the rounds."""
        return median(self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphs:
    """All graphs of one run, the prepared model's own first."""

    passages: int
    graphs: tuple[Graph, ...]


def compare_graphs(cache: Path, texts: Path, rounds: int) -> Graphs:
    """Make and run every variant over the passages in a JSON file; needs a few minutes."""
    said = run_module("bench.graphs", cache, texts, str(rounds)).json()
    graphs = tuple(Graph(**graph | {"rates": tuple(graph["rates"])}) for graph in said["graphs"])
    return Graphs(passages=said["passages"], graphs=graphs)


def main(cache: str, texts: str, rounds: str) -> None:
    """Print the figures of all variants."""
    passages: list[str] = json.loads(Path(texts).read_text("utf-8"))
    prepared = prepare(Settings.load(cache=cache))
    with tempfile.TemporaryDirectory(prefix="jisr-graphs-") as folder:
        variants = {PREPARED: prepared} | _variants(prepared, Path(folder))
        graphs = list(_figures(variants, prepared, passages, int(rounds)))
    print(json.dumps({"passages": len(passages), "graphs": list(map(asdict, graphs))}))


def _variants(prepared: PreparedModel, folder: Path) -> dict[str, PreparedModel]:
    """The prepared model with other graphs, each in a folder of its own."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(prepared.sentence_transformers), device="cpu")
    full, masked = folder / "full.onnx", folder / "masked.onnx"
    export(model, full)
    trace(model, masked)
    texts = samples(model, parallel_text(), prepared.query_prompt, prepared.passage_prompt)
    makers: dict[str, Callable[[Path], None]] = {
        "the same once more": lambda target: quantise(full, target, texts),
        "scales measured as it runs, channels as they are": lambda target: _as_it_runs(full, target),
        "with an attention mask": lambda target: quantise(masked, target, texts),
        "adding and normalising in one step": lambda target: quantise(full, target, texts, apart=()),
        "4-bit weights in blocks of 32": lambda target: _in_blocks(full, target, bits=4),
        "8-bit weights in blocks of 32": lambda target: _in_blocks(full, target, bits=8),
        "full precision": lambda target: fuse(full, target),
    }
    found = {}
    for number, (name, make) in enumerate(makers.items()):
        variant = replace(prepared, folder=folder / str(number))
        variant.folder.mkdir()
        variant.sentence_transformers.symlink_to(prepared.sentence_transformers)
        make(variant.onnx)
        found[name] = variant
    return found


def _as_it_runs(full: Path, target: Path) -> None:
    rough = target.with_suffix(".rough")
    quantise_as_it_runs(full, rough)
    fuse(rough, target)


def _in_blocks(full: Path, target: Path, *, bits: int) -> None:
    """Weights in blocks with a scale each, as MatMulNBits takes them; it rounds activations to bytes, too."""
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer  # type: ignore[import-untyped]

    quantiser = MatMulNBitsQuantizer(onnx.load(full), bits=bits, block_size=32, is_symmetric=True, accuracy_level=4)
    quantiser.process()
    rough = target.with_suffix(".rough")
    quantiser.model.save_model_to_file(str(rough))
    fuse(rough, target)


def _figures(
    variants: dict[str, PreparedModel], prepared: PreparedModel, passages: list[str], rounds: int
) -> Iterator[Graph]:
    """Run the variants in turn, round after round."""
    from search.encoder import open_encoder

    exact = open_encoder(prepared, Device.TORCH).encode_passages(passages)
    encoders = {name: open_encoder(model) for name, model in variants.items()}
    cosines = {name: (encoder.encode_passages(passages) * exact).sum(axis=1) for name, encoder in encoders.items()}
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, encoder in encoders.items():
            rates[name].append(len(passages) / _seconds(encoder, passages))
    for name, model in variants.items():
        yield Graph(
            name=name,
            size_bytes=model.onnx_bytes,
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
