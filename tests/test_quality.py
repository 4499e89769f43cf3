"""How good ranking has to be, in one table: no change may go below it.

Measured by the command that a user has, scored by `ir_measures` from the run file that it writes.
"""

import json
import shutil
import sys
from pathlib import Path
from subprocess import run

import ir_measures
import pytest
from ir_measures import Success, nDCG

from search.evaluation import Qrels, judgements_by_cell, read_collection
from tests.conftest import SEEDS

# test set: every how many queries are asked, nDCG@10 of the mixed list, Success@20 of the worst cell
FLOORS = {
    "seeds": (1, 0.94, 0.97),
    "xquad-split": (10, 0.93, 0.96),
    "ntrex-news": (1, 0.89, 0.96),
}


@pytest.mark.parametrize("name", FLOORS)
def test_ranking_is_as_good_as_it_was(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    every, floor_ndcg, floor_worst = FLOORS[name]
    folder = SEEDS if name == "seeds" else request.getfixturevalue("shared") / "eval" / name
    if name == "seeds":  # they need not be encoded again
        seed_settings = request.getfixturevalue("seed_settings")
        shutil.copytree(seed_settings.index / "cache", tmp_path / "i" / "cache")
    folder = _sampled(folder, tmp_path / "set", every) if every > 1 else folder
    run_file = tmp_path / "run.txt"
    arguments = ["eval", str(folder), "--run", str(run_file), "--index", str(tmp_path / "i")]
    done = run([sys.executable, "-m", "jisr", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tests = read_collection(folder)
    results = list(ir_measures.read_trec_run(str(run_file)))  # type: ignore[no-untyped-call]
    asked = {query.query_id: tests.qrels[query.query_id] for query in tests.queries}
    ndcg = ir_measures.calc_aggregate([nDCG @ 10], asked, results)[nDCG @ 10]
    cells = judgements_by_cell(tests, tests.languages or _seed_languages(tests.qrels))
    assert len(cells) == 4
    worst = min(ir_measures.calc_aggregate([Success @ 20], qrels, results)[Success @ 20] for qrels in cells.values())
    assert ndcg >= floor_ndcg, done.stdout
    assert worst >= floor_worst, done.stdout


def _sampled(folder: Path, target: Path, every: int) -> Path:
    """The same test set with some of its queries: all of them would take minutes."""
    target.mkdir()
    for part in ("corpus.jsonl", "qrels"):
        (target / part).symlink_to(folder / part)
    lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
    (target / "queries.jsonl").write_text("\n".join(lines[::every]), "utf-8")
    return target


def _seed_languages(qrels: Qrels) -> dict[str, str]:
    """The language of each judged seed document, told by the folder that holds its file or its record."""
    languages: dict[str, str] = {}
    for lang in ("ar", "en"):
        records = (SEEDS / "documents" / lang / "briefs.jsonl").read_text("utf-8").splitlines()
        languages |= {json.loads(record)["_id"]: lang for record in records}
        languages |= {name: lang for names in qrels.values() for name in names if name.startswith(f"{lang}/")}
    return languages
