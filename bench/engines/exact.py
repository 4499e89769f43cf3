"""An exact index of FAISS beside a list of the texts: what an encoder needs to search."""

import json
from collections.abc import Sequence

from bench.engines.protocol import HITS, Job, Vectors


class Exact:
    """An engine, but for how it encodes."""

    def __init__(self, job: Job) -> None:
        import faiss

        self._faiss = faiss
        self._job = job

    def encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        """The vectors of texts after a prompt, ``(n, dim)``."""
        raise NotImplementedError

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and write."""
        if vectors is None:
            vectors = self.encode(self._job.passage_prompt, texts)
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
        _, (rows,) = self._index.search(self.encode(self._job.query_prompt, [query]), HITS)
        return [row for row in rows.tolist() if self._texts[row]]
