"""What files say of themselves, brought to one form."""

from collections.abc import Mapping


def first(metadata: Mapping[str, object], *names: str) -> str | None:
    """The first of these fields that says something, as text. Halves of surrogate pairs (a cut emoji) are left out."""
    for name in names:
        value = metadata.get(name)
        text = str(value).encode(errors="ignore").decode().strip()
        if value is not None and text:
            return text
    return None
