"""The codes of passages, and the files that hold them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import DamagedIndexError
from search.tokens import TokenCodes, TokenIndex, write_tokens
from tests.search.codes import made_up


def test_the_first_passages() -> None:
    whole = TokenCodes.of(made_up([3, 0, 2, 4]), 3)
    for count in (0, 2, 4, 9):
        part = whole.first(count)
        assert part.lengths.tolist() == [3, 0, 2, 4][:count]
        np.testing.assert_array_equal(part.codes, whole.codes[: sum([3, 0, 2, 4][:count])])


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=4))
def test_rows_are_read_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("generation")
    lengths = [length for block in blocks for length in block]
    passages = made_up(lengths) if lengths else []
    rest = iter(passages)
    write_tokens(folder, ([next(rest).tobytes() for _ in block] for block in blocks), 3)
    index = TokenIndex(folder)
    rows = [*range(len(lengths))][::-2]
    found = list(index.at(rows).passages())
    assert len(found) == len(rows)
    for row, codes in zip(rows, found, strict=True):
        np.testing.assert_array_equal(codes, passages[row])
    assert index.at([]).codes.shape == (0, 3)


def test_a_file_that_was_cut_short_meanwhile_is_told(tmp_path: Path) -> None:
    write_tokens(tmp_path, [[codes.tobytes() for codes in made_up([30, 40])]], 3)
    index = TokenIndex(tmp_path)
    file = tmp_path / "tokens" / "codes.npy"
    file.write_bytes(file.read_bytes()[:-5])
    assert len(index.at([0]).codes) == 30
    with pytest.raises(DamagedIndexError, match="cut short"):
        index.at([0, 1])


def test_what_is_read_costs_no_more_memory_than_it_is_large(tmp_path: Path) -> None:
    write_tokens(tmp_path, ([bytes(48 * 170)] * 100 for _ in range(20)), 48)
    index = TokenIndex(tmp_path)
    found = index.at([1999, 3])
    assert found.codes.shape == (340, 48)
    path = str(tmp_path / "tokens" / "codes.npy")
    assert path not in Path("/proc/self/maps").read_text("utf-8")
    del index
    assert path not in [str(file.resolve()) for file in Path("/proc/self/fd").iterdir()]


@pytest.mark.parametrize("name", ["codes.npy", "lengths.npy"])
def test_damage_is_told(tmp_path: Path, name: str) -> None:
    write_tokens(tmp_path, [[codes.tobytes() for codes in made_up([30, 40])]], 3)
    file = tmp_path / "tokens" / name
    whole = file.read_bytes()
    for damaged in (b"", b"no array at all", whole[:-5], whole[:60]):
        file.write_bytes(damaged)
        with pytest.raises(DamagedIndexError) as caught:
            TokenIndex(tmp_path)
        assert "--rebuild" in caught.value.hint
    file.unlink()
    with pytest.raises(DamagedIndexError):
        TokenIndex(tmp_path)


def test_files_of_two_builds_do_not_fit_together(tmp_path: Path) -> None:
    for name, lengths in (("one", [3, 4]), ("other", [3, 5])):
        (tmp_path / name).mkdir()
        write_tokens(tmp_path / name, [[codes.tobytes() for codes in made_up(lengths)]], 3)
    (tmp_path / "one" / "tokens" / "lengths.npy").replace(tmp_path / "other" / "tokens" / "lengths.npy")
    with pytest.raises(DamagedIndexError):
        TokenIndex(tmp_path / "other")
