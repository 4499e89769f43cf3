"""Token vectors on neutral ground, their codes, and what late interaction finds with them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.encoder import Encoder, TokenVectors, Vectors, normalised
from search.late import (
    LATE_DEPTH,
    MAX_PASSAGE_BYTES,
    TokenShift,
    estimate_tokens,
    model_shifts,
    model_token_shift,
    rotation,
    standardised,
)
from search.maxsim import maxsim
from search.model import PreparedModel
from search.settings import Settings
from search.shift import PAIRS, model_shift, parallel_text
from search.tokens import TokenCodes
from tests.indexer.words import WordEncoder

PASSAGES = [
    "أعلنت وزارة الزراعة أن محصول القمح تراجع هذا العام بمقدار الثلث بسبب الجفاف الذي ضرب السهول الشمالية.",
    "رست ثلاث ناقلات نفط في المرفأ الجديد بعد أن عُمّق حوضه ووُسّعت أرصفته.",
    "اكتشف علماء الآثار مقبرة تعود إلى العصر البرونزي تحت سوق المدينة القديمة.",
    "خفّض المصرف المركزي سعر الفائدة نصف نقطة أملا في تنشيط القروض.",
    "فاز المنتخب بكأس القارة بعد ركلات ترجيح امتدت حتى منتصف الليل.",
    "تستعد البلدية لتركيب ألواح شمسية فوق أسطح المدارس لتقليل فاتورة الكهرباء.",
]
QUESTIONS = [
    "How much did the wheat harvest fall because of the drought?",
    "Why can oil tankers dock at the new harbour?",
    "What did archaeologists discover under the old market?",
    "Why did the central bank cut interest rates?",
    "How was the continental cup final decided?",
    "Where will the solar panels be installed?",
]


@pytest.fixture(scope="module")
def shift(encoder: Encoder) -> TokenShift:
    return estimate_tokens(encoder, {lang: texts[:80] for lang, texts in parallel_text().items()})


@pytest.fixture(scope="module")
def coded(encoder: Encoder, shift: TokenShift) -> TokenCodes:
    codes = [shift.codes(text, "ar") for text in encoder.encode_passage_tokens(PASSAGES)]
    return TokenCodes.of(codes, shift.token_bytes)


def _text(tokens: Vectors, ids: list[int]) -> TokenVectors:
    return TokenVectors(np.zeros(4, np.float32), tokens, np.array(ids, np.int64))


def _plain(width: int) -> TokenShift:
    """A shift that shifts nothing."""
    zero = np.zeros(width, np.float32)
    return TokenShift({"en": zero}, {"en": zero}, {"en": TokenCodes.of([], width // 8)})


def test_questions_find_their_passages_in_the_other_language(
    encoder: Encoder, shift: TokenShift, coded: TokenCodes
) -> None:
    for right, question in enumerate(encoder.encode_query_tokens(QUESTIONS)):
        scores = maxsim(shift.query(question, "en"), coded)
        assert scores.argmax() == right, QUESTIONS[right]


def test_one_bit_a_dimension_keeps_the_ranking(encoder: Encoder, shift: TokenShift, coded: TokenCodes) -> None:
    """Against MaxSim of the neutral vectors themselves, neither rotated nor cut to signs."""
    neutral = [text.tokens - shift.passages["ar"] for text in encoder.encode_passage_tokens(PASSAGES)]
    whole, small = [], []
    for question in encoder.encode_query_tokens(QUESTIONS):
        tokens = question.tokens - shift.queries["en"]
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        cosines = [tokens @ (passage / np.linalg.norm(passage, axis=1, keepdims=True)).T for passage in neutral]
        whole.append([pairs.max(axis=1).mean() for pairs in cosines])
        small.append(maxsim(shift.query(question, "en"), coded))
    assert np.argmax(small, axis=1).tolist() == np.argmax(whole, axis=1).tolist()
    assert np.corrcoef(np.ravel(whole), np.ravel(small))[0, 1] > 0.95


def test_codes_are_the_signs_of_the_rotated_difference(encoder: Encoder, shift: TokenShift) -> None:
    (text,) = encoder.encode_passage_tokens(PASSAGES[:1])
    expected = (text.tokens.astype(np.float64) - shift.passages["ar"]) @ rotation(384)
    signs = np.unpackbits(shift.codes(text, "ar"), axis=1)
    clear = np.abs(expected) > 1e-4
    np.testing.assert_array_equal(signs[clear], expected[clear] > 0)


def test_the_rotation_keeps_lengths_and_angles() -> None:
    for width in (20, 384):
        np.testing.assert_allclose(rotation(width) @ rotation(width).T, np.eye(width), atol=1e-5)


def test_every_process_rotates_alike() -> None:
    code = "import sys; from search.late import rotation; sys.stdout.buffer.write(rotation(64).tobytes())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == rotation(64).tobytes()


def test_a_long_passage_keeps_its_rarest_tokens_in_their_order() -> None:
    generator = np.random.default_rng(3)
    ids = generator.permutation(900)[:400]
    tokens = generator.standard_normal((400, 384)).astype(np.float32)
    codes = _plain(384).codes(_text(tokens, ids.tolist()), "en")
    assert codes.nbytes <= MAX_PASSAGE_BYTES < codes.nbytes + 48
    rarest = ids >= np.sort(ids)[-len(codes)]
    expected = tokens[rarest].astype(np.float64) @ rotation(384)
    clear = np.abs(expected) > 1e-4
    np.testing.assert_array_equal(np.unpackbits(codes, axis=1)[clear], expected[clear] > 0)


def test_texts_without_words_have_no_codes(encoder: Encoder, shift: TokenShift) -> None:
    (query,), (passage,) = encoder.encode_query_tokens([""]), encoder.encode_passage_tokens([" \n"])
    assert shift.query(query, "ar").shape == (0, 384)
    assert shift.codes(passage, "ar").shape == (0, 48)


def test_offsets_are_the_means_of_all_tokens(encoder: Encoder, shift: TokenShift) -> None:
    texts = encoder.encode_query_tokens(parallel_text()["ar"][:80])
    mean = sum(text.tokens.sum(axis=0, dtype=np.float64) for text in texts) / sum(len(text.ids) for text in texts)
    np.testing.assert_allclose(shift.queries["ar"], mean, atol=1e-5)


def test_rare_tokens_of_a_query_tell_more(encoder: Encoder, shift: TokenShift) -> None:
    """Each is as long as it counts, and one of middling rarity counts once."""
    (text,) = encoder.encode_query_tokens(["Who mended the catamaran of the lighthouse keeper?"])
    lengths = np.linalg.norm(shift.query(text, "en"), axis=1)
    assert lengths.mean() == pytest.approx(1, abs=1e-5)
    order = np.argsort(lengths.round(5), kind="stable")  # a token that comes twice is as long both times, nearly
    assert (np.argsort(text.ids, kind="stable") == order).all()


def test_another_language_takes_what_the_known_ones_share(encoder: Encoder, shift: TokenShift) -> None:
    (text,) = encoder.encode_query_tokens(["Combien coûte l'eau dessalée ?"])
    common = text.tokens - (shift.queries["ar"] + shift.queries["en"]) / 2
    expected = common / np.linalg.norm(common, axis=1, keepdims=True) @ rotation(384)
    np.testing.assert_allclose(normalised(shift.query(text, "fr")), expected, atol=1e-5)
    first = list(shift.background_of("fr").passages())
    np.testing.assert_array_equal(first[0], next(shift.background["ar"].passages()))
    np.testing.assert_array_equal(first[1], next(shift.background["en"].passages()))


def test_the_background_is_made_of_texts_of_a_paragraph_s_length(shift: TokenShift) -> None:
    for lang in ("ar", "en"):
        lengths = shift.background_of(lang).lengths
        assert 18 <= len(lengths) <= 20
        assert 60 <= lengths.mean() <= 170
        assert lengths.max() <= 170


def test_few_candidates_are_standardised_among_the_background() -> None:
    candidates = np.array([0.5, 0.3], np.float32)
    background = np.linspace(0, 0.4, 200, dtype=np.float32)
    sample = [0.5, 0.3, *background[: LATE_DEPTH - 2].tolist()]
    expected = (candidates - np.mean(sample)) / np.std(sample)
    np.testing.assert_allclose(standardised(candidates, background), expected, rtol=1e-4)


def test_many_candidates_are_standardised_by_themselves() -> None:
    candidates = np.random.default_rng(1).normal(0.4, 0.1, LATE_DEPTH).astype(np.float32)
    scores = standardised(candidates, np.full(LATE_DEPTH, 9, np.float32))
    assert scores.mean() == pytest.approx(0, abs=1e-5)
    assert scores.std() == pytest.approx(1, abs=1e-5)


def test_candidates_beyond_the_typical_ones_are_measured_by_these() -> None:
    candidates = np.random.default_rng(2).normal(0.4, 0.1, LATE_DEPTH + 9).astype(np.float32)
    background = np.linspace(0, 0.4, LATE_DEPTH, dtype=np.float32)
    for typical in (LATE_DEPTH, 20):
        alone = standardised(candidates[:typical], background)
        scores = standardised(candidates, background, typical=typical)
        np.testing.assert_allclose(scores[:typical], alone, rtol=1e-5)
        slope, offset = np.polyfit(candidates, scores, 1)
        np.testing.assert_allclose(scores, slope * candidates + offset, atol=1e-4)


def test_candidates_that_are_all_alike_stay_average() -> None:
    assert standardised(np.full(7, 0.3, np.float32)) == pytest.approx(0, abs=1e-2)
    assert standardised(np.empty(0, np.float32)).shape == (0,)


def test_saving_and_loading_give_the_same(shift: TokenShift, tmp_path: Path) -> None:
    shift.save(tmp_path / "tokens.npz")
    loaded = TokenShift.load(tmp_path / "tokens.npz")
    assert loaded.fingerprint == shift.fingerprint
    for lang in ("ar", "en"):
        np.testing.assert_array_equal(loaded.queries[lang], shift.queries[lang])
        np.testing.assert_array_equal(loaded.passages[lang], shift.passages[lang])
        np.testing.assert_array_equal(loaded.background[lang].codes, shift.background[lang].codes)
        np.testing.assert_array_equal(loaded.background[lang].lengths, shift.background[lang].lengths)


def test_another_shift_has_another_fingerprint(shift: TokenShift) -> None:
    passages = {**shift.passages, "ar": shift.passages["ar"] + np.float32(0.001)}
    assert TokenShift(shift.queries, passages, shift.background).fingerprint != shift.fingerprint


def _calibrate(folder: Path) -> dict[str, list[str]]:
    """Have the model in a folder calibrated with a few pairs, which are encoded sooner than all that Jisr ships."""
    pairs = {lang: texts[:6] for lang, texts in parallel_text().items()}
    lines = ["ar\ten", *map("\t".join, zip(pairs["ar"], pairs["en"], strict=True))]
    (folder / PAIRS).write_text("\n".join(lines), "utf-8")
    return pairs


def test_a_model_s_token_shift_is_estimated_once(encoder: Encoder, tmp_path: Path) -> None:
    _calibrate(tmp_path)
    stages: list[str] = []
    path = tmp_path / "token-shift.npz"
    first = model_token_shift(encoder, path, progress=lambda stage, done, total: stages.append(stage))
    assert stages
    stages.clear()
    second = model_token_shift(encoder, path, progress=lambda stage, done, total: stages.append(stage))
    assert not stages
    assert first.fingerprint == second.fingerprint
    assert {file.name for file in tmp_path.iterdir()} == {PAIRS, "token-shift.npz"}


def test_both_shifts_come_of_one_reading_of_the_parallel_text(model: PreparedModel, tmp_path: Path) -> None:
    together, apart = (replace(model, folder=tmp_path / name) for name in ("together", "apart"))
    for own in (together, apart):
        own.folder.mkdir()
    once, twice = WordEncoder(), WordEncoder()
    shift, token_shift = model_shifts(once, together, late=True)
    expected = model_shift(twice, apart.shift)
    assert token_shift
    assert token_shift.fingerprint == model_token_shift(twice, apart.token_shift).fingerprint
    for kind in ("queries", "passages", "background"):
        for lang, vectors in getattr(expected, kind).items():
            np.testing.assert_array_equal(getattr(shift, kind)[lang], vectors)
    assert len(twice.encoded) - len(once.encoded) == sum(map(len, parallel_text().values()))

    once.encoded.clear()
    assert model_shifts(once, together, late=False)[1] is None
    assert model_shifts(once, together, late=True)[1]
    assert once.encoded == []


def test_the_background_of_the_default_model_is_as_large_as_the_candidates(
    model: PreparedModel, seed_settings: Settings
) -> None:
    """It was estimated for the first index that was built with the model."""
    kept = TokenShift.load(model.token_shift)
    assert len(kept.background_of("ar").lengths) >= 0.9 * LATE_DEPTH


def test_the_token_shift_follows_the_pairs_that_a_model_was_calibrated_with(encoder: Encoder, tmp_path: Path) -> None:
    pairs = _calibrate(tmp_path)
    found = model_token_shift(encoder, tmp_path / "late.npz")
    assert found.fingerprint == estimate_tokens(encoder, pairs).fingerprint
