"""Readers that do what the worst of files make a reader do; a file's text says what, and how much of it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from indexer.readers import ReadOptions, SourceItem

MIB = 2**20
_LEAKED: list[bytearray] = []


def read(path: Path, __: ReadOptions) -> Iterator[SourceItem]:
    """The file's name as an item, and then what its text asks for."""
    yield SourceItem(text=path.name)
    what, _, amount = path.read_text("utf-8").partition(" ")
    if what == "write":
        path.write_text("write again" + amount, "utf-8")
    elif what in _DEEDS:
        _DEEDS[what](int(amount or 0))
    elif what == "many":
        yield from (SourceItem(text=f"{number} " + "نص " * 100) for number in range(int(amount)))
    elif what == "slowly":
        for number in range(6):
            time.sleep(0.2)
            yield SourceItem(text=f"{number}")
    yield SourceItem(text=f"{os.getpid()}")


def change_once(path: Path, _: ReadOptions) -> Iterator[SourceItem]:
    """The file's text, while somebody writes another."""
    text = path.read_text("utf-8")
    if text == "old":
        path.write_text("changed while it was read", "utf-8")
    yield SourceItem(text=text)


def list_modules(_: Path, __: ReadOptions) -> Iterator[SourceItem]:
    """All that the process has imported."""
    yield SourceItem(text=" ".join(sys.modules))


def _crash(_: int) -> None:
    ctypes.string_at(0)


def _fail(_: int) -> None:
    raise AttributeError("a reader's mistake")


def _hang(_: int) -> None:
    ctypes.PyDLL(None).sleep(60)  # holds the interpreter's lock, as C code does that never comes back


def _hang_with_child(mark: int) -> None:
    subprocess.run(["sleep", f"60.{mark}"], check=False)  # noqa: S607


def _print(_: int) -> None:
    print("noise", flush=True)
    os.write(2, b"noise\n")


_DEEDS = {
    "crash": _crash,
    "exit": os._exit,
    "fail": _fail,
    "starve": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "hang": _hang,
    "hang-with-child": _hang_with_child,
    "memory": lambda mib: bytearray(mib * MIB),
    "leak": lambda mib: _LEAKED.append(bytearray(mib * MIB)),
    "print": _print,
}
