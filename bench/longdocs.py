"""Ways to cut long documents, by how much one has to read until the answer's sentence has been read.

The paragraphs of each XQuAD article are joined to one document, by line breaks or by spaces, and the questions asked.
Passages of one language are read in the order of their dense scores until a budget of tokens is spent; recall is the
share of questions whose answer's sentence (XQuAD-R) lies wholly in what was read.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.passages import PASSAGE_TOKENS, Span, Splitter
from search.encoder import Encoder, Vectors, open_encoder
from search.model import prepare
from search.settings import Settings
from search.shift import LANGUAGES, Shift, model_shift

BUDGETS = (128, 256, 512, 1024)
"""Tokens that are read."""

_LENGTHS = (PASSAGE_TOKENS, 192, 128)
_JOINS = {"line breaks": "\n", "spaces": " "}

Cut = Callable[[str, str], list[Span]]
Tokens = npt.NDArray[np.float64]


@dataclass(slots=True)
class LongDocument:
    """An article as one text; `sentences` holds where each of XQuAD-R's begins and ends in it, by id."""

    lang: str
    text: str = ""
    sentences: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, paragraph: str, sentences: dict[str, str], join: str) -> None:
        """Append a paragraph whose sentences are these."""
        self.text += join if self.text else ""
        at = len(self.text)
        self.text += paragraph
        for sentence_id, sentence in sentences.items():
            start = self.text.index(sentence.strip(), at)
            at = start + len(sentence.strip())
            self.sentences[sentence_id] = (start, at)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the sentences that answer it."""

    text: str
    lang: str
    answers: list[str]


def long_documents(sets: Path, join: str) -> list[LongDocument]:
    """One document for each article and language of XQuAD, its paragraphs joined by `join`."""
    sentences: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(sets / "xquad-r" / "corpus.jsonl"):
        paragraph = row["_id"].replace("xqr", "xquad").rpartition("-")[0]
        sentences[paragraph][row["_id"]] = row["text"]
    documents: dict[tuple[str, str], LongDocument] = {}
    for row in _rows(sets / "xquad" / "corpus.jsonl"):
        lang = row["metadata"]["lang"]
        document = documents.setdefault((lang, row["metadata"]["doc_id"]), LongDocument(lang))
        document.add(row["text"], sentences[row["_id"]], join)
    return list(documents.values())


def questions(sets: Path) -> list[Question]:
    """The questions of XQuAD-R."""
    answers: dict[str, list[str]] = defaultdict(list)
    for line in (sets / "xquad-r" / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        question, sentence, _ = line.split("\t")
        answers[question].append(sentence)
    rows = _rows(sets / "xquad-r" / "queries.jsonl")
    return [Question(row["text"], row["metadata"]["lang"], answers[row["_id"]]) for row in rows]


def fixed_windows(splitter: Splitter, budget: int) -> Cut:
    """Sentences in order, as many as fit, whatever they say."""

    def cut(text: str, lang: str) -> list[Span]:
        windows: list[Span] = []
        for sentence in splitter.sentences(text, lang):
            if windows and windows[-1].tokens + sentence.tokens <= budget:
                windows[-1] = Span(windows[-1].start, sentence.end, windows[-1].tokens + sentence.tokens)
            else:
                windows.append(sentence)
        return windows

    return cut


class Reader:
    """Asks all questions of passages cut in one way or another."""

    def __init__(self, encoder: Encoder, shift: Shift, asked: list[Question]) -> None:
        self._encoder = encoder
        self._shift = shift
        self._asked = {lang: [question for question in asked if question.lang == lang] for lang in LANGUAGES}
        self._queries = {lang: self._vectors(lang) for lang in LANGUAGES}
        self._known: dict[str, Vectors] = {}

    def read(self, documents: list[LongDocument], cut: Cut) -> tuple[int, float, dict[str, Tokens]]:
        """How many passages there are, their mean tokens, and by cell the tokens read until each answer is read."""
        tokens: list[int] = []
        read: dict[str, Tokens] = {}
        for lang in LANGUAGES:
            pool = [
                (document, span) for document in documents if document.lang == lang for span in cut(document.text, lang)
            ]
            tokens += [span.tokens for _, span in pool]
            vectors = self._passages([document.text[span.start : span.end] for document, span in pool], lang)
            for query_lang, queries in self._queries.items():
                cell = zip(self._asked[query_lang], queries @ vectors.T, strict=True)
                read[f"{query_lang}→{lang}"] = np.array([_tokens_read(pool, *asked) for asked in cell])
        return len(tokens), float(np.mean(tokens)), read

    def _vectors(self, lang: str) -> Vectors:
        vectors = self._encoder.encode_queries([question.text for question in self._asked[lang]])
        return np.stack([self._shift.neutral_query(vector, lang) for vector in vectors])

    def _passages(self, texts: list[str], lang: str) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(missing, self._encoder.encode_passages(missing), strict=True))
        return self._shift.neutral_passages(np.stack([self._known[text] for text in texts]), lang)


def _tokens_read(pool: list[tuple[LongDocument, Span]], question: Question, scores: Vectors) -> float:
    """Tokens from the best passage on to the end of the first answer that is read; of a passage by its characters."""
    order = np.argsort(-scores, kind="stable")
    before = np.empty(len(order))
    before[order] = np.cumsum([0, *(pool[row][1].tokens for row in order[:-1])])
    done: dict[str, float] = {}
    for row, (document, span) in enumerate(pool):
        for answer in question.answers:
            start, end = document.sentences.get(answer, (0, 0))
            if max(start, span.start) < min(end, span.end):
                share = (min(end, span.end) - span.start) / (span.end - span.start)
                done[answer] = max(done.get(answer, 0.0), float(before[row]) + share * span.tokens)
    return min(done.values())


def _ways(encoder: Encoder) -> Iterator[tuple[str, Cut]]:
    for length in _LENGTHS:
        plain, topical = Splitter(encoder, length, by_topic=False), Splitter(encoder, length)
        yield f"fixed windows, {length}", fixed_windows(plain, plain.budget)
        yield f"even lengths, {length}", plain.split
        yield f"by topic, {length}", topical.split


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Print a table for each way of joining."""
    parser = argparse.ArgumentParser(prog="python -m bench.longdocs", description=__doc__)
    parser.add_argument("sets", type=Path, help="the folder that holds xquad and xquad-r in BEIR layout")
    sets = parser.parse_args().sets
    model = prepare(Settings.load())
    encoder = open_encoder(model)
    reader = Reader(encoder, model_shift(encoder, model.shift), questions(sets))
    for name, join in _JOINS.items():
        documents = long_documents(sets, join)
        print(f"\nParagraphs joined by {name}: recall within {', '.join(map(str, BUDGETS))} tokens\n")
        print("| cut | passages | tokens | ar→ar | en→ar | ar→en | en→en | all |\n|---|---|---|---|---|---|---|---|")
        for way, cut in _ways(encoder):
            count, tokens, read = reader.read(documents, cut)
            cells = [*read.values(), np.concatenate(list(read.values()))]
            figures = (" ".join(f"{(cell <= budget).mean():.3f}" for budget in BUDGETS) for cell in cells)
            print(f"| {way} | {count} | {tokens:.0f} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
