"""The default model on ONNX Runtime, against sentence-transformers and against itself."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.arabic import encoder_form
from search.carrier import carrier_path, read_carrier
from search.encoder import Encoder, TorchEncoder, Vectors, normalised
from search.model import PreparedModel
from search.settings import Device
from search.shift import parallel_text

TEXTS = [
    "The frigate freed the bulk carrier after nine hours; five suspects are held.",
    "حررت الفرقاطة ناقلة البضائع بعد تسع ساعات، واحتُجز خمسة مشتبه بهم.",
    "What does desalinated water cost?",
    "كم تبلغ كلفة تحلية المياه؟",
    "JF-17",
    "حفتر",
    " ".join(parallel_text()["en"][:30]),  # longer than the model reads
]


def test_int8_stays_close_to_full_precision(model: PreparedModel, encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(model.sentence_transformers), device="cpu")
    for prompt, encode in (("query: ", encoder.encode_queries), ("passage: ", encoder.encode_passages)):
        # No diacritics in the reference's text: its tokenizer knows nothing of the encoder form.
        expected = reference.encode([text.replace("ُ", "") for text in TEXTS], prompt=prompt)
        assert np.sum(expected * encode(TEXTS), axis=1).min() >= 0.995


def test_words_are_read_without_a_prompt(model: PreparedModel, encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    words = ["frigate", "فرقاطة", "أسعار", "JF-17"]
    expected = SentenceTransformer(str(model.sentence_transformers), device="cpu").encode(words, prompt="")
    assert np.sum(expected * encoder.encode_words(words), axis=1).min() >= 0.995
    assert np.sum(expected * encoder.encode_passages(words), axis=1).max() < 0.99


def test_vectors_have_length_one_and_the_right_form(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    words = [word for text in TEXTS[:4] for word in text.split()]  # many of one length, which run together
    texts = [*words, *TEXTS]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in reversed(texts)])[::-1]
    np.testing.assert_array_equal(together, alone)
    for text, beside_others in zip(texts, encoder.encode_passage_tokens(texts), strict=True):
        (by_itself,) = encoder.encode_passage_tokens([text])
        np.testing.assert_array_equal(beside_others.vector, by_itself.vector)
        np.testing.assert_array_equal(beside_others.tokens, by_itself.tokens)


def test_what_the_encoder_form_drops_makes_no_difference(encoder: Encoder) -> None:
    plain, vocalised = encoder.encode_queries(["كتب المراسل التقرير", "كَتَبَ المُراسِلُ التَّقريـــر"])
    np.testing.assert_array_equal(plain, vocalised)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_encoded(encoder: Encoder, text: str) -> None:
    vector = encoder.encode_queries([text])[0]
    assert np.isfinite(vector).all()


def test_tokens_are_counted_without_prompt_and_never_cut(encoder: Encoder) -> None:
    one, many = encoder.count_tokens(["الميناء", " ".join(["الميناء"] * 1000)])
    assert one >= 1
    assert many == 1000 * one


def test_a_text_and_its_tokens_come_from_one_pass(encoder: Encoder) -> None:
    for encode, encode_tokens in (
        (encoder.encode_queries, encoder.encode_query_tokens),
        (encoder.encode_passages, encoder.encode_passage_tokens),
    ):
        found = encode_tokens(TEXTS)
        np.testing.assert_array_equal(np.stack([text.vector for text in found]), encode(TEXTS))
        for text in found:
            assert text.tokens.shape == (len(text.ids), 384)
            assert text.tokens.dtype == np.float32
    assert encoder.encode_query_tokens([]) == []


def test_tokens_are_those_of_the_text_alone(model: PreparedModel, encoder: Encoder) -> None:
    """Neither the prompt nor special tokens; the first word keeps its first token, joined to the prompt's blank."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model.tokenizer))
    texts = ["Harbour dues rose.", "ارتفعت رسوم الميناء.", "passage: query: 12", "¿Query?"]
    alone = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    for encode_tokens in (encoder.encode_query_tokens, encoder.encode_passage_tokens):
        assert [text.ids.tolist() for text in encode_tokens(texts)] == alone
        assert [len(text.ids) for text in encode_tokens(["", " ", "\n\u200b"])] == [0, 0, 0]


def test_tokens_have_their_places_in_the_encoder_form(encoder: Encoder) -> None:
    texts = ["الحكومةُ تُعلن ميزانيّة ٢٠٢٥", "A naval patrol, near Bab al-Mandab", "", "سفينة " * 600]
    read = [
        (encoder.query_places(texts), encoder.encode_query_tokens(texts)),
        (encoder.passage_places(texts), encoder.encode_passage_tokens(texts)),
    ]
    for places, tokens in read:
        for text, placed, encoded in zip(texts, places, tokens, strict=True):
            assert placed.ids.tolist() == encoded.ids.tolist()
            form = encoder_form(text).text
            pieces = "".join(form[start:end] for start, end in placed.places)
            assert form.replace(" ", "").startswith(pieces.replace(" ", ""))
            assert len(pieces.replace(" ", "")) == len(form.replace(" ", "")) or len(placed.ids) > 500


def test_tokens_are_the_mean_of_the_upper_six_of_twelve_layers(model: PreparedModel, encoder: Encoder) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(model.sentence_transformers), device="cpu")
    network = reference.transformers_model
    assert network is not None
    for text, tokens in zip(TEXTS, encoder.encode_passage_tokens(TEXTS), strict=True):
        (ids,) = reference.tokenizer(["passage: " + text.replace("ُ", "")], truncation=True)["input_ids"]
        with torch.inference_mode():
            words, *layers = network(torch.tensor([ids]), output_hidden_states=True).hidden_states
        assert len(layers) == 12
        expected = torch.stack(layers[6:]).mean(dim=0)[0, -1 - len(tokens.ids) : -1].numpy()
        assert _mean_cosine(tokens.tokens, expected) > 0.99
        assert _mean_cosine(tokens.tokens, words[0, -1 - len(tokens.ids) : -1].numpy()) < 0.7
    assert 500 < len(tokens.ids) < encoder.max_tokens


def _mean_cosine(some: Vectors, others: Vectors) -> float:
    return float((normalised(some) * normalised(others)).sum(axis=1).mean())


def test_both_engines_see_the_same_tokens(model: PreparedModel, encoder: Encoder) -> None:
    torch_encoder = TorchEncoder(model, Device.CPU)
    texts = [*TEXTS, ""]
    expected = torch_encoder.encode_passages(texts)
    whole = torch_encoder.encode_passage_tokens(texts)
    for one, other, vector in zip(whole, encoder.encode_passage_tokens(texts), expected, strict=True):
        assert one.ids.tolist() == other.ids.tolist()
        np.testing.assert_allclose(one.vector, vector, atol=1e-6)
        if len(one.ids):
            cosines = np.sum(one.tokens * other.tokens, axis=1)
            cosines /= np.linalg.norm(one.tokens, axis=1) * np.linalg.norm(other.tokens, axis=1)
            assert cosines.mean() > 0.99


def test_the_cut_vocabulary_tokenises_arabic_and_english_as_the_whole_one(model: PreparedModel) -> None:
    from tokenizers import Tokenizer

    from search.default_model import _unigram

    whole, cut = _unigram(read_carrier(carrier_path()).vocabulary), Tokenizer.from_file(str(model.tokenizer))
    for text in TEXTS:
        assert cut.encode(text).tokens == whole.encode(text).tokens


def test_sentences_find_their_translations(shared: Path, encoder: Encoder) -> None:
    """Accuracy on Tatoeba as MTEB measures it: the nearest sentence of the other language, prompts as for queries."""
    from search.evaluation import read_collection

    queries = read_collection(shared / "eval" / "tatoeba").queries
    english = encoder.encode_queries([query.text for query in queries if query.lang == "en"])
    arabic = encoder.encode_queries([query.text for query in queries if query.lang == "ar"])
    cosines = english @ arabic.T
    right = np.arange(len(cosines))
    assert (cosines.argmax(axis=1) == right).mean() >= 0.78
    assert (cosines.argmax(axis=0) == right).mean() >= 0.78
