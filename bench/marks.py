"""How well marks point at what answers a query, against labels made by hand: `python -m bench.marks`.

A word is labelled if it translates or names a content word of the query in context; inflections count, pronouns and
stop words never. It was labelled before any mark was seen. Some words are only possible answers (near synonyms, parts
of a paraphrase): as in word alignment, precision counts them as right and recall does not ask for them (Och and Ney, "A
Systematic Comparison of Various Statistical Alignment Models", 2003). Every second passage is for choosing (dev), the
others for the figures that are told (test).
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.sets import REPOSITORY
from indexer.build import build
from search.catalogue import Catalogue
from search.records import Mark
from search.searcher import Searcher
from search.settings import Late, Settings
from search.store import current

LABELS = Path(__file__).parent / "marks.json"
"""Passages of the seeds, and for each some queries with the words that answer them."""

_WORD = re.compile("[\\w\u064b-\u0652]+(?:[-'’.,]\\w+)*")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query and a passage. `sure` and `possible` hold words of the passage with the query's word that each answers.

    A word stands for all its occurrences, ``word#2`` for the second one only.
    """

    query: str
    lang: str
    text: str
    sure: dict[str, str]
    possible: dict[str, str]
    is_dev: bool

    @property
    def cell(self) -> str:
        """The direction, ``en→ar``."""
        own = "ar" if re.search("[\u0621-\u064a]", self.query) else "en"
        return f"{own}→{self.lang}"

    def words(self) -> dict[tuple[int, int], tuple[list[str], bool]]:
        """The words of the passage by their span: the query's words that each answers, and whether surely."""
        found: dict[tuple[int, int], tuple[list[str], bool]] = {}
        seen = Counter[str]()
        for match in _WORD.finditer(self.text):
            seen[match[0]] += 1
            names = (match[0], f"{match[0]}#{seen[match[0]]}")
            sure, possible = (
                next((own[name] for name in names if name in own), "") for own in (self.sure, self.possible)
            )
            found[match.span()] = ((sure or possible).split("/") if sure or possible else [], bool(sure))
        return found


@dataclass(slots=True)
class Tally:
    """Counts of words: marked, marked rightly, labelled sure, and of these marked; and marks with the query's word."""

    marked: int = 0
    right: int = 0
    sure: int = 0
    found: int = 0
    answered: int = 0

    @property
    def precision(self) -> float:
        """The share of marked words that are labelled, 1 where none is marked."""
        return self.right / self.marked if self.marked else 1.0

    @property
    def recall(self) -> float:
        """The share of surely labelled words that are marked, 1 where there is none."""
        return self.found / self.sure if self.sure else 1.0

    @property
    def answering(self) -> float:
        """The share of rightly marked words that point at the query's word that they are labelled with."""
        return self.answered / self.right if self.right else 1.0

    def count(self, pair: Labelled, marks: Sequence[Mark]) -> None:
        """Count in the marks of one passage."""
        marked = {(mark.start, mark.end): pair.query[mark.query_start : mark.query_end] for mark in marks}
        for span, (answers, is_sure) in pair.words().items():
            asked = marked.pop(span, None)
            self.sure += is_sure
            if asked is not None:
                self.marked += 1
                self.right += bool(answers)
                self.found += is_sure
                self.answered += asked in answers
        self.marked += len(marked)


def read_labels(path: Path = LABELS) -> list[Labelled]:
    """All labelled pairs, in the order of the file."""
    return [
        Labelled(
            asked["query"],
            passage["lang"],
            passage["text"],
            asked.get("sure", {}),
            asked.get("possible", {}),
            number % 2 == 0,
        )
        for number, passage in enumerate(json.loads(path.read_text("utf-8")))
        for asked in passage["asked"]
    ]


def measure(searcher: Searcher, index: Path, pairs: Sequence[Labelled]) -> dict[tuple[str, str], Tally]:
    """How the marks of an index of the seeds fare, by direction and half."""
    passages = Catalogue(current(index) / "catalogue.sqlite")
    ids = {
        passage.text: passage.passage_id for passage in passages.passages_at(range(searcher.manifest.passages)).values()
    }
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for pair in pairs:
        (marks,) = searcher.marks(pair.query, [ids[pair.text]]).values()
        tallies[pair.cell, "dev" if pair.is_dev else "test"].count(pair, marks)
    return dict(tallies)


def main() -> None:
    """Index the seeds and print the figures, with late interaction and without."""
    with TemporaryDirectory(prefix="jisr-marks-") as folder:
        for late in Late.ON, Late.OFF:
            settings = replace(Settings.load(index=Path(folder, late)), late=late)
            build([REPOSITORY / "seeds" / "documents"], settings)
            measured = measure(Searcher.open(settings), settings.folder, read_labels())
            print(f"late {late}          marked  precision  recall  right query word")
            for (cell, half), tally in sorted(measured.items()):
                figures = f"{tally.precision:9.2f}  {tally.recall:6.2f}  {tally.answering:16.2f}"
                print(f"{cell:8}  {half:6}  {tally.marked:6}  {figures}")


if __name__ == "__main__":
    main()
