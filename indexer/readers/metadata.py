"""What files say of themselves, brought to one form."""

import datetime
from collections.abc import Mapping


def first(metadata: Mapping[str, object], *names: str) -> str | None:
    """The first of these fields that says something, as text. Halves of surrogate pairs (a cut emoji) are left out."""
    for name in names:
        value = metadata.get(name)
        text = str(value).encode(errors="ignore").decode().strip()
        if value is not None and text:
            return text
    return None


def iso_date(value: object) -> str | None:
    """A date in ISO 8601, from a date or from text that begins with one; None for anything else."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return datetime.date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        return None
