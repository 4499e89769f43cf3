"""sentence-transformers on torch, full precision, and FAISS: what people write today, in twenty lines."""

import json
from collections.abc import Sequence

from bench.engines.protocol import HITS, Job, Vectors, run


class Plain:
    """An exact index beside a list of the texts. Batches of 32, sorted by length, are the library's default."""

    def __init__(self, job: Job) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        self._faiss = faiss
        self._job = job
        self._model = SentenceTransformer(job.model, device="cpu")

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and write."""
        if vectors is None:
            vectors = self._model.encode(list(texts), prompt=self._job.passage_prompt, show_progress_bar=False)
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
        vector = self._model.encode([query], prompt=self._job.query_prompt, show_progress_bar=False)
        _, (rows,) = self._index.search(vector, HITS)
        return [row for row in rows.tolist() if self._texts[row]]


if __name__ == "__main__":
    run(Plain)
