"""Graphs: what they leave out changes nothing, for networks of every kind."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest

from search.export import export, quantise
from tests.search.models import LENGTH, SENTENCES, bert, one_way, windowed, write_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Long enough to reach beyond a window.
LONG = " ".join(SENTENCES * 3)


@pytest.mark.parametrize("network", [bert, windowed, one_way])
def test_a_graph_gives_what_the_model_gives(network: "Callable[[], PreTrainedModel]", tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(write_model(tmp_path, network())), device="cpu")
    export(model, tmp_path / "graph.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    for text in (*SENTENCES, LONG):
        ids = model.preprocess([text])["input_ids"].numpy()
        (vector,), (tokens,) = session.run(["sentence_embedding", "token_embeddings"], {"input_ids": ids})
        assert vector == pytest.approx(model.encode(text), abs=1e-4)
        assert tokens.shape == (min(len(ids[0]), LENGTH), 32)


def test_a_graph_has_no_mask_where_all_tokens_hear_each_other(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    masked = {}
    for network in (bert, windowed):
        folder = tmp_path / network.__name__
        folder.mkdir()
        export(SentenceTransformer(str(write_model(folder, network())), device="cpu"), folder / "graph.onnx")
        nodes = onnx.load(folder / "graph.onnx").graph.node
        made_by = {output: node.op_type for node in nodes for output in node.output}
        masked[network] = [made_by[node.input[0]] == "Add" for node in nodes if node.op_type == "Softmax"]
    assert masked == {bert: [False, False], windowed: [False, True]}


def test_what_is_large_stands_beside_the_graph(tmp_path: Path) -> None:
    table = np.random.default_rng(0).standard_normal((500, 300)).astype(np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "ids"], ["rows"])],
        "table",
        [onnx.helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["n"])],
        [onnx.helper.make_tensor_value_info("rows", onnx.TensorProto.FLOAT, ["n", 300])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    opset = onnx.helper.make_opsetid("", 18)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=9), tmp_path / "table.onnx")
    quantise(tmp_path / "table.onnx", tmp_path / "small.onnx")
    assert {path.name for path in tmp_path.iterdir()} == {"table.onnx", "small.onnx", "small.onnx.data"}
    assert (tmp_path / "small.onnx").stat().st_size < 5_000
    assert table.size <= (tmp_path / "small.onnx.data").stat().st_size < 1.1 * table.size
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    (rows,) = session.run(["rows"], {"ids": np.arange(500)})
    assert np.abs(rows - table).max() <= 0.501 * np.abs(table).max() / 127 * 2
