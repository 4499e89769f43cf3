"""LanceDB, embedded, with its own sentence-transformers function."""

from collections.abc import Sequence

from bench.engines.protocol import HITS, Job, Vectors, run

INDEXED_FROM = 100_000
"""From so many rows on, its documentation advises an index; before, it searches exactly."""


class Lance:
    """One table with text and vector, cosine, and the index that LanceDB makes by default."""

    def __init__(self, job: Job) -> None:
        import lancedb
        from lancedb.embeddings import get_registry

        self._job = job
        self._database = lancedb.connect(job.index)
        self._model = get_registry().get("sentence-transformers").create(name=job.model, device="cpu")
        self._model.ndims()  # loads it

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and write the table."""
        import numpy as np
        import pyarrow as pa

        if vectors is None:
            vectors = np.array(self._encoded(self._job.passage_prompt, texts), np.float32)
        column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), self._job.dim)
        rows = pa.table({"id": pa.array(range(len(texts))), "text": pa.array(texts), "vector": column})
        table = self._database.create_table("passages", rows)
        if len(texts) >= INDEXED_FROM:
            table.create_index(metric="cosine")

    def open(self) -> None:
        """Open the table."""
        self._table = self._database.open_table("passages")

    def search(self, query: str) -> list[int]:
        """The nearest texts, which come with their content."""
        (vector,) = self._encoded(self._job.query_prompt, [query])
        found = self._table.search(vector).distance_type("cosine").select(["id", "text"]).limit(HITS).to_list()
        return [row["id"] for row in found if row["text"]]

    def _encoded(self, prompt: str, texts: Sequence[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.generate_embeddings([prompt + text for text in texts])
        return vectors


if __name__ == "__main__":
    run(Lance)
