"""Preparing models: the default one, and a second one that a test makes on disk."""

import json
from pathlib import Path

import numpy as np
import pytest

from search.encoder import open_encoder
from search.errors import ModelError
from search.model import PreparedModel, prepare
from search.settings import Device, Settings
from tests.search.models import SENTENCES, bert, write_model


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models"), bert())


@pytest.fixture(scope="module")
def prepared(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedModel:
    return prepare(Settings.load(model=str(small_model), cache=tmp_path_factory.mktemp("cache")))


def test_another_model_takes_the_same_path(small_model: Path, prepared: PreparedModel) -> None:
    from sentence_transformers import SentenceTransformer

    assert (prepared.dim, prepared.max_tokens) == (32, 32)
    assert (prepared.query_prompt, prepared.passage_prompt) == ("ask : ", "find : ")
    reference = SentenceTransformer(str(small_model), device="cpu")
    encoder = open_encoder(prepared)
    for prompt, encode in (("ask : ", encoder.encode_queries), ("find : ", encoder.encode_passages)):
        expected = reference.encode(SENTENCES, prompt=prompt, normalize_embeddings=True)
        assert np.sum(expected * encode(SENTENCES), axis=1) == pytest.approx(1, abs=0.01)


def test_the_torch_engine_agrees(prepared: PreparedModel) -> None:
    onnx, torch = open_encoder(prepared), open_encoder(prepared, Device.TORCH)
    assert np.sum(onnx.encode_queries(SENTENCES) * torch.encode_queries(SENTENCES), axis=1) == pytest.approx(
        1, abs=0.01
    )
    assert onnx.fingerprint == torch.fingerprint


def test_text_beyond_the_length_is_cut_alike_by_both_engines(prepared: PreparedModel) -> None:
    long = ["patrol ship port rain " * 40]
    onnx, torch = open_encoder(prepared), open_encoder(prepared, Device.TORCH)
    assert float(onnx.encode_passages(long)[0] @ torch.encode_passages(long)[0]) == pytest.approx(1, abs=0.01)


def test_a_prepared_model_is_found_again(small_model: Path, prepared: PreparedModel) -> None:
    stages: list[str] = []
    settings = Settings.load(model=str(small_model), cache=prepared.folder.parents[1])
    again = prepare(settings, progress=lambda stage, done, total: stages.append(stage))
    assert again == prepared
    assert stages == []


def test_a_model_whose_files_change_is_prepared_anew(small_model: Path, prepared: PreparedModel) -> None:
    readme = small_model / "README.md"
    readme.write_text("A model that a test made.", "utf-8")
    settings = Settings.load(model=str(small_model), cache=prepared.folder.parents[1])
    again = prepare(settings)
    assert again.folder != prepared.folder
    assert again.fingerprint == prepared.fingerprint  # what it computes is the same


def test_an_unknown_model_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no-such-model") as caught:
        prepare(Settings.load(model="no-such-model", cache=tmp_path))
    assert "--model" in caught.value.hint
    assert not [path for path in (tmp_path / "models").iterdir() if path.suffix != ".lock"]


def test_a_gpu_that_is_not_there_is_a_clear_error(prepared: PreparedModel) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(ModelError, match="CUDA"):
        open_encoder(prepared, Device.CUDA)


def test_the_default_model_is_a_standard_folder(model: PreparedModel) -> None:
    modules = json.loads((model.sentence_transformers / "modules.json").read_text("utf-8"))
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    assert kinds == ["Transformer", "Pooling", "Normalize"]
    assert (model.dim, model.max_tokens) == (384, 512)
    assert (model.query_prompt, model.passage_prompt) == ("query: ", "passage: ")
