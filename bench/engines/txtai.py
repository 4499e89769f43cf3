"""txtai: its embeddings database with content, which chooses its FAISS index by size."""

from collections.abc import Sequence

import numpy as np

from bench.engines.protocol import HITS, Job, Vectors, run


class Txtai:
    """The defaults, with the model's prompts."""

    def __init__(self, job: Job) -> None:
        from txtai import Embeddings

        self._job = job
        prompts = {"query": job.query_prompt, "data": job.passage_prompt}
        # The cache of models keeps that of an index which is loaded from being loaded once more.
        self._embeddings = Embeddings(models={}, path=job.model, instructions=prompts, content=True, gpu=False)

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and save. Where vectors are given, the model is made to know them, since the index is to name it."""
        if vectors is not None:
            known = {self._job.passage_prompt + text: vector for text, vector in zip(texts, vectors, strict=True)}
            self._embeddings.model.encode = lambda batch, _=None: np.stack([known[text] for text in batch])
        self._embeddings.index(texts)
        self._embeddings.save(self._job.index)

    def open(self) -> None:
        """Load the index."""
        self._embeddings.load(self._job.index)

    def search(self, query: str) -> list[int]:
        """The nearest texts, which come with their content."""
        return [int(hit["id"]) for hit in self._embeddings.search(query, HITS) if hit["text"]]


if __name__ == "__main__":
    run(Txtai)
