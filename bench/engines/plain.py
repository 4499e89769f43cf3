"""sentence-transformers on torch, full precision, and FAISS: what people write today, in twenty lines."""

from collections.abc import Sequence

from bench.engines.exact import Exact
from bench.engines.protocol import Job, Vectors, run


class Plain(Exact):
    """Batches of 32, sorted by length, are the library's default."""

    def __init__(self, job: Job) -> None:
        from sentence_transformers import SentenceTransformer

        super().__init__(job)
        self._model = SentenceTransformer(job.model, device="cpu")

    def encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        """The vectors of texts after a prompt."""
        return self._model.encode(list(texts), prompt=prompt, show_progress_bar=False)


if __name__ == "__main__":
    run(Plain)
