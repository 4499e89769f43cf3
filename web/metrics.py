"""Figures for Prometheus: requests, the steps of searches, the hits of each language, and the index."""

import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Metric,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from starlette.types import Scope

from search.records import Answer
from web.index import LiveIndex

MEDIA_TYPE = CONTENT_TYPE_LATEST

_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})
_STEP_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 1.0)
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one application, or of all workers of one server (see `web.workers`). For several threads.

    `registry` gives those that are told. Workers have no figures of their own processes: who asks does not know which
    of them answers.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        own = CollectorRegistry() if self._folder else self.registry
        if self._folder:
            MultiProcessCollector(self.registry, self._folder)  # type: ignore[no-untyped-call]
        else:
            ProcessCollector(registry=own)
            GCCollector(registry=own)
        self._requests = Counter("jisr_requests", "Requests answered.", ("method", "route", "status"), registry=own)
        self._request_seconds = Histogram(
            "jisr_request_seconds",
            "From a request to the end of its answer.",
            ("route",),
            buckets=_REQUEST_BUCKETS,
            registry=own,
        )
        self._step_seconds = Histogram(
            "jisr_search_step_seconds",
            "A step of a search, such as encode, or a leg; legs in both pools added up.",
            ("step",),
            buckets=_STEP_BUCKETS,
            registry=own,
        )
        self._searches = Counter(
            "jisr_searches",
            "Searches, by the language of the query and whether any hit was more than a weak match.",
            ("query_lang", "answered"),
            registry=own,
        )
        self._hits = Counter(
            "jisr_hits",
            "Hits, by the language of the query and of the passage.",
            ("query_lang", "lang"),
            registry=own,
        )
        self._vectors = Counter(
            "jisr_query_vectors", "Vectors of queries, by where they came from.", ("origin",), registry=own
        )
        self._switches = Counter(
            "jisr_generation_switches", "Times that a newer generation was taken up.", registry=own
        )
        self._running = Gauge(
            "jisr_searches_running", "Requests that have their turn.", multiprocess_mode="livesum", registry=own
        )
        self._waiting = Gauge(
            "jisr_searches_waiting",
            "Requests that wait for their turn.",
            multiprocess_mode="livesum",
            registry=own,
        )

    def watch(self, index: LiveIndex) -> None:
        """Also tell of this index."""
        self.registry.register(_Now(index))

    def requested(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "") or "none"
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(route).observe(seconds)

    def searched(self, answer: Answer, seconds: Mapping[str, float]) -> None:
        """Count a search (see `search.timing.Observer`)."""
        self._vectors.labels("model" if "encode" in seconds else "memory").inc()
        for step, taken in seconds.items():
            self._step_seconds.labels(step).observe(taken)
        self._searches.labels(answer.lang, str(answer.answered).lower()).inc()
        for hit in answer.hits:
            self._hits.labels(answer.lang, hit.passage.lang).inc()

    def switched(self) -> None:
        """Count that a newer generation was taken up."""
        self._switches.inc()

    def turns(self, running: int, waiting: int) -> None:
        """Tell of the queue (see `web.turns.Watch`)."""
        self._running.set(running)
        self._waiting.set(waiting)

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        if self._folder:
            _bury(Path(self._folder))
        return generate_latest(self.registry)


class _Now(Collector):
    """What is asked for when the figures are."""

    def __init__(self, index: LiveIndex) -> None:
        self._index = index

    def collect(self) -> Iterator[Metric]:
        """The state of the index."""
        yield GaugeMetricFamily(
            "jisr_index_open", "Whether there was an index to search when it was last looked for.", self._index.is_open
        )
        manifest = self._index.manifest
        if manifest is None:
            return
        age = time.time() - datetime.fromisoformat(manifest.created).timestamp()
        yield GaugeMetricFamily("jisr_index_age_seconds", "Since the open generation was built.", age)
        yield GaugeMetricFamily("jisr_index_documents", "Documents of the open generation.", manifest.documents)
        passages = GaugeMetricFamily(
            "jisr_index_passages", "Passages of the open generation, by language.", labels=("lang",)
        )
        for lang, count in manifest.languages.items():
            passages.add_metric((lang,), count)
        yield passages


def _bury(folder: Path) -> None:
    """Forget who runs and waits in workers that have died; what they counted stays."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*.db")}:
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
