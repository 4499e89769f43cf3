"""fastembed: ONNX Runtime with its defaults, over the same model in ONNX, and an exact index of FAISS beside it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bench.engines.exact import Exact
from bench.engines.protocol import Job, Vectors, run


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


class Fastembed(Exact):
    """Its vectors in an exact index."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._encoder = Encoder(job)

    def encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        """The vectors of texts after a prompt."""
        return self._encoder(prompt, texts)


if __name__ == "__main__":
    run(Fastembed)
