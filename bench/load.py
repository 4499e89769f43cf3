"""A server under load while its index is built anew: does every request get an answer, whole and of one build?

    python -m bench.load            32 clients for a minute, five rebuilds

Every document of the index tells its edition, and each rebuild brings out a new one of all of them. So an answer whose
hits are of two editions, or of another edition than other answers from the same generation, is torn.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

import httpx2

from bench.processes import run_jisr
from bench.sample import Sample
from bench.server import served
from search.settings import Settings

DOCUMENTS = 24
HITS = 10
_SUBJECTS = (
    ("harbour dredging", "The harbour was dredged again before the winter storms, edition {}."),
    ("ferry tickets", "Tickets for the night ferry are sold in the customs house, edition {}."),
    ("محطة تحلية المياه", "زادت محطة تحلية المياه إنتاجها مع حلول الصيف، الطبعة {}."),
    ("ترميم المنارة", "انتهى ترميم المنارة القديمة عند مدخل الميناء، الطبعة {}."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What happened: how many requests there were, how long they took, and what was wrong with which of them."""

    clients: int
    seconds: float
    requests: int
    generations: int
    query_ms: Sample
    errors: tuple[str, ...]
    torn: tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """What the clients saw; several threads write to it."""

    times_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    editions: dict[str, set[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, took_ms: float, answer: httpx2.Response) -> None:
        """Look through one answer."""
        body = answer.json()
        with self.lock:
            if answer.status_code != httpx2.codes.OK:
                self.errors.append(f"{answer.status_code}: {body.get('detail')}")
                return
            self.times_ms.append(took_ms)
            told = {hit["document"]["title"].rpartition(" ")[2] for hit in body["hits"]}
            known = self.editions.setdefault(body["generation"], set())
            known |= told
            if len(body["hits"]) < HITS or len(known) != 1:
                self.torn.append(f"{len(body['hits'])} hits of the editions {sorted(known)} from {body['generation']}")


def measure_load(settings: Settings, *, clients: int, seconds: float, rebuilds: int) -> Load:
    """Serve the index that settings name, which is built for it, and ask and rebuild it for so long."""
    seen = _Seen()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _publish(folder, 0, settings)
        with served(settings) as server:
            stop = threading.Event()
            threads = [threading.Thread(target=_ask, args=(server.address, at, seen, stop)) for at in range(clients)]
            for thread in threads:
                thread.start()
            _rebuild(folder, settings, seconds, rebuilds)
            stop.set()
            for thread in threads:
                thread.join()
    return Load(
        clients=clients,
        seconds=seconds,
        requests=len(seen.times_ms) + len(seen.errors),
        generations=len(seen.editions),
        query_ms=Sample(tuple(seen.times_ms)),
        errors=tuple(seen.errors),
        torn=tuple(seen.torn),
    )


def _rebuild(folder: Path, settings: Settings, seconds: float, rebuilds: int) -> None:
    """Publish new editions, evenly over the time, and let the last one be asked, too."""
    started = time.monotonic()
    for edition in range(1, rebuilds + 1):
        _sleep_until(started + seconds * edition / (rebuilds + 1))
        _publish(folder, edition, settings)
    _sleep_until(started + seconds)


def _sleep_until(moment: float) -> None:
    time.sleep(max(moment - time.monotonic(), 0))


def _publish(folder: Path, edition: int, settings: Settings) -> None:
    for at, (title, text) in enumerate(islice(cycle(_SUBJECTS), DOCUMENTS)):
        record = {"title": f"{title} {at} {edition}", "text": f"{text.format(edition)} {at}"}
        (folder / f"{at}.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    run_jisr("index", folder, "--index", settings.folder, cache=settings.cache)


def _ask(address: str, first: int, seen: _Seen, stop: threading.Event) -> None:
    queries = islice(cycle(subject for subject, _ in _SUBJECTS), first, None)
    with httpx2.Client(base_url=address, timeout=60) as http:
        for query in queries:
            if stop.is_set():
                return
            started = time.perf_counter()
            try:
                answer = http.get("/api/v1/search", params={"q": query, "k": HITS})
                seen.answer((time.perf_counter() - started) * 1000, answer)
            except (httpx2.HTTPError, ValueError) as error:
                with seen.lock:
                    seen.errors.append(f"{type(error).__name__}: {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what happened as JSON; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.load", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rebuilds", type=int, default=5)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as index:
        settings = Settings.load(index=index)
        load = measure_load(settings, clients=asked.clients, seconds=asked.seconds, rebuilds=asked.rebuilds)
    figures = asdict(load) | {
        "query_ms": {f"p{share}": round(load.query_ms.percentile(share), 1) for share in (50, 95, 99)},
        "requests_per_second": round(load.requests / asked.seconds, 1),
    }
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if load.errors or load.torn else 0


if __name__ == "__main__":
    sys.exit(main())
