"""An index by hand: vectors, words and token codes of which every number is known, no model behind them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.concordance import Concordance, write_names
from search.counterparts import Counterparts
from search.dictionary import Dictionary, write_dictionary
from search.encoder import Vectors, normalised
from search.late import LATE_DEPTH, TokenShift
from search.legs import EncodedQuery, Legs
from search.lexical import LexicalIndex, write_lexical
from search.names import NamesIndex
from search.pools import Moments, Pool
from search.tokens import TokenCodes, TokenIndex, write_tokens
from search.vectors import VectorIndex, write_vectors
from search.vocabulary import Vocabulary

DIM = 8
WIDTH = 16
TOKENS = 3
_WORD_DIM = 512
_TRANSLATIONS = {"harbour": "الميناء", "ship": "سفينة"}

# Ten more than late interaction compares.
ARABIC = [
    "سافر شوكت في الصباح",
    "رست سفينة في الميناء",
    "غادرت سفينة الميناء الجديد",
    *(f"خبر رقم {number}" for number in range(LATE_DEPTH + 7)),
]
ENGLISH = [
    "In the evening Shawkat spoke about a ship in the old harbour",
    "The harbour is open and the harbour is full",
    *(f"Report number {number}" for number in range(38)),
]
FIRST_ENGLISH = len(ARABIC)
COUNTERPARTS = {0: FIRST_ENGLISH}
"""What Shawkat did in the morning, and in the evening."""


@dataclass(frozen=True)
class Handmade:
    """Arabic rows, which come first, lie close together, English ones spread out: their cosines do not compare."""

    vectors: Vectors
    signs: Vectors
    pools: list[Pool]
    legs: Legs

    def query(self, text: str, lang: str, row: int) -> EncodedQuery:
        """A query with the vector of a row, and without token vectors."""
        return EncodedQuery(text, lang, self.vectors[row])

    def late_query(self, text: str, lang: str, row: int) -> EncodedQuery:
        """A query with the vector of a row, and with its token vectors."""
        return EncodedQuery(text, lang, self.vectors[row], self.tokens(row))

    def tokens(self, row: int) -> Vectors:
        """The token vectors of a row ``(TOKENS, WIDTH)``, as a query has them."""
        return normalised(self.signs[row])


def encode_words(words: Sequence[str]) -> Vectors:
    """Each word has a direction of its own, far from all others; what `_TRANSLATIONS` pairs has the same."""
    return np.stack([_word(_TRANSLATIONS.get(word, word)) for word in words])


def build(folder: Path) -> Handmade:
    """The index, in a folder that is there."""
    random = np.random.default_rng(11)
    arabic = random.normal(size=(len(ARABIC), DIM)) * 0.3 + np.eye(DIM)[0]
    english = random.normal(size=(len(ENGLISH), DIM))
    vectors = normalised(np.concatenate([arabic, english]).astype(np.float32))
    signs = np.where(random.normal(size=(len(vectors), TOKENS, WIDTH)) > 0, 1.0, -1.0).astype(np.float32)
    write_tokens(folder, [[np.packbits(tokens > 0, axis=1).tobytes() for tokens in signs]], WIDTH // 8)
    for name, write in (("lexical", write_lexical), ("names.sqlite", write_names)):
        write(folder / name, {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=FIRST_ENGLISH)})
    links = np.full(len(vectors), -1, np.int32)
    for arabic_row, english_row in COUNTERPARTS.items():
        links[[arabic_row, english_row]] = english_row, arabic_row
    np.save(folder / "counterparts.npy", links)
    vocabularies = {"ar": Vocabulary.gather(ARABIC, "ar"), "en": Vocabulary.gather(ENGLISH, "en")}
    write_dictionary(
        folder / "dictionary", vocabularies, dict.fromkeys(vocabularies, np.zeros(_WORD_DIM, np.float32)), encode_words
    )
    pools = [
        _pool("ar", range(FIRST_ENGLISH), vectors),
        _pool("en", range(FIRST_ENGLISH, len(vectors)), vectors),
    ]
    write_vectors(folder / "vectors", [vectors], [pool.rows for pool in pools], DIM)
    return Handmade(vectors, signs, pools, _legs(folder))


def _legs(folder: Path) -> Legs:
    zero = np.zeros(WIDTH, np.float32)
    random = np.random.default_rng(5)
    background = [np.packbits(random.normal(size=(TOKENS, WIDTH)) > 0, axis=1) for _ in range(LATE_DEPTH)]
    codes = TokenCodes.of(background, WIDTH // 8)
    return Legs(
        vectors=VectorIndex(folder / "vectors"),
        lexical=LexicalIndex(folder / "lexical"),
        dictionary=Dictionary.open(folder / "dictionary"),
        names=NamesIndex(Concordance(folder / "names.sqlite")),
        counterparts=Counterparts(folder / "counterparts.npy"),
        tokens=TokenIndex(folder),
        token_shift=TokenShift({"ar": zero, "en": zero}, {"ar": zero, "en": zero}, {"ar": codes, "en": codes}),
        encode_words=encode_words,
    )


def _pool(lang: str, rows: range, vectors: Vectors) -> Pool:
    moments = Moments(DIM)
    moments.add(vectors[rows.start : rows.stop])
    return moments.pool(lang, rows)


def _word(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
    direction = np.random.default_rng(seed).standard_normal((1, _WORD_DIM)).astype(np.float32)
    return np.asarray(normalised(direction)[0])
