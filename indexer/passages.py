"""Documents cut into passages: runs of whole sentences within the model's token budget."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from indexer.topics import GistEncoder, Topics
from search.encoder import Encoder

PASSAGE_TOKENS = 256
"""What a passage may have at most, its title and the model's prompt included (see docs/EVALUATION.md)."""

_OVERHEAD_TOKENS = 16  # prompt, special tokens, and what joining sentences may add
_TITLE_SHARE = 4
_PARAGRAPH_BONUS = 0.05
_TOPIC_WEIGHT = 6  # see docs/EVALUATION.md
_SURROUNDINGS = 2  # budgets on either side that a topic stands out from
_MOST_TOKENS_OF_A_CHARACTER = 4  # U+FDFA, which reads as four words
_INITIAL = re.compile(r"(?:^|\s)[^\W\d_]\.\s*$")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a document's text, with the number of tokens the model counts in them."""

    start: int
    end: int
    tokens: int


class Splitter:
    """Cuts documents for one model.

    A passage ends where a sentence ends, if possible where the topic turns or a paragraph ends, and passages of a
    document are about equally long. Only a sentence that is over the budget by itself is cut, between words.
    `budget` is how many tokens a passage without a title has at most.
    """

    def __init__(self, encoder: Encoder, max_tokens: int = PASSAGE_TOKENS, *, by_topic: bool = True) -> None:
        """Topics are heeded only if `by_topic` says so and the encoder is a `GistEncoder`."""
        self._encoder = encoder
        self._gists = encoder.gists if by_topic and isinstance(encoder, GistEncoder) else None
        self.budget = min(max_tokens, encoder.max_tokens) - _OVERHEAD_TOKENS

    def split(self, text: str, lang: str, title: str = "") -> list[Span]:
        """The passages of a text, in order; together they hold all of it but white space."""
        budget = self.budget - min(self._count([title])[0], self.budget // _TITLE_SHARE)
        sentences = self._sentences(text, lang, budget)
        if not sentences:
            return []
        if sum(sentence.tokens for sentence in sentences) <= budget:
            return [_joined(sentences)]
        return [_joined(run) for run in _runs(sentences, text, budget, self._topics(sentences, text))]

    def sentences(self, text: str, lang: str) -> list[Span]:
        """What passages are made of: the sentences of a text, those over the budget in pieces."""
        return self._sentences(text, lang, self.budget)

    def encoder_input(self, text: str, title: str = "") -> str:
        """What the encoder reads for a passage: the document's title, cut to a share of the budget, and the text."""
        if not title:
            return text
        limit = self.budget // _TITLE_SHARE
        head = " ".join(title.split())
        while self._count([head])[0] > limit:
            shorter = head[: len(head) * 3 // 4]
            head = shorter.rpartition(" ")[0] or shorter
        return f"{head}\n{text}"

    def _topics(self, sentences: Sequence[Span], text: str) -> Topics | None:
        if self._gists is None:
            return None
        gists = self._gists([text[sentence.start : sentence.end] for sentence in sentences])
        return (
            None
            if gists is None
            else Topics(gists, [sentence.tokens for sentence in sentences], _SURROUNDINGS * self.budget)
        )

    def _sentences(self, text: str, lang: str, budget: int) -> list[Span]:
        spans = _sentence_bounds(text, lang)
        counts = self._count([text[start:end] for start, end in spans])
        sentences = []
        for (start, end), tokens in zip(spans, counts, strict=True):
            sentences += [Span(start, end, tokens)] if tokens <= budget else self._pieces(text, start, end, budget)
        return sentences

    def _pieces(self, text: str, start: int, end: int, budget: int) -> list[Span]:
        """An overlong sentence, cut between words, or inside a word that is overlong itself."""
        words: list[Span] = []
        for word in self._matches(r"\S+", text, start, end):
            part = rf"\S{{1,{max(budget // _MOST_TOKENS_OF_A_CHARACTER, 1)}}}"
            words += [word] if word.tokens <= budget else self._matches(part, text, word.start, word.end)
        pieces: list[Span] = []
        for word in words:
            if pieces and pieces[-1].tokens + word.tokens <= budget:
                pieces[-1] = Span(pieces[-1].start, word.end, pieces[-1].tokens + word.tokens)
            else:
                pieces.append(word)
        return pieces

    def _matches(self, pattern: str, text: str, start: int, end: int) -> list[Span]:
        spans = [match.span() for match in re.compile(pattern).finditer(text, start, end)]
        counts = self._count([text[first:last] for first, last in spans])
        return [Span(first, last, tokens) for (first, last), tokens in zip(spans, counts, strict=True)]

    def _count(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)


def _sentence_bounds(text: str, lang: str) -> list[tuple[int, int]]:
    """Start and end of each sentence without the white space around it."""
    bounds: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries(lang, text):
        start, end = _trimmed(text, boundary["start_index"], boundary["end_index"])
        if start >= end:
            continue
        if bounds and _INITIAL.search(text[slice(*bounds[-1])]) and "\n" not in text[bounds[-1][1] : start]:
            bounds[-1] = (bounds[-1][0], end)  # an initial or a title of one letter (د. أحمد) ends no sentence
        else:
            bounds.append((start, end))
    return bounds


def _joined(run: Sequence[Span]) -> Span:
    return Span(run[0].start, run[-1].end, sum(sentence.tokens for sentence in run))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _runs(sentences: Sequence[Span], text: str, budget: int, topics: Topics | None) -> list[Sequence[Span]]:
    """The sentences in runs within the budget, with the least cost of all ways to cut (dynamic programming)."""
    costs = [0.0]
    starts = [0]
    for end in range(1, len(sentences) + 1):
        first, tokens = _reach(sentences, end, budget)
        drift = topics.drift(first, end) if topics else np.zeros(end - first)
        bonus = _PARAGRAPH_BONUS if _ends_paragraph(sentences, text, end) else 0
        totals = costs[first:] + _cost(tokens / budget, drift / budget) - bonus
        best = int(totals.argmin())
        costs.append(float(totals[best]))
        starts.append(first + best)
    runs: list[Sequence[Span]] = []
    end = len(sentences)
    while end:
        runs.append(sentences[starts[end] : end])
        end = starts[end]
    return runs[::-1]


def _reach(sentences: Sequence[Span], end: int, budget: int) -> tuple[int, npt.NDArray[np.float64]]:
    """The first sentence that a passage before `end` may start with, and the tokens from it on, from the next on, …"""
    tokens = [sentences[end - 1].tokens]
    for sentence in reversed(sentences[: end - 1]):
        if tokens[-1] + sentence.tokens > budget:
            break
        tokens.append(tokens[-1] + sentence.tokens)
    return end - len(tokens), np.array(tokens[::-1], np.float64)


def _cost(fullness: npt.NDArray[np.float64], drift: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What passages cost: one each, more the emptier they are and the more of them strays from a single topic."""
    return 1 + (1 - np.minimum(fullness, 1)) ** 2 + _TOPIC_WEIGHT * drift


def _ends_paragraph(sentences: Sequence[Span], text: str, end: int) -> bool:
    return end == len(sentences) or "\n" in text[sentences[end - 1].end : sentences[end].start]
