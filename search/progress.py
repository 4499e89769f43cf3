"""How long work tells how far it is, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """Called with the name of the stage, and how much of it is done out of how much."""

    def __call__(self, stage: str, done: int, total: int) -> None:  # noqa: D102
        ...


def silent(stage: str, done: int, total: int) -> None:
    """A listener that ignores what it hears."""
