"""The state of a folder's files, from a catalogue that was settled by a tiny encoder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.draft import Draft
from indexer.files import SourceFile
from indexer.formats import Format
from indexer.furniture import Reason
from indexer.health import FileHealth, check, glance, removals
from indexer.passages import Splitter
from indexer.readers import Health, Skip, SourceItem
from indexer.settling import settle
from search.errors import DamagedIndexError
from search.progress import silent
from tests.indexer.words import WordEncoder

ARABIC = "غادرت قوارب الصيد ميناء عدن قبل الفجر بعد أن هدأت الرياح."
ENGLISH = "Ports along the coast reopened on Wednesday after the storm."
SCAN = Health(format=Format.PDF, pages=12, empty_pages=(2, 5, 9), garbage_share=0.134, repaired_lines=41)
TEXT = Health(format=Format.TXT, encoding="windows-1256")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    draft = Draft(path)
    files: dict[str, list[SourceItem | Skip | Health]] = {
        "ar/b.pdf": [SourceItem(text=f"{ARABIC}\n\n{ENGLISH[:30]}", page_starts=(0,)), SCAN],
        "ar/a.txt": [SourceItem(text=ARABIC), TEXT],
        "ar/copy.txt": [SourceItem(text=ARABIC), TEXT],
        "en/c.jsonl": [
            SourceItem(text=f"{ENGLISH}\n\nLeave a Comment", record_id="1"),
            SourceItem(text="Skip to main content\n\nLeave a Comment", record_id="2"),
            Skip("line 3", "The line is not JSON."),
            Health(format=Format.JSONL, encoding="utf-8"),
        ],
        "photo.txt": [Skip("", "It is a PNG image, which is not read."), Health()],
    }
    for source, found in files.items():
        draft.sources.add(SourceFile(Path("/news", source), source, 10, 1), "digest", found)
    draft.sources.remember({}, [Skip("ar/pipe.txt", "It is a pipe.")])
    settle(draft, Splitter(WordEncoder()), silent)
    draft.number_passages()
    draft.finish()
    return path


def test_the_state_of_each_file(catalogue: Path) -> None:
    files = {file.source: file for file in check(catalogue).files}
    assert list(files) == ["ar/a.txt", "ar/b.pdf", "ar/copy.txt", "en/c.jsonl", "photo.txt"]
    pdf = files["ar/b.pdf"]
    assert (pdf.format, pdf.encoding, pdf.documents, pdf.pages) == ("pdf", None, 1, 12)
    assert (pdf.empty_pages, pdf.garbage_share, pdf.repaired_lines) == ((2, 5, 9), 0.134, 41)
    assert pdf.problems() == [
        "no text on 3 of 12 pages (2, 5, 9)",
        "13% of its words are none in any language",
        "41 lines put right",
    ]
    assert (files["ar/a.txt"].encoding, files["ar/a.txt"].languages) == ("windows-1256", {"ar": 1.0})
    assert files["ar/a.txt"].problems() == []
    assert (files["photo.txt"].format, files["photo.txt"].documents, files["photo.txt"].languages) == (None, 0, {})


def test_what_is_missing_of_a_file_and_why(catalogue: Path) -> None:
    files = {file.source: file for file in check(catalogue).files}
    assert files["en/c.jsonl"].skipped == (
        Skip("line 3", "The line is not JSON."),
        Skip("2", "All of its text is furniture of the page."),
    )
    assert (files["en/c.jsonl"].documents, files["en/c.jsonl"].removed_lines) == (1, 1)
    assert files["photo.txt"].skipped == (Skip("", "It is a PNG image, which is not read."),)
    assert check(catalogue).unfound == [Skip("ar/pipe.txt", "It is a pipe.")]


def test_totals(catalogue: Path) -> None:
    health = check(catalogue)
    assert health.formats == {"txt": 2, "jsonl": 1, "pdf": 1, "unknown": 1}
    assert (health.documents, health.copies, health.near_duplicates) == (4, 1, 0)
    assert list(health.languages) == ["ar", "en"]
    assert sum(health.languages.values()) == pytest.approx(1, abs=0.001)


def test_a_glance_is_at_those_with_problems(catalogue: Path) -> None:
    seen = glance(catalogue)
    assert [file.source for file in seen.problems] == ["ar/b.pdf"]
    assert (seen.formats, seen.copies) == (check(catalogue).formats, 1)


def test_what_was_removed_below_a_folder(catalogue: Path) -> None:
    (removal,) = removals(catalogue, [Path("/news")])
    assert (removal.source, removal.record_id) == ("en/c.jsonl", "1")
    assert [(line.text, line.reason) for line in removal.lines] == [("Leave a Comment", Reason.FORM)]
    assert list(removals(catalogue, [Path("/news/ar"), Path("/new")])) == []


def test_many_empty_pages_are_not_all_listed() -> None:
    file = FileHealth(
        source="a.pdf",
        format="pdf",
        encoding=None,
        documents=0,
        languages={},
        pages=1200,
        empty_pages=tuple(range(1, 1101)),
        garbage_share=0.04,
        repaired_lines=1,
        removed_lines=0,
        skipped=(),
    )
    assert file.problems() == [
        "no text on 1,100 of 1,200 pages (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)",
        "1 line put right",
    ]


def test_an_empty_index(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "catalogue.sqlite")
    draft.finish()
    health = check(tmp_path / "catalogue.sqlite")
    assert (health.files, health.formats, health.languages, health.documents) == ([], {}, {}, 0)


@pytest.mark.parametrize("read", [check, glance, lambda path: list(removals(path, []))])
def test_a_damaged_catalogue(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(DamagedIndexError, match="cannot be read"):
        read(tmp_path / "catalogue.sqlite")
