"""Documents of two languages that tell the same, by vectors of which every number is known."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from search.counterparts import Counterparts, Line, Links, link, with_overlooked
from search.encoder import Vectors, normalised
from search.vectors import VectorIndex, nearest, write_vectors

DIM = 32
LINE = Line(cosine=0.5, margin=0.1)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(7)


def _directions(random: np.random.Generator, count: int) -> Vectors:
    return normalised(random.normal(size=(count, DIM)).astype(np.float32))


def _told_again(random: np.random.Generator, vectors: Vectors, noise: float = 0.08) -> Vectors:
    return normalised((vectors + random.normal(size=vectors.shape) * noise).astype(np.float32))


def _linked(folder: Path, documents: Mapping[str, list[tuple[str, Vectors]]]) -> Links:
    """The links among documents given, by language, as id and the vectors of their passages."""
    vectors = np.concatenate([passages for of_lang in documents.values() for _, passages in of_lang])
    pools: dict[str, range] = {}
    start = 0
    for lang, of_lang in documents.items():
        pools[lang] = range(start, start := start + sum(len(passages) for _, passages in of_lang))
    ids = [doc_id for of_lang in documents.values() for doc_id, passages in of_lang for _ in passages]
    write_vectors(folder / "vectors", [vectors], list(pools.values()), DIM)
    return link(VectorIndex(folder / "vectors"), pools, ids, LINE)


def test_translations_find_each_other_in_any_order(tmp_path: Path, random: np.random.Generator) -> None:
    stories = _directions(random, 12)
    order = random.permutation(12)
    links = _linked(
        tmp_path,
        {
            "ar": [(f"خبر-{number}", stories[[number]]) for number in range(12)],
            "en": [(f"story-{number}", _told_again(random, stories[[number]])) for number in order],
        },
    )
    assert {(one, other) for one, other, _ in links.documents} == {(f"خبر-{n}", f"story-{n}") for n in range(12)}
    assert all(cosine > LINE.cosine for *_, cosine in links.documents)
    assert [order[row - 12] for row in links.rows[:12]] == list(range(12))
    assert (links.rows[links.rows] == np.arange(24)).all()


def test_stories_of_one_subject_are_not_the_same_story(tmp_path: Path, random: np.random.Generator) -> None:
    """All are near each other, none is nearer to one than to the rest."""
    subject = _directions(random, 1)
    links = _linked(
        tmp_path,
        {lang: [(f"{lang}-{n}", _told_again(random, subject)) for n in range(10)] for lang in ("ar", "en")},
    )
    assert links.documents == []
    assert (links.rows == -1).all()


def test_a_story_that_one_language_alone_has_stays_alone(tmp_path: Path, random: np.random.Generator) -> None:
    stories = _directions(random, 9)
    links = _linked(
        tmp_path,
        {
            "ar": [(f"ar-{n}", stories[[n]]) for n in range(6)],
            "en": [(f"en-{n}", _told_again(random, stories[[n]])) for n in range(4, 9)],
        },
    )
    assert {(one, other) for one, other, _ in links.documents} == {("ar-4", "en-4"), ("ar-5", "en-5")}


def test_passages_answer_each_other_though_documents_are_cut_differently(
    tmp_path: Path, random: np.random.Generator
) -> None:
    parts = _directions(random, 3)
    english = np.concatenate([_told_again(random, parts[[2]]), _told_again(random, parts[[0]])])
    others = [(f"other-{n}", _directions(random, 2)) for n in range(5)]
    links = _linked(tmp_path, {"ar": [("رحلة", parts), *others], "en": [("journey", english)]})
    first_english = 3 + 2 * len(others)
    assert links.rows[:3].tolist() == [first_english + 1, -1, first_english]
    assert links.rows[first_english:].tolist() == [2, 0]


@pytest.mark.parametrize("langs", [("ar",), ("en",), ("ar", "fa"), ("fa",)])
def test_without_both_languages_nothing_is_linked(
    tmp_path: Path, random: np.random.Generator, langs: tuple[str, ...]
) -> None:
    story = _directions(random, 1)
    links = _linked(tmp_path, {lang: [(lang, story)] for lang in langs})
    assert links.documents == []
    assert links.rows.tolist() == [-1] * len(langs)


def test_a_pair_that_is_all_there_is_has_no_neighbours_to_stand_out_from(
    tmp_path: Path, random: np.random.Generator
) -> None:
    story = _directions(random, 1)
    assert _linked(tmp_path, {"ar": [("a", story)], "en": [("b", story)]}).rows.tolist() == [1, 0]


def test_the_line_parts_pairs_from_what_is_mistaken_for_them(random: np.random.Generator) -> None:
    first = _directions(random, 200)
    second = _told_again(random, first)
    line = Line.of(first, second)
    cosines = first @ second.T
    pairs, wrong = np.diag(cosines), cosines[~np.eye(200, dtype=bool)]
    assert np.percentile(wrong, 99) < line.cosine < np.median(pairs)
    assert 0 < line.margin < line.cosine


def test_an_overlooked_document_is_heard_of() -> None:
    """The first finds the second's 2 only by what 2 says; to 1 it is nothing that 0 is hardly nearer."""
    found = np.array([[1, 0], [0, 1]]), np.array([[0.5, 0.4], [0.7, 0.6]], np.float32)
    back = np.array([[1, 0], [0, 1], [0, 1]]), np.array([[0.7004, 0.4], [0.6, 0.5], [0.9, 0.2]], np.float32)
    places, cosines = with_overlooked(found, back)
    assert places.tolist() == [[2, 1], [0, 1]]
    np.testing.assert_allclose(cosines, [[0.9, 0.5], [0.7, 0.6]])
    assert found[0].tolist() == [[1, 0], [0, 1]]


def test_counterparts_are_looked_up_by_row(tmp_path: Path) -> None:
    np.save(tmp_path / "counterparts.npy", np.array([3, -1, -1, 0], np.int32))
    assert Counterparts(tmp_path / "counterparts.npy").of(np.array([3, 1, 0])).tolist() == [0, -1, 3]


def test_nearest_places_are_those_of_the_largest_products(random: np.random.Generator) -> None:
    queries, vectors = _directions(random, 3), _directions(random, 20)
    places, cosines = nearest(queries, vectors, 4)
    expected = np.argsort(-(queries @ vectors.T), axis=1)[:, :4]
    assert places.tolist() == expected.tolist()
    assert cosines == pytest.approx(np.take_along_axis(queries @ vectors.T, expected, axis=1))
