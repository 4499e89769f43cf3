"""Write the parts of the docs that a program can write: the command reference, the outputs that the README shows, the
tables of docs/EVALUATION.md from the figures that `make eval` kept, and docs/SCALE.md from those that it is planned by.

``python -m docs.generate`` writes them; with ``--check`` it only says whether they are in step. Figures in outputs are
not compared, since another processor rounds them otherwise; those that are worked out from kept ones are.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.capacity.written import page_as_kept
from bench.outcomes import Outcomes
from bench.summary import renewed

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
REFERENCE = REPOSITORY / "docs" / "CLI.md"
EVALUATION = REPOSITORY / "docs" / "EVALUATION.md"
SCALE = REPOSITORY / "docs" / "SCALE.md"

_OUTPUT = re.compile(r"(```console\n\$ )(jisr search [^\n]+)\n.*?(```)", re.DOTALL)


def main() -> int:
    """The exit code: 1 when checking found something out of step."""
    pages = {
        REFERENCE: reference(),
        README: readme(README.read_text("utf-8")),
        EVALUATION: evaluation(EVALUATION.read_text("utf-8")),
        SCALE: page_as_kept(),
    }
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text, "utf-8")
        return 0
    stale = [path for path, text in pages.items() if not path.exists() or not _in_step(path, text)]
    for path in stale:
        sys.stderr.write(f"{path.relative_to(REPOSITORY)} is out of step. Run: make docs\n")
    return 1 if stale else 0


def reference() -> str:
    """The command reference, from the command line's own help."""
    overview = _jisr("--help")
    commands = re.findall(r"^  (\w+) ", overview.partition("Commands:")[2], re.MULTILINE)
    parts = [f"## `jisr {command}`\n\n{_shown(_jisr(command, '--help'))}" for command in commands]
    return "\n".join(["# Commands\n", _shown(overview), *parts])


def _shown(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


def readme(text: str) -> str:
    """The README with the output of each ``$ jisr search …`` in it made anew, over the seed documents."""
    with tempfile.TemporaryDirectory() as index:
        _jisr("index", "seeds/documents", "--index", index)

        def renewed(match: re.Match[str]) -> str:
            lines = _run(["bash", "-c", match[2].replace("jisr", f"{sys.executable} -m jisr", 1)], index=index)
            return f"{match[1]}{match[2]}\n" + "".join(f"{line.rstrip()}\n" for line in lines.splitlines()) + match[3]

        return _OUTPUT.sub(renewed, text)


def evaluation(text: str) -> str:
    """The page on evaluation with its tables made anew from the figures in evaluation.json; nothing is measured."""
    return renewed(text, Outcomes.read(EVALUATION.with_name("evaluation.json")))


def _jisr(*arguments: str) -> str:
    return _run([sys.executable, "-m", "jisr", *arguments])


def _run(command: list[str], *, index: str = "") -> str:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "JISR_INDEX": index, "TERM": "dumb"}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def _in_step(path: Path, text: str) -> bool:
    written = path.read_text("utf-8")
    return written == text or (
        path not in (EVALUATION, SCALE) and re.sub(r"\d", "0", written) == re.sub(r"\d", "0", text)
    )


if __name__ == "__main__":
    sys.exit(main())
