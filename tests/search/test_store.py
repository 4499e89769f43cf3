"""Generations on disk, what is said when they cannot be read, and readers across builds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.build import build
from search import store
from search.encoder import Encoder
from search.errors import BusyIndexError, DamagedIndexError, MismatchError, MissingIndexError, StoreError
from search.local import LocalBackend
from search.searcher import Searcher
from search.settings import Settings
from tests.conftest import REPOSITORY

MANIFEST = store.Manifest(
    format=store.FORMAT,
    generation="20251122T081500.000000Z",
    created="2025-11-22T08:15:00+00:00",
    jisr="0.1.0",
    model="نموذج/multilingual-e5-small",
    fingerprint="f" * 32,
    dim=384,
    documents=46,
    passages=141,
    languages={"ar": 72, "en": 69},
    analysis=1,
    settling="1.1.1",
    late=True,
    recall={"10": 1.0, "100": 0.995},
)


def publish(index: Path, name: str, *, text: str = "") -> Path:
    """A generation of one file."""
    with store.building(index):
        workshop = store.workshop(index, name)
        (workshop / "note.txt").write_text(text or name, "utf-8")
        return store.publish(index, workshop)


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert store.Manifest.read(tmp_path) == MANIFEST
    assert "نموذج" in (tmp_path / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        *(None, b"", b"{", b"[]", b"7", b"{}", b"\xff\xfe"),
        *(b'{"format": %d}' % store.FORMAT, b'{"format": %d, "colour": "red"}' % store.FORMAT),
    ],
    ids=["missing", "empty", "cut", "list", "number", "no format", "binary", "fields missing", "fields too many"],
)
def test_a_damaged_manifest(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedIndexError, match=str(tmp_path)) as caught:
        store.Manifest.read(tmp_path)
    assert "jisr index --rebuild" in caught.value.hint


def test_a_manifest_of_another_format(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": store.FORMAT + 1, "colour": "red"}), "utf-8")
    with pytest.raises(MismatchError, match=f"format {store.FORMAT + 1}, .* reads format {store.FORMAT}") as caught:
        store.Manifest.read(tmp_path)
    assert "jisr index --rebuild" in caught.value.hint


@pytest.mark.parametrize("index", ["nowhere", "a file", "an empty folder"])
def test_no_index(tmp_path: Path, index: str) -> None:
    (tmp_path / "a file").write_text("not a folder", "utf-8")
    (tmp_path / "an empty folder").mkdir()
    with pytest.raises(MissingIndexError, match=f"There is no index in .*{index}") as caught:
        store.current(tmp_path / index)
    assert "jisr index" in caught.value.hint


@pytest.mark.parametrize("name", ["20200101T000000.000000Z\n", "", "\n"], ids=["gone", "empty", "blank"])
def test_current_names_nothing_that_is_there(tmp_path: Path, name: str) -> None:
    publish(tmp_path, "20251122T081500.000000Z")
    (tmp_path / "CURRENT").write_text(name, "utf-8")
    with pytest.raises(DamagedIndexError, match="which is missing") as caught:
        store.current(tmp_path)
    assert "jisr index --rebuild" in caught.value.hint


def test_the_current_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = publish(tmp_path / "index", "20251122T081500.000000Z")
    assert folder == tmp_path / "index" / "generations" / "20251122T081500.000000Z"
    assert store.current(tmp_path / "index") == folder
    monkeypatch.chdir(tmp_path)
    assert store.current(Path("index")) == folder


def test_a_workshop_is_not_seen_before_it_is_published(tmp_path: Path) -> None:
    first = publish(tmp_path, "1")
    with store.building(tmp_path):
        workshop = store.workshop(tmp_path, "2")
        (workshop / "note.txt").write_text("half", "utf-8")
        assert store.current(tmp_path) == first
        second = store.publish(tmp_path, workshop)
        assert store.current(tmp_path) == second
    assert not workshop.exists()
    assert generations(tmp_path) == ["1", "2"]


def test_current_is_replaced_after_all_else(tmp_path: Path) -> None:
    """What publishing renames and removes, in order, as Python's audit hooks see it."""
    publish(tmp_path, "1")
    program = (
        "import os, pathlib, sys\n"
        "from search import store\n"
        "def watch(event, arguments):\n"
        "    if event in ('os.rename', 'shutil.rmtree'):\n"
        "        names = [os.path.basename(value) for value in arguments if isinstance(value, (str, os.PathLike))]\n"
        "        print(event, *names)\n"
        "index = pathlib.Path(sys.argv[1])\n"
        "with store.building(index):\n"
        "    workshop = store.workshop(index, '3')\n"
        "    (workshop / 'note.txt').write_text('three')\n"
        "    sys.addaudithook(watch)\n"
        "    store.publish(index, workshop)\n"
    )
    publish(tmp_path, "2")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["os.rename 3.tmp 3", "os.rename CURRENT.new CURRENT", "shutil.rmtree 1"]


def test_a_crash_before_current_is_replaced_leaves_the_old_generation(tmp_path: Path) -> None:
    first = publish(tmp_path, "1")
    (tmp_path / "generations" / "2").mkdir()  # renamed, and then the power went
    (tmp_path / "CURRENT.new").write_text("2\n", "utf-8")
    assert store.current(tmp_path) == first
    third = publish(tmp_path, "3")
    assert store.current(tmp_path) == third
    assert not (tmp_path / "CURRENT.new").exists()


def test_two_generations_are_kept_and_the_newest_always(tmp_path: Path) -> None:
    for name in ("1", "2", "3", "4"):
        publish(tmp_path, name)
    assert generations(tmp_path) == ["3", "4"]
    publish(tmp_path, "0")  # the clock was put back
    assert store.current(tmp_path).name == "0"
    assert generations(tmp_path) == ["0", "4"]


def test_what_a_killed_build_left_is_cleared(tmp_path: Path) -> None:
    publish(tmp_path, "1")
    left = tmp_path / "generations" / "2.tmp"
    left.mkdir()
    (left / "catalogue.sqlite").write_bytes(b"half")
    with store.building(tmp_path):
        assert generations(tmp_path) == ["1"]


def test_one_build_at_a_time_even_in_one_process(tmp_path: Path) -> None:
    with store.building(tmp_path):
        with pytest.raises(BusyIndexError, match=str(tmp_path)) as caught, store.building(tmp_path):
            pass
        assert caught.value.hint
    with store.building(tmp_path):
        pass


@pytest.mark.parametrize("index", ["a file", "a file/index"])
def test_a_folder_that_cannot_be_made(tmp_path: Path, index: str) -> None:
    (tmp_path / "a file").write_text("not a folder", "utf-8")
    with pytest.raises(StoreError, match=f"{index} cannot hold an index") as caught, store.building(tmp_path / index):
        pass
    assert "--index" in caught.value.hint


def test_a_build_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), store.building(tmp_path):
        _ = 1 / 0
    with store.building(tmp_path):
        pass


def test_a_reader_keeps_its_generation_until_it_turns_to_the_new_one(
    tmp_path: Path, settings: Settings, encoder: Encoder
) -> None:
    note = tmp_path / "news" / "خبر.txt"
    note.parent.mkdir()
    texts = ["افتتح الوزير جسراً على النيل.", "أغلقت السلطات الجسر أمس.", "عاد الجسر إلى الخدمة."]

    def rebuilt(text: str) -> str:
        note.write_text(text, "utf-8")
        os.utime(note, ns=(len(text), len(text)))
        return build([note.parent], settings).generation

    first = rebuilt(texts[0])
    reader = Searcher(LocalBackend(settings.folder), encoder)
    rebuilt(texts[1])
    third = rebuilt(texts[2])
    assert first not in generations(settings.folder)

    (hit,) = reader.search("bridge")
    assert hit.passage.text == texts[0]
    assert reader.document(hit.document.doc_id).text == texts[0]

    assert reader.refresh()
    assert reader.manifest.generation == third
    assert [hit.passage.text for hit in reader.search("bridge")] == [texts[2]]
    assert not reader.refresh()


def test_a_reader_goes_on_when_the_new_generation_cannot_be_read(
    tmp_path: Path, settings: Settings, encoder: Encoder
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The bridge is open.", "utf-8")
    build([tmp_path / "news"], settings)
    reader = Searcher(LocalBackend(settings.folder), encoder)
    publish(settings.folder, "99991231T235959.000000Z")
    with pytest.raises(DamagedIndexError):
        reader.refresh()
    assert [hit.passage.text for hit in reader.search("جسر")] == ["The bridge is open."]
