"""The tokenizer on mapped files, against the library that it takes the place of."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from search.arabic import encoder_form
from search.model import PreparedModel
from search.shift import parallel_text
from search.tokenizer import PlacedTokens, open_tokenizer
from search.tokenizer import Tokenizer as AnyTokenizer
from search.unigram import keep_pieces, open_pieces
from tests.conftest import SEEDS

# A blank of every kind, what is dropped or made a blank, special tokens, what composes and decomposes, and letters
# whose pieces the default model's vocabulary has lost.
AWKWARD = [
    *("", " ", "  ", "a  b", " a", "a ", "\x01", "a\x01b", "a \x01 b", "\u200b", "a\n\nb", "▁", "a▁▁b", "\ufeffa"),
    *("<s>", "a<s>b", "a  <mask>  b", "<unk><pad></s>", "< s>"),
    *("e\u0301\u0301", "a\x01\u0301b", "\u0301a", "ﷺ", "ﬁ ⅷ ①②", "½ cup", "각 \u1100\u1161", "漢字 ok", "x漢y"),
    *("حفتر", "كَتَبَ المُراسِلُ", "الـمـيناء", "علی", "١٢٣", "a" * 100, "漢" * 100, "سفينة" * 40),
]

# Assigned in every version of Unicode that Python and the library may have.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cn", "Co"), max_codepoint=0x2FFF)
MIXED = st.text(st.one_of(LETTERS, st.sampled_from("  \n\x01\u0301\u0640<s>▁أةeté")), max_size=30)


@pytest.fixture(scope="module")
def library(model: PreparedModel) -> AnyTokenizer:
    return open_tokenizer(model.tokenizer, Path("nowhere"))


@pytest.fixture(scope="module")
def mapped(model: PreparedModel, tmp_path_factory: pytest.TempPathFactory) -> AnyTokenizer:
    pieces = tmp_path_factory.mktemp("unigram") / "pieces"
    keep_pieces(model.tokenizer, pieces)
    return open_tokenizer(model.tokenizer, pieces)


def texts() -> Iterator[str]:
    yield from AWKWARD
    for sentences in parallel_text().values():
        yield from sentences
    for file in sorted((SEEDS / "documents").rglob("*.*")):
        yield file.read_text("utf-8", "replace")


def test_tokens_are_those_of_the_library(mapped: AnyTokenizer, library: AnyTokenizer) -> None:
    read = list(texts())
    assert mapped.encode(read) == library.encode(read)
    assert mapped.encode_bare(read) == library.encode_bare(read)
    assert mapped.specials_after == library.specials_after == 1


def test_tokens_of_public_texts_are_those_of_the_library(
    shared: Path, mapped: AnyTokenizer, library: AnyTokenizer
) -> None:
    for name in ("xquad", "ntrex-news"):
        lines = (shared / "eval" / name / "corpus.jsonl").read_text("utf-8").splitlines()
        read = [json.loads(line)["text"] for line in lines[::3]]
        assert mapped.encode(read) == library.encode(read)


def test_tokens_stand_where_the_library_has_them(mapped: AnyTokenizer, library: AnyTokenizer) -> None:
    forms = [encoder_form(text).text for text in texts()]
    assert mapped.place(forms) == library.place(forms)


@settings(max_examples=300)
@given(MIXED)
def test_any_text_has_the_tokens_of_the_library(mapped: AnyTokenizer, library: AnyTokenizer, text: str) -> None:
    assert mapped.encode([text]) == library.encode([text])
    (placed,) = mapped.place([text])
    assert placed.ids == mapped.encode([text])[0]
    assert all(0 <= start <= end <= len(text) for start, end in placed.places)


def written(path: Path, tokenizer: Tokenizer) -> Path:
    tokenizer.save(str(path))
    return path


def small(pieces: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[A] $A [B] [B]", special_tokens=[("[A]", 1), ("[B]", 2)]
    )
    tokenizer.add_special_tokens(["[A]", "[B]"])
    return tokenizer


def test_the_likeliest_pieces_are_found(tmp_path: Path) -> None:
    """Worked out by hand: ▁so+fa is -4, ▁s+o+fa -6, and ▁+s+o+f+a has no f. No piece holds an x: it costs -7 - 10."""
    pieces = [("<unk>", 0.0), ("[A]", 0.0), ("[B]", 0.0), ("▁", -1.0), ("▁so", -2.0), ("▁s", -3.0), ("o", -1.0)]
    pieces += [("fa", -2.0), ("s", -7.0), ("a", -6.0)]
    keep_pieces(written(tmp_path / "tokenizer.json", small(pieces)), tmp_path / "pieces")
    tokenizer = open_pieces(tmp_path / "pieces")
    assert tokenizer.encode_bare(["sofa", "so  fa", "xxo", ""]) == [[4, 7], [4, 3, 7], [3, 0, 6], []]
    assert tokenizer.encode(["so"]) == [[1, 4, 2, 2]]
    assert tokenizer.place(["a[B]xx"]) == [
        PlacedTokens([1, 3, 9, 2, 3, 0, 2, 2], [(0, 0), (0, 1), (0, 1), (1, 4), (4, 5), (4, 6), (0, 0), (0, 0)])
    ]


def test_a_tokenizer_of_another_kind_stays_with_the_library(tmp_path: Path) -> None:
    words = Tokenizer(models.WordPiece({"[UNK]": 0, "port": 1, "##s": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    lower = small([("<unk>", 0.0), ("[A]", 0.0), ("[B]", 0.0), ("▁port", -1.0), ("s", -2.0)])
    lower.normalizer = normalizers.Lowercase()
    for tokenizer, ids in ((words, [1, 2]), (lower, [3, 4])):
        description = written(tmp_path / f"{ids}.json", tokenizer)
        keep_pieces(description, tmp_path / "pieces")
        assert not (tmp_path / "pieces").exists()
        assert open_tokenizer(description, tmp_path / "pieces").encode_bare(["ports"]) == [ids]
