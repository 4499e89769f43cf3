"""What tokens are made of, in models of any depth."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest

from search.export import export
from search.layers import with_upper_tokens
from tests.search.models import SENTENCES, bert, write_model

if TYPE_CHECKING:
    import torch


@pytest.mark.parametrize(("depth", "upper"), [(1, [1]), (4, [3, 4]), (5, [3, 4, 5]), (8, [5, 6, 7, 8])])
def test_tokens_are_the_mean_of_the_upper_half(tmp_path: Path, depth: int, upper: list[int]) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    folder = write_model(tmp_path, bert(depth))
    plain = SentenceTransformer(str(folder), device="cpu")
    model = with_upper_tokens(SentenceTransformer(str(folder), device="cpu"))
    export(SentenceTransformer(str(folder), device="cpu"), tmp_path / "graph.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    for text in SENTENCES:
        ids = plain.preprocess([text])["input_ids"]
        with torch.inference_mode():
            layers = plain.transformers_model(ids, output_hidden_states=True).hidden_states  # type: ignore[misc]
        expected = sum(layers[number][0] for number in upper) / len(upper)
        (read,) = model.encode([text], output_value=None)
        found = cast("dict[str, torch.Tensor]", read)
        np.testing.assert_allclose(found["token_embeddings"], expected, atol=1e-5)
        np.testing.assert_allclose(found["sentence_embedding"], plain.encode(text), atol=1e-6)
        (tokens,) = session.run(["token_embeddings"], {"input_ids": ids.numpy()})
        np.testing.assert_allclose(tokens[0], expected, atol=1e-4)


def test_a_model_that_is_no_transformer_stays_as_it_is() -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models

    words = Tokenizer(models.WordLevel({"rain": 0, "port": 1}, unk_token="rain"))
    model = SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=4)], device="cpu")
    before = model.encode("port")
    assert with_upper_tokens(model) is model
    np.testing.assert_array_equal(model.encode("port"), before)
