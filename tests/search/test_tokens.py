"""MaxSim of one-bit codes against plain loops, and the files that hold the codes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.encoder import Vectors
from search.errors import DamagedIndexError
from search.tokens import Codes, TokenCodes, TokenIndex, token_cosines, write_tokens

WIDTH = 20  # not whole bytes: four bits of the last byte mean nothing


def _passages(lengths: list[int], seed: int = 7) -> list[Codes]:
    signs = np.random.default_rng(seed).standard_normal((sum(lengths), WIDTH)) > 0
    return np.split(np.packbits(signs, axis=1), np.cumsum(lengths)[:-1])


def _query(tokens: int, seed: int = 8) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((tokens, WIDTH)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _by_loops(query: Vectors, passage: Codes) -> float:
    bests = []
    for token in query:
        cosines = [
            sum(v if bit else -v for v, bit in zip(token, np.unpackbits(code), strict=False)) for code in passage
        ]
        bests.append(max(cosines) / WIDTH**0.5)
    return float(sum(bests) / len(bests))


def test_maxsim_is_the_mean_of_the_best_cosines() -> None:
    passages = _passages([3, 1, 12, 5, 2, 9, 4, 1, 7, 6, 11])  # more than are compared in one go
    scores = TokenCodes.of(passages, 3).maxsim(_query(4))
    assert scores.dtype == np.float32
    assert scores == pytest.approx([_by_loops(_query(4), passage) for passage in passages], abs=1e-6)


def test_a_passage_that_holds_the_query_s_signs_scores_highest() -> None:
    query = _query(6)
    own = np.packbits(query > 0, axis=1)
    scores = TokenCodes.of([*_passages([6] * 20), own], 3).maxsim(query)
    assert scores.argmax() == 20
    assert scores[20] == pytest.approx(np.abs(query).sum(axis=1).mean() / WIDTH**0.5, abs=1e-6)


def test_each_token_is_compared_with_each() -> None:
    (passage,) = _passages([5])
    query = _query(3)
    signs = 2.0 * np.unpackbits(passage, axis=1)[:, :WIDTH] - 1
    expected = (signs / WIDTH**0.5) @ query.T
    assert token_cosines(passage, 7 * query) == pytest.approx(expected, abs=1e-6)  # whatever the query's lengths


@given(st.lists(st.integers(0, 5), max_size=20))
def test_passages_without_tokens_score_nothing_and_disturb_no_other(lengths: list[int]) -> None:
    passages = _passages(lengths) if lengths else []
    scores = TokenCodes.of(passages, 3).maxsim(_query(2))
    assert scores.shape == (len(lengths),)
    for score, passage in zip(scores, passages, strict=True):
        assert score == pytest.approx(_by_loops(_query(2), passage) if len(passage) else 0, abs=1e-6)


def test_a_query_without_tokens_scores_nothing() -> None:
    assert TokenCodes.of(_passages([3, 2]), 3).maxsim(_query(0)).tolist() == [0, 0]


def test_the_first_passages() -> None:
    whole = TokenCodes.of(_passages([3, 0, 2, 4]), 3)
    for count in (0, 2, 4, 9):
        part = whole.first(count)
        assert part.maxsim(_query(2)) == pytest.approx(whole.maxsim(_query(2))[:count], abs=1e-6)


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=4))
def test_rows_are_read_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("generation")
    lengths = [length for block in blocks for length in block]
    passages = _passages(lengths) if lengths else []
    rest = iter(passages)
    write_tokens(folder, ([next(rest).tobytes() for _ in block] for block in blocks), 3)
    index = TokenIndex(folder)
    rows = [*range(len(lengths))][::-2]
    found = list(index.at(rows).passages())
    assert len(found) == len(rows)
    for row, codes in zip(rows, found, strict=True):
        np.testing.assert_array_equal(codes, passages[row])
    assert index.at([]).maxsim(_query(2)).shape == (0,)


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
    write_tokens(tmp_path, [[codes.tobytes() for codes in _passages([30, 40])]], 3)
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
        write_tokens(tmp_path / name, [[codes.tobytes() for codes in _passages(lengths)]], 3)
    (tmp_path / "one" / "tokens" / "lengths.npy").replace(tmp_path / "other" / "tokens" / "lengths.npy")
    with pytest.raises(DamagedIndexError):
        TokenIndex(tmp_path / "other")
