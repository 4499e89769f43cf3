"""fastembed: ONNX Runtime with its defaults, over the same model in ONNX, and an exact index of FAISS beside it."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bench.engines.protocol import HITS, Job, Vectors, run


class Encoder:
    """The graph of a job as a custom model of fastembed: mean pooling, vectors of length 1."""

    def __init__(self, job: Job) -> None:
        from fastembed import TextEmbedding
        from fastembed.common.model_description import ModelSource, PoolingType

        graph = Path(job.graph)
        TextEmbedding.add_custom_model(
            model="local/model",
            pooling=PoolingType.MEAN,
            normalization=True,
            sources=ModelSource(hf="local/model"),
            dim=job.dim,
            model_file=graph.name,
        )
        self._model = TextEmbedding("local/model", specific_model_path=str(graph.parent))

    def __call__(self, prompt: str, texts: Iterable[str]) -> Vectors:
        """The vectors of texts after a prompt, ``(n, dim)``."""
        return np.array(list(self._model.embed([prompt + text for text in texts])), np.float32)


class Fastembed:
    """Its vectors in an exact index, beside a list of the texts."""

    def __init__(self, job: Job) -> None:
        import faiss

        self._faiss = faiss
        self._job = job
        self._encode = Encoder(job)

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and write."""
        if vectors is None:
            vectors = self._encode(self._job.passage_prompt, texts)
        index = self._faiss.IndexFlatIP(self._job.dim)
        index.add(vectors)
        self._faiss.write_index(index, str(self._job.folder / "vectors.faiss"))
        (self._job.folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")

    def open(self) -> None:
        """Read both files."""
        self._index = self._faiss.read_index(str(self._job.folder / "vectors.faiss"))
        self._texts = json.loads((self._job.folder / "texts.json").read_text("utf-8"))

    def search(self, query: str) -> list[int]:
        """The nearest texts."""
        _, (rows,) = self._index.search(self._encode(self._job.query_prompt, [query]), HITS)
        return [row for row in rows.tolist() if self._texts[row]]


if __name__ == "__main__":
    run(Fastembed)
