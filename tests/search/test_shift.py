from pathlib import Path

import numpy as np
import pytest

from search.encoder import Encoder
from search.shift import PAIRS, Shift, estimate, model_shift, parallel_text


@pytest.fixture(scope="module")
def shift(encoder: Encoder) -> Shift:
    return estimate(encoder, {lang: texts[:120] for lang, texts in parallel_text().items()})


def test_the_parallel_text_is_parallel() -> None:
    texts = parallel_text()
    assert set(texts) == {"ar", "en"}
    assert len(texts["ar"]) == len(texts["en"]) >= 300
    assert len(set(texts["ar"])) == len(texts["ar"])


def test_offsets_are_the_means_of_each_side(encoder: Encoder, shift: Shift) -> None:
    english = parallel_text()["en"][:120]
    np.testing.assert_allclose(shift.queries["en"], encoder.encode_queries(english).mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(shift.passages["en"], encoder.encode_passages(english).mean(axis=0), atol=1e-6)


def test_neutral_vectors_are_shifted_and_of_length_one(encoder: Encoder, shift: Shift) -> None:
    vectors = encoder.encode_passages(["انطلق المهرجان مساء الخميس.", "بلغت كلفة المشروع ثلاثة ملايين دولار."])
    neutral = shift.neutral_passages(vectors, "ar")
    difference = vectors - shift.passages["ar"]
    np.testing.assert_allclose(neutral, difference / np.linalg.norm(difference, axis=1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(
        shift.neutral_query(vectors[0], "ar"),
        (vectors[0] - shift.queries["ar"]) / np.linalg.norm(vectors[0] - shift.queries["ar"]),
        atol=1e-6,
    )


def test_the_shift_brings_translations_it_never_saw_nearer_than_their_neighbours(
    encoder: Encoder, shift: Shift
) -> None:
    """Sentences 200 on took no part in the estimate: each English one, asked over both languages' passages."""
    texts = {lang: sentences[200:] for lang, sentences in parallel_text().items()}
    vectors = {lang: encoder.encode_passages(sentences) for lang, sentences in texts.items()}
    count = len(texts["en"])

    def share_of_translations_first(queries: np.ndarray, english: np.ndarray, arabic: np.ndarray) -> float:
        to_arabic = queries @ arabic.T
        others = queries @ english.T
        np.fill_diagonal(others, -1)  # not the sentence itself
        own = to_arabic[np.arange(count), np.arange(count)]
        return float((own > others.max(axis=1)).mean())

    raw = encoder.encode_queries(texts["en"])
    neutral = np.stack([shift.neutral_query(vector, "en") for vector in raw])
    before = share_of_translations_first(raw, vectors["en"], vectors["ar"])
    after = share_of_translations_first(
        neutral, shift.neutral_passages(vectors["en"], "en"), shift.neutral_passages(vectors["ar"], "ar")
    )
    assert after > before
    assert after > 0.9


def test_another_language_takes_what_the_known_ones_share(shift: Shift) -> None:
    vector = np.ones(384, np.float32) / np.sqrt(384, dtype=np.float32)
    common = (shift.queries["ar"] + shift.queries["en"]) / 2
    expected = (vector - common) / np.linalg.norm(vector - common)
    np.testing.assert_allclose(shift.neutral_query(vector, "fr"), expected, atol=1e-6)
    assert len(shift.background_of("fr")) == sum(map(len, shift.background.values()))


def test_saving_and_loading_give_the_same(shift: Shift, tmp_path: Path) -> None:
    shift.save(tmp_path / "shift.npz")
    loaded = Shift.load(tmp_path / "shift.npz")
    for kind in ("queries", "passages", "background"):
        for lang, array in getattr(shift, kind).items():
            np.testing.assert_array_equal(getattr(loaded, kind)[lang], array)


def test_a_model_s_shift_is_estimated_once(encoder: Encoder, tmp_path: Path) -> None:
    texts = parallel_text()
    pairs = [f"{ar}\t{en}" for ar, en in zip(texts["ar"], texts["en"], strict=True)]
    (tmp_path / PAIRS).write_text("\n".join(["ar\ten", *pairs[:20]]), "utf-8")  # all of them take a while to encode
    stages: list[str] = []
    path = tmp_path / "shift.npz"
    first = model_shift(encoder, path, progress=lambda stage, done, total: stages.append(stage))
    assert stages
    stages.clear()
    second = model_shift(encoder, path, progress=lambda stage, done, total: stages.append(stage))
    assert not stages
    np.testing.assert_array_equal(first.queries["ar"], second.queries["ar"])
    assert {file.name for file in tmp_path.iterdir()} == {PAIRS, "shift.npz"}
