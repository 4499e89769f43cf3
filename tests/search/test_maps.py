"""The map of a generation: drawn once, kept, and where a hit stands on it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import maps, store
from search.encoder import Encoder
from search.local import open_generation
from search.searcher import Searcher
from search.settings import Settings
from search.vocabulary import WordEncoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "maps"


def test_a_map_is_drawn_once_and_kept(seed_searcher: Searcher, folder: Path) -> None:
    drawn = seed_searcher.corpus_map(folder)
    assert drawn.generation == seed_searcher.manifest.generation
    assert drawn.passages == len(drawn.points) == seed_searcher.manifest.passages
    (kept,) = folder.iterdir()
    assert drawn.generation in kept.name
    written = kept.stat().st_mtime_ns
    again = seed_searcher.corpus_map(folder)
    assert kept.stat().st_mtime_ns == written
    assert again.points == drawn.points
    assert again.regions == drawn.regions


def test_a_point_is_a_passage_of_a_document(seed_searcher: Searcher, folder: Path) -> None:
    drawn = seed_searcher.corpus_map(folder)
    for point in drawn.points[::10]:
        passage = seed_searcher.passage(point.passage_id)
        assert (passage.doc_id, passage.lang) == (point.doc_id, point.lang)
        assert seed_searcher.document(point.doc_id).title == point.title
        assert 0 <= point.x <= 1
        assert 0 <= point.y <= 1
    assert sum(sum(region.passages.values()) for region in drawn.regions) == len(drawn.points)
    assert {lang for region in drawn.regions for lang in region.words} == {"ar", "en"}


def test_passages_that_tell_the_same_in_two_languages_stand_close(seed_searcher: Searcher, folder: Path) -> None:
    drawn = seed_searcher.corpus_map(folder)
    hits = seed_searcher.search("pirates board the bulk carrier Nour Star", k=2)
    assert {hit.passage.lang for hit in hits} == {"ar", "en"}
    one, other = drawn.locate([hit.passage for hit in hits])
    apart = np.hypot(one.x - other.x, one.y - other.y)
    everyone = np.array([(point.x, point.y) for point in drawn.points])
    usual = np.median(np.hypot(*(everyone - (one.x, one.y)).T))
    assert apart < usual / 2


def test_hits_that_are_not_shown_have_their_place_and_strangers_have_none(
    seed_settings: Settings, seed_searcher: Searcher, encoder: Encoder, tmp_path: Path
) -> None:
    generation = open_generation(store.current(seed_settings.folder), WordEncoder(encoder))
    drawn = maps.corpus_map(generation, tmp_path, size=20)
    assert len(drawn.points) == 20
    shown = {point.passage_id for point in drawn.points}
    passages = [hit.passage for hit in seed_searcher.search("desalination", k=20)]
    found = drawn.locate(passages)
    assert [point.passage_id for point in found] == [passage.passage_id for passage in passages]
    assert not shown.issuperset(point.passage_id for point in found)
    stranger = replace(passages[0], passage_id="of-a-later-generation")
    assert drawn.locate([stranger]) == []


def test_a_map_that_cannot_be_read_is_drawn_again_and_old_ones_go(seed_searcher: Searcher, tmp_path: Path) -> None:
    for number in range(maps.KEPT_MAPS + 3):
        (tmp_path / f"{number}.npz").write_bytes(b"")
    name = f"{seed_searcher.manifest.generation}.{maps.MAP_VERSION}.npz"
    (tmp_path / name).write_bytes(b"PK no archive")
    assert seed_searcher.corpus_map(tmp_path).points
    assert (tmp_path / name).stat().st_size > 1000
    assert len(list(tmp_path.iterdir())) == maps.KEPT_MAPS


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(
    seed_searcher: Searcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert seed_searcher.corpus_map(in_the_way / "maps").points
    assert "cannot be kept" in caplog.text
