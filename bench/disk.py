"""What lies on the disk: an index, part by part, and the prepared model."""

from dataclasses import dataclass
from pathlib import Path

from search import store
from search.model import PreparedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Sizes in bytes: `generation` by file or folder, and `cache`, that of the vectors beside it."""

    generation: dict[str, int]
    cache: int

    @property
    def index(self) -> int:
        """The size of the generation, which is all that a search reads."""
        return sum(self.generation.values())


def measure_disk(index: Path) -> Disk:
    """The sizes of the current generation of an index, and of its cache."""
    return Disk(
        generation={file.name: size(file) for file in sorted(store.current(index).iterdir())},
        cache=size(index / "cache"),
    )


def model_bytes(model: PreparedModel) -> tuple[int, int]:
    """The sizes of what a search reads of a model, and of the sentence-transformers folder, for the torch engine."""
    whole, source = size(model.folder), size(model.sentence_transformers)
    words = size(model.word_vectors) if model.word_vectors.exists() else 0
    return whole - source - words + model.tokenizer.stat().st_size, source


def size(path: Path) -> int:
    """The size of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
