"""What a filter asks of documents, as a Milvus reads it; of passages, too, which have these fields of their document.

The same conditions over SQLite are in `search.catalogue`.
"""

from search.filters import Facet
from search.holdings import Wanted
from search.milvus.days import meeting
from search.milvus.expressions import all_of, any_of, quoted


def lets_through(wanted: Wanted, *, leader: bool = False) -> str:
    """The condition that a filter lets a document through, or for its own sake the one that it is a copy of."""
    of, doc_id = ("leader_", "copy_of") if leader else ("", "doc_id")
    named = [any_of(f"{of}publisher", wanted.publishers)] if wanted.publishers else []
    return all_of(
        meeting(wanted.days, f"{of}first_day", f"{of}last_day") if wanted.days else "",
        " or ".join([*(inside(folder, f"{of}source") for folder in wanted.folders), *named]),
        f"{doc_id} == {quoted(wanted.doc_id)}" if wanted.doc_id is not None else "",
    )


def inside(folder: str, source: str = "source") -> str:
    """The condition that a document is in a folder, or of this file."""
    above, below = quoted(f"{folder}/"), quoted(f"{folder}0")  # "0" is the sign that follows "/"
    return f"({source} == {quoted(folder)} or ({source} > {above} and {source} < {below}))"


def has(facet: Facet, value: str) -> str:
    """The condition that a document is counted under this value."""
    if facet is Facet.LANGUAGE:
        return f"lang == {quoted(value)}"
    if facet is Facet.YEAR:
        return all_of(f"first_day >= {int(value)}0000", f"first_day <= {int(value)}9999")
    named = f"publisher == {quoted(value)}"
    return named if "/" in value else f'{named} or (publisher == "" and {inside(value)})'
