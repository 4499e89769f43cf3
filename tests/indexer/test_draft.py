"""A catalogue in the making: rows, what was kept of an earlier one, and what the parts of a generation read of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.draft import Draft
from indexer.known import known_files, known_skips
from indexer.readers import Skip
from search.catalogue import Catalogue
from search.errors import DamagedIndexError
from tests.indexer.stories import BREAD, SHIP, file, put


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    draft = Draft(tmp_path / "catalogue.sqlite")
    put(draft, file("b.txt"), SHIP, skips=[Skip("line 2", "Bad.")])
    put(draft, file("a.txt"), BREAD)
    assert draft.number_passages() == {"ar": range(2), "en": range(2, 3), "fr": range(3, 4)}
    draft.finish()
    return tmp_path / "catalogue.sqlite"


def test_rows_of_a_language_are_in_a_run_and_follow_the_files(tmp_path: Path) -> None:
    for number, files in enumerate([(("a.txt", BREAD), ("b.txt", SHIP)), (("b.txt", SHIP), ("a.txt", BREAD))]):
        draft = Draft(tmp_path / f"{number}.sqlite")
        for name, record in files:
            put(draft, file(name), record)
        pools = draft.number_passages()
        assert pools == {"ar": range(2), "en": range(2, 3), "fr": range(3, 4)}
        assert list(draft.texts(pools["ar"])) == [(0, "سعر الخبز."), (1, "وصلت السفينة.")]
        assert list(draft.numbered_inputs(range(1, 3))) == [
            (1, "Title\nوصلت السفينة."),
            (2, "Title\nThe ship is here."),
        ]
        assert draft.inputs(range(2, 4)) == ["Title\nThe ship is here.", "Title\nLe pain."]
        assert draft.inputs(range(4, 9)) == []
        assert draft.count_documents() == 2
        draft.finish()


def test_an_empty_draft_has_no_pools(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "catalogue.sqlite")
    assert (draft.number_passages(), draft.count_documents()) == ({}, 0)
    draft.finish()
    assert known_skips(tmp_path / "catalogue.sqlite") == []


def test_what_is_known_of_files(catalogue: Path) -> None:
    files = {known.path.name: known for known in known_files(catalogue)}
    assert files.keys() == {"a.txt", "b.txt"}
    assert (files["a.txt"].digest, files["a.txt"].size, files["a.txt"].mtime_ns) == ("digest of a.txt", 10, 1)
    assert known_skips(catalogue) == [Skip("b.txt, line 2", "Bad.")]


def test_kept_files_keep_their_passages_and_get_new_rows(catalogue: Path, tmp_path: Path) -> None:
    draft = Draft(tmp_path / "next.sqlite")
    kept = [replace(known, source="news/b.txt") for known in known_files(catalogue) if known.path.name == "b.txt"]
    draft.sources.keep(catalogue, [(known, 7) for known in kept])
    pools = draft.number_passages()
    assert pools == {"ar": range(1), "en": range(1, 2)}
    assert draft.inputs(pools["en"]) == ["Title\nThe ship is here."]
    draft.finish()
    (known,) = known_files(tmp_path / "next.sqlite")
    assert known_skips(tmp_path / "next.sqlite") == [Skip("news/b.txt, line 2", "Bad.")]
    assert (known.path.name, known.mtime_ns, known.source) == ("b.txt", 7, "news/b.txt")
    (document,) = Catalogue(tmp_path / "next.sqlite").all_documents()
    assert document.source == "news/b.txt"


def test_a_damaged_catalogue(tmp_path: Path) -> None:
    for read in (known_files, known_skips):
        with pytest.raises(DamagedIndexError, match="cannot be read") as caught:
            read(tmp_path / "catalogue.sqlite")
        assert "--rebuild" in caught.value.hint
