"""What is indexed: the seed documents, several times over, each copy with its number in every title and text.

So all texts differ: no document is a copy of another, and no passage finds the vectors of another in the cache.
"""

import json
import re
import sqlite3
from pathlib import Path

from search import store

SEEDS = Path(__file__).parents[1] / "seeds"

_FRONT_MATTER = (re.compile(r'(?m)(^title: *["\']?)'), re.compile(r"(\A---\n(?:.*\n)*?---\n+)"))
_NUMBERED = {
    ".md": _FRONT_MATTER,
    ".txt": _FRONT_MATTER,
    ".html": (re.compile(r'(<title>|<h1>|"og:title" content="|<p>)'),),
    ".jsonl": (re.compile(r'("(?:title|text)": *")'),),
}


def write_corpus(folder: Path, copies: int) -> None:
    """Write the numbered copies of the seed documents below `folder`."""
    documents = SEEDS / "documents"
    for number in range(1, copies + 1):
        for file in sorted(path for path in documents.rglob("*") if path.is_file()):
            copy = folder / f"{number:02}" / file.relative_to(documents)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text("utf-8")
            for place in _NUMBERED[file.suffix]:
                text = place.sub(rf"\g<1>({number}) ", text)
            copy.write_text(text, "utf-8")


def encoder_inputs(index: Path) -> list[str]:
    """What the encoder read for each passage of an index: title and text."""
    return [text for text, _ in passages(index)]


def passages(index: Path) -> list[tuple[str, str]]:
    """What the encoder read for each passage of an index, and its language."""
    connection = sqlite3.connect(f"{(store.current(index) / 'catalogue.sqlite').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT input, lang FROM passages ORDER BY row").fetchall()
    finally:
        connection.close()


def queries() -> list[str]:
    """The seed queries."""
    lines = (SEEDS / "queries.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]
