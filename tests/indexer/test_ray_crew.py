"""A build on a Ray cluster of two nodes: the same generation as without, whoever is lost on the way."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.cluster import Cluster
from indexer.errands import NodeModel
from indexer.files import SourceFile
from indexer.ray_crew import RayCrew
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.summary import Summary
from indexer.worker import Limits
from search import store
from search.encoder import Encoder
from search.errors import ClusterError
from search.local import LocalBackend
from search.model import PreparedModel
from search.searcher import Searcher
from search.settings import Device, Settings
from tests.conftest import REPOSITORY
from tests.indexer import bad_readers, news
from tests.indexer.ray_nodes import RayNodes
from tests.indexer.test_workers import files
from tests.indexer.words import WordEncoder

pytest.importorskip("ray", reason="needs pip install 'jisr[ray]'")

SHIPS = 200
PATIENCE_S = 120


@pytest.fixture(scope="module")
def nodes(model: PreparedModel) -> Iterator[RayNodes]:
    with RayNodes() as nodes:
        yield nodes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of news, a table of ships that takes some seconds to encode, and a document that is none."""
    folder = news.write(tmp_path_factory.mktemp("news"), news.NEWS)
    ships = [f"وصلت السفينة رقم {number} إلى ميناء اللاذقية محملة بالقمح والذرة." for number in range(SHIPS)]
    ships += [f"Vessel number {number} left the port of Aqaba with phosphate on board." for number in range(SHIPS)]
    lines = [json.dumps({"_id": f"{at}", "text": text}, ensure_ascii=False) for at, text in enumerate(ships)]
    (folder / "ships.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "broken.docx").write_bytes(b"PK\3\4 and no more")
    return folder


@pytest.fixture(scope="module")
def local(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Summary]:
    """The index without a cluster."""
    settings = Settings.load(index=tmp_path_factory.mktemp("local") / "index")
    return settings, build([folder], settings)


def parts(index: Path) -> dict[str, bytes]:
    """All files of a generation that hold neither its time nor a name made up: what has that is the lexical index."""
    generation = store.current(index)
    found = (path for path in sorted(generation.rglob("*")) if path.is_file())
    named = {path.relative_to(generation).as_posix(): path for path in found}
    return {
        name: path.read_bytes() for name, path in named.items() if name != "manifest.json" and "lexical/" not in name
    }


def manifest(index: Path) -> dict[str, Any]:
    return asdict(store.Manifest.read(store.current(index))) | {"generation": "", "created": ""}


def assert_same(index: Path, other: Path, encoder: Encoder) -> None:
    """The same catalogue row for row, the same vectors, codes and all else; the same hits with the same scores."""
    one, two = parts(index), parts(other)
    assert one.keys() == two.keys() >= {"catalogue.sqlite", "tokens/codes.npy"}
    assert [name for name in one if one[name] != two[name]] == []
    assert manifest(index) == manifest(other)
    first, second = (news.answers(Searcher(LocalBackend(path), encoder)) for path in (index, other))
    assert first == second
    assert all(first)


def cached(index: Path) -> int:
    """How many passages are in the cache of a build that may be running."""
    try:
        with closing(sqlite3.connect(f"file:{index / 'cache' / 'vectors.sqlite'}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
    except sqlite3.OperationalError:  # there is none yet
        return 0


def start(folder: Path, index: Path, address: str) -> "subprocess.Popen[str]":
    """A build in a process of its own that has begun to encode and is not half done."""
    command = [sys.executable, "-m", "jisr", "index", str(folder), "--index", str(index), "--ray", address, "--json"]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, start_new_session=True)
    end = time.monotonic() + PATIENCE_S
    while not cached(index) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    assert 0 < cached(index) < SHIPS
    return process


def test_the_same_generation_as_without(
    nodes: RayNodes, folder: Path, local: tuple[Settings, Summary], settings: Settings, encoder: Encoder
) -> None:
    there = replace(settings, ray=nodes.address)
    summary = build([folder], there)
    expected = local[1]
    assert summary.skipped == expected.skipped
    assert [skip.place for skip in summary.skipped] == ["broken.docx"]
    assert (summary.documents, summary.passages, summary.encoded) == (
        expected.documents,
        expected.passages,
        expected.encoded,
    )
    assert_same(settings.folder, local[0].folder, encoder)

    assert build([folder], there).published is False


def test_only_what_changed_is_read_and_encoded(nodes: RayNodes, tmp_path: Path, settings: Settings) -> None:
    folder = news.write(tmp_path / "news", news.NEWS)
    build([folder], settings)
    (folder / "en/wheat.md").write_text("# Egypt buys rice\n\nEgypt bought 50,000 tonnes of Indian rice.\n", "utf-8")
    (folder / "ar/خبز.md").unlink()
    summary = build([folder], replace(settings, ray=nodes.address))
    assert (summary.files_read, summary.files_removed, summary.encoded) == (1, 1, 1)
    assert summary.documents == len(news.NEWS)  # موجز.jsonl holds two


def test_a_build_that_is_killed_is_gone_on_with(
    nodes: RayNodes, folder: Path, local: tuple[Settings, Summary], settings: Settings, encoder: Encoder
) -> None:
    process = start(folder, settings.folder, nodes.address)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    kept = cached(settings.folder)
    assert 0 < kept < local[1].passages
    summary = build([folder], replace(settings, ray=nodes.address))
    assert local[1].encoded is not None
    assert summary.encoded == local[1].encoded - kept
    assert_same(settings.folder, local[0].folder, encoder)


def test_a_node_that_is_killed_costs_time_alone(
    nodes: RayNodes, folder: Path, local: tuple[Settings, Summary], settings: Settings, encoder: Encoder
) -> None:
    process = start(folder, settings.folder, nodes.address)
    nodes.kill()
    assert cached(settings.folder) < local[1].passages
    output, _ = process.communicate(timeout=PATIENCE_S)
    nodes.add()
    assert process.returncode == 0
    assert json.loads(output)["encoded"] == local[1].encoded
    assert_same(settings.folder, local[0].folder, encoder)


@pytest.fixture(scope="module")
def node_model(model: PreparedModel) -> NodeModel:
    return NodeModel.of(model, Device.CPU, None)


@pytest.fixture(scope="class")
def cluster(nodes: RayNodes) -> Iterator[Cluster]:
    with closing(Cluster(nodes.address)) as cluster:
        yield cluster


class TestWhatNodesMeet:
    """These share a connection, of which a process has one at a time."""

    def test_a_file_that_ends_its_reader_costs_that_file(
        self, cluster: Cluster, node_model: NodeModel, tmp_path: Path
    ) -> None:
        asked = files(tmp_path, "good", "hang", "crash", "good")
        limits = Limits(seconds=1)
        with RayCrew(cluster, node_model).reading(asked, limits, 1, read=bad_readers.read) as contents:
            found = [next(one.found) for one in contents]
        assert found == [
            SourceItem(text="000.txt"),
            Skip("", "Reading it took more than 1 seconds."),
            Skip("", "The reader crashed (SIGSEGV)."),
            SourceItem(text="003.txt"),
        ]

    def test_a_file_that_a_node_does_not_see(self, cluster: Cluster, node_model: NodeModel, tmp_path: Path) -> None:
        """As in a folder that is not mounted there, which makes no broken file of it."""
        (tmp_path / "note.txt").write_text("a note", "utf-8")
        with (tmp_path / "note.txt").open("rb") as stream:
            path = Path("/proc/self/fd", str(stream.fileno()))  # what is open in this process and in no other
            state = path.stat()
            file = SourceFile(path, "note.txt", state.st_size, state.st_mtime_ns)
            with (
                pytest.raises(ClusterError, match="does not see /proc/self/fd"),
                RayCrew(cluster, node_model).reading([(file, ReadOptions())], Limits(), 1) as contents,
            ):
                next(contents)

    def test_a_node_with_another_model(self, cluster: Cluster, node_model: NodeModel) -> None:
        crew = RayCrew(cluster, replace(node_model, fingerprint="another"))
        with pytest.raises(ClusterError, match="is not that of this machine"):
            list(crew.encode(WordEncoder(), ["وصلت السفينة."], "ar", None))

    def test_a_node_that_fails(self, cluster: Cluster) -> None:
        with pytest.raises(ClusterError, match=r"^The Ray cluster failed: JSONDecodeError: Expecting property"):
            list(cluster.spread(json.loads, ["{"], in_order=True))
