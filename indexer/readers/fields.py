"""JSON records to items, whether a line each or elements of one array."""

import itertools
from collections.abc import Iterable, Iterator, Mapping

from indexer.columns import Roles, assign
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.readers.table import once, peek

Record = tuple[str, dict[str, str]]
"""A record's place in its file, and its fields as text."""


def items(records: Iterable[Record | Skip], options: ReadOptions) -> Iterator[SourceItem | Skip]:
    """One item a record, by its own id or its place. Raises `SourceError` as `indexer.columns.assign` does.

    Which fields are which is told from the first records. An id that stands further up, too, makes a skip.
    """
    records = iter(records)
    sample = peek(records, lambda found: 0 if isinstance(found, Skip) else sum(map(len, found[1].values())))
    first = [found[1] for found in sample if not isinstance(found, Skip)]
    columns = list(dict.fromkeys(itertools.chain.from_iterable(first)))
    roles = assign(columns, first, options.columns) if columns else Roles({})
    seen: set[str] = set()
    for found in itertools.chain(sample, records):
        yield found if isinstance(found, Skip) else once(_item(found, roles, seen), found[0], seen)


def flat(record: Mapping[str, object]) -> dict[str, str]:
    """The fields of a JSON object that say something, as text.

    The fields of an object inside go by both names (``source.name``), those of ``metadata`` by their own where the
    record itself does not say more. Of lists, the plain values are taken, a paragraph each.
    """
    fields: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            prefix = "" if name == "metadata" else f"{name}."
            inner = {f"{prefix}{key}": _text(inside) for key, inside in value.items()}
            fields |= {key: text for key, text in inner.items() if text and not fields.get(key)}
        elif text := _text(value):
            fields[name] = text
    return fields


def _item(found: Record, roles: Roles, seen: set[str]) -> SourceItem | Skip:
    place, record = found
    item = roles.item(record, place)
    if not item.text:
        return Skip(place, "The record has no text.")
    return roles.item(record, roles.value(record, "id") or _unseen(roles.value(record, "link"), seen) or place)


def _unseen(link: str, seen: set[str]) -> str:
    """The link, unless an earlier record has it, too: many give that of their site."""
    return "" if link in seen else link


def _text(value: object) -> str:
    """A plain value as text, without halves of surrogate pairs (a cut emoji)."""
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_text, value)))
    if value is None or isinstance(value, dict):
        return ""
    return str(value).encode(errors="ignore").decode().strip()
