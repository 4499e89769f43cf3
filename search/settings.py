"""What can be set: one frozen record, filled from arguments, then ``JISR_…`` variables, then defaults."""

import math
import os
import re
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from platformdirs import user_cache_path, user_data_path

from search.errors import SettingError
from search.milvus.address import Address, is_address

DEFAULT_MODEL = "multilingual-e5-small"


class Device(StrEnum):
    """Where the model runs. `cpu` is ONNX Runtime in int8, `cuda` and `torch` are sentence-transformers."""

    CPU = "cpu"
    CUDA = "cuda"
    TORCH = "torch"


class Late(StrEnum):
    """Whether an index holds token vectors for late interaction. `auto`: unless it has very many passages."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B)?|B)?", re.IGNORECASE)


def _setting(default: object, help_: str, *, secret: bool = False, parse: Callable[[str], object] | None = None) -> Any:
    return field(default=default, repr=not secret, metadata={"help": help_, "parse": parse})


def _size_bytes(size: str) -> int:
    found = _SIZE.fullmatch(size.strip())
    if not found:
        raise SettingError(f"{size!r} is no value for max_memory.", hint="Give a size such as 800M or 2GiB.")
    return int(float(found[1]) * 1024 ** " KMGT".index((found[2] or " ").upper()))


def _index(typed: str) -> Path | Address:
    return Address.parse(typed) if is_address(typed) else _folder(typed)


def _folder(typed: str) -> Path:
    return Path(typed).expanduser()


def _seconds(typed: str) -> float:
    try:
        seconds = float(typed)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise SettingError(f"{typed!r} is no value for timeout.", hint="Give a number of seconds above 0, such as 10.")
    return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; each has a default, a line of help and a variable ``JISR_NAME``."""

    index: Path | Address = _setting(
        user_data_path("jisr") / "index",
        "Folder of the index, or where a Milvus keeps it: milvus://HOST:19530/NAME.",
        parse=_index,
    )
    cache: Path = _setting(user_cache_path("jisr"), "Folder where prepared models are kept.")
    model: str | None = _setting(
        None,
        "Any sentence-transformers model, by name or folder. "
        f"Without it: the model that the index was built with, or {DEFAULT_MODEL} for a new index.",
    )
    device: Device = _setting(Device.CPU, "cpu: ONNX Runtime, int8. cuda: torch on a GPU. torch: torch on the CPU.")
    late: Late = _setting(
        Late.AUTO,
        "Token vectors, up to 8 KiB a passage. auto: as the index has it; a new one up to 250,000 passages.",
    )
    max_memory: int | None = _setting(
        None,
        "How much memory a build may take with all its processes: 800M or 2GiB, each in powers of 1,024. "
        "Without it: what makes it quick.",
        parse=_size_bytes,
    )
    ray: str | None = _setting(
        None,
        "The Ray cluster that reads, cleans, splits and encodes: HOST:PORT of its head, auto for the one that runs on "
        "this machine, or local to start one here for as long as a build takes. Without it: this process. "
        "Wants jisr[ray].",
    )
    key: str | None = _setting(
        None,
        "Who sends this key may add and delete documents over HTTP; without one nobody may. At least 16 characters. "
        "Better in the environment than on a command line, which others on the machine can read.",
        secret=True,
    )
    milvus_token: str | None = _setting(
        None,
        "USER:PASSWORD or the API key for the Milvus that keeps the index. Better in the environment than on a "
        "command line, which others on the machine can read.",
        secret=True,
    )
    timeout: float = _setting(10.0, "How many seconds a server that keeps the index has for an answer.", parse=_seconds)
    workspace: Path | None = _setting(
        None,
        "Folder where an index that is kept elsewhere is built before it is sent. Without it: one of the user's own.",
        parse=_folder,
    )

    @classmethod
    def load(cls, **given: object) -> Self:
        """Settings from the arguments that are not None, then the environment, then the defaults.

        Raises `SettingError` for a value that its setting does not take.
        """
        values: dict[str, Any] = {}
        for setting in fields(cls):
            value = given.get(setting.name)
            if value is None:
                value = os.environ.get(variable(setting)) or None
            if value is not None:
                values[setting.name] = _parse(setting, value)
        return cls(**values)

    @property
    def folder(self) -> Path:
        """The folder where the index is built: its own, or of one that is kept elsewhere the workspace."""
        if isinstance(self.index, Path):
            return self.index
        return self.workspace or user_data_path("jisr") / "sent" / re.sub(r"\W+", "_", str(self.index)).strip("_")

    def with_index(self, index: Path | Address) -> Self:
        """The same settings with another index."""
        return replace(self, index=index)


def variable(setting: Field[Any]) -> str:
    """The environment variable of a setting: ``index`` → ``JISR_INDEX``."""
    return f"JISR_{setting.name.upper()}"


def _parse(setting: Field[Any], value: object) -> Any:
    if setting.metadata["parse"]:
        return setting.metadata["parse"](str(value))
    if isinstance(setting.default, Path):
        return Path(str(value)).expanduser()
    if isinstance(setting.default, StrEnum):
        choices = type(setting.default)
        try:
            return choices(str(value))
        except ValueError:
            raise SettingError(
                f"{value!r} is no value for {setting.name}.", hint=f"Use one of: {', '.join(choices)}."
            ) from None
    return value
