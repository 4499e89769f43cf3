"""Models made ready to run: any sentence-transformers model, exported once to ONNX in int8 and kept in a folder.

Owns that folder and its description. Running a model is `search.encoder`'s business. This is the one place, with
`search.default_model`, that needs torch on the ONNX path, and only while a model is prepared.
"""

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from filelock import FileLock

from search import carrier
from search.errors import ModelError
from search.progress import Progress, silent
from search.settings import DEFAULT_MODEL, Settings
from search.unigram import keep_pieces

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

RECIPE = 4
"""Raised when the way a model is prepared changes, so that what older versions prepared is not used."""

_DESCRIPTION = "jisr.json"
_IDENTITY = re.compile(r".*\.(safetensors|bin)|tokenizer\.json|modules\.json|sentence_bert_config\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedModel:
    """A model's folder and what an engine must know of it.

    `fingerprint` is a SHA-256 over weights, tokenizer and pipeline: equal fingerprints give comparable vectors.
    `max_tokens` counts everything the model reads, prompt and special tokens included.
    """

    name: str
    folder: Path
    fingerprint: str
    dim: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str

    @property
    def sentence_transformers(self) -> Path:
        """The model as a standard sentence-transformers folder."""
        return self.folder / "sentence-transformers"

    @property
    def onnx(self) -> Path:
        """The graph, see `search.export` and `search.quantisation`; what is large of it stands beside it."""
        return self.folder / "model.int8.onnx"

    @property
    def onnx_bytes(self) -> int:
        """The size of the exported graph with all that belongs to it."""
        return sum(file.stat().st_size for file in self.folder.glob(f"{self.onnx.name}*"))

    @property
    def tokenizer(self) -> Path:
        """The tokenizer in the format of the `tokenizers` library."""
        return self.sentence_transformers / "tokenizer.json"

    @property
    def pieces(self) -> Path:
        """Where `search.unigram` keeps the tokenizer for quick starts, if it is of the kind for that."""
        return self.folder / "pieces"

    @property
    def shift(self) -> Path:
        """Where `search.shift` keeps what it estimated for this model."""
        return self.folder / "shift.npz"

    @property
    def token_shift(self) -> Path:
        """Where `search.late` keeps what it estimated for this model."""
        return self.folder / "late.npz"

    @property
    def word_means(self) -> Path:
        """Where `search.dictionary` keeps what it estimated for this model."""
        return self.folder / "words.npz"

    @property
    def word_vectors(self) -> Path:
        """Where `indexer.build` keeps the vectors of single words: indexes have most of their words in common."""
        return self.folder / "words.sqlite"

    def write(self) -> None:
        """Write the description that `read` understands."""
        values = {key: value for key, value in asdict(self).items() if key != "folder"}
        (self.folder / _DESCRIPTION).write_text(json.dumps(values, indent=2, ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The model kept in `folder`. Raises `FileNotFoundError` when there is none."""
        return cls(folder=folder, **json.loads((folder / _DESCRIPTION).read_text("utf-8")))


def prepare(settings: Settings, name: str | None = None, *, progress: Progress = silent) -> PreparedModel:
    """The model `name`, else the one that `settings` name, else the default one; prepared if that was never done.

    The first call for a model takes half a minute or more and needs torch; later ones read a small file. The folder
    appears in one rename, so a killed preparation leaves nothing half-made.

    Raises `ModelError` when the model cannot be found or cannot be exported.
    """
    name = name or settings.model or DEFAULT_MODEL
    folder = settings.cache / "models" / _key(name)
    try:
        return PreparedModel.read(folder)
    except FileNotFoundError:
        pass
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _prepare(name, folder, progress)
    return PreparedModel.read(folder)


def _prepare(name: str, folder: Path, progress: Progress) -> None:
    from search.export import export, samples
    from search.quantisation import quantise
    from search.shift import parallel_text

    for leftover in folder.parent.glob(f"{folder.name}.*.tmp"):
        shutil.rmtree(leftover)
    workshop = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".tmp", dir=folder.parent))
    try:
        progress("Reading the model", 0, 3)
        model = _load(name, workshop / "sentence-transformers")
        progress("Exporting to ONNX", 1, 3)
        export(model, workshop / "model.onnx")
        progress("Quantising to int8", 2, 3)
        prepared = _description(name, workshop, model)
        texts = samples(model, parallel_text(), prepared.query_prompt, prepared.passage_prompt)
        quantise(workshop / "model.onnx", prepared.onnx, texts)
        (workshop / "model.onnx").unlink()
        keep_pieces(prepared.tokenizer, prepared.pieces)
        prepared.write()
        workshop.rename(folder)
        progress("Model ready", 3, 3)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _key(name: str) -> str:
    """The folder name of a prepared model: readable, and another one whenever a local model's files change."""
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "model"
    if name == DEFAULT_MODEL:
        return f"{slug}-{carrier.SHA256[:12]}-r{RECIPE}"
    source = Path(name).expanduser()
    if not source.is_dir():
        return f"{slug}-r{RECIPE}"
    digest = hashlib.sha256(str(source.resolve()).encode())
    for file in sorted(source.rglob("*")):
        digest.update(f"{file.relative_to(source)}:{file.stat().st_size}:{file.stat().st_mtime_ns}".encode())
    return f"{source.resolve().name}-{digest.hexdigest()[:12]}-r{RECIPE}"


def _load(name: str, folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    folder.mkdir()
    if name == DEFAULT_MODEL:
        from search.default_model import write_default_model

        write_default_model(folder)
        return SentenceTransformer(str(folder), device="cpu")
    local = Path(name).expanduser()
    try:
        model = SentenceTransformer(str(local) if local.is_dir() else name, device="cpu")
    except (OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"The model {name!r} cannot be loaded: {reason}",
            hint="Name a folder that holds a sentence-transformers model, or leave --model out.",
        ) from error
    model.save(str(folder))
    if not (folder / "tokenizer.json").exists():
        raise ModelError(f"The model {name!r} has no fast tokenizer.", hint="Name a model with a tokenizer.json.")
    return model


def _description(name: str, folder: Path, model: "SentenceTransformer") -> PreparedModel:
    prompts = model.prompts or {}
    dim = model.get_embedding_dimension()
    max_tokens = model.get_max_seq_length()
    if dim is None or max_tokens is None:
        raise ModelError(f"The model {name!r} does not say its dimension or its length.", hint="Name another model.")
    return PreparedModel(
        name=name,
        folder=folder,
        fingerprint=_fingerprint(folder / "sentence-transformers"),
        dim=dim,
        max_tokens=max_tokens,
        query_prompt=prompts.get("query") or "",
        passage_prompt=prompts.get("passage") or prompts.get("document") or "",
    )


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(f"recipe {RECIPE}".encode())
    for file in sorted(folder.rglob("*")):
        if _IDENTITY.fullmatch(file.name):
            digest.update(f"{file.relative_to(folder)}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
