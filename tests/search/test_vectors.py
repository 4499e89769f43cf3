import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.encoder import Vectors, normalised
from search.errors import DamagedIndexError
from search.vectors import Neighbourhood, Rows, VectorIndex, WordIndex, write_vectors, write_words


@pytest.fixture
def vectors() -> Vectors:
    return normalised(np.random.default_rng(3).normal(size=(500, 24)).astype(np.float32))


@pytest.fixture
def index(vectors: Vectors, tmp_path: Path) -> VectorIndex:
    recall = write_vectors(tmp_path / "vectors", (vectors[:200], vectors[200:]), [range(500)], 24)
    assert recall == {"10": 1.0, "100": 1.0}
    return VectorIndex(tmp_path / "vectors")


@pytest.mark.parametrize("rows", [range(500), range(120, 300), range(499, 500)])
def test_the_nearest_of_a_range_are_those_of_brute_force(vectors: Vectors, index: VectorIndex, rows: range) -> None:
    query = vectors[42]
    cosines = vectors[rows.start : rows.stop] @ query
    expected = np.argsort(-cosines)[:10] + rows.start
    found, scores = index.search(query, rows, 10)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)


@pytest.mark.parametrize("count", [1, 9, 10, 60, 500])
def test_the_nearest_of_some_rows_are_those_of_brute_force(vectors: Vectors, index: VectorIndex, count: int) -> None:
    query = vectors[42]
    rows = np.sort(np.random.default_rng(count).choice(500, count, replace=False))
    cosines = vectors[rows] @ query
    found, scores = index.search(query, range(500), 10, among=AllowedRows(rows))
    np.testing.assert_array_equal(found, rows[np.argsort(-cosines)[:10]])
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)


def test_no_rows_give_nothing(vectors: Vectors, index: VectorIndex) -> None:
    found, scores = index.search(vectors[0], range(500), 10, among=AllowedRows(np.empty(0, np.int64)))
    assert len(found) == len(scores) == 0


def test_a_pool_with_fewer_rows_than_asked_for_gives_them_all(vectors: Vectors, index: VectorIndex) -> None:
    found, _ = index.search(vectors[0], range(10, 15), 100)
    assert sorted(found) == [10, 11, 12, 13, 14]


def test_an_empty_pool_gives_nothing(vectors: Vectors, index: VectorIndex) -> None:
    found, scores = index.search(vectors[0], range(0), 10)
    assert len(found) == len(scores) == 0


def test_cosines_of_rows_come_in_their_order(vectors: Vectors, index: VectorIndex) -> None:
    np.testing.assert_allclose(index.cosines(vectors[0], [7, 3]), vectors[[7, 3]] @ vectors[0], atol=1e-6)
    assert len(index.cosines(vectors[0], [])) == 0


@pytest.mark.parametrize("content", [None, b"", b"IxFI and then nothing"])
def test_damaged_words_are_a_clear_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "words.faiss").write_bytes(content)
    with pytest.raises(DamagedIndexError) as caught:
        WordIndex(tmp_path / "words.faiss")
    assert "--rebuild" in caught.value.hint


AR, EN, FA = range(6000), range(6000, 9500), range(9500, 9512)
LINE = 9000
"""So that all of these are many."""


@pytest.fixture(scope="module")
def crowd() -> Vectors:
    """Passages of three languages, in topics: 6,000, 3,500 and 12."""
    random = np.random.default_rng(6)
    topics = random.normal(size=(300, 64))
    return normalised(
        (topics[random.integers(300, size=FA.stop)] + random.normal(size=(FA.stop, 64))).astype(np.float32)
    )


@pytest.fixture(scope="module")
def queries(crowd: Vectors) -> Vectors:
    random = np.random.default_rng(8)
    asked = crowd[random.integers(len(crowd), size=40)] + 0.1 * random.normal(size=(40, 64))
    return normalised(asked.astype(np.float32))


@pytest.fixture(scope="module")
def coded(crowd: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index with codes."""
    folder = tmp_path_factory.mktemp("coded") / "vectors"
    blocks = (crowd[start : start + 4096] for start in range(0, len(crowd), 4096))
    recall = write_vectors(folder, blocks, [AR, EN, FA], 64, exact_rows=LINE)
    assert recall["10"] >= 0.995
    assert 0.99 <= recall["100"] <= 1
    return folder


def _recall(index: VectorIndex, crowd: Vectors, queries: Vectors, rows: range | Rows, depth: int) -> float:
    """What part of the truly nearest the index finds; cosines and order must be right for what it finds."""
    places = np.asarray(rows)
    hits = 0
    pool, among = (rows, None) if isinstance(rows, range) else (range(index.count), AllowedRows(rows))
    for query in queries:
        found, cosines = index.search(query, pool, depth, among=among)
        assert np.isin(found, places).all()
        assert len(found) == len(cosines) == min(depth, len(places))
        np.testing.assert_allclose(cosines, crowd[found] @ query, atol=1e-4)
        assert (np.diff(cosines) <= 0).all()
        best = places[np.argsort(-(crowd[places] @ query))[:depth]]
        hits += len(np.intersect1d(found, best))
    return hits / (len(queries) * min(depth, len(places)))


@pytest.mark.parametrize("pool", [AR, EN, FA])
@pytest.mark.parametrize("depth", [1, 10, 100, 1000])
def test_a_search_by_codes_finds_nearly_all_of_the_nearest(
    coded: Path, crowd: Vectors, queries: Vectors, pool: range, depth: int
) -> None:
    assert _recall(VectorIndex(coded), crowd, queries, pool, depth) >= 0.99


@pytest.mark.parametrize("count", [1, 5, 150, 1999, 2001, 3000, 5999])
def test_filters_reach_into_the_codes(coded: Path, crowd: Vectors, queries: Vectors, count: int) -> None:
    rows = np.sort(np.random.default_rng(count).choice(6000, count, replace=False))
    assert _recall(VectorIndex(coded), crowd, queries, rows, 100) >= 0.99


def test_a_filter_may_leave_only_what_is_far_away(coded: Path, crowd: Vectors, queries: Vectors) -> None:
    """There, many are about equally far: which ones are found matters less than that they are of the nearest kind."""
    cosines = crowd[AR.start : AR.stop] @ queries[0]
    far = np.sort(np.argsort(cosines)[:2500])
    found, told = VectorIndex(coded).search(queries[0], AR, 100, among=AllowedRows(far))
    assert len(np.intersect1d(found, far)) == 100
    np.testing.assert_allclose(told, np.sort(cosines[far])[::-1][:100], atol=0.02)


@pytest.mark.parametrize("rows", [range(100, 5000), range(5000, 8000), range(FA.stop)])
def test_any_rows_may_be_searched(coded: Path, crowd: Vectors, queries: Vectors, rows: range) -> None:
    assert _recall(VectorIndex(coded), crowd, queries, rows, 20) >= 0.99


def test_of_many_vectors_some_bytes_a_passage_are_held_and_no_more(coded: Path) -> None:
    """The codes; the vectors themselves are read from their file, which is there for all who have it open."""
    assert sorted(path.name for path in coded.iterdir()) == [
        "codes-0.faiss",
        "codes-6000.faiss",
        "codes.json",
        "vectors.npy",
    ]
    assert (coded / "codes-0.faiss").stat().st_size < 6000 * (64 / 4 + 8) + 20_000
    index = VectorIndex(coded)
    before = index.at(range(1))[0, 0]
    with (coded / "vectors.npy").open("r+b") as stream:
        stream.seek(128)
        whole = stream.read(2)
        stream.seek(128)
        stream.write(np.int16(32767).tobytes())
        stream.flush()
        assert index.at(range(1))[0, 0] == 1 != before
        stream.seek(128)
        stream.write(whole)


def test_equal_passages_give_equal_files_and_answers(
    coded: Path, crowd: Vectors, queries: Vectors, tmp_path: Path
) -> None:
    write_vectors(tmp_path / "again", [crowd], [AR, EN, FA], 64, exact_rows=LINE)
    for file in coded.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name
    first, second = VectorIndex(coded), VectorIndex(tmp_path / "again")
    for query in queries:
        for one, other in zip(first.search(query, AR, 50), second.search(query, AR, 50), strict=True):
            np.testing.assert_array_equal(one, other)


def test_an_odd_number_of_dimensions(tmp_path: Path) -> None:
    vectors = normalised(np.random.default_rng(1).normal(size=(2500, 15)).astype(np.float32))
    write_vectors(tmp_path / "odd", [vectors], [range(2500)], 15, exact_rows=100)
    assert _recall(VectorIndex(tmp_path / "odd"), vectors, vectors[:20], range(2500), 10) >= 0.99


@pytest.mark.parametrize("pools", [[], [range(0)], [range(1)], [range(1), range(1, 2)], [range(0), range(3)]])
@pytest.mark.parametrize("exact_rows", [0, 100])
def test_pools_of_none_or_one(tmp_path: Path, pools: list[range], exact_rows: int) -> None:
    vectors = np.eye(4, dtype=np.float32)[: sum(map(len, pools))]
    write_vectors(tmp_path / "few", [vectors], pools, 4, exact_rows=exact_rows)
    index = VectorIndex(tmp_path / "few")
    assert (index.count, index.dim) == (len(vectors), 4)
    for pool in pools:
        found, cosines = index.search(np.eye(4, dtype=np.float32)[0], pool, 10)
        assert sorted(found) == list(pool)
        np.testing.assert_allclose(cosines, vectors[found, 0], atol=1e-4)


@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"IxFI and then nothing", lambda whole: whole[:-20]])
@pytest.mark.parametrize("name", ["vectors.npy", "codes.json", "codes-6000.faiss"])
def test_a_damaged_file_is_a_clear_error(
    coded: Path, tmp_path: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    folder = Path(shutil.copytree(coded, tmp_path / "damaged"))
    (folder / name).write_bytes(damage((coded / name).read_bytes()))
    with pytest.raises(DamagedIndexError) as caught:
        VectorIndex(folder)
    assert "--rebuild" in caught.value.hint


@pytest.mark.parametrize("name", ["vectors.npy", "codes.json", "codes-6000.faiss"])
def test_a_missing_file_is_a_clear_error(coded: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(coded, tmp_path / "damaged"))
    (folder / name).unlink()
    with pytest.raises(DamagedIndexError):
        VectorIndex(folder)


def test_codes_of_other_vectors_are_a_clear_error(coded: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(coded, tmp_path / "mixed"))
    shutil.copy(folder / "codes-0.faiss", folder / "codes-6000.faiss")
    with pytest.raises(DamagedIndexError):
        VectorIndex(folder)


@pytest.mark.parametrize("exact_rows", [100, 5000])
def test_a_neighbourhood_knows_the_nearest_of_each(crowd: Vectors, exact_rows: int) -> None:
    """Of those that have a near one: the very nearest nearly always, the next ones mostly."""
    around = Neighbourhood(
        lambda places: crowd[AR.start : AR.stop][np.asarray(places)], 5000, 64, exact_rows=exact_rows
    )
    asked = normalised(crowd[:5000:10] + 0.05 * np.random.default_rng(1).normal(size=(500, 64)).astype(np.float32))
    places, cosines = around.nearest(asked, 3)
    expected = np.argsort(-(asked @ crowd[:5000].T), axis=1)[:, :3]
    least = 1.0 if exact_rows >= 5000 else 0.9
    assert (places[:, 0] == expected[:, 0]).mean() >= least
    assert np.mean([len(np.intersect1d(*both)) / 3 for both in zip(places, expected, strict=True)]) >= least - 0.1
    np.testing.assert_allclose(cosines[:, 0], (asked * crowd[places[:, 0]]).sum(axis=1), atol=0.005)


def test_the_nearest_words_are_those_of_brute_force(vectors: Vectors, tmp_path: Path) -> None:
    write_words(tmp_path / "words.faiss", vectors)
    rows, cosines = WordIndex(tmp_path / "words.faiss").nearest(vectors[:40], 5)
    expected = vectors[:40] @ vectors.T
    np.testing.assert_array_equal(rows[:, 0], range(40))
    np.testing.assert_allclose(cosines, np.take_along_axis(expected, rows, axis=1), atol=0.01)
    np.testing.assert_allclose(cosines, -np.sort(-expected, axis=1)[:, :5], atol=0.01)


def test_of_many_words_nearly_all_nearest_ones_are_found(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    centres = random.normal(size=(60, 24))
    words = centres[random.integers(60, size=6000)] + 0.3 * random.normal(size=(6000, 24))
    words = (words / np.linalg.norm(words, axis=1, keepdims=True)).astype(np.float32)
    write_words(tmp_path / "words.faiss", words)
    rows, _ = WordIndex(tmp_path / "words.faiss").nearest(words[:200], 3)
    best = np.argsort(-(words[:200] @ words.T), axis=1)[:, :3]
    assert (rows[:, :1] == best[:, :1]).mean() > 0.95
    found = [len(set(ours) & set(theirs)) for ours, theirs in zip(rows.tolist(), best.tolist(), strict=True)]
    assert sum(found) > 0.9 * best.size


def test_where_there_are_few_words_minus_one_stands_for_none(vectors: Vectors, tmp_path: Path) -> None:
    write_words(tmp_path / "words.faiss", vectors[:2])
    rows, _ = WordIndex(tmp_path / "words.faiss").nearest(vectors[:1], 4)
    assert rows.tolist() == [[0, 1, -1, -1]]


@pytest.mark.parametrize("name", ["vectors.npy", "codes-0.faiss", "codes.json"])
def test_a_file_that_cannot_be_written(tmp_path: Path, crowd: Vectors, name: str) -> None:
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / name).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        write_vectors(tmp_path / "vectors", [crowd[:2500]], [range(2500)], 64, exact_rows=2000)
