"""Running a command by itself, with its wall time and peak memory.

On Linux a child's peak memory starts from its parent's, so the process that starts the others must stay small: every
measurement that loads a model has a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
_PEAK_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
_SHOWN_LINES = 15
_QUIET = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "ANONYMIZED_TELEMETRY": "False"}


class ProcessError(Exception):
    """A command that failed; its message holds the command and the end of what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A finished process. `seconds` is wall time from start to exit, `peak_bytes` its largest resident size."""

    seconds: float
    peak_bytes: int
    output: str
    errors: str

    def json(self) -> Any:
        """Its output, read as JSON."""
        return json.loads(self.output)

    def last_json(self) -> Any:
        """The last line of its output, read as JSON: libraries print what they please before."""
        return json.loads(self.output.splitlines()[-1])


def jisr_command(*arguments: str | Path, python_options: Sequence[str] = ()) -> list[str | Path]:
    """The command line as its users call it."""
    return [sys.executable, *python_options, Path(sys.executable).with_name("jisr"), *arguments]


def run_jisr(*arguments: str | Path, cache: Path, python_options: Sequence[str] = ()) -> Process:
    """Run the command line as its users do, with default settings save the folder of prepared models.

    Raises `ProcessError`.
    """
    return _run(jisr_command(*arguments, python_options=python_options), {"JISR_CACHE": str(cache)})


def run_module(module: str, *arguments: str | Path, python: str | Path = sys.executable, given: Any = None) -> Process:
    """Run a module of this package, with what it is `given` as JSON on its standard input. Raises `ProcessError`."""
    return _run([python, "-m", module, *arguments], {}, json.dumps(given))


def environment_variables(**added: str) -> dict[str, str]:
    """What a process under measurement finds in its environment: nothing that sets Jisr, and no way to the network."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JISR_")}
    return {**inherited, **_QUIET, "PYTHONPATH": str(REPOSITORY), **added}


def _run(command: Sequence[str | Path], variables: Mapping[str, str], given: str = "") -> Process:
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as input_,
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
    ):
        input_.write(given)
        input_.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=input_,
            stdout=output,
            stderr=errors,
            cwd=REPOSITORY,
            env=environment_variables(**variables),
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        finished = Process(
            seconds=seconds,
            peak_bytes=usage.ru_maxrss * _PEAK_UNIT_BYTES,
            output=output.read(),
            errors=errors.read(),
        )
    if process.returncode:
        end = "\n".join((finished.output + finished.errors).splitlines()[-_SHOWN_LINES:])
        raise ProcessError(f"{' '.join(map(str, command))} ended with exit code {process.returncode}:\n{end}")
    return finished
