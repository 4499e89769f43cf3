"""Graphs in bytes: how near they stay to full precision, whatever stands out, and that no text hears of another."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info
from onnx.numpy_helper import from_array

from search.export import export
from search.quantisation import Ids, quantise, quantise_as_it_runs
from tests.search.models import bert, one_way, windowed, write_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel

WORDS, WIDTH, OUTSTANDING = 50, 400, 7
PRODUCT = make_node("MatMul", ["rows", "weights"], ["out"], "product")
Values = npt.NDArray[Any]


@pytest.fixture
def table() -> Values:
    return np.random.default_rng(0).standard_normal((WORDS, WIDTH)).astype(np.float32)


@pytest.fixture
def weights() -> Values:
    return np.random.default_rng(1).standard_normal((WIDTH, WIDTH)).astype(np.float32)


def write_graph(path: Path, nodes: Sequence[onnx.NodeProto], constants: Mapping[str, Values]) -> Path:
    """A graph ``ids (texts, tokens) → out``."""
    given = [make_tensor_value_info("ids", onnx.TensorProto.INT64, ["texts", "tokens"])]
    out = [make_tensor_value_info("out", onnx.TensorProto.FLOAT, None)]
    graph = make_graph(nodes, "small", given, out, [from_array(value, name) for name, value in constants.items()])
    onnx.save(make_model(graph, opset_imports=[make_opsetid("", 18)], ir_version=9), path)
    return path


def write_products(path: Path, table: Values, *nodes: onnx.NodeProto, **constants: Values) -> Path:
    """A graph that looks ids up in a table, whose rows stay as they are, and computes on with these ``rows``."""
    looked_up = [
        make_node("Unsqueeze", ["ids", "last"], ["places"]),
        make_node("GatherND", ["table", "places"], ["rows"]),
    ]
    return write_graph(path, [*looked_up, *nodes], {"table": table, "last": np.array([-1]), **constants})


def run(path: Path, ids: Ids) -> Values:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"ids": ids})[0])


def all_words() -> Ids:
    return np.arange(WORDS)[None]


def error(found: Values, exact: Values) -> float:
    return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))


def test_a_channel_that_stands_out_leaves_the_others_their_steps(
    table: Values, weights: Values, tmp_path: Path
) -> None:
    table[:, OUTSTANDING] *= 100.0
    weights[OUTSTANDING] /= 100.0
    source = write_products(tmp_path / "graph.onnx", table, PRODUCT, weights=weights)
    quantise(source, tmp_path / "even.onnx", [all_words()])
    quantise_as_it_runs(source, tmp_path / "plain.onnx")
    plain, even = (error(run(tmp_path / name, all_words())[0], table @ weights) for name in ("plain.onnx", "even.onnx"))
    assert even < 0.02 < 10 * even < plain


def test_products_that_share_their_weights_are_each_right(table: Values, weights: Values, tmp_path: Path) -> None:
    larger = np.ones(WIDTH, np.float32)
    larger[OUTSTANDING] = 50
    nodes = [
        make_node("MatMul", ["rows", "weights"], ["once"], "first"),
        make_node("Mul", ["once", "larger"], ["much"]),
        make_node("MatMul", ["much", "weights"], ["out"], "second"),
    ]
    source = write_products(tmp_path / "graph.onnx", table, *nodes, weights=weights, larger=larger)
    quantise(source, tmp_path / "small.onnx", [all_words()])
    assert error(run(tmp_path / "small.onnx", all_words())[0], table @ weights * larger @ weights) < 0.05


def test_what_reaches_beyond_the_samples_is_taken_for_the_utmost(
    table: Values, weights: Values, tmp_path: Path
) -> None:
    known = table[:-1]
    table[-1] *= 3.0
    source = write_products(tmp_path / "graph.onnx", table, PRODUCT, weights=weights)
    quantise(source, tmp_path / "small.onnx", [all_words()[:, :-1]])
    expected = table.clip(1.15 * known.min(), 1.15 * known.max()) @ weights
    assert error(run(tmp_path / "small.onnx", all_words())[0], expected) < 0.02


def test_weights_may_stand_beside_the_source(table: Values, weights: Values, tmp_path: Path) -> None:
    """As those of a model with more than 2 GB do."""
    together = write_products(tmp_path / "together.onnx", table, PRODUCT, weights=weights)
    apart = tmp_path / "apart.onnx"
    onnx.save(onnx.load(together), apart, save_as_external_data=True, location="apart.data", size_threshold=1_000)
    assert apart.stat().st_size < 2_000
    for source in (together, apart):
        quantise(source, source.with_suffix(".small"), [all_words()])
    one, other = (run(source.with_suffix(".small"), all_words()) for source in (together, apart))
    np.testing.assert_array_equal(one, other)


def test_what_is_large_stands_beside_the_graph(tmp_path: Path) -> None:
    table = np.random.default_rng(0).standard_normal((500, 300)).astype(np.float32)
    source = write_graph(tmp_path / "table.onnx", [make_node("Gather", ["table", "ids"], ["out"])], {"table": table})
    quantise(source, tmp_path / "small.onnx", [])
    assert {path.name for path in tmp_path.iterdir()} == {"table.onnx", "small.onnx", "small.onnx.data"}
    assert (tmp_path / "small.onnx").stat().st_size < 5_000
    assert table.size <= (tmp_path / "small.onnx.data").stat().st_size < 1.1 * table.size
    rows = run(tmp_path / "small.onnx", np.arange(500)[None])[0]
    assert np.abs(rows - table).max() <= 0.501 * np.abs(table).max() / 127 * 2


@pytest.mark.parametrize("network", [bert, windowed, one_way])
def test_no_text_hears_of_those_beside_it(network: "Callable[[], PreTrainedModel]", tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(write_model(tmp_path, network())), device="cpu")
    alike = np.random.default_rng(0).integers(4, len(model.tokenizer), (3, 9))
    export(model, tmp_path / "graph.onnx")
    quantise(tmp_path / "graph.onnx", tmp_path / "small.onnx", [ids[None] for ids in alike])
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    vectors, tokens = session.run(["sentence_embedding", "token_embeddings"], {"input_ids": alike})
    exact = onnxruntime.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    for at, ids in enumerate(alike):
        (vector,), (its_tokens,) = session.run(["sentence_embedding", "token_embeddings"], {"input_ids": ids[None]})
        np.testing.assert_array_equal(vectors[at], vector)
        np.testing.assert_array_equal(tokens[at], its_tokens)
        assert error(vector, exact.run(["sentence_embedding"], {"input_ids": ids[None]})[0][0]) < 0.05
