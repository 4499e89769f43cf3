"""What the engines are made of is pinned, and they know nothing of Jisr."""

import ast
import re

import pytest

from bench.environments import ENGINES, requirements
from bench.rivals import RIVALS
from tests.conftest import REPOSITORY

_SCRIPTS = sorted(ENGINES.glob("*.py"))


@pytest.mark.parametrize("script", [*(rival.script for rival in RIVALS.values()), "picture"])
def test_every_requirement_is_at_one_version(script: str) -> None:
    assert requirements(script)
    assert all(re.fullmatch(r"[a-z-]+==[\d.]+", one) for one in requirements(script))


def test_what_jisr_uses_too_is_at_jisrs_version() -> None:
    ours = (REPOSITORY / "constraints.txt").read_text("utf-8").split()
    names = {"torch", "sentence-transformers", "faiss-cpu"}
    theirs = {one for rival in RIVALS.values() for one in requirements(rival.script) if one.partition("==")[0] in names}
    assert len(theirs) == len(names)
    assert theirs <= set(ours)


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda script: script.stem)
def test_engines_import_nothing_of_jisr(script: object) -> None:
    tree = ast.parse((ENGINES / str(script)).read_text("utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {name for name in imported if name.partition(".")[0] in {"search", "indexer", "web", "jisr", "seeds"}}
    assert all(name.startswith("bench.engines") for name in imported if name.startswith("bench"))
