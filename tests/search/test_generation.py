"""Opening one generation: its parts, and what is said when one of them is missing, damaged or of other rules."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search import store
from search.analysis import ANALYSIS_VERSION
from search.encoder import Encoder
from search.errors import DamagedIndexError, MismatchError
from search.local import LocalBackend, open_generation
from search.searcher import Searcher
from search.settings import Settings


def test_the_parts_belong_together(seed_settings: Settings, encoder: Encoder) -> None:
    generation = open_generation(store.current(seed_settings.folder), encoder.encode_passages)
    languages = {pool.lang: len(pool.rows) for pool in generation.pools}
    assert languages == generation.manifest.languages
    assert generation.legs.vectors.count == sum(languages.values()) == generation.manifest.passages
    assert generation.legs.tokens
    assert len(generation.legs.tokens.at(range(generation.manifest.passages)).lengths) == generation.manifest.passages
    assert len(generation.catalogue.all_documents()) == generation.manifest.documents


def test_without_late_interaction_its_parts_are_not_looked_for(
    seed_settings: Settings, tmp_path: Path, encoder: Encoder
) -> None:
    folder = Path(shutil.copytree(store.current(seed_settings.folder), tmp_path / "generation"))
    replace(store.Manifest.read(folder), late=False).write(folder)
    shutil.rmtree(folder / "tokens")
    (folder / "late.npz").unlink()
    generation = open_generation(folder, encoder.encode_passages)
    assert (generation.legs.token_shift, generation.legs.tokens, generation.legs.token_shift) == (None, None, None)


def _removed(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _spoiled(path: Path) -> None:
    for file in path.iterdir() if path.is_dir() else [path]:
        if file.is_file():
            file.write_bytes(b"not what it was")


@pytest.mark.parametrize("damage", [_removed, _spoiled])
def test_a_damaged_generation_is_a_clear_error(
    seed_settings: Settings, tmp_path: Path, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    whole = store.current(seed_settings.folder)
    parts = [path.name for path in whole.iterdir() if path.name != "manifest.json"]
    assert {"lexical", "dictionary", "tokens", "late.npz", "names.sqlite"} < set(parts)
    for part in parts:
        index = tmp_path / part
        shutil.copytree(whole, index / "generations" / whole.name)
        (index / "CURRENT").write_text(whole.name, "utf-8")
        damaged = store.current(index) / part
        damage(damaged / "ar" if damage is _spoiled and part == "lexical" else damaged)
        with pytest.raises(DamagedIndexError) as caught:
            Searcher(LocalBackend(index), encoder)
        assert "--rebuild" in caught.value.hint
        shutil.rmtree(index)


def test_an_index_of_other_words_is_a_clear_error(seed_settings: Settings, tmp_path: Path, encoder: Encoder) -> None:
    index = tmp_path / "index"
    shutil.copytree(seed_settings.folder, index)
    replace(store.Manifest.read(store.current(index)), analysis=ANALYSIS_VERSION + 1).write(store.current(index))
    with pytest.raises(MismatchError, match="other rules") as caught:
        Searcher(LocalBackend(index), encoder)
    assert "--rebuild" in caught.value.hint
