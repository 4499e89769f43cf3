"""Conditions on records, as a Milvus reads them (https://milvus.io/docs/boolean.md). No value is in one unquoted."""

from collections.abc import Sequence

Value = str | int

LONGEST = 1000
"""More values than that take a server longer to read than to find."""

# Those escapes that all versions know: some take no \\u, none a line's end as it is.
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})


def quoted(value: Value) -> str:
    """A value as it stands in a condition: a number, or a text in quotes that ends where the text ends."""
    return f'"{value.translate(_ESCAPES)}"' if isinstance(value, str) else str(int(value))


def any_of(field: str, values: Sequence[Value]) -> str:
    """That a field has one of these values. None of them, at most `LONGEST`: no record does without any."""
    return f"{field} in [{', '.join(map(quoted, values))}]"


def all_of(*conditions: str) -> str:
    """That every condition holds; an empty one always does."""
    said = [condition for condition in conditions if condition]
    return " and ".join(f"({condition})" for condition in said) if len(said) > 1 else "".join(said)


def within(field: str, numbers: range) -> str:
    """That a field has a number in this range of step 1."""
    return f"{field} >= {numbers.start} and {field} < {numbers.stop}"
