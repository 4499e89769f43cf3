"""An environment for each engine, made by the benchmark outside of the repository and kept between runs."""

import hashlib
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from platformdirs import user_cache_path

from bench.processes import ProcessError

ENGINES = Path(__file__).parent / "engines"
CACHE = user_cache_path("jisr-bench")
"""Where environments and the exported model lie; it may be removed at any time."""

_MADE = ".made"
_SHOWN_CHARS = 2000


def requirements(engine: str) -> list[str]:
    """What an engine's environment holds, each at one version, in the order that it is installed in."""
    return (ENGINES / f"{engine}.txt").read_text("utf-8").split()


def environment(engine: str) -> Path:
    """The Python of an engine's environment, which is made the first time and when its requirements have changed.

    Raises `ProcessError` when it cannot be installed.
    """
    wanted = requirements(engine)
    digest = hashlib.sha256("\n".join([sys.version, *wanted]).encode()).hexdigest()[:12]
    folder = CACHE / "environments" / f"{engine}-{digest}"
    python = folder / "bin" / "python"
    if not (folder / _MADE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", folder)
        # torch by itself first, as in the Makefile: asked for by others it may bring several GB of CUDA.
        for group in ([one for one in wanted if one.startswith("torch==")], wanted):
            if group:
                _run(python, "-m", "pip", "install", "--quiet", "--no-compile", *group)
        (folder / _MADE).touch()
    return python


def versions(engine: str) -> dict[str, str]:
    """The versions of what an engine's environment was asked to hold, and of what matters to speed besides."""
    found: dict[str, Distribution] = {
        one.name.lower(): one for one in distributions(path=[str(_packages(environment(engine)))])
    }
    asked = [one.partition("==")[0] for one in requirements(engine)]
    names = dict.fromkeys([*asked, "transformers", "tokenizers", "onnxruntime", "numpy"])
    return {name: found[name].version for name in names if name in found}


def _packages(python: Path) -> Path:
    (folder,) = (python.parents[1] / "lib").glob("python*/site-packages")
    return folder


def _run(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ProcessError(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-_SHOWN_CHARS:]}")
