"""What archives of the planned sizes need: machines, time, and how fast they answer by the simulation."""

from dataclasses import dataclass

from bench.capacity.model import GIB, Model, Nodes
from bench.capacity.queues import latencies
from bench.sample import Sample
from search.store import KEPT_GENERATIONS

SIZES = {10**7: 64, 10**8: 256, 10**9: 1024}
"""The passages, and with how many cores they are encoded."""

MAPPED = 2
"""Which layout the plan is for (see `Model.layouts`)."""

_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Hours of a whole build: cores that encode, so many at a time; the one coordinator; sending; graphs in Milvus.

    `workspace_bytes` is what the coordinator keeps on its disk: two generations, and the vectors encoded before.
    """

    cores: int
    encoding_core_h: float
    coordinator_h: float
    sending_h: float
    graphs_core_h: float
    workspace_bytes: float

    @property
    def encoding_h(self) -> float:
        """With all cores."""
        return self.encoding_core_h / self.cores


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One size. `memory_bytes` and `disk_bytes` are what one copy of one generation takes on the nodes."""

    passages: int
    documents: float
    stored_bytes: float
    memory_bytes: float
    disk_bytes: float
    nodes: Nodes
    latency: Sample
    build: Build

    @property
    def stored_gb(self) -> float:
        """Gigabytes in the object store, of the generations that are kept."""
        return self.stored_bytes / 1e9


def plans(model: Model) -> tuple[Plan, ...]:
    """All sizes."""
    return tuple(_plan(model, passages, cores) for passages, cores in SIZES.items())


def _plan(model: Model, passages: int, cores: int) -> Plan:
    layout = model.layouts[MAPPED]
    nodes = model.nodes(passages, model.shares(passages, layout))
    memory, disk = model.loaded(passages, layout)
    return Plan(
        passages=passages,
        documents=passages / model.assumed.passages_per_document,
        stored_bytes=model.stored(passages) * model.assumed.generations,
        memory_bytes=memory,
        disk_bytes=disk,
        nodes=nodes,
        latency=latencies(model.cluster(nodes), model.assumed.queries_per_s),
        build=_build(model, passages, cores),
    )


def _build(model: Model, passages: int, cores: int) -> Build:
    sent = sum(model.collections(passages).values())
    return Build(
        cores=cores,
        encoding_core_h=passages / model.encoded_per_core_s / _HOUR,
        coordinator_h=model.local(passages, "build, without encoding") / _HOUR,
        sending_h=sent / (model.assumed.sent_mb_per_s * 1e6) / _HOUR,
        graphs_core_h=passages * model.added_core_s.at(model.assumed.segment_rows) / _HOUR,
        workspace_bytes=KEPT_GENERATIONS * model.local(passages, "index on the disk")
        + model.local(passages, "vector cache beside it"),
    )


def amount(count: float) -> str:
    """Bytes in the unit that suits them."""
    if count < GIB:
        return f"{count / 2**20:,.0f} MiB"
    if count < 10 * 2**40:
        return f"{count / GIB:,.0f} GiB" if count >= 10 * GIB else f"{count / GIB:,.1f} GiB"
    return f"{count / 2**40:,.0f} TiB"


def span(hours: float) -> str:
    """A time in minutes, hours or days."""
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:,.1f} h" if hours < 48 else f"{hours / 24:,.1f} days"
