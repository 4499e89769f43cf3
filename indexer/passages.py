"""Documents cut into passages: runs of whole sentences within the model's token budget."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from search.encoder import Encoder

PASSAGE_TOKENS = 256
"""What a passage may have at most, its title and the model's prompt included (see docs/EVALUATION.md)."""

_OVERHEAD_TOKENS = 16  # prompt, special tokens, and what joining sentences may add
_TITLE_SHARE = 4
_PARAGRAPH_BONUS = 0.05
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

    A passage ends where a sentence ends, if possible where a paragraph ends, and passages of a document are about
    equally long. Only a sentence that is over the budget by itself is cut, between words.
    """

    def __init__(self, encoder: Encoder, max_tokens: int = PASSAGE_TOKENS) -> None:
        self._encoder = encoder
        self._budget = min(max_tokens, encoder.max_tokens) - _OVERHEAD_TOKENS

    def split(self, text: str, lang: str, title: str = "") -> list[Span]:
        """The passages of a text, in order; together they hold all of it but white space."""
        budget = self._budget - min(self._count([title])[0], self._budget // _TITLE_SHARE)
        sentences = self._sentences(text, lang, budget)
        return [
            Span(run[0].start, run[-1].end, sum(sentence.tokens for sentence in run))
            for run in _runs(sentences, text, budget)
        ]

    def encoder_input(self, text: str, title: str = "") -> str:
        """What the encoder reads for a passage: the document's title, cut to a share of the budget, and the text."""
        if not title:
            return text
        limit = self._budget // _TITLE_SHARE
        head = " ".join(title.split())
        while self._count([head])[0] > limit:
            shorter = head[: len(head) * 3 // 4]
            head = shorter.rpartition(" ")[0] or shorter
        return f"{head}\n{text}"

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


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _runs(sentences: Sequence[Span], text: str, budget: int) -> list[Sequence[Span]]:
    """The sentences in runs within the budget, with the least cost of all ways to cut (dynamic programming)."""
    costs = [0.0]
    starts = [0]
    for end in range(1, len(sentences) + 1):
        options = []
        tokens = 0
        for start in range(end - 1, -1, -1):
            tokens += sentences[start].tokens
            if tokens > budget and start < end - 1:
                break
            options.append((costs[start] + _cost(tokens / budget, text, sentences, end), start))
        cost, start = min(options)
        costs.append(cost)
        starts.append(start)
    runs: list[Sequence[Span]] = []
    end = len(sentences)
    while end:
        runs.append(sentences[starts[end] : end])
        end = starts[end]
    return runs[::-1]


def _cost(fullness: float, text: str, sentences: Sequence[Span], end: int) -> float:
    """What a passage costs: one, more the emptier it is, less when it ends with a paragraph."""
    at_paragraph = end == len(sentences) or "\n" in text[sentences[end - 1].end : sentences[end].start]
    return 1 + (1 - min(fullness, 1)) ** 2 - (_PARAGRAPH_BONUS if at_paragraph else 0)
