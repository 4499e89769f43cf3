"""Graphs: what they leave out changes nothing, for networks of every kind."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest

from search.export import export
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
