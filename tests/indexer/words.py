"""A tiny encoder that needs no model: a token is a word, and a text's vector follows from its characters alone."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from search.encoder import TokenPlaces, TokenVectors, Vectors


class WordEncoder:
    """Counts words as tokens, and how many texts it was given to encode."""

    dim = 8
    width = 16
    max_tokens = 512

    def __init__(self, fingerprint: str = "words") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vector(f"query {text}") for text in texts], np.float32).reshape(-1, self.dim)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.array([self._vector(f"passage {text}") for text in texts], np.float32).reshape(-1, self.dim)

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, self.dim)

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        vectors = self.encode_queries(texts)
        return [self._tokens(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        vectors = self.encode_passages(texts)
        return [self._tokens(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def query_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        return self.passage_places(texts)

    def passage_places(self, texts: Sequence[str]) -> list[TokenPlaces]:
        places = [[word.span() for word in re.finditer(r"\S+", text)] for text in texts]
        return [TokenPlaces(np.arange(len(own)), np.array(own, np.int64).reshape(-1, 2)) for own in places]

    def _tokens(self, text: str, vector: Vectors) -> TokenVectors:
        words = text.split()
        tokens = [np.concatenate([self._vector(word), self._vector(f"{word}+")]) for word in words]
        return TokenVectors(vector, np.array(tokens, np.float32).reshape(-1, self.width), np.arange(len(words)))

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(f"{self.fingerprint}\0{text}".encode(), digest_size=8).digest())
        vector = np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        return vector / np.linalg.norm(vector)
