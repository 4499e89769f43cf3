"""Several processes serve one index: all of them answer, and each answers for all."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from indexer.build import build
from search.settings import Settings
from tests.conftest import REPOSITORY

KEY = "the-key-of-these-tests-alone"
PATIENCE_S = 60
MOST_CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Server:
    """A server with two workers."""

    process: subprocess.Popen[str]
    http: httpx2.Client

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def asked(self, path: str) -> list[httpx2.Response]:
        """What both workers answer: so many connections that nearly always some are with either."""
        with ExitStack() as stack:
            limits = httpx2.Limits(max_keepalive_connections=1)
            before = [_sockets(worker) for worker in self.workers]
            answers: list[httpx2.Response] = []
            while len(answers) < MOST_CONNECTIONS:
                http = stack.enter_context(httpx2.Client(base_url=self.http.base_url, timeout=60, limits=limits))
                answers.append(http.get(path))
                if all(_sockets(worker) > count for worker, count in zip(self.workers, before, strict=True)):
                    return answers
        raise AssertionError("one worker has all connections")

    def figure(self, name: str) -> float:
        found = re.search(rf"(?m)^{re.escape(name)} (\S+)$", self.http.get("/metrics").text)
        return float(found[1]) if found else 0.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("workers")
    (folder / "harbour.txt").write_text("The harbour master of Sfax closed the fishing port on Monday.", "utf-8")
    settings = Settings.load(index=folder / "index")
    build([folder / "harbour.txt"], settings)
    command = [sys.executable, "-m", "jisr", "serve", "--port", "0", "--workers", "2"]
    command += ["--index", str(settings.index), "--cache", str(settings.cache)]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, env=os.environ | {"JISR_KEY": KEY}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    try:
        address = _address(process.stderr)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        # A connection of its own for each request: any worker may take it.
        no_reuse = httpx2.Limits(max_keepalive_connections=0)
        with httpx2.Client(base_url=address, timeout=PATIENCE_S, limits=no_reuse) as http:
            yield Server(process, http)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def _sockets(worker: int) -> int:
    found = 0
    for handle in Path(f"/proc/{worker}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found += "socket:" in str(handle.readlink())
    return found


def _address(log: Iterable[str]) -> str:
    """Where the server answers, as soon as both of its workers do."""
    address, started = "", 0
    for line in log:
        if found := re.search(r"answers at (\S+)", line):
            address = found[1]
        started += "startup complete" in line
        if started == 2:
            break
    return address


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_each_worker_answers_and_what_they_count_adds_up(server: Server) -> None:
    assert len(server.workers) == 2
    answers = server.asked("/api/v1/search?q=ميناء+صفاقس")
    assert all(answer.json()["hits"] for answer in answers)
    assert server.figure('jisr_requests_total{method="GET",route="/api/v1/search",status="200"}') == len(answers)
    assert server.figure('jisr_query_vectors_total{origin="model"}') == 2
    assert server.figure("jisr_index_documents") == 1
    assert server.figure("jisr_searches_running") == 0


def test_all_tell_of_one_writer_and_see_what_it_built(server: Server) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    gone = server.http.delete("/api/v1/documents/nowhere", headers=headers)
    assert (gone.status_code, gone.json()["hint"]) == (404, "Search for it, and use its doc_id.")
    body = {"text": "أعلنت وزارة المياه حفر عشرين بئرًا جديدة في واحة سيوة.", "title": "آبار سيوة"}
    accepted = server.http.post("/api/v1/documents", json=body, headers=headers)
    assert accepted.status_code == 202
    assert {answer.json()["work"]["state"] for answer in server.asked("/api/v1/status")} == {"building"}
    wait_for(lambda: server.http.get("/api/v1/status").json()["work"]["finished"] is not None)
    for answer in server.asked("/api/v1/search?q=wells+in+the+oasis&k=1"):
        assert answer.json()["hits"][0]["document"]["doc_id"] == accepted.json()["doc_ids"][0]
    assert server.figure("jisr_generation_switches_total") == 2


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    dead, other = server.workers
    os.kill(dead, signal.SIGKILL)
    wait_for(lambda: len(set(server.workers) - {dead}) == 2)
    assert other in server.workers
    assert all(answer.status_code == 200 for answer in server.asked("/api/v1/search?q=harbour"))


def test_workers_end_with_their_server(server: Server) -> None:
    workers = server.workers
    server.process.terminate()
    assert server.process.wait(PATIENCE_S) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
