"""The tokenizer of a Unigram model, on files that are mapped into memory instead of built anew at each start.

Kudo, "Subword Regularization", 2018 (arXiv:1804.10959): of all ways to put a word together from pieces, the likeliest.
The steps are those of the library `tokenizers`, and so are the numbers that come out, to the last. But the library
makes a tree of hash maps of the default model's 173,000 pieces whenever it starts, in 0.4 s and 167 MiB, where a trie
takes 0.6 MB on the disk. Words come back, so those that were read last are kept.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from marisa_trie import Trie  # type: ignore[import-not-found]

from search.tokenizer import PlacedTokens, Tokenizer

_BLANK = "▁"  # how SentencePiece writes the blank before a word
_WORD = re.compile(f"{_BLANK}[^{_BLANK}]*")
_BLANKS = re.compile(" {2,}")
_UNKNOWN_PENALTY = 10.0  # SentencePiece's: by so much an unknown character is less likely than the rarest piece

_KEPT_WORDS = 1 << 15  # 8 MiB once a build has filled it; of running text three words of four
_LONGEST_KEPT_CHARS = 32

# What a description must say for its tokenizer to be of this kind.
_LAST_STEPS = [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": _BLANKS.pattern}, "content": " "}]
_SPLITTING = {"type": "Metaspace", "replacement": _BLANK, "prepend_scheme": "always", "split": True}
_PLAIN = {"special": True, "normalized": False, "single_word": False, "lstrip": False, "rstrip": False}
_TEXT = {"Sequence": {"id": "A", "type_id": 0}}


def keep_pieces(description: Path, folder: Path) -> None:
    """Write to a new folder what `open_pieces` reads, if the tokenizer of a ``tokenizer.json`` is of its kind.

    That is a Unigram model behind a normaliser that drops some characters and makes others a blank, then does NFKC, and
    leaves one blank of several.
    """
    described = json.loads(description.read_text("utf-8"))
    if not _is_unigram(described):
        return
    pieces, scores = zip(*described["model"]["vocab"], strict=True)
    trie = Trie(pieces)
    ids = np.argsort([trie[piece] for piece in pieces]).astype(np.int32)
    specials = {token["content"]: token["id"] for token in described["added_tokens"]}
    frame = described["post_processor"]["single"]
    at = frame.index(_TEXT)
    rules = {
        "rewrites": {step["pattern"]["String"]: step["content"] for step in _rewriting(described)},
        "specials": specials,
        "before": [specials[part["SpecialToken"]["id"]] for part in frame[:at]],
        "after": [specials[part["SpecialToken"]["id"]] for part in frame[at + 1 :]],
        "unknown": described["model"]["unk_id"],
        "unknown_score": min(scores) - _UNKNOWN_PENALTY,
        "longest_chars": max(map(len, pieces)),
    }
    folder.mkdir()
    trie.save(str(folder / "pieces.marisa"))
    np.save(folder / "ids.npy", ids)
    np.save(folder / "scores.npy", np.array(scores, np.float64)[ids])
    (folder / "rules.json").write_text(json.dumps(rules), "utf-8")


def _is_unigram(described: dict[str, Any]) -> bool:
    model = described["model"]
    return (
        model.get("type") == "Unigram"
        and not model.get("byte_fallback")
        and model.get("unk_id") is not None
        and described["pre_tokenizer"] == _SPLITTING
        and (described["normalizer"] or {}).get("normalizers", [])[-2:] == _LAST_STEPS
        and all(len(step["pattern"].get("String", "")) == 1 for step in _rewriting(described))
        and all(step["content"] in ("", " ") for step in _rewriting(described))
        and (described["post_processor"] or {}).get("type") == "TemplateProcessing"
        and all(token.items() >= _PLAIN.items() for token in described["added_tokens"])
    )


def _rewriting(described: dict[str, Any]) -> list[dict[str, Any]]:
    """The first steps of the normaliser."""
    steps: list[dict[str, Any]] = described["normalizer"]["normalizers"][:-2]
    return steps


def open_pieces(folder: Path) -> Tokenizer:
    """The tokenizer that `keep_pieces` wrote to a folder."""
    return _Unigram(folder)


class _Unigram:
    def __init__(self, folder: Path) -> None:
        rules = json.loads((folder / "rules.json").read_text("utf-8"))
        self._rewrites = str.maketrans(rules["rewrites"])
        self._specials: dict[str, int] = rules["specials"]
        self._special = re.compile("|".join(map(re.escape, self._specials)))
        self._before: list[int] = rules["before"]
        self._after: list[int] = rules["after"]
        self._unknown: int = rules["unknown"]
        self._unknown_score: float = rules["unknown_score"]
        self._longest_chars: int = rules["longest_chars"]
        self._pieces = Trie().mmap(str(folder / "pieces.marisa"))
        # By a piece's number in the trie. Single numbers come out of a memoryview faster than out of an array.
        self._ids = memoryview(np.load(folder / "ids.npy", mmap_mode="r"))
        self._scores = memoryview(np.load(folder / "scores.npy", mmap_mode="r"))
        self._kept = lru_cache(_KEPT_WORDS)(self._best)

    @property
    def specials_after(self) -> int:
        return len(self._after)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [[*self._before, *ids, *self._after] for ids in self.encode_bare(texts)]

    def encode_bare(self, texts: Sequence[str]) -> list[list[int]]:
        return [self._encode(text) for text in texts]

    def place(self, texts: Sequence[str]) -> list[PlacedTokens]:
        return [self._place(text) for text in texts]

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for start, end, special in self._parts(text):
            ids += self._read(text[start:end])[0] if special is None else [special]
        return ids

    def _place(self, text: str) -> PlacedTokens:
        ids, places = [*self._before], [(0, 0)] * len(self._before)
        for start, end, special in self._parts(text):
            if special is not None:
                ids.append(special)
                places.append((start, end))
                continue
            tokens, lengths = self._read(text[start:end])
            origins = self._origins(text[start:end])
            ids += tokens
            for length, after in zip(lengths, accumulate(lengths), strict=True):
                places.append((start + origins[after - length], start + origins[after - 1] + 1))
        return PlacedTokens(ids + self._after, places + [(0, 0)] * len(self._after))

    def _parts(self, text: str) -> Iterator[tuple[int, int, int | None]]:
        """Where the special tokens in a text stand, with their ids, and what is before, between and after them."""
        at = 0
        for found in self._special.finditer(text):
            yield at, found.start(), None
            yield *found.span(), self._specials[found[0]]
            at = found.end()
        yield at, len(text), None

    def _read(self, text: str) -> tuple[list[int], list[int]]:
        """The tokens of a text without special ones, and how many characters of its spelling each takes."""
        ids: list[int] = []
        lengths: list[int] = []
        for word in _WORD.findall(self._spelled(text)):
            tokens, taken = self._kept(word) if len(word) <= _LONGEST_KEPT_CHARS else self._best(word)
            ids += tokens
            lengths += taken
        return ids, lengths

    def _spelled(self, text: str) -> str:
        """A text as the pieces spell it: normalised, and every word after the mark of a blank."""
        normal = unicodedata.normalize("NFKC", text.translate(self._rewrites))
        spelled = _BLANKS.sub(" ", normal).replace(" ", _BLANK)
        return spelled if spelled[:1] in ("", _BLANK) else _BLANK + spelled

    def _origins(self, text: str) -> list[int]:
        """Which character of a text each one of its spelling comes from.

        Of several blanks it is the last, of a letter and its marks the letter; the mark before the first word comes
        from what it stands before.
        """
        rewritten = text.translate(self._rewrites)
        origins = list(range(len(text)))
        if len(rewritten) < len(text):
            origins = [at for at in origins if text[at].translate(self._rewrites)]
        normal = unicodedata.normalize("NFKC", rewritten)
        if normal != rewritten:
            growth = _growth(rewritten)
            origins = [origin for origin, grown in zip(origins, growth, strict=True) for _ in range(grown)]
        if "  " in normal:
            origins = [origin for at, origin in enumerate(origins) if normal[at : at + 2] != "  "]
        return origins if normal[:1] in ("", " ") else origins[:1] + origins

    def _best(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tokens of the likeliest way to put a word together, and how many characters each takes.

        As in the library, sums are made from left to right in double precision, of equally likely ways the first found
        counts, and unknown characters that stand together are one token.
        """
        totals = [0.0] + [-inf] * len(word)
        tokens, starts = [0] * len(totals), [0] * len(totals)
        for at in range(len(word)):
            here, shortest = totals[at], None
            for piece, number in self._pieces.iter_prefixes_with_ids(word[at : at + self._longest_chars]):
                shortest = shortest or piece
                end = at + len(piece)
                if (total := here + self._scores[number]) > totals[end]:
                    totals[end], tokens[end], starts[end] = total, self._ids[number], at
            unknown = here + self._unknown_score
            if (shortest is None or len(shortest) > 1) and unknown > totals[at + 1]:
                totals[at + 1], tokens[at + 1], starts[at + 1] = unknown, self._unknown, at
        return self._path(tokens, starts)

    def _path(self, tokens: list[int], starts: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tokens on the way that ends last, by the best token that ends at each character and where it starts."""
        ids: list[int] = []
        lengths: list[int] = []
        end = len(tokens) - 1
        while end:
            if ids and ids[-1] == tokens[end] == self._unknown:
                lengths[-1] += end - starts[end]
            else:
                ids.append(tokens[end])
                lengths.append(end - starts[end])
            end = starts[end]
        return tuple(reversed(ids)), tuple(reversed(lengths))


def _growth(text: str) -> Iterator[int]:
    """How many characters each one of a text adds to its NFKC."""
    start = longest = 0
    for at, character in enumerate(text):
        if not _joins(character):
            start, longest = at, 0
        length = len(unicodedata.normalize("NFKC", text[start : at + 1]))
        yield max(length - longest, 0)
        longest = max(length, longest)


def _joins(character: str) -> bool:
    """Whether it may compose with what is before it (UAX #15): a mark, or a Hangul vowel or final consonant."""
    first = unicodedata.normalize("NFKC", character)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
