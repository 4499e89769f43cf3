"""The dictionary leg, with the default model on a vocabulary that fits on a page."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.dictionary import Dictionary, Translation, model_means, weights, write_dictionary
from search.encoder import Encoder, Vectors, normalised
from search.errors import DamagedIndexError
from search.lexical import LexicalIndex, write_lexical
from search.model import PreparedModel
from search.vocabulary import Vocabulary, common_words
from tests.indexer.words import WordEncoder

ARABIC = [
    "هبطت الطائرات في المطار بعد تأخر دام ثلاث ساعات.",
    "يحتاج الجسم إلى البروتينات والفيتامينات كل يوم.",
    "فاز الحزب في الانتخابات وشكل الحكومة الجديدة.",
    "طائرات النقل تحتاج إلى مدرج أطول من الطائرة الصغيرة.",
    "ارتفعت أسعار القمح والأرز في أسواق المدينة.",
    "وصف الطبيب دواء للمريض ونصحه بالراحة.",
    "غرقت السفينة في البحر قرب الميناء القديم.",
    "يدرس الطلاب التاريخ في جامعة بغداد.",
    "انضم البلد إلى حلف NATO سنة 1952.",
]
ENGLISH = [
    "The aircraft waited on the runway until the fog had cleared.",
    "Beans are a cheap source of protein.",
    "Voters go to the election with little hope for the government.",
    "The doctor wrote a prescription, but the pharmacy had no medicine.",
    "Wheat is dearer this year and bread follows.",
    "A ship left the harbour at dawn.",
]
TEXTS = {"ar": ARABIC, "en": ENGLISH}


@pytest.fixture(scope="module")
def means(model: PreparedModel, encoder: Encoder) -> dict[str, Vectors]:
    return model_means(encoder.encode_words, model.word_means)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, means: dict[str, Vectors]) -> Path:
    folder = tmp_path_factory.mktemp("words") / "dictionary"
    vocabularies = {lang: Vocabulary.gather(texts, lang) for lang, texts in TEXTS.items()}
    write_dictionary(folder, vocabularies, means, encoder.encode_words)
    return folder


@pytest.fixture
def translate(folder: Path, encoder: Encoder) -> Callable[..., list[Translation]]:
    def run(query: str, from_lang: str = "en", to_lang: str = "ar") -> list[Translation]:
        return Dictionary.open(folder).translate(query, from_lang, to_lang, encoder.encode_words)

    return run


@pytest.mark.parametrize(
    ("from_lang", "word", "meaning"),
    [
        ("en", "aircraft", "الطائرات"),
        ("en", "protein", "البروتينات"),
        ("en", "doctor", "الطبيب"),
        ("en", "wheat", "القمح"),
        ("ar", "الانتخابات", "election"),
        ("ar", "سفينة", "ship"),
        ("ar", "القمح", "Wheat"),
    ],
)
def test_a_word_finds_its_translation(
    translate: Callable[..., list[Translation]], from_lang: str, word: str, meaning: str
) -> None:
    (translation,) = translate(word, from_lang, {"en": "ar", "ar": "en"}[from_lang])
    assert translation.word == word
    assert translation.nearest[0][0] == meaning
    shares = [share for _, share in translation.nearest]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_words_are_translated_in_the_order_of_the_query_and_stop_words_are_not(
    translate: Callable[..., list[Translation]],
) -> None:
    assert [found.word for found in translate("Which doctor is at the harbour")] == ["doctor", "harbour"]


@pytest.mark.parametrize("word", ["quarterback", "visa", "1952", "the", "القمح", "!"])
def test_what_has_no_good_neighbour_counts_little_or_nothing(
    translate: Callable[..., list[Translation]], word: str
) -> None:
    sure = max(translate("wheat")[0].weights.values())
    for translation in translate(word):
        assert max(translation.weights.values()) < sure / 2


def test_neighbours_count_together_as_one_word(translate: Callable[..., list[Translation]]) -> None:
    for translation in translate("aircraft wheat doctor"):
        assert 0 < max(translation.weights.values()) <= 1
        assert max(translation.weights.values()) == next(iter(translation.weights.values()))


def test_languages_that_have_no_dictionary_translate_nothing(translate: Callable[..., list[Translation]]) -> None:
    assert translate("avion", "fr", "ar") == []
    assert translate("aircraft", "en", "fr") == []
    assert translate("aircraft", "en", "en") == []


def test_a_corpus_of_one_language_is_asked_in_the_other(
    tmp_path: Path, encoder: Encoder, means: dict[str, Vectors]
) -> None:
    write_dictionary(tmp_path / "d", {"ar": Vocabulary.gather(ARABIC, "ar")}, means, encoder.encode_words)
    dictionary = Dictionary.open(tmp_path / "d")
    (found,) = dictionary.translate("aircraft", "en", "ar", encoder.encode_words)
    assert found.nearest[0][0] == "الطائرات"
    assert dictionary.translate("الطائرات", "ar", "en", encoder.encode_words) == []


def test_bm25_finds_the_passage_of_the_other_language(
    translate: Callable[..., list[Translation]], tmp_path: Path
) -> None:
    write_lexical(tmp_path / "lexical", {"ar": enumerate(ARABIC)})
    lexical = LexicalIndex(tmp_path / "lexical")
    for query, row in [("aircraft at the airport", 0), ("price of wheat", 4), ("the doctor's medicine", 5)]:
        assert next(iter(lexical.scores(weights(query, "en", translate(query)), "ar", 5))) == row


def test_what_both_languages_write_alike_stands_for_itself() -> None:
    assert weights("NATO in 1952", "en", []) == {"nato": 1.0, "1952": 1.0}


def test_weights_of_words_that_share_a_translation_are_summed() -> None:
    plane = Translation("plane", [("طائرة", 1.0)], {"طائر": 0.5})
    jet = Translation("jet", [("طائرة", 1.0)], {"طائر": 0.25})
    assert weights("", "en", [plane, jet]) == {"طائر": 0.75}


def test_reading_gives_what_was_written(
    folder: Path, encoder: Encoder, means: dict[str, Vectors], tmp_path: Path
) -> None:
    vocabularies = {lang: Vocabulary.gather(texts, lang) for lang, texts in TEXTS.items()}
    write_dictionary(tmp_path / "again", vocabularies, means, encoder.encode_words)
    query = "Did the aircraft carry medicine and wheat?"
    first, again = (
        Dictionary.open(path).translate(query, "en", "ar", encoder.encode_words)
        for path in (folder, tmp_path / "again")
    )
    assert first == again != []


def test_the_mean_word_of_a_language_is_found_once(tmp_path: Path) -> None:
    tiny = WordEncoder()
    means = model_means(tiny.encode_passages, tmp_path / "words.npz")
    assert tiny.encoded == [*common_words("ar"), *common_words("en")]
    for lang in ("ar", "en"):
        expected = WordEncoder().encode_passages(common_words(lang)).mean(axis=0)
        np.testing.assert_allclose(means[lang], expected, atol=1e-6)
    again = model_means(tiny.encode_passages, tmp_path / "words.npz")
    np.testing.assert_array_equal(again["ar"], means["ar"])
    assert len(tiny.encoded) == len(common_words("ar")) + len(common_words("en"))
    assert [path.name for path in tmp_path.iterdir()] == ["words.npz"]


@pytest.mark.parametrize("name", ["ar.npz", "ar.sqlite", "en.faiss"])
@pytest.mark.parametrize("content", [None, b"", b"not what was written"])
def test_a_damaged_dictionary_says_so(folder: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    for file in folder.iterdir():
        if file.name != name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
        elif content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedIndexError, match="cannot be read"):
        Dictionary.open(tmp_path)


def test_cosines_are_those_of_centred_vectors(folder: Path, encoder: Encoder) -> None:
    """The nearest word by NumPy alone, from the words and means as they are."""
    with np.load(folder / "ar.npz") as arabic, np.load(folder / "en.npz") as english:
        means = arabic["mean"], english["mean"]
    vocabulary = Vocabulary.gather(ARABIC, "ar")
    near = encoder.encode_words([forms[0] for forms in vocabulary.spellings]) - means[0]
    asked = (encoder.encode_words(["wheat"]) - means[1])[0]
    cosines = near @ asked / np.linalg.norm(near, axis=1) / np.linalg.norm(asked)
    (found,) = Dictionary.open(folder).translate("wheat", "en", "ar", encoder.encode_words)
    assert next(iter(found.weights)) == vocabulary.terms[int(cosines.argmax())]


def test_words_are_as_like_as_their_vectors_and_unknown_ones_are_nothing(
    folder: Path, encoder: Encoder, means: dict[str, Vectors]
) -> None:
    held = ["السفينة", "1952", "NATO", "الكهرباء"]
    found = Dictionary.open(folder).likeness(["ship", "the"], "en", held, "ar", encoder.encode_words)
    assert found.shape == (2, 4)
    assert np.isnan(found).tolist() == [[False, True, True, True], [True] * 4]
    first, second = (
        normalised(encoder.encode_words([word]) - means[lang])[0] for word, lang in (("ship", "en"), ("السفينة", "ar"))
    )
    assert found[0, 0] == pytest.approx(first @ second, abs=0.02)
    own = Dictionary.open(folder).likeness(["ships"], "en", ["ship"], "en", encoder.encode_words)
    assert own[0, 0] == pytest.approx(1, abs=0.01)


def test_a_language_without_a_dictionary_is_like_nothing(folder: Path, encoder: Encoder) -> None:
    found = Dictionary.open(folder).likeness(["bateau"], "fr", ["ship"], "en", encoder.encode_words)
    assert np.isnan(found).all()
