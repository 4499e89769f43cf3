"""Short documents in any number: the sentences of the public test sets, and these again and again with a number.

Each is one passage and none is a copy of another, so that what an index holds can be told to the last of them.
"""

import json
import re
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from indexer.entries import StoredItem, entry
from indexer.readers import SourceItem
from search.arabic import encoder_form

SETS = ("tatoeba", "ntrex-news", "xquad", "arcd")

_WORDS = range(4, 15)  # and a number before them
_END = re.compile(r"(?<=[.!?؟])\s+")
_IN_A_FILE = 1000


def write_sentences(folder: Path, total: int, source: Path) -> int:
    """Write so many documents as JSON lines below `folder`; how many of them are real, unchanged text.

    Raises `FileNotFoundError` when a test set is missing below `source`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    real = list(_sentences(source))
    texts = islice(_without_end(real), total)
    for number in range(-(-total // _IN_A_FILE)):
        lines = (
            json.dumps({"_id": f"{number:04}-{at:03}", "text": text, "lang": lang}, ensure_ascii=False)
            for at, (text, lang) in enumerate(islice(texts, _IN_A_FILE))
        )
        (folder / f"{number:04}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return min(len(real), total)


def _without_end(real: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each sentence, then each with a 2 before it, and so on: equal ones are never in one file, nor are they equal."""
    yield from real
    for turn in count(2):
        for text, lang in real:
            yield f"{turn} {text}", lang


def _sentences(source: Path) -> Iterator[tuple[str, str]]:
    """The sentences of the sets with their languages, each once; those that cleaning would touch are left out."""
    seen: set[str] = set()
    for name in SETS:
        for line in (source / name / "corpus.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            lang = record["metadata"]["lang"]
            for text in _END.split(" ".join(record["text"].split())):
                form = " ".join(encoder_form(text).text.split())
                if form not in seen and len(text.split()) in _WORDS and _stays(f"2 {text}", text, lang=lang):
                    seen.add(form)
                    yield text, lang


def _stays(*texts: str, lang: str) -> bool:
    """Whether the documents of these texts are these texts."""
    entries = (entry(StoredItem("", "", SourceItem(text=text, lang=lang, record_id="_"))) for text in texts)
    return [found and found.document.text for found in entries] == list(texts)
