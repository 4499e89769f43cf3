"""The commands, with an index in a Milvus Lite."""

import json
import re
import shutil
from pathlib import Path

import pytest

from search import store
from search.settings import Settings
from tests.test_cli import here

FERRY = "The ferry to Suakin sails again on Thursday, after two weeks of storms."
MINARET = "رمّم العمال مئذنة الجامع القديم في سواكن هذا الأسبوع."
HARBOUR = "The harbour master closed the fishing port because of the gale."


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where indexes are built that are kept elsewhere."""
    monkeypatch.setenv("JISR_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path / "workspace"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "ferry.txt").write_text(FERRY, "utf-8")
    (folder / "مئذنة.txt").write_text(MINARET, "utf-8")
    return folder


@pytest.fixture
def address(lite_uri: str, name: str) -> str:
    return f"milvus-lite://{lite_uri}/{name}"


def told(*arguments: str | Path) -> "dict[str, object]":
    """What a command says in JSON."""
    done = here(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def first(address: str, query: str) -> str:
    """The text of the best hit."""
    hits = told("search", "--index", address, query)["hits"]
    assert isinstance(hits, list)
    return str(hits[0]["passage"]["text"])


def test_an_index_at_an_address_is_built_sent_searched_and_brought_up_to_date(
    news: Path, address: str, workspace: Path
) -> None:
    done = here("index", news, "--index", address)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Server\s+Milvus \d", done.stdout)
    assert first(address, "سفينة إلى سواكن") == FERRY
    assert first(address, "restored minaret of the old mosque") == MINARET

    (news / "harbour.txt").write_text(HARBOUR, "utf-8")
    summary = told("index", news, "--index", address)
    assert (summary["encoded"], summary["sent"], summary["documents"]) == (1, True, 3)
    assert first(address, "gale in the harbour") == HARBOUR
    again = told("index", news, "--index", address)
    assert (again["published"], again["sent"]) == (False, False)

    assert told("remove", news / "ferry.txt", "--index", address)["documents"] == 2
    assert first(address, "سفينة إلى سواكن") != FERRY
    assert "ferry" not in here("doctor", "--index", address).stdout
    assert len(here("export", "--index", address).stdout.splitlines()) == 2
    server = told("info", "--index", address)["server"]
    assert isinstance(server, dict)
    assert (server["name"], server["absent"]) == ("Milvus", [])


def test_what_was_built_and_not_sent_is_sent_by_the_next_build(news: Path, address: str, workspace: Path) -> None:
    here("index", news, "--index", workspace)
    summary = told("index", news, "--index", address)
    assert (summary["published"], summary["sent"], summary["encoded"]) == (False, True, 0)
    assert first(address, "ferry") == FERRY


def test_an_index_that_was_built_in_another_folder_is_not_lost(
    news: Path, address: str, workspace: Path, tmp_path: Path
) -> None:
    here("index", news, "--index", address)
    shutil.rmtree(workspace)
    (tmp_path / "harbour.txt").write_text(HARBOUR, "utf-8")
    refused = here("index", tmp_path / "harbour.txt", "--index", address)
    assert refused.returncode == 1
    assert "JISR_WORKSPACE" in refused.stderr
    assert first(address, "ferry") == FERRY
    assert told("index", "--rebuild", tmp_path / "harbour.txt", "--index", address)["documents"] == 1
    assert first(address, "ferry") == HARBOUR


def test_an_index_is_copied_to_an_address_and_built_on_there_without_encoding_anything_again(
    news: Path, address: str, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    generation = told("index", news, "--index", folder)["generation"]
    copied = told("copy", folder, address)
    assert copied == {"generation": generation, "documents": 2, "passages": 2, "is_new": True}
    assert told("copy", folder, address)["is_new"] is False
    assert first(address, "ferry") == FERRY
    (news / "harbour.txt").write_text(HARBOUR, "utf-8")
    assert told("index", news, "--index", address)["encoded"] == 1
    assert told("index", "--rebuild", news, "--index", address)["encoded"] == 0


def test_an_index_is_copied_to_another_folder(seed_settings: Settings, tmp_path: Path) -> None:
    done = here("copy", seed_settings.folder, tmp_path / "copy")
    assert done.returncode == 0, done.stderr
    assert "has 46 documents" in done.stdout
    there, here_ = store.current(tmp_path / "copy"), store.current(seed_settings.folder)
    assert there.name == here_.name
    assert {path.name: path.stat().st_size for path in there.rglob("*") if path.is_file()} == {
        path.name: path.stat().st_size for path in here_.rglob("*") if path.is_file()
    }
    assert "had all of it" in here("copy", seed_settings.folder, tmp_path / "copy").stdout


@pytest.mark.parametrize("target", ["elsewhere", "milvus://localhost:19530/archive"])
def test_an_address_has_not_what_a_copy_is_made_of(address: str, workspace: Path, target: str) -> None:
    done = here("copy", address, target)
    assert done.returncode == 1
    assert f"jisr copy {workspace} {target}" in done.stderr.replace("\n", " ")


def test_a_folder_without_an_index_cannot_be_copied(tmp_path: Path) -> None:
    done = here("copy", tmp_path / "none", tmp_path / "copy")
    assert done.returncode == 1
    assert "There is no index" in done.stderr
    assert not (tmp_path / "copy").exists()
