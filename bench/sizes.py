"""What lies on the disk: an index, file by file, and the prepared model."""

from dataclasses import dataclass
from pathlib import Path

from search import store
from search.model import PreparedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes in bytes.

    `generation` goes by file. `cache` is the vector cache beside it. `model` is what a search reads (graph and
    tokenizer), `source_model` the sentence-transformers folder, read by the torch engine only.
    """

    generation: dict[str, int]
    cache: int
    model: int
    source_model: int


def measure_sizes(index: Path, model: PreparedModel) -> Sizes:
    """The sizes of the current generation of an index and of a model."""
    generation = store.current(index)
    return Sizes(
        generation={file.name: file.stat().st_size for file in sorted(generation.iterdir())},
        cache=_size(index / "cache"),
        model=model.onnx_bytes + model.tokenizer.stat().st_size,
        source_model=_size(model.sentence_transformers),
    )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
