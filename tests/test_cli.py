"""The command line, run as its users run it."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from jisr import run
from search.model import PreparedModel
from search.searcher import Searcher
from search.settings import Settings
from tests.conftest import SEEDS


def jisr(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """A command run in a process of its own, as people do."""
    command = [sys.executable, "-m", "jisr", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def here(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """The same in this process, where model and libraries are loaded by now."""
    said, complained = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(said), redirect_stderr(complained):
        code = run([str(argument) for argument in arguments])
    outputs = (stream.buffer.getvalue().decode() for stream in (said, complained))
    return subprocess.CompletedProcess(arguments, code, *outputs)


@pytest.fixture(scope="module")
def index(seed_settings: Settings) -> Path:
    return seed_settings.folder


def imported(*arguments: str | Path) -> set[str]:
    """The modules that a command imports, by Python's own list."""
    command = [sys.executable, "-X", "importtime", "-m", "jisr", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_help_imports_next_to_nothing() -> None:
    modules = imported("--help")
    assert {"click", "search.settings"} <= modules
    assert not modules & {"numpy", "pydantic", "rich", "terminal", "importlib.metadata", "asyncio", "search.encoder"}


@pytest.mark.parametrize("query", ["naval patrol frees a bulk carrier", "أُعيدت السفينةُ إلى الميناء"])
def test_a_search_imports_only_what_it_needs(index: Path, query: str) -> None:
    """Neither what makes models, nor the server, nor what is slow to import and large for the little that we need."""
    modules = imported("search", "--index", index, query)
    assert {"search.searcher", "onnxruntime", "rich.table"} <= modules
    assert not modules & {
        *("torch", "transformers", "sentence_transformers", "tokenizers", "onnx", "onnxruntime.quantization"),
        *("fastapi", "pydantic", "uvicorn", "mcp", "babel", "indexer.build", "trafilatura"),
        *("sklearn", "scipy", "openTSNE", "pandas", "asyncio", "rich.markdown", "rich.traceback"),
        *("camel_tools.utils.charsets", "emoji", "importlib.metadata"),
    }


def test_a_server_imports_only_what_it_needs() -> None:
    modules = imported("serve", "--port", "0", "--key", "short")
    assert {"web.app", "search.searcher", "uvicorn"} <= modules
    assert not modules & {"torch", "transformers", "tokenizers", "mcp", "sklearn", "openTSNE", "indexer", "terminal"}


def test_json_of_a_search_is_what_the_library_finds(index: Path, seed_searcher: Searcher) -> None:
    done = jisr("search", "--json", "--k", "5", "--index", index, "naval patrol frees a bulk carrier")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    hits = seed_searcher.search("naval patrol frees a bulk carrier", k=5)
    assert [hit["passage"]["passage_id"] for hit in answer["hits"]] == [hit.passage.passage_id for hit in hits]
    first = answer["hits"][0]
    assert {"rank", "score", "passage", "document"} <= set(first)
    assert set(first["passage"]) == {"passage_id", "lang", "text", "start", "end", "page"}
    assert {"doc_id", "title", "lang", "date", "source"} <= set(first["document"])
    assert first["document"]["source"] in {"ar/bulk-carrier-boarding.txt", "en/bulk-carrier-boarding.md"}
    assert {hit["passage"]["lang"] for hit in answer["hits"]} == {"ar", "en"}


def test_words_of_a_query_need_no_quotes(index: Path) -> None:
    done = here("search", "--index", index, "--k", "1", "--lang", "ar", "أسعار", "الفائدة", "والتضخم")
    assert done.returncode == 0
    assert "ar/inflation-rate-cut.html" in done.stdout


def test_a_search_can_be_kept_to_dates_and_sources(index: Path) -> None:
    days = ("--since", "2025-03", "--until", "2025-09-30")
    done = here("search", "--json", "--index", index, *days, "--source", "ar", "--source", "red sea dispatch", "ships")
    hits = json.loads(done.stdout)["hits"]
    assert len(hits) > 1
    for hit in hits:
        assert "2025-03-01" <= hit["document"]["date"] <= "2025-09-30"
        assert hit["document"]["source"].startswith("ar/") or hit["document"]["publisher"] == "Red Sea Dispatch"
    assert here("search", "--index", index, "--until", "1999", "ships").stdout.strip() == "Nothing was found."


def test_an_explanation_stands_below_each_hit(index: Path) -> None:
    done = here("search", "--explain", "--k", "2", "--index", index, "naval patrol frees a bulk carrier")
    assert done.stdout.count("log-odds") == done.stdout.count("= score") == 2
    assert "log-odds" not in here("search", "--index", index, "naval patrol").stdout
    (hit,) = json.loads(here("search", "--json", "--explain", "--k", "1", "--index", index, "naval patrol").stdout)[
        "hits"
    ]
    explained = hit["explanation"]
    assert explained["constant"] + sum(leg["points"] for leg in explained["legs"]) == pytest.approx(
        explained["log_odds"]
    )
    assert explained["score"] == hit["score"]


def test_names_in_the_other_script_are_shown_unless_switched_off(index: Path) -> None:
    query = ("--lang", "ar", "--index", index, "Haftar in Rawalpindi")
    assert "Haftar = حفتر" in here("search", *query).stdout.replace("haftar", "Haftar")
    assert "=" not in here("search", "--no-names", *query).stdout


def test_a_query_that_nothing_answers_is_told_so(index: Path) -> None:
    done = here("search", "--k", "2", "--index", index, "how to prune an apple tree in winter")
    assert done.stdout.startswith("No good match in this index; the nearest passages follow.")
    assert done.stdout.count("weak match") == 2


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
        (["search", "water", "--since", "last year"], "'last year' is not a date."),
        (["search", "water", "--source", "en", "--source", "Red See Dispatch"], "Is it 'Red Sea Dispatch'?"),
        (["search", "water", "--model", "/no/such/model"], "/no/such/model"),
    ],
)
def test_bad_requests_are_explained(index: Path, arguments: list[str], said: str) -> None:
    done = here(*arguments, "--index", index)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["search"], ["nonsense"], ["index"], ["remove"], ["search", "water", "--device", "tpu"]]
)
def test_bad_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert here(*arguments).returncode == 2


def test_indexing_says_what_it_did_and_what_it_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "مقالات"
    folder.mkdir()
    (folder / "خبر.txt").write_text("وصلت سفينة المساعدات إلى الميناء صباح اليوم.", "utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    done = here("index", folder, "--index", tmp_path / "index")
    assert done.returncode == 0
    assert re.search(r"Documents\s+1\b", done.stdout)
    assert "1 ar" in done.stdout
    assert "photo.jpg" in done.stderr
    again = here("index", folder, "--index", tmp_path / "index", "--json")
    summary = json.loads(again.stdout)
    assert (summary["published"], summary["encoded"], summary["documents"]) == (False, 0, 1)
    assert [skip["place"] for skip in summary["skipped"]] == ["photo.jpg"]


def test_what_was_removed_is_shown_and_the_state_of_each_file(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "ports.txt").write_text("Ports reopened on Wednesday after the storm.\n\nLeave a Comment\n", "utf-8")
    (folder / "river.csv").write_text("headline,lead\nفيضان,حذرت الوزارة سكان القرى على ضفتي النهر أمس.\n", "cp1256")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    where = ("--index", tmp_path / "index")
    done = here("index", folder, *where, "--show-removed", "--map", "title=headline,text=lead")
    assert done.returncode == 0, done.stderr
    assert "ports.txt\n  form           Leave a Comment\n" in done.stdout
    (removal,) = json.loads(here("index", folder, *where, "--show-removed", "--json").stdout)["removed"]
    assert removal["lines"] == [{"text": "Leave a Comment", "reason": "form"}]

    health = json.loads(here("doctor", "--json", *where).stdout)
    files = {file["source"]: file for file in health["files"]}
    assert (files["river.csv"]["encoding"], files["river.csv"]["languages"]) == ("windows-1256", {"ar": 1.0})
    assert files["photo.jpg"]["skipped"][0]["reason"].startswith("It is a JPEG image")
    assert re.search(r"ports\.txt\s+txt utf-8\s+1\s+en\s+1 line of furniture removed", here("doctor", *where).stdout)
    problems = here("doctor", "--problems", *where).stdout
    assert "photo.jpg" in problems
    assert "ports.txt" not in problems
    assert re.search(r"Files\s+3 \(1 csv, 1 txt, 1 unknown\)", problems)


def test_a_map_that_makes_no_sense_is_explained(tmp_path: Path) -> None:
    done = jisr("index", tmp_path, "--index", tmp_path / "index", "--map", "headline")
    assert done.returncode == 1
    assert "'headline' maps no field to a column." in done.stderr


def test_token_vectors_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("The ferry to Suakin sails again on Thursday.", "utf-8")
    arguments = ("index", tmp_path / "news.txt", "--index", tmp_path / "index")
    assert re.search(r"Late interaction\s+on, \d+\.\d MiB", here(*arguments).stdout)
    assert re.search(r"Late interaction\s+off", here(*arguments, "--late", "off").stdout)
    assert json.loads(here(*arguments, "--late", "off", "--json").stdout)["late_bytes"] is None
    assert here(*arguments, "--late", "sometimes").returncode == 2


def test_a_path_that_is_not_there_is_explained(tmp_path: Path) -> None:
    done = here("index", tmp_path / "missing", "--index", tmp_path / "index")
    assert done.returncode == 1
    assert "missing" in done.stderr


def test_what_is_removed_and_what_is_still_there_is_said(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "ferry.txt").write_text("The ferry to Suakin sails again on Thursday.", "utf-8")
    (news / "ميناء.txt").write_text("وصلت سفينة المساعدات إلى الميناء صباح اليوم.", "utf-8")
    index = ("--index", tmp_path / "index")
    here("index", news, *index)
    done = here("remove", news / "ferry.txt", *index)
    assert done.returncode == 0
    assert re.search(r"Documents\s+1\b", done.stdout)
    assert "Still there" in done.stderr
    assert "ferry.txt" in done.stderr
    refused = here("remove", news / "ferry.txt", *index)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 2)
    assert json.loads(here("index", news, "--json", *index).stdout)["documents"] == 2


def test_what_is_exported_goes_to_standard_output_or_a_file(index: Path, tmp_path: Path) -> None:
    lines = jisr("export", "--index", index).stdout.splitlines()
    assert len(lines) == 46
    assert {"doc_id", "title", "text", "lang", "file"} <= json.loads(lines[0]).keys()
    done = jisr("export", "--index", index, "--out", tmp_path / "documents.jsonl")
    assert done.stdout == f"46 documents are in {tmp_path / 'documents.jsonl'}.\n"
    assert (tmp_path / "documents.jsonl").read_text("utf-8").splitlines() == lines


def test_a_watched_folder_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "ferry.txt").write_text("The ferry to Suakin sails again on Thursday.", "utf-8")
    # Tests that run in the background have Ctrl-C ignored, and so would what they start.
    command = ["env", "--default-signal=INT", sys.executable, "-m", "jisr", "index", "--watch", str(tmp_path / "news")]
    command += ["--index", str(tmp_path / "index")]
    (tmp_path / "on-its-way").write_text("وصلت سفينة المساعدات إلى الميناء صباح اليوم.", "utf-8")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1) as process:
        try:
            assert process.stdout is not None
            while (line := process.stdout.readline()) and not line.startswith("Watching"):
                pass
            time.sleep(0.5)
            (tmp_path / "on-its-way").rename(tmp_path / "news" / "ميناء.txt")
            assert re.search(r"^\d\d:\d\d:\d\d 1 read, .* 2 documents, 2 passages", process.stdout.readline())
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, rest, errors) == (0, "Ended; the index is as the last line says.\n", "")


def test_info_counts_what_the_index_holds(index: Path) -> None:
    facts = json.loads(here("info", "--json", "--index", index).stdout)
    assert facts["manifest"]["documents"] == 46
    assert facts["manifest"]["model"] == "multilingual-e5-small"
    assert "46" in here("info", "--index", index).stdout


def test_the_prepared_model_s_folder_is_printed(model: PreparedModel) -> None:
    done = here("model", "--path")
    assert Path(done.stdout.strip()) == model.sentence_transformers
    assert "384" in here("model").stdout


@pytest.fixture
def own_cache(model: PreparedModel, tmp_path: Path) -> Path:
    """A cache with the prepared model, in which what is estimated is the test's own."""
    copy = tmp_path / "cache" / "models" / model.folder.name
    copy.mkdir(parents=True)
    for part in model.folder.iterdir():
        if part.name not in ("shift.npz", "late.npz"):
            (copy / part.name).symlink_to(part)
    return tmp_path / "cache"


def test_a_model_is_calibrated_and_set_back(own_cache: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(
        "\n".join((SEEDS / "parallel.tsv").read_text("utf-8").splitlines()[:61]), "utf-8"
    )
    done = here("calibrate", tmp_path / "pairs.tsv", "--cache", own_cache)
    assert done.returncode == 0, done.stderr
    assert "60 pairs" in done.stdout
    assert re.search(r"Of 12 held out", done.stdout)
    assert len(re.findall(r"\d+\.\d%", done.stdout)) == 4
    assert "jisr index --rebuild" in done.stdout
    (folder,) = (own_cache / "models").glob("*/parallel.tsv")
    assert (folder.parent / "shift.npz").exists()
    assert here("calibrate", "--reset", "--cache", own_cache).returncode == 0
    assert not folder.exists()


def test_calibrating_with_what_are_no_pairs_is_explained(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("english\tar\npeace\tسلام\n", "utf-8")
    done = here("calibrate", tmp_path / "pairs.tsv")
    assert done.returncode == 1
    assert "has no column en." in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("arguments", [[], ["pairs.tsv", "--reset"]])
def test_calibrating_takes_either_pairs_or_reset(arguments: list[str]) -> None:
    assert here("calibrate", *arguments).returncode == 2


def test_every_command_has_help_with_an_example() -> None:
    commands = ["index", "remove", "export", "search", "serve", "mcp", "eval", "info", "model", "calibrate"]
    listed = here("--help").stdout
    for command in commands:
        assert command in listed
        assert "Example" in here(command, "--help").stdout
    for command in ("index", "remove", "export", "search", "serve", "mcp", "eval", "info"):
        assert "--index" in here(command, "--help").stdout
