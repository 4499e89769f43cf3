"""Outcomes as the generated parts of docs/EVALUATION.md, each between two marks; the words around them are by hand."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from bench.longdocs import BUDGETS
from bench.outcomes import Ablation, Outcome, Outcomes, SetOutcome
from search.evaluation import Figures
from search.fusion import Leg

TOLERANCE = 0.005
"""How much lower than with the dense leg alone a cell may be without being listed."""

CELLS = ("ar→ar", "ar→en", "en→ar", "en→en")
_MEASURES = {"Success@20": "success_at_20", "MRR@10": "mrr_at_10", "nDCG@10": "ndcg_at_10"}
_PART = re.compile(r"(<!-- (\w[\w -]*): written by make eval -->\n).*?(\n<!-- end -->)", re.DOTALL)


def renewed(page: str, outcomes: Outcomes) -> str:
    """The page with its generated parts made anew."""
    return _PART.sub(lambda part: f"{part[1]}\n{_PARTS[part[2]](outcomes)}\n{part[3]}", page)


def tables(outcomes: Outcomes) -> str:
    """All generated parts under their names."""
    return "\n\n".join(f"{name.upper()}\n\n{part(outcomes)}" for name, part in _PARTS.items())


def _sets(outcomes: Outcomes) -> str:
    head = ("set", "documents", "passages", "queries", "what it asks for")
    rows = [
        (one.name, f"{one.documents:,}", f"{one.passages:,}", f"{one.queries:,}", one.asks) for one in outcomes.sets
    ]
    return _table(head, rows)


def _standing(outcomes: Outcomes) -> str:
    head = ("set", "nDCG@10", "dense alone", "Success@20, worst cell", "dense alone", "other language in the first ten")
    rows = [
        (one.name, *_pair(one, _ndcg), *_pair(one, _worst), f"{one.all_legs.report.other_language:.0%}")
        for one in outcomes.sets
    ]
    machine = outcomes.machine
    return "\n\n".join(
        (
            _table(head, rows),
            "MRR@10 of each cell in the mixed list, and in brackets that of the dense leg alone:",
            _by_cell(outcomes, "mrr_at_10", lambda outcome: outcome.report.cells),
            "Recall@10 of each cell among the documents of one language alone, which is what `--lang` gives:",
            _by_cell(outcomes, "recall_at_10", lambda outcome: outcome.apart),
            _lower(outcomes),
            f"Measured on {machine.date.partition('T')[0]} with `{outcomes.command}` in {outcomes.seconds / 60:.0f} "
            f"minutes on {machine.cores} cores of {machine.cpu}, Jisr {machine.versions['jisr']}. The raw figures are "
            "in [evaluation.json](evaluation.json).",
        )
    )


def _by_cell(outcomes: Outcomes, measure: str, cells: Callable[[Outcome], dict[str, Figures]]) -> str:
    def both(one: SetOutcome, cell: str) -> str:
        if cell not in cells(one.all_legs):
            return ""
        now, dense = (getattr(cells(outcome)[cell], measure) for outcome in (one.all_legs, one.dense))
        return f"{now:.3f} ({dense:.3f})"

    return _table(("set", *CELLS), [(one.name, *(both(one, cell) for cell in CELLS)) for one in outcomes.sets])


def _lower(outcomes: Outcomes) -> str:
    mixed = ", ".join(_lower_cells(outcomes, lambda outcome: outcome.report.cells)) or "none"
    apart = ", ".join(_lower_cells(outcomes, lambda outcome: outcome.apart)) or "none"
    return (
        f"Cells that are lower than with the dense leg alone by more than {TOLERANCE}, in the mixed list: {mixed}. "
        f"Among the documents of one language alone: {apart}."
    )


def _lower_cells(outcomes: Outcomes, cells: Callable[[Outcome], dict[str, Figures]]) -> Iterator[str]:
    for one in outcomes.sets:
        for cell, figures in cells(one.all_legs).items():
            for name, measure in _MEASURES.items():
                now, dense = getattr(figures, measure), getattr(cells(one.dense)[cell], measure)
                if now < dense - TOLERANCE:
                    yield f"{one.name} {cell} {name} {dense:.3f} → {now:.3f}"


def _ablation(outcomes: Outcomes) -> str:
    names = list(outcomes.ablation[0].outcomes) if outcomes.ablation else []
    rows = [(_named(row), *(f"{_ndcg(row.outcomes[name]):.3f}" for name in names)) for row in outcomes.ablation]
    across = [(_named(row), *(_mrr_across(row, name) for name in names)) for row in outcomes.ablation]
    return "\n\n".join(
        (
            f"nDCG@10 of the mixed list over at most {outcomes.ablation_queries} queries of a set:",
            _table(("legs", *names), rows),
            "MRR@10 in the mixed list, ar→en and en→ar:",
            _table(("legs", *names), across),
        )
    )


def _named(row: Ablation) -> str:
    """A choice of legs in few words."""
    missing = [leg.value for leg in Leg if leg not in row.legs]
    if not missing:
        return "all, and counterparts" if row.counterparts else "all"
    return f"all but {' and '.join(missing)}" if len(missing) < len(row.legs) else " + ".join(row.legs)


def _mrr_across(row: Ablation, name: str) -> str:
    cells = row.outcomes[name].report.cells
    return " / ".join(f"{cells[cell].mrr_at_10:.3f}" for cell in ("ar→en", "en→ar") if cell in cells)


def _no_answer(outcomes: Outcomes) -> str:
    archives = list(dict.fromkeys(one.archive for one in outcomes.answered))
    shares = {(one.queries, one.archive): one.share for one in outcomes.answered}
    rows = [(name, *(f"{shares[name, archive]:.1%}" for archive in archives)) for name in archives]
    return _table(("queries of ↓ over the documents of →", *archives), rows)


def _long_documents(outcomes: Outcomes) -> str:
    head = ("paragraphs joined by", "cut", "passages", "tokens", *CELLS, "all")
    rows = [
        (one.joined_by, one.cut, f"{one.passages:,}", f"{one.mean_tokens:.0f}", *map(_figures, _ordered(one.recall)))
        for one in outcomes.long_documents
    ]
    return f"Recall within {', '.join(map(str, BUDGETS))} tokens:\n\n{_table(head, rows)}"


def _ordered(recall: dict[str, list[float]]) -> list[list[float]]:
    return [recall[cell] for cell in (*CELLS, "all")]


def _figures(values: Iterable[float]) -> str:
    return " ".join(f"{value:.3f}" for value in values)


def _pair(one: SetOutcome, measure: Callable[[Outcome], float]) -> tuple[str, str]:
    return f"{measure(one.all_legs):.3f}", f"{measure(one.dense):.3f}"


def _ndcg(outcome: Outcome) -> float:
    return outcome.report.mixed.ndcg_at_10


def _worst(outcome: Outcome) -> float:
    return min(figures.success_at_20 for figures in outcome.report.cells.values())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))


_PARTS = {
    "sets": _sets,
    "standing": _standing,
    "ablation": _ablation,
    "no answer": _no_answer,
    "long documents": _long_documents,
}
