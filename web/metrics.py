"""Figures for Prometheus: requests, the steps of searches, the hits of each language, and the index."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Metric,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import Scope

from search.records import Answer
from web.index import LiveIndex
from web.turns import Turns

MEDIA_TYPE = CONTENT_TYPE_LATEST

_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})
_STEP_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 1.0)
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one application. May be used by several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "jisr_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._request_seconds = Histogram(
            "jisr_request_seconds",
            "From a request to the end of its answer.",
            ("route",),
            buckets=_REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._step_seconds = Histogram(
            "jisr_search_step_seconds",
            "A step of a search, such as encode, or a leg; legs in both pools added up.",
            ("step",),
            buckets=_STEP_BUCKETS,
            registry=self.registry,
        )
        self._searches = Counter(
            "jisr_searches",
            "Searches, by the language of the query and whether any hit was more than a weak match.",
            ("query_lang", "answered"),
            registry=self.registry,
        )
        self._hits = Counter(
            "jisr_hits",
            "Hits, by the language of the query and of the passage.",
            ("query_lang", "lang"),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def watch(self, index: LiveIndex, turns: Turns) -> None:
        """Also tell of this index and of who waits."""
        self.registry.register(_Now(index, turns))

    def requested(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "") or "none"
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(route).observe(seconds)

    def searched(self, answer: Answer, seconds: Mapping[str, float]) -> None:
        """Count a search (see `search.timing.Observer`)."""
        for step, taken in seconds.items():
            self._step_seconds.labels(step).observe(taken)
        self._searches.labels(answer.lang, str(answer.answered).lower()).inc()
        for hit in answer.hits:
            self._hits.labels(answer.lang, hit.passage.lang).inc()

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self.registry)


class _Now(Collector):
    """What is asked for when the figures are."""

    def __init__(self, index: LiveIndex, turns: Turns) -> None:
        self._index = index
        self._turns = turns

    def collect(self) -> Iterator[Metric]:
        """The state of the index and of the queue."""
        yield GaugeMetricFamily("jisr_searches_running", "Requests that have their turn.", self._turns.running)
        yield GaugeMetricFamily("jisr_searches_waiting", "Requests that wait for their turn.", self._turns.waiting)
        yield CounterMetricFamily(
            "jisr_generation_switches", "Times that a newer generation was taken up.", self._index.switches
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
