"""Qdrant's local mode, which searches exactly, with fastembed, the encoder that comes with it."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.engines.fastembedding import Encoder
from bench.engines.protocol import HITS, Job, Vectors, run


class Qdrant:
    """One collection, cosine, texts as payload.

    On the disk each point is a transaction of its own, which takes minutes for very many. So given vectors are kept
    aside, and opening is to fill a collection in memory with them: local mode answers from memory in any case.
    """

    def __init__(self, job: Job) -> None:
        from qdrant_client import QdrantClient

        self._job = job
        self._encode = Encoder(job)
        self._new_client = QdrantClient
        self._aside = job.folder / "vectors.npy"

    def build(self, texts: Sequence[str], vectors: Vectors | None) -> None:
        """Encode and upload, or keep aside."""
        if vectors is None:
            client = self._new_client(path=self._job.index)
            self._upload(client, texts, self._encode(self._job.passage_prompt, texts))
            client.close()
            return
        np.save(self._aside, vectors)
        (self._job.folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")

    def open(self) -> None:
        """Open the collection, or fill one."""
        if not self._aside.exists():
            self._client = self._new_client(path=self._job.index)
            return
        self._client = self._new_client(":memory:")
        texts = json.loads((self._job.folder / "texts.json").read_text("utf-8"))
        self._upload(self._client, texts, np.load(self._aside))

    def search(self, query: str) -> list[int]:
        """The nearest texts, which come with their payload."""
        (vector,) = self._encode(self._job.query_prompt, [query])
        found = self._client.query_points("passages", vector, limit=HITS, with_payload=True)
        return [int(point.id) for point in found.points if point.payload]

    def _upload(self, client: Any, texts: Sequence[str], vectors: Vectors) -> None:
        from qdrant_client.models import Distance, VectorParams

        client.create_collection("passages", VectorParams(size=self._job.dim, distance=Distance.COSINE))
        client.upload_collection("passages", vectors, ({"text": text} for text in texts), ids=range(len(texts)))


if __name__ == "__main__":
    run(Qdrant)
