"""A sentence-transformers folder as an ONNX model for fastembed, in full precision and in int8.

Run as ``python -m bench.engines.export MODEL FOLDER``, where torch, onnx and onnxruntime are; it imports nothing of
Jisr. The int8 graph is what ONNX Runtime's own tool makes of the other.
"""

import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

FULL, INT8 = "model.onnx", "model.int8.onnx"
_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def main(source: str, folder: str) -> None:
    """Write both graphs and the tokenizer's files to a folder that is there."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    target = Path(folder)
    for name in _FILES:
        if Path(source, name).is_file():
            shutil.copy(Path(source, name), target / name)
    _export(source, target / FULL)
    quantize_dynamic(target / FULL, target / INT8, per_channel=True, weight_type=QuantType.QInt8)


def _export(source: str, path: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    class LastLayer(torch.nn.Module):
        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            layer: torch.Tensor = self.model(input_ids, attention_mask).last_hidden_state
            return layer

    model = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    example = AutoTokenizer.from_pretrained(source)(["one", "another, longer"], padding=True, return_tensors="pt")
    names = ["input_ids", "attention_mask"]
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing and on its own age
        torch.onnx.export(
            LastLayer(model),
            tuple(example[name] for name in names),
            str(path),
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*names, "last_hidden_state")},
            opset_version=18,
            dynamo=False,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
