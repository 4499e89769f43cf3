"""What the plan rests on besides docs/performance.json, and the JSON file that keeps it, docs/scale.json."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench.agreement import Backends
from bench.results import Part
from bench.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of one collection: how many a document or passage needs, and the bytes of each field a record.

    Bytes are those of the values alone: UTF-8 for text, base64 for bytes, eight bytes for each word of a sparse vector.
    """

    passages: int
    records: int
    fields: dict[str, float]

    @property
    def record_bytes(self) -> float:
        """All fields of a record."""
        return sum(self.fields.values())

    @property
    def per_passage(self) -> float:
        """The bytes of all records, shared out among the passages."""
        return self.record_bytes * self.records / self.passages


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many different words a text has after its first so many words: points of a curve, from the smallest."""

    passages: list[int]
    words: list[int]
    different: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Sizes of what is kept of real text, by collection; `vocabulary` by kind of word (see `vocabulary`) and language.

    `word_bytes` is what all records of one word take, by kind.
    """

    indexes: list[str]
    documents: int
    passages: int
    collections: dict[str, Records]
    vocabulary: dict[str, dict[str, Reading]]
    word_bytes: dict[str, float]
    meta_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """One HNSW graph beside the scan of all its vectors, both on one core.

    `graph_bytes` a vector is what is kept besides the vector; `recall` is recall@100 against the scan.
    """

    vectors: int
    build_core_s: float
    graph_bytes: float
    query_ms: Sample
    scan_ms: Sample
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorGraphs:
    """VectorGraphs of several sizes, from the smallest, of vectors ``(n, dim)``, asked with `ef`."""

    index: str
    dim: int
    ef: int
    sizes: list[Graph]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSize:
    """Products of queries with the sparse vectors of so many passages, in core time.

    On average a query has so many words that any passage has, and goes through so many of their postings.
    """

    passages: int
    query_words: float
    postings: float
    query_ms: Sample

    @property
    def mean_ms(self) -> float:
        """The mean, since a few long queries make most of the work."""
        return sum(self.query_ms.values) / len(self.query_ms.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Products over several sizes, from the smallest."""

    index: str
    sizes: list[ProductSize]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure of a real Milvus server: what, how much with its unit, and how it was measured."""

    what: str
    value: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The parts, None for one that was never measured; `milvus` is filled by who measures a server, `backends` by
    `bench.backends`, a part for each kind of server.
    """

    texts: Part[Texts] | None = None
    graphs: Part[VectorGraphs] | None = None
    products: Part[Products] | None = None
    milvus: Part[list[Measured]] | None = None
    backends: list[Part[Backends]] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write the figures to a JSON file that `read` understands."""
        from pydantic import TypeAdapter

        path.write_bytes(TypeAdapter(Scale).dump_json(self, indent=1) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The figures in a file. Raises `OSError`, or pydantic's `ValidationError` where they have another shape."""
        from pydantic import TypeAdapter

        scale: Self = TypeAdapter(cls).validate_json(path.read_bytes())
        return scale
