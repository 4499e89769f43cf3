"""What an archive of any size takes, by `laws` through what was measured, and what that asks of machines."""

from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from random import Random
from typing import TypeVar

from bench.capacity.assumptions import Assumptions
from bench.capacity.figures import Products, Reading, Scale, Texts, VectorGraphs
from bench.capacity.laws import Heaps, Line, Logarithm
from bench.capacity.queues import Cluster, Draw
from bench.growth import Growth, Size
from bench.results import Results
from bench.sample import Sample
from search.vocabulary import MAX_TERMS

GIB = 2**30
POOLS = 2
"""Arabic and English, taken to be as large as each other."""

_BASE64 = 4 / 3
_QUANTISED = 0.225
"""Of a vector in memory under DISKANN: `PQCodeBudgetGBRatio` 0.125 and `SearchCacheBudgetGBRatio` 0.1, the defaults."""

_ONCE = 10
"""So many times the median is no query's own work."""

_SPARSE = ("terms", "grams")

Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a loaded passage lies: bytes in memory, and mapped into it from a node's disk.

    The other collections are mapped where passages are.
    """

    name: str
    memory: float
    disk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The machines of Milvus that hold and search an archive: `shares` make one copy, of which there are `replicas`."""

    shares: int
    replicas: int
    front: int
    node_core_ms: float

    @property
    def machines(self) -> int:
        """All of them, those that run Jisr among them."""
        return self.shares * self.replicas + self.front


@dataclass(frozen=True)
class Model:
    """The laws of one set of figures. Raises `ValueError` where a figure that it rests on was not measured."""

    results: Results
    scale: Scale
    assumed: Assumptions = field(default_factory=Assumptions)

    @cached_property
    def growth(self) -> Growth:
        """What was measured of local indexes of several sizes."""
        return _given(self.results.growth, "growth").figures

    @cached_property
    def sizes(self) -> list[Size]:
        """The local indexes with token vectors that were measured, from the smallest."""
        million = self.results.million.figures.sizes if self.results.million else []
        return sorted((one for one in [*self.growth.sizes, *million] if one.late), key=lambda one: one.passages)

    @cached_property
    def texts(self) -> Texts:
        """What was counted of real text."""
        return _given(self.scale.texts, "texts").figures

    @cached_property
    def graphs(self) -> VectorGraphs:
        """What was measured of HNSW graphs."""
        return _given(self.scale.graphs, "graphs").figures

    @cached_property
    def products(self) -> Products:
        """What was measured of products with sparse vectors."""
        return _given(self.scale.products, "products").figures

    @cached_property
    def encoded_per_core_s(self) -> float:
        """Passages that a core encodes a second."""
        part = _given(self.results.encoding, "encoding")
        return part.figures.passages_per_s / part.machine.cores

    def local(self, passages: float, value: str) -> float:
        """A figure of a local index, by the line through the two largest that were measured."""
        sizes = self.sizes[-2:]
        return Line.through([one.passages for one in sizes], [local_figures(one)[value] for one in sizes]).at(passages)

    @cached_property
    def graph_ms(self) -> Logarithm:
        """One core's time for a search, by the vectors of a graph."""
        sizes = self.graphs.sizes
        return Logarithm.through([one.vectors for one in sizes], [one.query_ms.median for one in sizes])

    @cached_property
    def added_core_s(self) -> Logarithm:
        """One core's time for each vector of a graph that is built."""
        sizes = self.graphs.sizes
        return Logarithm.through([one.vectors for one in sizes], [one.build_core_s / one.vectors for one in sizes])

    @cached_property
    def words_ms(self) -> float:
        """What a query's product with the words of passages takes longer for each passage more, on one core."""
        sizes = self.products.sizes
        return Line.through([one.passages for one in sizes], [one.mean_ms for one in sizes]).slope

    @cached_property
    def local_words_ms(self) -> float:
        """The same of the local legs that match words: all legs less the dense one."""
        before, after = self.sizes[-2:]
        longer = (after.all_legs.query_ms.median - after.dense.query_ms.median) - (
            before.all_legs.query_ms.median - before.dense.query_ms.median
        )
        return longer / (after.passages - before.passages)

    def heaps(self, kind: str, lang: str) -> Heaps:
        """The law of one kind of word, through the larger half of the points."""
        return through_half(self.texts.vocabulary[kind][lang])

    def different(self, kind: str, passages: float) -> float:
        """How many different words there are in all pools together."""
        found = 0.0
        for lang in ("ar", "en"):
            reading = self.texts.vocabulary[kind][lang]
            found += self.heaps(kind, lang).at(passages / POOLS * reading.words[-1] / reading.passages[-1])
        return found

    def numbered(self, passages: float) -> tuple[float, float]:
        """How many words are numbered while an index is sent, and the bytes of memory that they take."""
        count = self.different("terms", passages) + self.different("grams", passages)
        return count, count * self.assumed.word_memory_bytes

    def collections(self, passages: float) -> dict[str, float]:
        """The bytes of each Milvus collection of a generation, `records` in its three parts."""
        found = self.texts.collections
        words = sum(self.different(kind, passages) * size for kind, size in self.texts.word_bytes.items())
        names = [one.disk.generation["names.sqlite"] for one in self.sizes[-2:]]
        rows = Line.through([one.passages for one in self.sizes[-2:]], names).slope * _BASE64
        return {
            "passages": passages * found["passages"].record_bytes,
            "documents": passages / self.assumed.passages_per_document * found["documents"].record_bytes,
            "terms": POOLS * MAX_TERMS * found["terms"].record_bytes,
            "records: texts": passages * found["records: texts of documents"].per_passage,
            "records: words": words,
            "records: rows of words": passages * rows,
            "records: what is fixed": self.texts.meta_bytes,
        }

    def stored(self, passages: float) -> float:
        """What a generation takes in the object store: the records, and the indexes of its vectors once more."""
        fields = self.texts.collections["passages"].fields
        indexed = fields["vector"] + self.graph_bytes + sum(fields[name] for name in _SPARSE)
        return sum(self.collections(passages).values()) + passages * indexed

    @cached_property
    def graph_bytes(self) -> float:
        """What a vector takes in a graph besides itself."""
        return self.graphs.sizes[-1].graph_bytes

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """A loaded passage: all of it in memory, or all but token vectors; searched vectors alone; next to nothing."""
        fields = self.texts.collections["passages"].fields
        whole = self.texts.collections["passages"].record_bytes
        searched = fields["vector"] + sum(fields[name] for name in _SPARSE)
        graph = self.graph_bytes
        return (
            Layout("all in memory (Milvus as it comes)", whole + graph, 0),
            Layout("the same without token vectors (`--late off`)", whole + graph - fields["tokens"], 0),
            Layout("searched vectors in memory, the rest mapped", searched + graph, whole - searched),
            Layout("DISKANN, everything mapped", _QUANTISED * fields["vector"], whole + graph),
        )

    def loaded(self, passages: float, layout: Layout) -> tuple[float, float]:
        """The bytes of one copy of a generation, all collections: in memory, and mapped from disks."""
        collections = self.collections(passages)
        others = sum(collections.values()) - collections["passages"]
        memory, disk = passages * layout.memory, passages * layout.disk
        return (memory, disk + others) if layout.disk else (memory + others, disk)

    def shares(self, passages: float, layout: Layout) -> int:
        """How many machines hold one copy, with the generations that are loaded at once."""
        room = self.assumed
        memory, disk = self.loaded(passages, layout)
        usable = room.usable * GIB / room.generations
        return max(1, ceil(max(memory / room.machine_memory_gib, disk / room.machine_disk_gib) / usable))

    def node_core_ms(self, passages: float, shares: int) -> float:
        """One core's time for a query on one node: every segment of both pools, and the words."""
        held = passages / shares
        segments = max(1, ceil(held / POOLS / self.assumed.segment_rows))
        return POOLS * segments * self.graph_ms.at(held / POOLS / segments) + self.words_ms * held

    def nodes(self, passages: float, shares: int) -> Nodes:
        """What holds it in so many shares, and answers the stated load without being too busy."""
        room = self.assumed
        work = self.node_core_ms(passages, shares)
        answered = room.machine_cores * room.busy * 1000
        replicas = max(room.replicas, ceil(room.queries_per_s * work / answered))
        front = max(room.replicas, ceil(room.queries_per_s * self.own_ms.median / answered))
        return Nodes(shares=shares, replicas=replicas, front=front, node_core_ms=work)

    @cached_property
    def own_ms(self) -> Sample:
        """Jisr's own work for a query: that over the smallest index, where searching takes next to nothing."""
        return steady(self.sizes[0].all_legs.query_ms)

    def cluster(self, nodes: Nodes) -> Cluster:
        """The machines as the simulation takes them. Times vary as those of measured queries do."""
        varied = steady(self.sizes[-1].dense.query_ms)
        room = self.assumed
        return Cluster(
            front=nodes.front * room.machine_cores,
            front_ms=drawn(self.own_ms),
            shares=nodes.shares,
            replicas=nodes.replicas,
            lanes=room.machine_cores // room.node_width,
            node_ms=drawn(varied, nodes.node_core_ms / room.node_width / varied.median),
            calls=drawn(varied, room.calls * room.call_ms / varied.median),
        )


def drawn(sample: Sample, factor: float = 1) -> Draw:
    """Values of a sample at random, times a factor."""
    values = [value * factor for value in sample.values]

    def draw(chance: Random) -> float:
        return chance.choice(values)

    return draw


def steady(sample: Sample) -> Sample:
    """A sample without what is paid once in a process's life.

    The one query in it that takes 0.4 s, the same in every run, is the first whose language its letters do not tell: it
    waits until the identifier of languages is read.
    """
    return Sample(tuple(value for value in sample.values if value < _ONCE * sample.median))


def through_half(reading: Reading) -> Heaps:
    """The law through the larger half of a reading's points: the first hundred words follow none."""
    half = len(reading.words) // 2
    return Heaps.through(reading.words[half:], reading.different[half:])


def local_figures(size: Size) -> dict[str, float]:
    """What grows of a local index: seconds, bytes and milliseconds, by what it is."""
    return {
        "index on the disk": size.disk.index,
        "vector cache beside it": size.disk.cache,
        "build, without encoding": size.build_s,
        "memory of a build": size.build_peak_bytes,
        "memory of a searcher": size.all_legs.peak_bytes,
        "query, all legs, p50": size.all_legs.query_ms.percentile(50),
        "query, all legs, p95": size.all_legs.query_ms.percentile(95),
    }


def _given(part: Figures | None, name: str) -> Figures:
    if part is None:
        raise ValueError(f"{name} was not measured")
    return part
