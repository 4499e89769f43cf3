"""Sends of which the last stops at a step, and waits there to be killed.

``python -m tests.milvus.halting ADDRESS STEP GENERATION…`` writes a line when it is there. A step is what is being sent
(`search.milvus.publish`), or ``named``: the alias names the new generation, and those before it are not removed yet.
"""

import sys
import time
from pathlib import Path

from search.milvus.connection import Connection
from search.milvus.publish import publish
from search.settings import Settings

FOREVER_S = 3600


def halt() -> None:
    """Say that the step is reached, and stay there."""
    sys.stdout.write("there\n")
    sys.stdout.flush()
    time.sleep(FOREVER_S)


class Halting(Connection):
    """A connection that halts once an alias has its name."""

    def name(self, alias: str, collection: str) -> None:
        super().name(alias, collection)
        halt()


def main(address: str, step: str, *generations: str) -> None:
    settings = Settings.load(index=address)
    assert not isinstance(settings.index, Path)
    *before, last = map(Path, generations)
    for generation in before:
        publish(generation, Connection(settings.index, token=settings.milvus_token))
    kind = Halting if step == "named" else Connection

    def progress(stage: str, done: int, total: int) -> None:
        if stage == f"Sending {step}" and done:
            halt()

    publish(last, kind(settings.index, token=settings.milvus_token), progress=progress)


if __name__ == "__main__":
    main(*sys.argv[1:])
