"""The engines that Jisr is measured beside: how each is called, and how it is run in its own environment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.engines import export
from bench.engines.protocol import Job
from bench.environments import environment
from bench.processes import Process, run_module
from bench.workshop import Workshop

JISR = "Jisr"
PLAIN = "sentence-transformers + FAISS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One engine: its script and requirements are named `script`; `encoder` says what runs the model.

    `is_database` is true of those that a goal names together: txtai, Chroma, LanceDB and Qdrant's local mode.
    """

    script: str
    encoder: str
    graph: str = export.FULL
    is_database: bool = True


RIVALS: Mapping[str, Rival] = {
    PLAIN: Rival(script="plain", encoder="torch, fp32", is_database=False),
    "txtai": Rival(script="txtai", encoder="torch, fp32"),
    "Chroma": Rival(script="chroma", encoder="torch, fp32"),
    "LanceDB": Rival(script="lance", encoder="torch, fp32"),
    "Qdrant local + fastembed": Rival(script="qdrant", encoder="ONNX Runtime, fp32"),
    "fastembed + FAISS": Rival(
        script="fastembedding", encoder="ONNX Runtime, int8", graph=export.INT8, is_database=False
    ),
}
"""By the name that tables show."""

DATABASES = tuple(name for name, rival in RIVALS.items() if rival.is_database)


def run_rival(
    name: str, task: str, index: Path, workshop: Workshop, *, texts: Path | None = None, vectors: Path | None = None
) -> Process:
    """Have an engine index `texts`, with `vectors` if it is given them, or answer the workshop's queries.

    Raises `ProcessError` when it cannot be installed or fails.
    """
    rival, model = RIVALS[name], workshop.model
    index.mkdir(exist_ok=True)
    job = Job(
        task=task,
        model=str(model.sentence_transformers),
        graph=str(workshop.graphs / rival.graph),
        dim=model.dim,
        query_prompt=model.query_prompt,
        passage_prompt=model.passage_prompt,
        index=str(index),
        texts=str(texts or ""),
        queries=str(workshop.queries),
        vectors=str(vectors) if vectors else None,
    )
    return run_module(f"bench.engines.{rival.script}", python=environment(rival.script), given=asdict(job))
