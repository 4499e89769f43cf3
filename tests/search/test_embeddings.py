"""Input embeddings read from real files, and gists made of them."""

from pathlib import Path

import numpy as np
import pytest

from indexer.topics import GistEncoder
from search.embeddings import gists, read_embeddings
from search.encoder import Encoder, normalised
from search.model import PreparedModel

HARBOUR = ["Two tugs brought the tanker into the harbour.", "The ship left port with the evening tide."]
WHEAT = ["Farmers expect a poor wheat harvest.", "The price of bread and flour has doubled."]
ARABIC = ["دخلت الناقلة الميناء برفقة قاطرتين.", "غادرت السفينة المرفأ مع المد.", "يتوقع المزارعون محصول قمح ضعيفا."]


def test_the_table_has_a_row_for_each_token(model: PreparedModel) -> None:
    import torch
    from safetensors.torch import load_file

    table = read_embeddings(model.sentence_transformers)
    assert table is not None
    weights = load_file(next(model.sentence_transformers.rglob("*.safetensors")))
    whole: torch.Tensor = weights["embeddings.word_embeddings.weight"]
    assert table.shape == tuple(whole.shape)
    for row in (0, 5, 1000, len(table) - 1):
        assert table[row] == pytest.approx(whole[row].numpy())


def test_no_table_in_an_empty_folder(tmp_path: Path) -> None:
    assert read_embeddings(tmp_path) is None


def test_frequent_tokens_weigh_less() -> None:
    table = np.eye(3001, dtype=np.float32)
    found = gists(table, [[1000, 3000], [], [0]])
    assert found[0, [1000, 3000]] == pytest.approx([0.5, 0.75])
    assert found[1:].sum() == 0


def test_gists_tell_topics_apart(encoder: Encoder) -> None:
    assert isinstance(encoder, GistEncoder)
    for texts, alike, apart in ((HARBOUR + WHEAT, (0, 1), (0, 2)), (ARABIC, (0, 1), (0, 2))):
        found = encoder.gists(texts)
        assert found is not None
        own = normalised(normalised(found) - normalised(found).mean(axis=0))
        assert own[alike[0]] @ own[alike[1]] > own[apart[0]] @ own[apart[1]]
