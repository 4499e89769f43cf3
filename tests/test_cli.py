"""The command line, run as its users run it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from search.model import PreparedModel
from search.searcher import Searcher
from search.settings import Settings


def jisr(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "jisr", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def index(seed_settings: Settings) -> Path:
    return seed_settings.index


def test_json_of_a_search_is_what_the_library_finds(index: Path, seed_searcher: Searcher) -> None:
    done = jisr("search", "--json", "--k", "5", "--index", index, "naval patrol frees a bulk carrier")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    hits = seed_searcher.search("naval patrol frees a bulk carrier", k=5)
    assert [hit["passage"]["passage_id"] for hit in answer["hits"]] == [hit.passage.passage_id for hit in hits]
    first = answer["hits"][0]
    assert {"rank", "score", "passage", "document"} <= set(first)
    assert set(first["passage"]) == {"passage_id", "lang", "text", "start", "end"}
    assert {"doc_id", "title", "lang", "date", "source"} <= set(first["document"])
    assert first["document"]["source"] in {"ar/bulk-carrier-boarding.txt", "en/bulk-carrier-boarding.md"}
    assert {hit["passage"]["lang"] for hit in answer["hits"]} == {"ar", "en"}


def test_words_of_a_query_need_no_quotes(index: Path) -> None:
    done = jisr("search", "--index", index, "--k", "1", "--lang", "ar", "أسعار", "الفائدة", "والتضخم")
    assert done.returncode == 0
    assert "ar/inflation-rate-cut.html" in done.stdout


def test_an_error_is_two_lines_and_exit_code_1(tmp_path: Path) -> None:
    done = jisr("search", "water", "--index", tmp_path / "none")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert "jisr index PATH" in done.stderr.splitlines()[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "   "], "The query is empty."),
        (["search", "water", "--k", "0"], "0 hits were asked for."),
        (["search", "water", "--lang", "english"], "'english'"),
        (["search", "water", "--model", "/no/such/model"], "/no/such/model"),
    ],
)
def test_bad_requests_are_explained(index: Path, arguments: list[str], said: str) -> None:
    done = jisr(*arguments, "--index", index)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["search"], ["nonsense"], ["index"], ["search", "water", "--device", "tpu"]])
def test_bad_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert jisr(*arguments).returncode == 2


def test_indexing_says_what_it_did_and_what_it_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "مقالات"
    folder.mkdir()
    (folder / "خبر.txt").write_text("وصلت سفينة المساعدات إلى الميناء صباح اليوم.", "utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    done = jisr("index", folder, "--index", tmp_path / "index")
    assert done.returncode == 0
    assert re.search(r"Documents\s+1\b", done.stdout)
    assert "1 ar" in done.stdout
    assert "photo.jpg" in done.stderr
    again = jisr("index", folder, "--index", tmp_path / "index", "--json")
    summary = json.loads(again.stdout)
    assert (summary["published"], summary["encoded"], summary["documents"]) == (False, 0, 1)
    assert [skip["place"] for skip in summary["skipped"]] == ["photo.jpg"]


def test_a_path_that_is_not_there_is_explained(tmp_path: Path) -> None:
    done = jisr("index", tmp_path / "missing", "--index", tmp_path / "index")
    assert done.returncode == 1
    assert "missing" in done.stderr


def test_info_counts_what_the_index_holds(index: Path) -> None:
    facts = json.loads(jisr("info", "--json", "--index", index).stdout)
    assert facts["manifest"]["documents"] == 46
    assert facts["manifest"]["model"] == "multilingual-e5-small"
    assert "46" in jisr("info", "--index", index).stdout


def test_the_prepared_model_s_folder_is_printed(model: PreparedModel) -> None:
    done = jisr("model", "--path")
    assert Path(done.stdout.strip()) == model.sentence_transformers
    assert "384" in jisr("model").stdout


def test_every_command_has_help_with_an_example() -> None:
    commands = ["index", "search", "serve", "eval", "info", "model"]
    listed = jisr("--help").stdout
    for command in commands:
        assert command in listed
        assert "Example" in jisr(command, "--help").stdout
    for command in ("index", "search", "serve", "eval", "info"):
        assert "--index" in jisr(command, "--help").stdout
