"""Chroma in its persistent local mode, with its own sentence-transformers function."""

from collections.abc import Sequence

from bench.engines.protocol import HITS, Job, Vectors, run


class Chroma:
    """HNSW with the defaults, cosine; documents are added in the largest batches that it takes."""

    def __init__(self, job: Job) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        self._job = job
        self._client = chromadb.PersistentClient(job.index, Settings(anonymized_telemetry=False))
        self._encode = SentenceTransformerEmbeddingFunction(job.model, normalize_embeddings=True)

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and add."""
        collection = self._client.create_collection(
            "passages", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        most = self._client.get_max_batch_size()
        for start in range(0, len(texts), most):
            batch = list(texts[start : start + most])
            given = (
                vectors[start : start + most] if vectors is not None else self._encoded(self._job.passage_prompt, batch)
            )
            ids = [str(start + at) for at in range(len(batch))]
            collection.add(ids=ids, embeddings=given, documents=batch)

    def open(self) -> None:
        """Open the collection."""
        self._collection = self._client.get_collection("passages", embedding_function=None)

    def search(self, query: str) -> list[int]:
        """The nearest texts, which come with their content."""
        vector = self._encoded(self._job.query_prompt, [query])
        found = self._collection.query(query_embeddings=vector, n_results=HITS)
        return [int(name) for name, text in zip(found["ids"][0], found["documents"][0], strict=True) if text]

    def _encoded(self, prompt: str, texts: Sequence[str]) -> list[Vectors]:
        vectors: list[Vectors] = self._encode([prompt + text for text in texts])
        return vectors


if __name__ == "__main__":
    run(Chroma)
