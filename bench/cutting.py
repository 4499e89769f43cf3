"""What cutting by topic is worth: long documents cut as Jisr cuts them, and in two plainer ways of the same length."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.longdocs import BUDGETS, Cut, Reader, fixed_windows, long_documents, questions
from bench.outcomes import LongDocuments
from indexer.passages import PASSAGE_TOKENS, Splitter
from search.encoder import Encoder
from search.model import PreparedModel
from search.shift import model_shift

_JOINS = {"line breaks": "\n", "spaces": " "}


def measure_cuts(sets: Path, encoder: Encoder, model: PreparedModel, say: Callable[[str], None]) -> list[LongDocuments]:
    """Each way of cutting, over both ways of joining; nothing where the public sets are not."""
    if not (sets / "xquad-r").is_dir():
        return []
    reader = Reader(encoder, model_shift(encoder, model.shift), questions(sets))
    measured = []
    for joined_by, join in _JOINS.items():
        documents = long_documents(sets, join)
        for name, cut in _cuts(encoder).items():
            say(f"reading long documents, joined by {joined_by}, cut {name}")
            passages, tokens, read = reader.read(documents, cut)
            cells = {**read, "all": np.concatenate(list(read.values()))}
            recall = {cell: [float((spent <= budget).mean()) for budget in BUDGETS] for cell, spent in cells.items()}
            measured.append(
                LongDocuments(joined_by=joined_by, cut=name, passages=passages, mean_tokens=tokens, recall=recall)
            )
    return measured


def _cuts(encoder: Encoder) -> dict[str, Cut]:
    plain, topical = Splitter(encoder, PASSAGE_TOKENS, by_topic=False), Splitter(encoder, PASSAGE_TOKENS)
    return {
        "in fixed windows": fixed_windows(plain, plain.budget),
        "in even lengths": plain.split,
        "by topic": topical.split,
    }
