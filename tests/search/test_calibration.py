import random
from pathlib import Path

import numpy as np
import pytest

from search.calibration import MIN_PAIRS, calibrate, read_pairs, reset
from search.encoder import Encoder
from search.errors import SourceError
from search.model import PreparedModel
from search.shift import PAIRS, Shift, estimate, model_shift, parallel_text


def _write(path: Path, pairs: dict[str, list[str]], head: str = "ar\tnote\ten") -> Path:
    lines = [f"{ar}\tchecked\t{en}" for ar, en in zip(pairs["ar"], pairs["en"], strict=True)]
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def pairs() -> dict[str, list[str]]:
    return {lang: sentences[150:230] for lang, sentences in parallel_text().items()}


@pytest.fixture
def own_model(model: PreparedModel, tmp_path: Path) -> PreparedModel:
    """The default model with a folder for what is estimated that is the test's own."""
    folder = tmp_path / "model"
    folder.mkdir()
    return PreparedModel(
        name=model.name,
        folder=folder,
        fingerprint=model.fingerprint,
        dim=model.dim,
        max_tokens=model.max_tokens,
        query_prompt=model.query_prompt,
        passage_prompt=model.passage_prompt,
    )


def test_pairs_are_read_whatever_other_columns_there_are(pairs: dict[str, list[str]], tmp_path: Path) -> None:
    assert read_pairs(_write(tmp_path / "pairs.tsv", pairs)) == pairs


def test_a_pair_that_is_there_twice_counts_once(pairs: dict[str, list[str]], tmp_path: Path) -> None:
    twice = {lang: sentences * 2 for lang, sentences in pairs.items()}
    assert read_pairs(_write(tmp_path / "pairs.tsv", twice)) == pairs


def test_a_byte_order_mark_and_quotation_marks_are_no_trouble(pairs: dict[str, list[str]], tmp_path: Path) -> None:
    quoted = {"ar": ["قال: «نعم»", *pairs["ar"]], "en": ['"Yes", he said', *pairs["en"]]}
    path = _write(tmp_path / "pairs.tsv", quoted)
    path.write_text("\ufeff" + path.read_text("utf-8"), "utf-8")
    assert read_pairs(path)["en"][0] == '"Yes", he said'


@pytest.mark.parametrize(
    ("head", "change", "said"),
    [
        ("arabic\tnote\ten", {}, "has no column ar."),
        ("arabic\tnote\tenglish", {}, "has no column ar and no column en."),
        ("ar\tnote\ten", {3: "  "}, "has nothing in column en of line 5."),
    ],
)
def test_a_file_of_another_shape_is_explained(
    head: str, change: dict[int, str], said: str, pairs: dict[str, list[str]], tmp_path: Path
) -> None:
    english = [change.get(at, sentence) for at, sentence in enumerate(pairs["en"])]
    path = _write(tmp_path / "pairs.tsv", {"ar": pairs["ar"], "en": english}, head)
    with pytest.raises(SourceError, match=said):
        read_pairs(path)


def test_a_line_that_ends_early_is_an_empty_cell(pairs: dict[str, list[str]], tmp_path: Path) -> None:
    path = _write(tmp_path / "pairs.tsv", pairs)
    path.write_text(path.read_text("utf-8") + "وصلت السفينة\n", "utf-8")
    with pytest.raises(SourceError, match="column en of line 82"):
        read_pairs(path)


def test_too_few_pairs_are_refused(pairs: dict[str, list[str]], tmp_path: Path) -> None:
    few = {lang: sentences[: MIN_PAIRS - 1] for lang, sentences in pairs.items()}
    with pytest.raises(SourceError, match="has 49 different pairs"):
        read_pairs(_write(tmp_path / "pairs.tsv", few))


@pytest.mark.parametrize("content", [None, b"", "ar\ten\nسلام\tpeace".encode("utf-16")])
def test_what_is_no_such_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        read_pairs(path)
    assert "\n" not in refused.value.message


def test_the_model_s_shift_is_that_of_the_pairs_and_goes_back_when_reset(
    encoder: Encoder, own_model: PreparedModel, pairs: dict[str, list[str]]
) -> None:
    late = own_model.token_shift
    late.write_bytes(b"estimated from other pairs")
    calibrate(encoder, own_model, pairs)
    assert not late.exists()
    assert parallel_text(own_model.folder) == pairs
    kept = model_shift(encoder, own_model.shift)
    expected = estimate(encoder, pairs)
    for lang in ("ar", "en"):
        np.testing.assert_allclose(kept.queries[lang], expected.queries[lang], atol=1e-6)
        np.testing.assert_allclose(kept.passages[lang], expected.passages[lang], atol=1e-6)
    own_model.shift.unlink()  # estimated anew, it is the same
    np.testing.assert_allclose(model_shift(encoder, own_model.shift).queries["ar"], kept.queries["ar"], atol=1e-6)
    reset(own_model)
    assert not list(own_model.folder.iterdir())
    assert parallel_text(own_model.folder) == parallel_text()


def test_the_check_counts_translations_that_come_first(
    encoder: Encoder, own_model: PreparedModel, pairs: dict[str, list[str]]
) -> None:
    calibration = calibrate(encoder, own_model, pairs)
    assert (calibration.pairs, calibration.held_out) == (80, 16)
    rest = {lang: [text for at, text in enumerate(texts) if at % 5] for lang, texts in pairs.items()}
    asked = {lang: texts[::5] for lang, texts in pairs.items()}
    shift = estimate(encoder, rest)
    for lang, other in (("en", "ar"), ("ar", "en")):
        found = calibration.found[f"{lang}→{other}"]
        assert found.without == _share(encoder, asked, lang, other, None)
        assert found.with_shift == _share(encoder, asked, lang, other, shift)
        assert found.with_shift >= found.without > 0.5


def _share(encoder: Encoder, asked: dict[str, list[str]], lang: str, other: str, shift: Shift | None) -> float:
    """One query at a time: is the translation above all other sentences?"""
    passages = {name: encoder.encode_passages(texts) for name, texts in asked.items()}
    if shift:
        passages = {name: shift.neutral_passages(vectors, name) for name, vectors in passages.items()}
    first = 0
    for at, query in enumerate(encoder.encode_queries(asked[lang])):
        vector = shift.neutral_query(query, lang) if shift else query
        wrong = [row @ vector for name in asked for i, row in enumerate(passages[name]) if i != at]
        first += bool(passages[other][at] @ vector > max(wrong))
    return first / len(asked[lang])


def test_pairs_that_are_no_translations_do_not_pass_the_check(
    encoder: Encoder, own_model: PreparedModel, pairs: dict[str, list[str]]
) -> None:
    arabic = random.Random(4).sample(pairs["ar"], len(pairs["ar"]))  # noqa: S311
    found = calibrate(encoder, own_model, {"ar": arabic, "en": pairs["en"]}).found
    assert all(shares.with_shift < 0.2 for shares in found.values())


def test_pairs_are_kept_under_the_name_that_is_looked_up(
    encoder: Encoder, own_model: PreparedModel, pairs: dict[str, list[str]]
) -> None:
    calibrate(encoder, own_model, pairs)
    assert {file.name for file in own_model.folder.iterdir()} == {PAIRS, "shift.npz"}
